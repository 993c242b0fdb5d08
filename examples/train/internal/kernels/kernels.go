// Package kernels has the two ways to compute attention and its gradient that the example trains with: the functions that pyragen
// generated, and the naive ones of its package verify, written from the definitions as plain loops.
package kernels

import (
	"math"
	"time"

	"github.com/pyragen/pyragen/examples/train/internal/pam"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
	"github.com/pyragen/pyragen/verify"
)

// Names of the two ways.
const (
	Generated = "generated"
	Naive     = "naive"
)

// Attention computes pyramid attention. Tensors are (batch, node, head, dim), lse is (batch, node, head).
type Attention[T tensor.Float] struct {
	Name  string
	Spent time.Duration // in Forward and Gradient so far

	forward  func(out, lse, q, k, v []T, batch int) error
	gradient func(dq, dk, dv, q, k, v, out, lse, dout []T, batch int) error
}

// scale is what scores are multiplied by before the softmax.
func scale() float64 { return 1 / math.Sqrt(pam.Dim) }

// New is the attention of a name over pyramids with so many leaves.
func New[T tensor.Float](name string, leaves, heads int) (*Attention[T], error) {
	if name == Naive {
		return newNaive[T](leaves, heads)
	}
	return newGenerated[T](leaves, heads), nil
}

// Forward: out_i = sum_j p_ij v_j, where p_i is the softmax of the scaled q_i . k_j over the neighbours j, and lse the logarithm of
// its normaliser.
func (a *Attention[T]) Forward(out, lse, q, k, v []T, batch int) error {
	defer a.stop(time.Now())
	return a.forward(out, lse, q, k, v, batch)
}

// Gradient is that of sum(dout * out) in q, k and v, from what Forward computed.
func (a *Attention[T]) Gradient(dq, dk, dv, q, k, v, out, lse, dout []T, batch int) error {
	defer a.stop(time.Now())
	return a.gradient(dq, dk, dv, q, k, v, out, lse, dout, batch)
}

func (a *Attention[T]) stop(start time.Time) { a.Spent += time.Since(start) }

func newGenerated[T tensor.Float](leaves, heads int) *Attention[T] {
	if _, single := any(T(0)).(float32); single {
		return any(bind(pam.AttentionF32, pam.AttentionGradF32, leaves, heads)).(*Attention[T])
	}
	return any(bind(pam.AttentionF64, pam.AttentionGradF64, leaves, heads)).(*Attention[T])
}

// bind fixes the sizes of two generated functions, all but the batch.
func bind[T tensor.Float](forward func(out, lse, q, k, v []T, scale T, n pam.Sizes) error,
	gradient func(dq, dk, dv, q, k, v, out, lse, dout []T, scale T, n pam.Sizes) error, leaves, heads int) *Attention[T] {
	sizes := func(batch int) pam.Sizes { return pam.Sizes{Batch: batch, Len: leaves, Heads: heads} }
	return &Attention[T]{
		Name: Generated,
		forward: func(out, lse, q, k, v []T, batch int) error {
			return forward(out, lse, q, k, v, T(scale()), sizes(batch))
		},
		gradient: func(dq, dk, dv, q, k, v, out, lse, dout []T, batch int) error {
			return gradient(dq, dk, dv, q, k, v, out, lse, dout, T(scale()), sizes(batch))
		},
	}
}

func newNaive[T tensor.Float](leaves, heads int) (*Attention[T], error) {
	g, err := verify.NewGraph(pam.Window, pam.Strides(), leaves)
	if err != nil {
		return nil, err
	}
	forward, err := newTwin[T]("attention", g, heads)
	if err != nil {
		return nil, err
	}
	gradient, err := newTwin[T]("attention-grad", g, heads)
	if err != nil {
		return nil, err
	}
	return &Attention[T]{
		Name: Naive,
		forward: func(out, lse, q, k, v []T, batch int) error {
			return forward.run([][]T{out, lse}, [][]T{q, k, v}, batch)
		},
		gradient: func(dq, dk, dv, q, k, v, out, lse, dout []T, batch int) error {
			return gradient.run([][]T{dq, dk, dv}, [][]T{q, k, v, out, lse, dout}, batch)
		},
	}, nil
}
