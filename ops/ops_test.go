package ops

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

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
						for _, typ := range []ir.Type{ir.F64, ir.F32, ir.F16, ir.BF16} {
							if typ.Size() == 2 && r.IntN(8) != 0 {
								continue
							}
							o := Options{Type: typ, Graph: c.in, Dim: dim}
							sizes := tensors.sizes(c.in, op, leaves)
							if r.IntN(2) == 0 {
								o.Dim, sizes["dim"] = 0, int64(dim)
							}
							if err := tensors.check(op.Build(o), sizes, bounds[typ]); err != nil {
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
		{Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Table}, Slots: -1}, "slots: got -1"},
		{Options{Type: ir.F32, Graph: closed, Slots: 3}, "slots: got 3"},
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
		for _, g := range []ir.Graph{
			{Kind: ir.Table}, {Kind: ir.Pyramid, Window: 4}, {Kind: ir.Pyramid, Window: 3, Strides: []int{4, 4}},
		} {
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
