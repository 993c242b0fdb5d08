// Package attention runs pyramid attention with the kernels that pyragen generated, fused and step by step, and the dense masked
// attention beside which they are timed.
package attention

import (
	"math"

	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// Kernels are the generated ops of one element type. Tensors have the shapes (batch, node, head, dim) and (batch, node, head, slot);
// lse has (batch, node, head).
type Kernels[T model.Float] struct {
	Attention func(out, lse, q, k, v []T, scale T, n pam.Sizes) error
	Gradient  func(dq, dk, dv, q, k, v, out, lse, dout []T, scale T, n pam.Sizes) error

	Scores  func(s, x, y []T, padding T, n pam.Sizes) error
	Softmax func(p, lse, s []T, n pam.Sizes) error
	Context func(z, p, y []T, n pam.Sizes) error
	Reverse func(z, p, y []T, n pam.Sizes) error
}

// F32 are the kernels for float32.
func F32() Kernels[float32] {
	return Kernels[float32]{
		Attention: pam.AttentionF32, Gradient: pam.AttentionGradF32,
		Scores: pam.ScoresF32, Softmax: pam.SoftmaxF32, Context: pam.ContextF32, Reverse: pam.ReverseF32,
	}
}

// F64 are the kernels for float64.
func F64() Kernels[float64] {
	return Kernels[float64]{
		Attention: pam.AttentionF64, Gradient: pam.AttentionGradF64,
		Scores: pam.ScoresF64, Softmax: pam.SoftmaxF64, Context: pam.ContextF64, Reverse: pam.ReverseF64,
	}
}

// Scale is what scores are multiplied by before the softmax.
func Scale() float64 { return 1 / math.Sqrt(pam.Dim) }
