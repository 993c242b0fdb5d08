package main

import (
	"fmt"
	"slices"
	"sync"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// interpreter computes calls by interpreting their scheduled kernels: what the generated code must equal to the last bit.
type interpreter struct {
	mu       sync.Mutex
	programs map[string]*scheduledKernel
}

type scheduledKernel struct {
	program  *ir.Program
	compiled *ir.Compiled
}

func newInterpreter() *interpreter { return &interpreter{programs: map[string]*scheduledKernel{}} }

// call is a [verify.Oracle].
func (in *interpreter) call(c verify.Call) ([][]float64, error) {
	k, err := in.kernel(c)
	if err != nil {
		return nil, err
	}
	args := ir.Args{}
	for i, operand := range c.Op.Inputs {
		args[operand.Name] = arrayOf(k.program.Type, newSpacing(c, operand).spread(c.Inputs[i]))
	}
	if c.Op.Scalar != "" {
		args[c.Op.Scalar] = arrayOf(k.program.Type, []float64{c.Scalar})
	}
	if c.Op.Has("dropout") {
		args["dropout"] = arrayOf(k.program.Type, []float64{c.Op.Dropout.Rate})
		args["seed"] = &ir.Array{Type: ir.U64, U64: []uint64{c.Op.Dropout.Seed}}
	}
	for _, operand := range c.Op.Outputs {
		args[operand.Name] = ir.NewArray(k.program.Type, newSpacing(c, operand).span(outputLen(c, operand)))
	}
	if err := k.compiled.Run(runSizes(c, k.program), args); err != nil {
		return nil, err
	}
	var outputs [][]float64
	for _, operand := range c.Op.Outputs {
		outputs = append(outputs, newSpacing(c, operand).gather(valuesOf(args[operand.Name]), outputLen(c, operand)))
	}
	return outputs, nil
}

// scheduled returns the program of a call.
func (in *interpreter) scheduled(c verify.Call) (*ir.Program, error) {
	k, err := in.kernel(c)
	if err != nil {
		return nil, err
	}
	return k.program, nil
}

// kernel schedules and compiles the kernel of a call, once.
func (in *interpreter) kernel(c verify.Call) (*scheduledKernel, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	key := fmt.Sprint(c.Package.Window, c.Package.Strides, c.Package.Dim, c.Op.Name, c.Op.Features, c.Type.Name, c.ISA)
	if k := in.programs[key]; k != nil {
		return k, nil
	}
	unit, err := pyragen.Unit(&spec.Spec{Package: "pyramid", Window: c.Package.Window, Strides: c.Package.Strides, Dim: c.Package.Dim,
		Types: []string{c.Type.Name}, Ops: []string{c.Op.Name}, With: c.Op.Features, ISA: []string{c.ISA}})
	if err != nil {
		return nil, err
	}
	k := &scheduledKernel{program: unit.For(c.ISA)[0]}
	if k.compiled, err = ir.CompileProgram(k.program); err != nil {
		return nil, err
	}
	in.programs[key] = k
	return k, nil
}

// runSizes are the run-time sizes of a call, by the names that its program has for them.
func runSizes(c verify.Call, p *ir.Program) map[string]int64 {
	n := c.Case.Sizes
	all := map[string]int{"batch": n.Batch, "len": n.Len, "heads": n.Heads, "dim": n.Dim,
		ops.RowStride: n.Heads * n.Dim, ops.GradStride: n.Heads * n.Dim}
	for _, operand := range slices.Concat(c.Op.Outputs, c.Op.Inputs) {
		if stride := c.Case.Stride(c.Op, operand); stride > 0 {
			all[map[string]string{"RowStride": ops.RowStride, "GradStride": ops.GradStride}[operand.StrideField()]] = stride
		}
	}
	sizes := map[string]int64{}
	for _, name := range p.Sizes {
		sizes[name] = int64(all[name])
	}
	return sizes
}

// outputLen is the number of elements of an output.
func outputLen(c verify.Call, o verify.Operand) int {
	n := c.Case.Sizes
	p := newPyramid(spec.Spec{Window: c.Package.Window, Strides: c.Package.Strides}, n.Len)
	last := map[verify.Extent]int{verify.PerDim: n.Dim, verify.PerSlot: p.slots, verify.PerRow: 1}[o.Extent]
	return n.Batch * p.nodes * n.Heads * last
}

// arrayOf holds values, which are of the type already.
func arrayOf(t ir.Type, values []float64) *ir.Array {
	a := ir.NewArray(t, len(values))
	if t == ir.F64 {
		copy(a.F64, values)
		return a
	}
	for i, v := range values {
		a.F32[i] = float32(v)
	}
	return a
}

func valuesOf(a *ir.Array) []float64 {
	if a.Type == ir.F64 {
		return a.F64
	}
	values := make([]float64, len(a.F32))
	for i, v := range a.F32 {
		values[i] = float64(v)
	}
	return values
}
