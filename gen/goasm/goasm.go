// Package goasm is the amd64 back end: it turns the functions of scheduled programs into Go assembly for AVX2 with FMA and for
// AVX-512. Nothing else imports avo.
package goasm

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/mmcloughlin/avo/build"
	avo "github.com/mmcloughlin/avo/ir"
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
	tables := consts.tables()
	if usesMasks(programs) {
		tables = append(tables, masks())
	}
	if drawsVectors(programs) {
		tables = append(tables, laneNumbers())
	}
	file.Includes = []string{"textflag.h"}
	head, err := printed(file)
	if err != nil {
		return nil, err
	}
	sets := map[string]map[string]bool{}
	texts := [][]byte{head}
	for _, w := range work {
		out.Stubs = append(out.Stubs, w.stub)
		texts = append(texts, w.text)
		if sets[w.target.Name] == nil {
			sets[w.target.Name] = map[string]bool{}
		}
		maps.Copy(sets[w.target.Name], w.features)
	}
	for target, set := range sets {
		out.Features[target] = slices.Sorted(maps.Keys(set))
	}
	if slices.ContainsFunc(programs, (*ir.Program).AsksCache) {
		stub, text, err := cpuid()
		if err != nil {
			return nil, err
		}
		out.Stubs, texts = append(out.Stubs, stub), append(texts, text)
	}
	for _, g := range tables {
		text, err := printedSection(g)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
		out.Tables = append(out.Tables, g.Symbol.Name)
	}
	out.Source = slices.Concat(texts...)
	return out, nil
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

// printed is a file as text.
func printed(file *avo.File) ([]byte, error) {
	return printer.NewGoAsm(printer.Config{Name: "pyragen"}).Print(file)
}

// printedSection is a part of a file as text.
func printedSection(s avo.Section) ([]byte, error) {
	file := avo.NewFile()
	head, err := printed(file)
	if err != nil {
		return nil, err
	}
	file.AddSection(s)
	text, err := printed(file)
	return bytes.TrimPrefix(text, head), err
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
