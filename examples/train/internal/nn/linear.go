package nn

import (
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// Linear is y = x W + b. W is (in, out), b is (1, out) or nil for none.
type Linear[T tensor.Float] struct {
	W, B *Param[T]
	x    tensor.Matrix[T] // of the last Forward
}

// NewLinear has random weights and a bias of 0.
func NewLinear[T tensor.Float](name string, in, out int, bias bool, r *rand.Rand) *Linear[T] {
	l := &Linear[T]{W: randomParam[T](name+".w", in, out, r)}
	if bias {
		l.B = newParam[T](name+".b", 1, out, 0)
	}
	return l
}

// Params are the weights.
func (l *Linear[T]) Params() []*Param[T] {
	if l.B == nil {
		return []*Param[T]{l.W}
	}
	return []*Param[T]{l.W, l.B}
}

// Forward computes y += x W + b. It keeps x for Backward.
func (l *Linear[T]) Forward(y, x tensor.Matrix[T]) {
	l.x = x
	if l.B != nil {
		for i := range y.Rows {
			tensor.Add(y.Row(i), l.B.Value.Data)
		}
	}
	tensor.AddMul(y, tensor.Plain, x, tensor.Plain, l.W.Value)
}

// Backward: dW += x^T dy, db += the sum of the rows of dy, dx += dy W^T. A dx without numbers is left out.
func (l *Linear[T]) Backward(dx, dy tensor.Matrix[T]) {
	tensor.AddMul(l.W.Grad, tensor.Transposed, l.x, tensor.Plain, dy)
	if l.B != nil {
		for i := range dy.Rows {
			tensor.Add(l.B.Grad.Data, dy.Row(i))
		}
	}
	if dx.Data != nil {
		tensor.AddMul(dx, tensor.Plain, dy, tensor.Transposed, l.W.Value)
	}
}
