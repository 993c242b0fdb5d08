package ops

import (
	"fmt"
	"math"

	"github.com/pyragen/pyragen/ir"
)

// operands gives, for each op, the tensor that stands for each buffer.
var operands = map[string]map[string]string{
	"scores":       {"s": "scores", "x": "x", "y": "y", "padding": "padding"},
	"context":      {"z": "context", "p": "weights", "y": "y"},
	"reverse":      {"z": "reverse", "p": "weights", "y": "y"},
	"softmax":      {"p": "softmax", "lse": "softmax lse", "s": "logits"},
	"softmax-grad": {"ds": "ds", "p": "softmax", "dp": "dp"},
	"attention":    {"out": "out", "lse": "lse", "q": "q", "k": "k", "v": "v", "mask": "mask", "bias": "bias", "scale": "scale", "dropout": "dropout"},
	"attention-grad": {"dq": "dq", "dk": "dk", "dv": "dv", "dbias": "dbias", "q": "q", "k": "k", "v": "v", "mask": "mask",
		"bias": "bias", "out": "out", "lse": "lse", "dout": "dout", "scale": "scale", "dropout": "dropout"},
}

// store returns x as an array of type t.
func store(t ir.Type, x []float64) *ir.Array {
	a := ir.NewArray(t, len(x))
	for n, v := range x {
		switch t {
		case ir.F32:
			a.F32[n] = float32(v)
		case ir.F64:
			a.F64[n] = v
		case ir.F16:
			a.U16[n] = ir.F32ToF16(float32(v))
		case ir.BF16:
			a.U16[n] = ir.F32ToBF16(float32(v))
		}
	}
	return a
}

// load returns the elements of a.
func load(a *ir.Array) []float64 {
	x := make([]float64, a.Len())
	for n := range x {
		switch a.Type {
		case ir.F32:
			x[n] = float64(a.F32[n])
		case ir.F64:
			x[n] = a.F64[n]
		case ir.F16:
			x[n] = float64(ir.F16ToF32(a.U16[n]))
		case ir.BF16:
			x[n] = float64(ir.BF16ToF32(a.U16[n]))
		}
	}
	return x
}

// tables returns the tables of a table graph.
func (t *tensors) tables() map[string]*ir.Array {
	in, inSlots := t.in(), t.inSlots()
	qk, kq, m := ir.NewArray(ir.I32, len(t.rows)*t.slots), ir.NewArray(ir.I32, len(t.rows)*inSlots),
		ir.NewArray(ir.I32, len(t.rows)*inSlots)
	for i, row := range t.rows {
		for j, k := range row {
			qk.I32[i*t.slots+j] = int32(k)
		}
		for j := range inSlots {
			query, slot := int32(-1), int32(-1)
			if j < len(in[i]) {
				query, slot = int32(in[i][j].query), int32(in[i][j].slot)
			}
			kq.I32[i*inSlots+j], m.I32[i*inSlots+j] = query, slot
		}
	}
	return map[string]*ir.Array{"qk": qk, "kq": kq, "m": m}
}

// inSlots is the largest number of nodes that attend to one node.
func (t *tensors) inSlots() (n int) {
	for _, in := range t.in() {
		n = max(n, len(in))
	}
	return n
}

// run runs a kernel on t and returns its outputs by buffer name. They are filled with NaN before.
func (t *tensors) run(k *ir.Kernel, sizes map[string]int64) (map[string][]float64, error) {
	args, tables := ir.Args{}, t.tables()
	for _, buf := range k.Buffers {
		x := t.of[operands[k.Name][buf.Name]]
		switch {
		case buf.Role == ir.Temp:
		case buf.Type == ir.I32:
			args[buf.Name] = tables[buf.Name]
		case buf.Type == ir.U64:
			args[buf.Name] = &ir.Array{Type: ir.U64, U64: []uint64{t.seed}}
		case buf.Role == ir.Out:
			args[buf.Name] = store(buf.Type, make([]float64, len(x)))
			fill(args[buf.Name])
		default:
			args[buf.Name] = store(buf.Type, x)
		}
	}
	if err := ir.RunKernel(k, sizes, args); err != nil {
		return nil, err
	}
	outs := map[string][]float64{}
	for _, buf := range k.Buffers {
		if buf.Role == ir.Out {
			outs[buf.Name] = load(args[buf.Name])
		}
	}
	return outs, nil
}

// fill sets every element to NaN.
func fill(a *ir.Array) {
	for n := range a.Len() {
		switch a.Type {
		case ir.F32:
			a.F32[n] = float32(math.NaN())
		case ir.F64:
			a.F64[n] = math.NaN()
		default:
			a.U16[n] = 0x7fff
		}
	}
}

// check compares the outputs of a kernel with the truth: the largest difference, relative to the largest value or to 1.
func (t *tensors) check(k *ir.Kernel, sizes map[string]int64, bound float64) error {
	outs, err := t.run(k, sizes)
	if err != nil {
		return err
	}
	for name, got := range outs {
		want := t.of[operands[k.Name][name]]
		size := 1.0
		for _, v := range want {
			if !math.IsInf(v, 0) {
				size = max(size, math.Abs(v))
			}
		}
		for n := range want {
			if got[n] != want[n] && !(math.Abs(got[n]-want[n]) <= bound*size) {
				return fmt.Errorf("%s[%d] = %v, want %v within %g", name, n, got[n], want[n], bound*size)
			}
		}
	}
	return nil
}

// bounds on the error of each type, relative to the largest element; the 16-bit ones only round operands and results.
var bounds = map[ir.Type]float64{ir.F64: 1e-13, ir.F32: 3e-6, ir.F16: 2e-2, ir.BF16: 0.15}

func (t *tensors) sizes(g ir.Graph, op Op, leaves int) map[string]int64 {
	s := map[string]int64{"batch": int64(t.batch), "heads": int64(t.heads)}
	if g.Kind == ir.Pyramid {
		s["len"] = int64(leaves)
		return s
	}
	s["nodes"], s["slots"] = int64(len(t.rows)), int64(t.slots)
	if op.Name == "reverse" || op.Name == "attention-grad" {
		s["in_slots"] = int64(t.inSlots())
	}
	return s
}
