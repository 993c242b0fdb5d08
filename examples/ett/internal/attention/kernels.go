// Package attention runs pyramid attention with the kernels that pyragen generated, and the dense masked attention beside which
// they are timed.
package attention

import (
	"math"

	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// Kernels are the generated ops of one element type. Tensors have the shapes (batch, node, head, dim) and (batch, node, head, slot).
type Kernels[T model.Float] struct {
	Scores  func(s, x, y []T, padding T, n pam.Sizes) error
	Context func(z, p, y []T, n pam.Sizes) error
	Reverse func(z, p, y []T, n pam.Sizes) error
}

// F32 are the kernels for float32.
func F32() Kernels[float32] {
	return Kernels[float32]{Scores: pam.ScoresF32, Context: pam.ContextF32, Reverse: pam.ReverseF32}
}

// F64 are the kernels for float64.
func F64() Kernels[float64] {
	return Kernels[float64]{Scores: pam.ScoresF64, Context: pam.ContextF64, Reverse: pam.ReverseF64}
}

// Scale is what scores are multiplied by before the softmax.
func Scale() float64 { return 1 / math.Sqrt(pam.Dim) }
