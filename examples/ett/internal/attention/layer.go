package attention

import (
	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// Layer is one attention layer and what the fused kernels have computed of it.
type Layer[T model.Float] struct {
	Kernels[T]
	In    model.Inputs[T]
	Sizes pam.Sizes

	Out, DQ, DK, DV []T // attention, and the gradient of |out|^2 / 2 in q, k and v, (node, head, dim)
	LSE             []T // log of the sum of each row's exponentials, (node, head): all that the gradient needs of the weights
}

// NewLayer allocates the results of a layer.
func NewLayer[T model.Float](k Kernels[T], in model.Inputs[T], n pam.Sizes) *Layer[T] {
	values := func() []T { return make([]T, len(in.V)) }
	return &Layer[T]{Kernels: k, In: in, Sizes: n,
		Out: values(), DQ: values(), DK: values(), DV: values(), LSE: make([]T, pam.Nodes(n.Len)*n.Heads)}
}

// Attention: out_i = sum_j p_ij v_j, where p_i is the softmax of scale * q_i . k_j over the neighbours j. No p is kept.
func (l *Layer[T]) Attention() error {
	return l.Kernels.Attention(l.Out, l.LSE, l.In.Q, l.In.K, l.In.V, T(Scale()), l.Sizes)
}

// Gradient: dq, dk and dv from the results of Attention. The loss is |out|^2 / 2, so dout = out.
func (l *Layer[T]) Gradient() error {
	return l.Kernels.Gradient(l.DQ, l.DK, l.DV, l.In.Q, l.In.K, l.In.V, l.Out, l.LSE, l.Out, T(Scale()), l.Sizes)
}
