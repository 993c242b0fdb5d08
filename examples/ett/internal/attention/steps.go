package attention

import (
	"math"

	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// Steps is a layer as three ops, one after the other, that keep the scores and weights of every slot in between.
type Steps[T model.Float] struct {
	Kernels[T]
	Q, K, V []T // Q is scaled, since the ops are not; times 1/4, for dim 16, rounds nothing
	Sizes   pam.Sizes

	S, P    []T // scores and their softmax, (node, head, slot)
	LSE     []T // what Layer calls so, (node, head)
	Out, DV []T // context, and the gradient of |out|^2 / 2 through v alone, (node, head, dim)
}

// NewSteps allocates the results of the steps.
func NewSteps[T model.Float](k Kernels[T], in model.Inputs[T], n pam.Sizes) *Steps[T] {
	rows := pam.Nodes(n.Len) * n.Heads
	slots := rows * pam.Slots(n.Len)
	q := make([]T, len(in.Q))
	for i, x := range in.Q {
		q[i] = x * T(Scale())
	}
	return &Steps[T]{Kernels: k, Q: q, K: in.K, V: in.V, Sizes: n,
		S: make([]T, slots), P: make([]T, slots), LSE: make([]T, rows), Out: make([]T, len(in.V)), DV: make([]T, len(in.V))}
}

// Scores: s_ij = q_i . k_j. An empty slot gets -inf, the score of weight 0.
func (s *Steps[T]) Scores() error { return s.Kernels.Scores(s.S, s.Q, s.K, T(math.Inf(-1)), s.Sizes) }

// Softmax: p_ij = exp(s_ij) / sum_j exp(s_ij).
func (s *Steps[T]) Softmax() error { return s.Kernels.Softmax(s.P, s.LSE, s.S, s.Sizes) }

// Context: out_i = sum_j p_ij v_j.
func (s *Steps[T]) Context() error { return s.Kernels.Context(s.Out, s.P, s.V, s.Sizes) }

// Reverse: dv_j = sum_i p_ij dout_i, with dout = out.
func (s *Steps[T]) Reverse() error { return s.Kernels.Reverse(s.DV, s.P, s.Out, s.Sizes) }

// Forward computes S, P and Out.
func (s *Steps[T]) Forward() error {
	for _, step := range []func() error{s.Scores, s.Softmax, s.Context} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
