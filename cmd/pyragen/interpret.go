package main

import (
	"fmt"
	"slices"
	"sync"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
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
		args[operand.Name] = arrayOf(k.elements(operand), newSpacing(c, operand).spread(c.Inputs[i]))
	}
	if c.Op.Scalar != "" {
		args[c.Op.Scalar] = arrayOf(k.program.Type, []float64{c.Scalar})
	}
	if c.Op.Has("dropout") {
		args["dropout"] = arrayOf(k.program.Type, []float64{c.Op.Dropout.Rate})
		args["seed"] = &ir.Array{Type: ir.U64, U64: []uint64{c.Op.Dropout.Seed}}
	}
	lists := edgeLists(c)
	for _, b := range k.program.Buffers {
		if list := lists[b.Name]; list != nil && b.Type == ir.I32 {
			args[b.Name] = &ir.Array{Type: ir.I32, I32: list}
		}
	}
	for _, operand := range c.Op.Outputs {
		args[operand.Name] = ir.NewArray(k.elements(operand), newSpacing(c, operand).span(outputLen(c, operand)))
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

// kernel schedules and compiles the kernels of a call for all instruction sets of its package, once, and returns that of the call.
func (in *interpreter) kernel(c verify.Call) (*scheduledKernel, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	key := func(isa string) string {
		return fmt.Sprint(c.Package.Spec(), c.Op.Name, c.Op.Features, c.Type.Name, isa)
	}
	if k := in.programs[key(c.ISA)]; k != nil {
		return k, nil
	}
	s := specOf(c.Package)
	s.Types, s.Ops, s.With = []string{c.Type.Name}, []string{c.Op.Name}, c.Op.Features
	unit, err := pyragen.Unit(&s)
	if err != nil {
		return nil, err
	}
	for _, p := range unit.Programs {
		compiled, err := ir.CompileProgram(p)
		if err != nil {
			return nil, err
		}
		in.programs[key(p.Target)] = &scheduledKernel{p, compiled}
	}
	k := in.programs[key(c.ISA)]
	if k == nil {
		return nil, fmt.Errorf("package %s has no kernels for %s", c.Package.Name, c.ISA)
	}
	return k, nil
}

// runSizes are the run-time sizes of a call, by the names that its program has for them.
func runSizes(c verify.Call, p *ir.Program) map[string]int64 {
	n := c.Case.Sizes
	all := map[string]int{"batch": n.Batch, "len": n.Len, "heads": n.Heads, "dim": n.Dim, "nodes": c.Graph.Nodes(), "slots": c.Graph.Slots,
		"edges": countEdges(c.Graph), "chunks": c.Graph.Nodes(), "in_slots": mostQueries(c.Graph),
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
	return o.Len(c.Graph, c.Case.Sizes)
}

// elements is the type of an operand's elements.
func (k *scheduledKernel) elements(o verify.Operand) ir.Type {
	i := slices.IndexFunc(k.program.Buffers, func(b *ir.Buffer) bool { return b.Name == o.Name })
	return k.program.Buffers[i].Type
}

// arrayOf holds values, which are of the type already.
func arrayOf(t ir.Type, values []float64) *ir.Array {
	a := ir.NewArray(t, len(values))
	for i, v := range values {
		switch t {
		case ir.F64:
			a.F64[i] = v
		case ir.F16:
			a.U16[i] = ir.F32ToF16(float32(v))
		case ir.BF16:
			a.U16[i] = ir.F32ToBF16(float32(v))
		default:
			a.F32[i] = float32(v)
		}
	}
	return a
}

func valuesOf(a *ir.Array) []float64 {
	values := make([]float64, a.Len())
	for i := range values {
		switch a.Type {
		case ir.F64:
			values[i] = a.F64[i]
		case ir.F16:
			values[i] = float64(ir.F16ToF32(a.U16[i]))
		case ir.BF16:
			values[i] = float64(ir.BF16ToF32(a.U16[i]))
		default:
			values[i] = float64(a.F32[i])
		}
	}
	return values
}
