package attention

import (
	"math"

	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// Layer is one attention layer and what it has computed.
type Layer[T model.Float] struct {
	Kernels[T]
	In    model.Inputs[T]
	Sizes pam.Sizes

	S, P    []T // scores and their softmax, (node, head, slot)
	Out, DV []T // context, and the gradient of |out|^2 / 2 in v, (node, head, dim)
}

// NewLayer allocates the results of a layer.
func NewLayer[T model.Float](k Kernels[T], in model.Inputs[T], n pam.Sizes) *Layer[T] {
	slots := pam.Nodes(n.Len) * n.Heads * pam.Slots(n.Len)
	return &Layer[T]{Kernels: k, In: in, Sizes: n,
		S: make([]T, slots), P: make([]T, slots), Out: make([]T, len(in.V)), DV: make([]T, len(in.V))}
}

// Scores: s_ij = q_i . k_j. An empty slot gets -inf, so that its weight is exp(-inf) = 0 and nothing after needs to know of it.
func (l *Layer[T]) Scores() error {
	return l.Kernels.Scores(l.S, l.In.Q, l.In.K, T(math.Inf(-1)), l.Sizes)
}

// Softmax: p_ij = exp(scale*s_ij) / sum_j exp(scale*s_ij).
func (l *Layer[T]) Softmax() {
	softmax(l.P, l.S, pam.Slots(l.Sizes.Len), T(Scale()), l.Sizes.Workers)
}

// Context: out_i = sum_j p_ij v_j.
func (l *Layer[T]) Context() error { return l.Kernels.Context(l.Out, l.P, l.In.V, l.Sizes) }

// Reverse: dv_j = sum_i p_ij dout_i. The loss is |out|^2 / 2, so dout = out.
func (l *Layer[T]) Reverse() error { return l.Kernels.Reverse(l.DV, l.P, l.Out, l.Sizes) }

// Forward computes S, P and Out.
func (l *Layer[T]) Forward() error {
	if err := l.Scores(); err != nil {
		return err
	}
	l.Softmax()
	return l.Context()
}
