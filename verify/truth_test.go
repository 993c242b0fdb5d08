package verify

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// directedGraphs are small graphs that the vectors do not cover: even windows and strides of 1, and every kind of table.
func directedGraphs(t *testing.T) []*Graph {
	t.Helper()
	var graphs []*Graph
	for _, window := range []int{1, 2, 4, 6} {
		for _, strides := range [][]int{{}, {2, 2}, {3, 1}, {4}} {
			for _, leaves := range []int{1, 3, 7, 11} {
				g, err := NewGraph(window, strides, leaves)
				if err != nil {
					t.Fatal(err)
				}
				graphs = append(graphs, g)
			}
		}
	}
	for i, k := range Tables() {
		for _, nodes := range []int{1, 6, 13} {
			g, err := NewTableGraph(k.make(nodes, 0, rand.New(rand.NewPCG(uint64(i), 7))))
			if err != nil {
				t.Fatal(err)
			}
			graphs = append(graphs, g)
		}
	}
	return graphs
}

func value(t *testing.T, name string, g *Graph, n Sizes, scalar float64, in ...[]float64) [][]float64 {
	t.Helper()
	op, err := FindOp(name)
	if err != nil {
		t.Fatal(err)
	}
	truth, err := op.Truth(F64, g, n, in, scalar)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]float64
	for _, e := range truth {
		out = append(out, e.Value)
	}
	return out
}

func inner(a, b []float64) float64 {
	var s dot
	for i := range a {
		s.add(a[i], b[i])
	}
	return s.value()
}

func randomLike(o Operand, g *Graph, n Sizes, stream uint64) []float64 {
	v := make([]float64, o.Len(g, n))
	fillRandom(F64, v, Case{Seed: 1}.random(stream))
	return v
}

// TestAdjoint: context is linear in y with the transpose reverse, <context(p,y), w> = <y, reverse(p,w)>, and in p with the transpose
// scores, <context(p,y), w> = <p, scores(w,y)> (R5).
func TestAdjoint(t *testing.T) {
	for _, g := range directedGraphs(t) {
		n := Sizes{2, g.Levels[0], 3, 5}
		p, y, w := randomLike(Operand{"p", PerSlot}, g, n, 1), randomLike(Operand{"y", PerDim}, g, n, 2), randomLike(Operand{"w", PerDim}, g, n, 3)
		want := inner(value(t, "context", g, n, 0, p, y)[0], w)
		byReverse := inner(y, value(t, "reverse", g, n, 0, p, w)[0])
		byScores := inner(p, value(t, "scores", g, n, 0, w, y)[0])
		for name, got := range map[string]float64{"reverse": byReverse, "scores": byScores} {
			if math.Abs(got-want) > 1e-12*float64(len(p)) {
				t.Errorf("%v: %s gives %v, context %v", g, name, got, want)
			}
		}
	}
}

// TestGradients compares the gradients with central differences of the forward ops (R5).
func TestGradients(t *testing.T) {
	const step, tolerance = 1e-5, 1e-6
	compared := 0
	for _, g := range directedGraphs(t) {
		n := Sizes{1, g.Levels[0], 2, 3}
		scale := 0.4
		dims := Operand{"", PerDim}
		qkv := [][]float64{randomLike(dims, g, n, 1), randomLike(dims, g, n, 2), randomLike(dims, g, n, 3)}
		dout := randomLike(dims, g, n, 4)
		forward := value(t, "attention", g, n, scale, qkv...)
		grads := value(t, "attention-grad", g, n, scale, append(append([][]float64{}, qkv...), forward[0], forward[1], dout)...)
		loss := func() float64 { return inner(value(t, "attention", g, n, scale, qkv...)[0], dout) }
		for o, name := range []string{"dq", "dk", "dv"} {
			for i := 0; i < len(qkv[o]); i += 7 {
				at := qkv[o][i]
				qkv[o][i] = at + step
				up := loss()
				qkv[o][i] = at - step
				down := loss()
				qkv[o][i] = at
				want := (up - down) / (2 * step)
				if math.Abs(grads[o][i]-want) > tolerance*max(1, math.Abs(want)) {
					t.Fatalf("%v: %s[%d] = %v, differences give %v", g, name, i, grads[o][i], want)
				}
				compared++
			}
		}
	}
	if compared < 500 {
		t.Errorf("only %d derivatives compared", compared)
	}
}

// TestSoftmaxGradient checks ds against differences of sum(p * w), whose dp is w.
func TestSoftmaxGradient(t *testing.T) {
	const step = 1e-5
	for _, g := range directedGraphs(t) {
		n := Sizes{1, g.Levels[0], 1, 1}
		slots := Operand{"", PerSlot}
		s, w := randomLike(slots, g, n, 1), randomLike(slots, g, n, 2)
		ds := value(t, "softmax-grad", g, n, 0, value(t, "softmax", g, n, 1, s)[0], w)[0]
		for i := range s {
			at := s[i]
			s[i] = at + step
			up := inner(value(t, "softmax", g, n, 1, s)[0], w)
			s[i] = at - step
			down := inner(value(t, "softmax", g, n, 1, s)[0], w)
			s[i] = at
			if want := (up - down) / (2 * step); math.Abs(ds[i]-want) > 1e-6 {
				t.Fatalf("%v: ds[%d] = %v, differences give %v", g, i, ds[i], want)
			}
		}
	}
}

// TestSoftmaxOfNothing: a row without a full slot, or of scores -inf only, gives 0 and lse = -inf, never NaN.
func TestSoftmaxOfNothing(t *testing.T) {
	g, err := NewTableGraph([][]int{{-1, -1}, {0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	inf := math.Inf(-1)
	out := value(t, "softmax", g, Sizes{1, 2, 1, 1}, 1, []float64{5, 5, inf, inf})
	if fmt.Sprint(out) != "[[0 0 0 0] [-Inf -Inf]]" {
		t.Errorf("got %v", out)
	}
	out = value(t, "attention", g, Sizes{1, 2, 1, 1}, 1, []float64{1, 2}, []float64{3, 4}, []float64{5, 6})
	if out[0][0] != 0 || out[1][0] != inf || !(out[0][1] > 5 && out[0][1] < 6) {
		t.Errorf("got %v", out)
	}
}

// TestBounds pins the bound of R4 by hand: gamma_k * sum |a||b| with k = the length of the reduction + 1, and half a subnormal or more
// a product.
func TestBounds(t *testing.T) {
	if got, want := F32.Gamma(3), 3*0x1p-24/(1-3*0x1p-24); got != want {
		t.Errorf("gamma_3 = %v, want %v", got, want)
	}
	g, err := NewGraph(2, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	n := Sizes{1, 2, 1, 3}
	x, y := []float64{1, -2, 3, 4, 5, 6}, []float64{7, 8, 9, 1, -1, 1}
	for _, c := range []struct {
		op   string
		in   [][]float64
		want []float64 // sums of |a||b|, 0 for padding
		k    []int
	}{
		{"scores", [][]float64{x, y}, []float64{0, 7 + 16 + 27, 0, 28 + 40 + 54, 4 + 5 + 6, 0}, []int{0, 4, 0, 4, 4, 0}},
		{"context", [][]float64{{9, 2, 0, -3, 4, 0}, y}, []float64{14, 16, 18, 21 + 4, 24 + 4, 27 + 4}, []int{2, 2, 2, 3, 3, 3}},
		{"reverse", [][]float64{{9, 2, 0, -3, 4, 0}, y}, []float64{14 + 3, 16 + 3, 18 + 3, 4, 4, 4}, []int{3, 3, 3, 2, 2, 2}},
	} {
		op, err := FindOp(c.op)
		if err != nil {
			t.Fatal(err)
		}
		truth, err := op.Truth(F32, g, n, c.in, -1)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range truth[0].Bound {
			want := F32.Gamma(c.k[i])*c.want[i] + float64(c.k[i])*F32.Eta
			if truth[0].Sum[i] != c.want[i] || e != want {
				t.Errorf("%s: element %d: sum %v bound %v, want %v and %v", c.op, i, truth[0].Sum[i], e, c.want[i], want)
			}
		}
	}
}

func TestTruthErrors(t *testing.T) {
	g, err := NewGraph(3, nil, 4)
	if err != nil {
		t.Fatal(err)
	}
	op, err := FindOp("scores")
	if err != nil {
		t.Fatal(err)
	}
	n := Sizes{1, 4, 1, 2}
	for _, c := range []struct {
		in   [][]float64
		want string
	}{
		{[][]float64{make([]float64, 8)}, "scores: 1 inputs, want 2"},
		{[][]float64{make([]float64, 8), make([]float64, 7)}, "scores: len(y) = 7, want 8"},
	} {
		if _, err := op.Truth(F32, g, n, c.in, 0); err == nil || err.Error() != c.want {
			t.Errorf("truth: got %v, want %s", err, c.want)
		}
		if _, err := op.Naive(F32, g, n, c.in, 0); err == nil || err.Error() != c.want {
			t.Errorf("naive: got %v, want %s", err, c.want)
		}
	}
}
