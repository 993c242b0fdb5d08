// Package goasm is the amd64 back end: it turns the functions of scheduled programs into Go assembly.
package goasm

import (
	"fmt"
	"sort"

	"github.com/mmcloughlin/avo/attr"
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
	Features map[string][]string // target -> fields of golang.org/x/sys/cpu.X86 that its functions need, sorted
}

// Stub declares an assembly function in Go.
type Stub struct {
	Name      string
	Signature string // from the opening parenthesis on
	Doc       string // one sentence
	Target    string
	Bytes     int // upper bound of its code
}

// Constraint is the build constraint of the assembly and of the Go file with its stubs.
const Constraint = "amd64 && gc && !purego && !noasm"

// maxCode bounds the code of one function, in bytes, and maxInstruction that of one instruction. maxFrame is what a function may
// take of the stack that Go grants without asking for more.
const (
	maxCode        = 64 << 10
	maxInstruction = 11
	maxFrame       = 720
)

// Namer gives the Go name of a function of a program.
type Namer func(p *ir.Program, f *ir.Func) string

// Emit writes the functions of the programs, which are for targets avx2 and avx512. Errors name kernel, function and what was
// exceeded.
func Emit(programs []*ir.Program, name Namer) (*Assembly, error) {
	ctx := build.NewContext()
	ctx.ConstraintExpr("amd64,gc,!purego,!noasm")
	out := &Assembly{Features: map[string][]string{}}
	targets := map[string]schedule.Target{}
	for _, p := range programs {
		target, err := schedule.FindTarget(p.Target)
		if err != nil {
			return nil, err
		}
		if p.Type != ir.F32 && p.Type != ir.F64 {
			return nil, fmt.Errorf("%s: type %s has no vector code yet; use f32 or f64", schedule.Describe(p), p.Type)
		}
		for _, f := range p.Funcs {
			stub := Stub{Name: name(p, f), Signature: signature(p, f), Doc: f.Doc, Target: p.Target}
			if err := emitFunc(ctx, p, f, target, stub); err != nil {
				return nil, err
			}
			out.Stubs = append(out.Stubs, stub)
			targets[stub.Name] = target
		}
	}
	if usesMasks(programs) {
		writeMaskTable(ctx)
	}
	file, err := ctx.Result()
	if err != nil {
		return nil, fmt.Errorf("goasm: internal error: %w", err)
	}
	if err := compile(file, targets); err != nil {
		return nil, err
	}
	return out, out.finish(file)
}

// finish prints the file and reads code sizes and features off its instructions.
func (a *Assembly) finish(file *avo.File) error {
	sets := map[string]map[string]bool{}
	for i, fn := range file.Functions() {
		stub := &a.Stubs[i]
		stub.Bytes = maxInstruction * len(fn.Instructions())
		if stub.Bytes > maxCode {
			return fmt.Errorf("%s: %d instructions may take %d bytes, at most %d are allowed; jam or unroll less",
				stub.Name, len(fn.Instructions()), stub.Bytes, maxCode)
		}
		if fn.FrameBytes() > maxFrame {
			return fmt.Errorf("%s: %d bytes of pointers and bounds on the stack, at most %d are there; jam or unroll less",
				stub.Name, fn.FrameBytes(), maxFrame)
		}
		if sets[stub.Target] == nil {
			sets[stub.Target] = map[string]bool{}
		}
		if err := features(fn, sets[stub.Target]); err != nil {
			return err
		}
	}
	for target, set := range sets {
		for f := range set {
			a.Features[target] = append(a.Features[target], f)
		}
		sort.Strings(a.Features[target])
	}
	src, err := printer.NewGoAsm(printer.Config{Name: "pyragen"}).Print(file)
	a.Source = src
	return err
}

// signature lists pointers to tensors and scalars in the function's order, then its integers.
func signature(p *ir.Program, f *ir.Func) string {
	s := "("
	for i, b := range f.Buffers {
		if i > 0 {
			s += ", "
		}
		s += b.Name + " "
		if len(b.Dims) > 0 {
			s += "*"
		}
		s += goType(b.Type)
	}
	for i, n := range f.Ints {
		if i+len(f.Buffers) > 0 {
			s += ", "
		}
		s += argName(f, n)
		if i == len(f.Ints)-1 {
			s += " int"
		}
	}
	return s + ")"
}

// argName is the Go name of an integer argument: buffers have theirs first.
func argName(f *ir.Func, n string) string {
	for _, b := range f.Buffers {
		if b.Name == n {
			return n + "N"
		}
	}
	return n
}

func goType(t ir.Type) string {
	if t == ir.F64 {
		return "float64"
	}
	return "float32"
}

func emitFunc(ctx *build.Context, p *ir.Program, f *ir.Func, target schedule.Target, stub Stub) (err error) {
	e := newEmitter(ctx, p, f, target)
	defer func() {
		if r := recover(); r != nil {
			failed, ok := r.(failure)
			if !ok {
				panic(r)
			}
			err = fmt.Errorf("%s: %s: %s", schedule.Describe(p), f.Name, string(failed))
		}
	}()
	ctx.Function(stub.Name)
	ctx.Attributes(attr.NOSPLIT)
	ctx.SignatureExpr("func" + stub.Signature)
	e.body()
	return nil
}

// usesMasks reports whether a function for AVX2 has a mask.
func usesMasks(programs []*ir.Program) bool {
	found := false
	for _, p := range programs {
		for _, f := range p.Funcs {
			ir.Each(f.Body, func(s ir.Stmt) {
				_, ok := s.(*ir.LetMask)
				found = found || ok && p.Target == "avx2"
			})
		}
	}
	return found
}
