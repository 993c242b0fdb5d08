// Package goasm is the amd64 back end: it turns the functions of scheduled programs into Go assembly for AVX2 with FMA and for
// AVX-512. Nothing else imports avo.
package goasm

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mmcloughlin/avo/build"
	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// Assembly is one Go assembly file and what calls it.
type Assembly struct {
	Source   []byte
	Stubs    []Stub
	Tables   []string            // read-only data of the file, without <>
	Features map[string][]string // target -> fields of golang.org/x/sys/cpu.X86 that its functions need, sorted
}

// Stub declares an assembly function in Go.
type Stub struct {
	Name      string
	Signature string // from the opening parenthesis on
	Doc       string // one sentence
	Target    string

	Instructions int
	Bytes        int // upper bound of its code
}

// Constraint is the build constraint of the assembly and of the Go file with its stubs.
const Constraint = "amd64 && gc && !purego && !noasm"

// maxCode bounds the code of one function, in bytes. maxFrame is what a function may take of the stack that Go grants without asking
// for more.
const (
	maxCode  = 64 << 10
	maxFrame = 720
)

// Namer gives the Go name of a function of a program.
type Namer func(p *ir.Program, f *ir.Func) string

// Emit writes the functions of the programs, which are for targets avx2 and avx512. Errors name kernel, function and what was
// exceeded.
func Emit(programs []*ir.Program, name Namer) (*Assembly, error) {
	ctx := build.NewContext()
	ctx.ConstraintExpr("amd64,gc,!purego,!noasm")
	file, err := ctx.Result()
	if err != nil {
		return nil, fmt.Errorf("goasm: internal error: %w", err)
	}
	out := &Assembly{Features: map[string][]string{}}
	consts := &pool{}
	work, err := functions(programs, name, consts)
	if err != nil {
		return nil, err
	}
	if err := writeAll(work); err != nil {
		return nil, err
	}
	for i, w := range work {
		file.AddSection(w.out)
		out.Stubs = append(out.Stubs, w.stub)
		out.Stubs[i].Instructions = len(w.out.Instructions())
		out.Stubs[i].Bytes = codeBytes(w.out.Instructions(), w.target.VectorBytes)
	}
	tables := consts.tables()
	if usesMasks(programs) {
		tables = append(tables, masks())
	}
	if drawsVectors(programs) {
		tables = append(tables, laneNumbers())
	}
	for _, g := range tables {
		file.AddSection(g)
		out.Tables = append(out.Tables, g.Symbol.Name)
	}
	return out, out.finish(file)
}

// functions are those of the programs, still to be written.
func functions(programs []*ir.Program, name Namer, consts *pool) (work []*writing, err error) {
	for _, p := range programs {
		target, err := schedule.FindTarget(p.Target)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", schedule.Describe(p), err)
		}
		if target.VectorBytes == 0 {
			return nil, fmt.Errorf("%s: target %s has no assembly; want avx2 or avx512", schedule.Describe(p), p.Target)
		}
		if p.Type != ir.F32 && p.Type != ir.F64 {
			return nil, fmt.Errorf("%s: arithmetic of %s is not supported yet; want f32 or f64", schedule.Describe(p), p.Type)
		}
		for _, f := range p.Funcs {
			stub := Stub{Name: name(p, f), Signature: signature(f), Doc: f.Doc, Target: p.Target}
			if slices.ContainsFunc(work, func(w *writing) bool { return w.stub.Name == stub.Name }) {
				return nil, fmt.Errorf("%s: %s: a second function %s; want another name", schedule.Describe(p), f.Name, stub.Name)
			}
			work = append(work, &writing{prog: p, fn: f, target: target, stub: stub, consts: consts})
		}
	}
	return work, nil
}

// finish prints the file and reads features off its instructions.
func (a *Assembly) finish(file *avo.File) error {
	if err := pass.IncludeTextFlagHeader(file); err != nil {
		return fmt.Errorf("goasm: internal error: %w", err)
	}
	sets := map[string]map[string]bool{}
	for i, fn := range file.Functions() {
		target := a.Stubs[i].Target
		if sets[target] == nil {
			sets[target] = map[string]bool{}
		}
		if err := features(fn, sets[target]); err != nil {
			return err
		}
	}
	for target, set := range sets {
		a.Features[target] = slices.Sorted(maps.Keys(set))
	}
	src, err := printer.NewGoAsm(printer.Config{Name: "pyragen"}).Print(file)
	a.Source = src
	return err
}

// usesMasks reports whether a function for AVX2 has a mask as a vector.
func usesMasks(programs []*ir.Program) bool {
	found := false
	for _, p := range programs {
		for _, f := range p.Funcs {
			found = found || p.Target == "avx2" && len(vectorMasks(f.Body)) > 0
		}
	}
	return found
}
