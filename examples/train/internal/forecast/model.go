// Package forecast is the model that the example trains: a small version of Pyraformer (Liu et al., ICLR 2022). The steps of a
// history become the leaves of a pyramid, a coarse node begins as a linear map of the mean of its children, layers of pyramidal
// attention mix the nodes, and a linear map of the last node of every level is the forecast.
package forecast

import (
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/ett/pyramid"
	"github.com/pyragen/pyragen/examples/train/internal/kernels"
	"github.com/pyragen/pyragen/examples/train/internal/nn"
	"github.com/pyragen/pyragen/examples/train/internal/pam"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// Shape is the size of a model.
type Shape struct {
	History  int // steps that it sees
	Features int // of each step
	Horizon  int // steps that it forecasts
	Layers   int // of attention
	Heads    int // of each layer
}

// Width is the number of features of a node.
func (s Shape) Width() int { return s.Heads * pam.Dim }

// Model computes forecasts and the gradients of its weights. A matrix of nodes has the shape (batch and node, head and dim), which is
// the layout of the kernels.
type Model[T tensor.Float] struct {
	nodes  levels
	embed  *embedding[T]
	coarse *coarsening[T]
	layers []*layer[T]
	head   *head[T]

	x, dx tensor.Matrix[T] // all nodes, and the gradient in them
}

// New has random weights, which the seed fixes.
func New[T tensor.Float](s Shape, a *kernels.Attention[T], seed uint64) *Model[T] {
	r := rand.New(rand.NewPCG(seed, 0))
	nodes := levels{pyramid.New(pam.Strides(), s.History)}
	m := &Model[T]{nodes: nodes}
	m.embed = newEmbedding[T](nodes, s.Features, s.Width(), r)
	m.coarse = newCoarsening[T](nodes, s.Width(), r)
	for range s.Layers {
		m.layers = append(m.layers, newLayer(len(m.layers), s.Heads, a, r))
	}
	m.head = newHead[T](nodes, s.Width(), s.Horizon, r)
	return m
}

// Params are all weights, always in the same order.
func (m *Model[T]) Params() []*nn.Param[T] {
	params := append(m.embed.linear.Params(), m.coarse.params()...)
	for _, l := range m.layers {
		params = append(params, l.params()...)
	}
	return append(params, m.head.params()...)
}

// Forward computes the forecasts, (batch, horizon), from features, (batch and step, feature).
func (m *Model[T]) Forward(features tensor.Matrix[T]) (forecasts tensor.Matrix[T], err error) {
	batch := features.Rows / m.nodes.Levels[0]
	m.x = m.x.Shaped(batch*m.nodes.Nodes(), m.head.norm.Gain.Value.Cols)
	m.embed.forward(m.x, features)
	m.coarse.forward(m.x, batch)
	for _, l := range m.layers {
		if err := l.forward(m.x, batch); err != nil {
			return forecasts, err
		}
	}
	return m.head.forward(m.x, batch), nil
}

// Backward adds the gradients in the weights to those of Params, where dy is the gradient in the forecasts of the last Forward.
func (m *Model[T]) Backward(dy tensor.Matrix[T]) error {
	batch := dy.Rows
	m.dx = m.dx.Shaped(m.x.Rows, m.x.Cols)
	m.head.backward(m.dx, dy)
	for i := range m.layers {
		if err := m.layers[len(m.layers)-1-i].backward(m.dx, batch); err != nil {
			return err
		}
	}
	m.coarse.backward(m.dx, batch)
	m.embed.backward(m.dx)
	return nil
}
