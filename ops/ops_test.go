package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// operands gives, for each op, the tensor that stands for each buffer.
var operands = map[string]map[string]string{
	"scores":       {"s": "scores", "x": "x", "y": "y", "padding": "padding"},
	"context":      {"z": "context", "p": "weights", "y": "y"},
	"reverse":      {"z": "reverse", "p": "weights", "y": "y"},
	"softmax":      {"p": "softmax", "lse": "softmax lse", "s": "logits"},
	"softmax-grad": {"ds": "ds", "p": "softmax", "dp": "dp"},
	"attention":    {"out": "out", "lse": "lse", "q": "q", "k": "k", "v": "v", "scale": "scale"},
	"attention-grad": {"dq": "dq", "dk": "dk", "dv": "dv", "q": "q", "k": "k", "v": "v", "out": "out", "lse": "lse",
		"dout": "dout", "scale": "scale"},
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

func TestOpsAgainstDefinitions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, window := range []int{1, 2, 3, 4, 5} {
		for _, strides := range [][]int{{}, {2}, {4, 4}, {5, 3}} {
			for _, leaves := range []int{1, 2, 4, 7, 9, 15, 19, 33} {
				table := ir.Graph{Kind: ir.Table}
				closed := ir.Graph{Kind: ir.Pyramid, Window: window, Strides: strides}
				g := pyramid(window, strides, leaves)
				for _, c := range []struct {
					in    ir.Graph
					truth graph
				}{{closed, g}, {table, g}, {table, g.thinned(r)}} {
					batch, heads, dim := 1+r.IntN(2), 1+r.IntN(3), 1+r.IntN(6)
					if r.IntN(4) == 0 {
						dim = g.slots
					}
					tensors := newTensors(c.truth, batch, heads, dim, r)
					for _, op := range All {
						for typ, bound := range bounds {
							o := Options{Type: typ, Graph: c.in, Dim: dim}
							sizes := tensors.sizes(c.in, op, leaves)
							if r.IntN(2) == 0 {
								o.Dim, sizes["dim"] = 0, int64(dim)
							}
							if err := tensors.check(op.Build(o), sizes, bound); err != nil {
								t.Fatalf("%s %v, graph %d, window %d, strides %v, len %d, batch %d, heads %d, dim %d: %v",
									op.Name, typ, c.in.Kind, window, strides, leaves, batch, heads, dim, err)
							}
						}
					}
				}
			}
		}
	}
}

// A row whose scores are all -inf is treated as one without neighbours.
func TestRowsOfMinusInfinity(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	g := pyramid(3, []int{2}, 5)
	x := newTensors(g, 1, 1, 2, r)
	for n := range g.slots {
		x.of["logits"][n] = math.Inf(-1)
		x.of["softmax"][n] = 0
	}
	x.of["softmax lse"][0] = math.Inf(-1)
	x.of["q"][0], x.of["q"][1] = math.Inf(-1), 0
	for n := range x.of["k"] {
		x.of["k"][n] = math.Abs(x.of["k"][n])
	}
	in := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{2}}
	sizes := map[string]int64{"batch": 1, "len": 5, "heads": 1}
	if err := x.check(Softmax(Options{Type: ir.F32, Graph: in, Dim: 2}), sizes, bounds[ir.F32]); err != nil {
		t.Errorf("softmax: %v", err)
	}
	outs, err := x.run(Attention(Options{Type: ir.F32, Graph: in, Dim: 2}), sizes)
	if err != nil {
		t.Fatal(err)
	}
	if out, lse := outs["out"][:2], outs["lse"][0]; out[0] != 0 || out[1] != 0 || !math.IsInf(lse, -1) {
		t.Errorf("attention: out %v, lse %v, want 0, -inf", out, lse)
	}
	x.of["out"], x.of["lse"] = outs["out"], outs["lse"]
	outs, err = x.run(AttentionGrad(Options{Type: ir.F32, Graph: in, Dim: 2}), sizes)
	if err != nil {
		t.Fatal(err)
	}
	if dq := outs["dq"][:2]; dq[0] != 0 || dq[1] != 0 {
		t.Errorf("attention-grad: dq %v, want 0", dq)
	}
}

func TestOptionsRefused(t *testing.T) {
	closed := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Type: ir.I32, Graph: closed}, "type: got i32"},
		{Options{Type: ir.F32, Graph: closed, Dim: -1}, "dim: got -1"},
		{Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid}}, "window: got 0"},
		{Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 1, Strides: []int{2, 0}}}, "stride of level 2: got 0"},
		{Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Table, Window: 3}}, "a table graph has no window"},
		{Options{Type: ir.F32}, "want a pyramid or a table"},
	} {
		if err := c.o.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got error %v, want %q", c.o, err, c.want)
		}
	}
	if _, err := ByName("scoers"); err == nil || !strings.Contains(err.Error(), `unknown op "scoers"; the ops are [scores`) {
		t.Errorf("ByName: got error %v", err)
	}
}

// Every kernel is well formed and reads back from its text.
func TestKernelsVerify(t *testing.T) {
	for _, op := range All {
		for _, g := range []ir.Graph{{Kind: ir.Table}, {Kind: ir.Pyramid, Window: 4}, {Kind: ir.Pyramid, Window: 3, Strides: []int{4, 4}}} {
			for _, typ := range []ir.Type{ir.F32, ir.F64, ir.F16, ir.BF16} {
				for _, dim := range []int{0, 1, 64} {
					k := op.Build(Options{Type: typ, Graph: g, Dim: dim})
					if k.Name != op.Name {
						t.Errorf("%s builds a kernel named %s", op.Name, k.Name)
					}
					if err := k.Verify(); err != nil {
						t.Errorf("%s: %v\n%s", op.Name, err, k)
					}
					again, err := ir.ParseKernel(k.String())
					if err != nil {
						t.Errorf("%s: %v\n%s", op.Name, err, k)
					} else if again.String() != k.String() {
						t.Errorf("%s reads back as\n%s", op.Name, again)
					}
				}
			}
		}
	}
}

func TestArgumentOrder(t *testing.T) {
	closed, table := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}, ir.Graph{Kind: ir.Table}
	for _, c := range []struct {
		name  string
		graph ir.Graph
		want  string
	}{
		{"scores", closed, "s x y padding"}, {"context", closed, "z p y"}, {"reverse", closed, "z p y"},
		{"softmax", closed, "p lse s"}, {"softmax-grad", closed, "ds p dp"}, {"attention", closed, "out lse q k v scale"},
		{"attention-grad", closed, "dq dk dv q k v out lse dout scale"},
		{"scores", table, "s x y qk padding"}, {"context", table, "z p y qk"}, {"reverse", table, "z p y kq m"},
		{"attention-grad", table, "dq dk dv q k v out lse dout qk kq m scale"},
	} {
		op, err := ByName(c.name)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, buf := range op.Build(Options{Type: ir.F32, Graph: c.graph}).Buffers {
			if buf.Role != ir.Temp {
				names = append(names, buf.Name)
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s on graph %d: buffers %s, want %s", c.name, c.graph.Kind, got, c.want)
		}
	}
}
