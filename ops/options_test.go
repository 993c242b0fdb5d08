package ops

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// Mask, bias and dropout do what they are defined as, forward and in the gradient, on pyramids and tables; the definitions, from which the
// gradient is derived, say the same.
func TestFeatures(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, window := range []int{1, 2, 3, 4} {
		for _, leaves := range []int{1, 4, 9, 15} {
			for _, with := range []Options{{Mask: true}, {Bias: true}, {Dropout: true}, {Mask: true, Dropout: true}, {Mask: true, Bias: true, Dropout: true}} {
				g := pyramid(window, []int{4, 2}, leaves)
				for _, c := range []struct {
					in    ir.Graph
					truth graph
				}{
					{ir.Graph{Kind: ir.Pyramid, Window: window, Strides: []int{4, 2}}, g}, {ir.Graph{Kind: ir.Table}, g.thinned(r)},
				} {
					x := newTensorsWith(with, c.truth, 2, 3, 3, r)
					for _, typ := range []ir.Type{ir.F64, ir.F32} {
						o := Options{Type: typ, Graph: c.in, Dim: 3, Mask: with.Mask, Bias: with.Bias, Dropout: with.Dropout}
						for _, k := range []*ir.Kernel{Attention(o), AttentionGrad(o), AttentionDefinition(o)} {
							if err := x.check(k, x.sizes(c.in, Op{Name: k.Name}, leaves), bounds[typ]); err != nil {
								t.Fatalf("%s %v, window %d, len %d, %+v: %v", k.Name, typ, window, leaves, with, err)
							}
						}
					}
				}
			}
		}
	}
}

// Where no key is left to see, out is 0, lse -inf, and nothing goes into a gradient; a hidden key gets a gradient of 0. Nothing is NaN.
func TestHiddenKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	x := newTensorsWith(Options{Mask: true}, pyramid(3, []int{2}, 6), 1, 1, 2, r)
	for n := range x.of["mask"] {
		x.of["mask"][n] = math.Inf(-1)
	}
	x.of["mask"][5] = 0 // of the last leaf, which the leaves 0..3 and the parents 6, 7 do not see
	o := Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{2}}, Dim: 2, Mask: true}
	sizes := map[string]int64{"batch": 1, "len": 6, "heads": 1}
	outs, err := x.run(Attention(o), sizes)
	if err != nil {
		t.Fatal(err)
	}
	for node := range 9 {
		blind := node != 4 && node != 5 && node != 8
		out, lse := outs["out"][2*node:2*node+2], outs["lse"][node]
		if blind && (out[0] != 0 || out[1] != 0 || !math.IsInf(lse, -1)) {
			t.Errorf("node %d sees no key: out %v, lse %v, want 0, -inf", node, out, lse)
		}
		if v := x.of["v"][10:12]; !blind && (math.Abs(out[0]-v[0]) > 1e-6 || math.Abs(out[1]-v[1]) > 1e-6) {
			t.Errorf("node %d sees leaf 5 alone: out %v, want its v, %v", node, out, v)
		}
	}
	x.of["out"], x.of["lse"] = outs["out"], outs["lse"]
	grads, err := x.run(AttentionGrad(o), sizes)
	if err != nil {
		t.Fatal(err)
	}
	for name, of := range grads {
		for n, g := range of {
			seen := n/2 == 5
			if math.IsNaN(g) || name != "dq" && !seen && g != 0 {
				t.Errorf("%s[%d] = %v, want 0: the key is hidden", name, n, g)
			}
		}
	}
}

// A row whose edges are all hidden counts as one without neighbours, a hidden edge gets a gradient of 0, and so does an empty slot, in
// which anything may stand.
func TestHiddenEdges(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	x := newTensorsWith(Options{Bias: true}, pyramid(3, []int{2}, 6), 1, 2, 2, r)
	o := Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{2}}, Dim: 2, Bias: true}
	sizes := map[string]int64{"batch": 1, "len": 6, "heads": 2}
	outs, err := x.run(Attention(o), sizes)
	if err != nil {
		t.Fatal(err)
	}
	blind, gone := 0, 0
	for row, lse := range outs["lse"] {
		if row%5 == 3 { // as fillBias has it
			blind++
			if out := outs["out"][2*row : 2*row+2]; out[0] != 0 || out[1] != 0 || !math.IsInf(lse, -1) {
				t.Errorf("row %d has no edge: out %v, lse %v, want 0, -inf", row, out, lse)
			}
		}
	}
	x.of["out"], x.of["lse"] = outs["out"], outs["lse"]
	grads, err := x.run(AttentionGrad(o), sizes)
	if err != nil {
		t.Fatal(err)
	}
	for n, bias := range x.of["bias"] {
		if g := grads["dbias"][n]; math.IsNaN(bias) || math.IsInf(bias, -1) {
			gone++
			if g != 0 {
				t.Errorf("dbias[%d] = %v where the bias is %v, want 0", n, g, bias)
			}
		}
	}
	if blind == 0 || gone == 0 {
		t.Errorf("%d rows without edges and %d slots without an edge, want some", blind, gone)
	}
}

// A rate of 0 gives the bits of attention without dropout.
func TestDropoutZero(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	x := newTensors(pyramid(3, []int{2}, 9), 2, 3, 4, r)
	x.of["dropout"][0] = 0
	o := Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{2}}, Dim: 4}
	sizes := map[string]int64{"batch": 2, "len": 9, "heads": 3}
	for _, build := range []func(Options) *ir.Kernel{Attention, AttentionGrad} {
		o.Dropout = false
		want, err := x.run(build(o), sizes)
		if err != nil {
			t.Fatal(err)
		}
		o.Dropout = true
		got, err := x.run(build(o), sizes)
		if err != nil {
			t.Fatal(err)
		}
		for name := range want {
			for n := range want[name] {
				if got[name][n] != want[name][n] {
					t.Fatalf("%s[%d] = %v, want %v as without dropout", name, n, got[name][n], want[name][n])
				}
			}
		}
	}
}

// Arguments of features stand behind those of their kind.
func TestFeatureArguments(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"attention", "out lse q k v mask bias scale dropout seed"}, {"attention-grad", "dq dk dv dbias q k v mask bias out lse dout scale dropout seed"},
		{"scores", "s x y padding"},
	} {
		op, err := ByName(c.name)
		if err != nil {
			t.Fatal(err)
		}
		k := op.Build(Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3}, Mask: true, Bias: true, Dropout: true})
		var names []string
		for _, buf := range k.Buffers {
			if buf.Role != ir.Temp {
				names = append(names, buf.Name)
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: buffers %s, want %s", c.name, got, c.want)
		}
		if again, err := ir.ParseKernel(k.String()); err != nil || again.String() != k.String() {
			t.Errorf("%s reads back as\n%v\n%v", c.name, again, err)
		}
	}
}
