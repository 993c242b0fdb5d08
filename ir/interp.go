package ir

import "fmt"

// Array is the storage of one buffer, row-major. The slice that belongs to Type is used, the others are nil.
type Array struct {
	Type Type
	F32  []float32
	F64  []float64
	I32  []int32
	U64  []uint64
	U16  []uint16 // F16 and BF16, as bits
}

// NewArray returns an array of n zeros.
func NewArray(t Type, n int) *Array {
	a := &Array{Type: t}
	switch t {
	case F32:
		a.F32 = make([]float32, n)
	case F64:
		a.F64 = make([]float64, n)
	case I32:
		a.I32 = make([]int32, n)
	case U64:
		a.U64 = make([]uint64, n)
	case F16, BF16:
		a.U16 = make([]uint16, n)
	}
	return a
}

// Len is the number of elements.
func (a *Array) Len() int {
	switch a.Type {
	case F32:
		return len(a.F32)
	case F64:
		return len(a.F64)
	case I32:
		return len(a.I32)
	case U64:
		return len(a.U64)
	}
	return len(a.U16)
}

// Args are the arguments by buffer name; a scalar is an array of length 1. Every argument of the kernel must be there.
type Args map[string]*Array

// Compiled is a kernel or a program made ready for interpretation: names are resolved to slots and statements to closures.
// It is immutable and may be run from several goroutines at once.
type Compiled struct {
	run func(sizes map[string]int64, args Args) error
}

// Run computes the outputs in args for the given run-time sizes. Sums, products, FMA and conversions are rounded exactly once,
// as hardware does; loops, parallel ones too, run in ascending order.
//
// A wrong size or argument is an error, and so is what no correct nest does: a subscript outside its buffer, a read of a
// register or temporary that was not written, a division by a size that is not positive, an assumption that does not hold.
// The error names kernel, target, function, buffer and subscript.
func (c *Compiled) Run(sizes map[string]int64, args Args) error { return c.run(sizes, args) }

// CompileKernel makes an unscheduled kernel ready: its stages run one after the other, each element by element. Reductions run
// in ascending order, each combine rounded; MaxOf combines as FMax(so far, body).
func CompileKernel(k *Kernel) (*Compiled, error) {
	p := &Program{Name: k.Name, Type: k.Type, Graph: k.Graph, Sizes: k.Sizes, Consts: k.Consts, Buffers: k.Buffers}
	return compileAs(p, k.Stages)
}

// CompileProgram makes a scheduled program ready, before or after outlining.
func CompileProgram(p *Program) (*Compiled, error) { return compileAs(p, nil) }

// RunKernel compiles and runs an unscheduled kernel.
func RunKernel(k *Kernel, sizes map[string]int64, args Args) error {
	c, err := CompileKernel(k)
	if err != nil {
		return err
	}
	return c.Run(sizes, args)
}

// RunProgram compiles and runs a scheduled program.
func RunProgram(p *Program, sizes map[string]int64, args Args) error {
	c, err := CompileProgram(p)
	if err != nil {
		return err
	}
	return c.Run(sizes, args)
}

// compileAs compiles stages or, without stages, the program's nest in the program's arithmetic type.
func compileAs(p *Program, stages []*Stage) (*Compiled, error) {
	switch p.Type {
	case F32:
		return compile[float32](p, stages)
	case F64:
		return compile[float64](p, stages)
	}
	return nil, fmt.Errorf("%s: arithmetic type: got %v, want f32 or f64", p.Name, p.Type)
}
