package forecast

import (
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/train/internal/nn"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// embedding makes the leaves: a linear map of the features of each step, its value and its place in the day and the week.
type embedding[T tensor.Float] struct {
	nodes  levels
	linear *nn.Linear[T]
	leaves tensor.Matrix[T] // rows of the leaves alone, and the gradient in them
}

func newEmbedding[T tensor.Float](nodes levels, features, width int, r *rand.Rand) *embedding[T] {
	return &embedding[T]{nodes: nodes, linear: nn.NewLinear[T]("embedding", features, width, true, r)}
}

// forward writes the leaves of all nodes.
func (e *embedding[T]) forward(nodes, features tensor.Matrix[T]) {
	e.leaves = e.leaves.Shaped(features.Rows, nodes.Cols)
	e.linear.Forward(e.leaves, features)
	scatter(e.nodes, 0, nodes, e.leaves)
}

func (e *embedding[T]) backward(dnodes tensor.Matrix[T]) {
	gather(e.nodes, 0, e.leaves, dnodes)
	e.linear.Backward(tensor.Matrix[T]{}, e.leaves)
}
