package nn

import (
	"math"

	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// Adam changes weights along running means of their gradients (Kingma, Ba, ICLR 2015, algorithm 1).
type Adam[T tensor.Float] struct {
	Rate  float64
	Steps int   // how many there were
	M, V  [][]T // running means of the gradient and of its square, for each Param
}

// Constants of the paper.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

// NewAdam has seen no gradient yet.
func NewAdam[T tensor.Float](rate float64, params []*Param[T]) *Adam[T] {
	a := &Adam[T]{Rate: rate}
	for _, p := range params {
		a.M = append(a.M, make([]T, len(p.Value.Data)))
		a.V = append(a.V, make([]T, len(p.Value.Data)))
	}
	return a
}

// Step changes the weights and sets their gradients to 0 for the next step:
//
//	m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, w -= rate * m/(1 - beta1^t) / (sqrt(v/(1 - beta2^t)) + epsilon)
func (a *Adam[T]) Step(params []*Param[T]) {
	a.Steps++
	unbias1 := T(1 / (1 - math.Pow(beta1, float64(a.Steps))))
	unbias2 := T(1 / (1 - math.Pow(beta2, float64(a.Steps))))
	for k, p := range params {
		m, v, w := a.M[k], a.V[k], p.Value.Data
		for i, g := range p.Grad.Data {
			m[i] = beta1*m[i] + (1-beta1)*g
			v[i] = beta2*v[i] + (1-beta2)*g*g
			w[i] -= T(a.Rate) * (m[i] * unbias1) / (T(math.Sqrt(float64(v[i]*unbias2))) + epsilon)
		}
		clear(p.Grad.Data)
	}
}
