package attention

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/examples/ett/internal/check"
	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
	"github.com/pyragen/pyragen/verify"
)

const heads = 3

// lens straddle the strides: no coarse level, one node on top, a last parent with the most children.
func lens() []int { return []int{1, 3, 4, 7, 16, 63, 64, 127, 261} }

func random[T model.Float](len int) model.Inputs[T] {
	r := rand.New(rand.NewPCG(7, uint64(len)))
	make := func() []T {
		x := make([]T, pam.Nodes(len)*heads*pam.Dim)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	return model.Inputs[T]{Q: make(), K: make(), V: make()}
}

func graph(t *testing.T, len int) (*verify.Graph, verify.Sizes) {
	g, err := verify.NewGraph(pam.Window, pam.Strides(), len)
	if err != nil {
		t.Fatal(err)
	}
	return g, verify.Sizes{Batch: 1, Len: len, Heads: heads, Dim: pam.Dim}
}

// everyISA runs a test with each instruction set that this machine has.
func everyISA(t *testing.T, test func(t *testing.T)) {
	best := pam.ISA()
	defer func() { _ = pam.SetISA(best) }()
	for _, isa := range pam.ISAs() {
		if err := pam.SetISA(isa); err != nil {
			t.Fatal(err)
		}
		t.Run(isa, test)
	}
}

func TestLayerAgainstTruth(t *testing.T) {
	everyISA(t, func(t *testing.T) {
		for _, n := range lens() {
			testLayer(t, F32(), n)
			testLayer(t, F64(), n)
		}
	})
}

func testLayer[T model.Float](t *testing.T, k Kernels[T], len int) {
	g, n := graph(t, len)
	sizes := pam.Sizes{Batch: 1, Len: len, Heads: heads}
	l := NewLayer(k, random[T](len), sizes)
	s := NewSteps(k, l.In, sizes)
	for _, run := range []func() error{l.Attention, l.Gradient, s.Forward, s.Reverse} {
		if err := run(); err != nil {
			t.Fatal(err)
		}
	}
	in := l.In
	for _, c := range []struct {
		op     string
		inputs [][]T
		scalar float64
		got    [][]T
	}{
		{"attention", [][]T{in.Q, in.K, in.V}, Scale(), [][]T{l.Out, l.LSE}},
		{"attention-grad", [][]T{in.Q, in.K, in.V, l.Out, l.LSE, l.Out}, Scale(), [][]T{l.DQ, l.DK, l.DV}},
		{"scores", [][]T{s.Q, in.K}, math.Inf(-1), [][]T{s.S}},
		{"softmax", [][]T{s.S}, 0, [][]T{s.P, s.LSE}},
		{"attention", [][]T{in.Q, in.K, in.V}, Scale(), [][]T{s.Out, s.LSE}},
		{"reverse", [][]T{s.P, s.Out}, 0, [][]T{s.DV}},
	} {
		if _, err := check.Op(c.op, g, n, c.inputs, c.scalar, c.got...); err != nil {
			t.Errorf("len %d: %v", len, err)
		}
	}
}

func TestDenseAgainstTruth(t *testing.T) {
	for _, len := range lens() {
		g, n := graph(t, len)
		in := random[float32](len)
		out := Dense(in, NewMask(g.Neighbours), heads)
		if _, err := check.Op("attention", g, n, [][]float32{in.Q, in.K, in.V}, Scale(), out); err != nil {
			t.Errorf("len %d: %v", len, err)
		}
	}
}

// TestSoftmaxRow covers what random scores do not: large scores and empty slots.
func TestSoftmaxRow(t *testing.T) {
	inf := float32(math.Inf(-1))
	for _, c := range []struct{ s, want [3]float32 }{
		{[3]float32{3e4, 3e4, inf}, [3]float32{0.5, 0.5, 0}},
		{[3]float32{-3e4, inf, inf}, [3]float32{1, 0, 0}},
		{[3]float32{0, 0, 0}, [3]float32{1. / 3, 1. / 3, 1. / 3}},
	} {
		var p [3]float32
		softmaxRow(p[:], c.s[:], 1)
		if p != c.want {
			t.Errorf("%v: %v, want %v", c.s, p, c.want)
		}
	}
}

// TestReach: attention passes weight on and loses none, and goes as far as a step of the graph a layer. No score is so low that its
// weight would be 0.
func TestReach(t *testing.T) {
	const len, layers = 130, 3
	g, _ := graph(t, len)
	s := NewSteps(F64(), random[float64](len), pam.Sizes{Batch: 1, Len: len, Heads: heads})
	if err := s.Forward(); err != nil {
		t.Fatal(err)
	}
	asking := make([]float64, g.Nodes())
	asking[len-1] = 1
	steps := 0
	share, err := s.Reach(asking, layers, func(_, _ []float64) error { steps++; return nil })
	if err != nil || steps != layers {
		t.Fatalf("%d steps, %v", steps, err)
	}
	near := map[int]bool{len - 1: true}
	for range layers {
		next := map[int]bool{}
		for i := range near {
			for _, j := range g.Neighbours[i] {
				next[j] = true
			}
		}
		delete(next, -1)
		near = next
	}
	sum := 0.0
	for i, x := range share {
		sum += x
		if x < 0 || (x > 0) != near[i] {
			t.Errorf("node %d gets %v", i, x)
		}
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("all nodes get %v, want 1", sum)
	}
}

// TestErrorsOfKernels: what a generated function refuses comes out, with its words.
func TestErrorsOfKernels(t *testing.T) {
	in, n := random[float32](5), pam.Sizes{Batch: 1, Len: 5, Heads: heads}
	l, s := NewLayer(F32(), in, n), NewSteps(F32(), in, n)
	l.In.Q, s.Q = in.Q[:1], in.Q[:1]
	for want, run := range map[string]func() error{
		"AttentionF32: len(q) = 1, want": l.Attention, "AttentionGradF32: len(q) = 1, want": l.Gradient,
		"ScoresF32: len(x) = 1, want": s.Forward,
	} {
		if err := run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
