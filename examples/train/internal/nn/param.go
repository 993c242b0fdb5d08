// Package nn has the parts of networks that any model could use: linear layers, layer norms and Adam. Forward computes the outputs
// of some rows. Backward takes the gradient of the loss in the outputs and adds to the gradients in the inputs and weights, since
// what is used in several places gets a gradient from each.
package nn

import (
	"math"
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// Param is a tensor of weights, and the gradient of the loss in it.
type Param[T tensor.Float] struct {
	Name        string
	Value, Grad tensor.Matrix[T]
}

// newParam has the same value everywhere.
func newParam[T tensor.Float](name string, rows, cols int, value T) *Param[T] {
	p := &Param[T]{name, tensor.New[T](rows, cols), tensor.New[T](rows, cols)}
	for i := range p.Value.Data {
		p.Value.Data[i] = value
	}
	return p
}

// randomParam has random numbers of mean 0 and variance 1/rows, so that a product keeps the size of what it is multiplied by.
func randomParam[T tensor.Float](name string, rows, cols int, r *rand.Rand) *Param[T] {
	p := newParam[T](name, rows, cols, 0)
	for i := range p.Value.Data {
		p.Value.Data[i] = T(r.NormFloat64() / math.Sqrt(float64(rows)))
	}
	return p
}
