package forecast

import (
	"math/rand/v2"
	"testing"

	"github.com/pyragen/pyragen/examples/ett/pyramid"
	"github.com/pyragen/pyragen/examples/train/internal/gradcheck"
	"github.com/pyragen/pyragen/examples/train/internal/kernels"
	"github.com/pyragen/pyragen/examples/train/internal/nn"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

func source() *rand.Rand { return rand.New(rand.NewPCG(5, 6)) }

func random(r *rand.Rand, rows, cols int) tensor.Matrix[float64] {
	m := tensor.New[float64](rows, cols)
	for i := range m.Data {
		m.Data[i] = r.NormFloat64()
	}
	return m
}

// dot is the loss of the tests of parts: the gradient in x is dx.
func dot(x, dx tensor.Matrix[float64]) (sum float64) {
	for i := range x.Data {
		sum += x.Data[i] * dx.Data[i]
	}
	return sum
}

func compareParams(t *testing.T, loss func() float64, params []*nn.Param[float64]) {
	t.Helper()
	for _, p := range params {
		gradcheck.Compare(t, p.Name, loss, p.Value.Data, p.Grad.Data)
	}
}

// leaves and batch of the tests of parts: the last parents of two levels have more children than the others.
const (
	leaves = 23
	batch  = 2
	width  = 3
)

func testLevels() levels { return levels{pyramid.New([]int{4, 2}, leaves)} }

func TestEmbeddingGradient(t *testing.T) {
	r, nodes := source(), testLevels()
	e := newEmbedding[float64](nodes, 5, width, r)
	features, dx := random(r, batch*leaves, 5), random(r, batch*nodes.Nodes(), width)
	loss := func() float64 {
		x := tensor.New[float64](dx.Rows, dx.Cols)
		e.forward(x, features)
		return dot(x, dx)
	}
	loss()
	e.backward(dx)
	compareParams(t, loss, e.linear.Params())
}

func TestCoarseningGradient(t *testing.T) {
	r, nodes := source(), testLevels()
	c := newCoarsening[float64](nodes, width, r)
	x, dafter := random(r, batch*nodes.Nodes(), width), random(r, batch*nodes.Nodes(), width)
	loss := func() float64 {
		after := tensor.New[float64](x.Rows, x.Cols)
		copy(after.Data, x.Data)
		c.forward(after, batch)
		return dot(after, dafter)
	}
	loss()
	dx := tensor.New[float64](x.Rows, x.Cols)
	copy(dx.Data, dafter.Data)
	c.backward(dx, batch)
	compareParams(t, loss, c.params())
	for b := range batch { // coarse nodes are overwritten, so only the leaves have a gradient
		from, to := b*nodes.Nodes()*width, (b*nodes.Nodes()+leaves)*width
		gradcheck.Compare(t, "leaves", loss, x.Data[from:to], dx.Data[from:to])
	}
}

func TestHeadGradient(t *testing.T) {
	r, nodes := source(), testLevels()
	h := newHead[float64](nodes, width, 4, r)
	x, dy := random(r, batch*nodes.Nodes(), width), random(r, batch, 4)
	loss := func() float64 { return dot(h.forward(x, batch), dy) }
	loss()
	dx := tensor.New[float64](x.Rows, x.Cols)
	h.backward(dx, dy)
	compareParams(t, loss, h.params())
	gradcheck.Compare(t, "nodes", loss, x.Data, dx.Data)
}

func TestLossGradient(t *testing.T) {
	r := source()
	y, target, dy := random(r, 3, 4), random(r, 3, 4), tensor.New[float64](3, 4)
	Loss(dy, y, target)
	scratch := tensor.New[float64](3, 4)
	gradcheck.Compare(t, "forecasts", func() float64 { return Loss(scratch, y, target) }, y.Data, dy.Data)
}

func TestLayerGradient(t *testing.T) {
	for _, name := range []string{kernels.Generated, kernels.Naive} {
		t.Run(name, func(t *testing.T) {
			a, err := kernels.New[float64](name, 17, 1)
			if err != nil {
				t.Fatal(err)
			}
			r := source()
			l := newLayer(0, 1, a, r)
			nodes := levels{pyramid.New([]int{4, 4, 4}, 17)}
			x, dafter := random(r, batch*nodes.Nodes(), l.wq.W.Value.Cols), random(r, batch*nodes.Nodes(), l.wq.W.Value.Cols)
			loss := func() float64 {
				after := tensor.New[float64](x.Rows, x.Cols)
				copy(after.Data, x.Data)
				if err := l.forward(after, batch); err != nil {
					t.Fatal(err)
				}
				return dot(after, dafter)
			}
			loss()
			dx := tensor.New[float64](x.Rows, x.Cols)
			copy(dx.Data, dafter.Data)
			if err := l.backward(dx, batch); err != nil {
				t.Fatal(err)
			}
			compareParams(t, loss, l.params())
			gradcheck.Compare(t, "nodes", loss, x.Data, dx.Data)
		})
	}
}

// TestModelGradient goes through all of it: the gradients of the loss of a forecast in every weight.
func TestModelGradient(t *testing.T) {
	shape := Shape{History: 18, Features: 5, Horizon: 3, Layers: 2, Heads: 1}
	a, err := kernels.New[float64](kernels.Generated, shape.History, shape.Heads)
	if err != nil {
		t.Fatal(err)
	}
	m := New(shape, a, 1)
	r := source()
	features, target := random(r, batch*shape.History, shape.Features), random(r, batch, shape.Horizon)
	dy := tensor.New[float64](batch, shape.Horizon)
	loss := func() float64 {
		y, err := m.Forward(features)
		if err != nil {
			t.Fatal(err)
		}
		return Loss(dy, y, target)
	}
	loss()
	if err := m.Backward(dy); err != nil {
		t.Fatal(err)
	}
	params := m.Params()
	compareParams(t, loss, params)
	names := map[string]bool{}
	for _, p := range params {
		names[p.Name] = true
	}
	if want := 2 + 2*2 + 2*7 + 4; len(names) != want {
		t.Errorf("%d names of weights, want %d: %v", len(names), want, names)
	}
}

// TestSeed: it fixes the weights.
func TestSeed(t *testing.T) {
	shape := Shape{History: 8, Features: 5, Horizon: 3, Layers: 1, Heads: 1}
	a, err := kernels.New[float32](kernels.Generated, shape.History, shape.Heads)
	if err != nil {
		t.Fatal(err)
	}
	first, again, other := New(shape, a, 1).Params(), New(shape, a, 1).Params(), New(shape, a, 2).Params()
	for i, p := range first {
		for j, x := range p.Value.Data {
			if x != again[i].Value.Data[j] {
				t.Fatalf("%s: number %d is %v, then %v", p.Name, j, x, again[i].Value.Data[j])
			}
		}
	}
	if first[0].Value.Data[0] == other[0].Value.Data[0] {
		t.Error("another seed gives the same weights")
	}
}

// TestHeadSeesTheLastNodes: of every level the last node, and no other, decides about the forecast.
func TestHeadSeesTheLastNodes(t *testing.T) {
	r, nodes := source(), testLevels()
	h := newHead[float64](nodes, width, 4, r)
	x := random(r, nodes.Nodes(), width)
	before := h.forward(x, 1).Data[0]
	for l, size := range nodes.Levels {
		for i := range size {
			x.Row(nodes.Node(l, i))[0]++
			if changed := h.forward(x, 1).Data[0] != before; changed != (i == size-1) {
				t.Errorf("node %d of %d of level %d changes the forecast: %v", i, size, l, changed)
			}
			x.Row(nodes.Node(l, i))[0]--
			before = h.forward(x, 1).Data[0] // adding and taking away may round
		}
	}
}
