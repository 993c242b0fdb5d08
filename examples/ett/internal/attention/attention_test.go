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
	l := NewLayer(k, random[T](len), pam.Sizes{Batch: 1, Len: len, Heads: heads})
	if err := l.Forward(); err != nil {
		t.Fatal(err)
	}
	if err := l.Reverse(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		op     string
		inputs [][]T
		scalar float64
		got    []T
	}{
		{"scores", [][]T{l.In.Q, l.In.K}, math.Inf(-1), l.S},
		{"softmax", [][]T{l.S}, Scale(), l.P},
		{"attention", [][]T{l.In.Q, l.In.K, l.In.V}, Scale(), l.Out},
		{"reverse", [][]T{l.P, l.Out}, 0, l.DV},
	} {
		if _, err := check.Op(c.op, g, n, c.inputs, c.scalar, c.got); err != nil {
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

// TestSoftmax covers what random scores do not: large scores, empty slots, any number of workers.
func TestSoftmax(t *testing.T) {
	inf := float32(math.Inf(-1))
	s := []float32{3e4, 3e4, inf, -3e4, inf, inf, 0, 0, 0}
	want := []float32{0.5, 0.5, 0, 1, 0, 0, 1. / 3, 1. / 3, 1. / 3}
	for workers := range 6 {
		p := make([]float32, len(s))
		softmax(p, s, 3, 1, workers)
		for i := range p {
			if p[i] != want[i] {
				t.Errorf("%d workers: %v, want %v", workers, p, want)
				break
			}
		}
	}
}

// TestReach: attention passes weight on and loses none, and goes as far as a step of the graph a layer. No score is so low that its
// weight would be 0.
func TestReach(t *testing.T) {
	const len, layers = 130, 3
	g, _ := graph(t, len)
	l := NewLayer(F64(), random[float64](len), pam.Sizes{Batch: 1, Len: len, Heads: heads})
	if err := l.Forward(); err != nil {
		t.Fatal(err)
	}
	asking := make([]float64, g.Nodes())
	asking[len-1] = 1
	steps := 0
	share, err := l.Reach(asking, layers, func(_, _ []float64) error { steps++; return nil })
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
	l := NewLayer(F32(), random[float32](5), pam.Sizes{Batch: 1, Len: 5, Heads: heads})
	l.In.Q = l.In.Q[:1]
	if err := l.Forward(); err == nil || !strings.Contains(err.Error(), "len(x) = 1, want") {
		t.Errorf("got %v", err)
	}
}
