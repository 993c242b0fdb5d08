package forecast

import (
	"fmt"
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/train/internal/nn"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// coarsening makes the nodes above the leaves, level by level: a linear map, one a level, of the mean of a node's children. So the
// last node of a level may have more children than the others.
type coarsening[T tensor.Float] struct {
	nodes levels
	maps  []*nn.Linear[T]    // of level 1 and up
	means []tensor.Matrix[T] // of the children of each level's nodes
	rows  tensor.Matrix[T]   // nodes of one level
	dmean tensor.Matrix[T]
}

func newCoarsening[T tensor.Float](nodes levels, width int, r *rand.Rand) *coarsening[T] {
	c := &coarsening[T]{nodes: nodes}
	for l := 1; l < len(nodes.Levels); l++ {
		c.maps = append(c.maps, nn.NewLinear[T](fmt.Sprintf("level%d", l), width, width, true, r))
		c.means = append(c.means, tensor.Matrix[T]{})
	}
	return c
}

func (c *coarsening[T]) params() (params []*nn.Param[T]) {
	for _, m := range c.maps {
		params = append(params, m.Params()...)
	}
	return params
}

// forward writes all nodes above the leaves.
func (c *coarsening[T]) forward(nodes tensor.Matrix[T], batch int) {
	for k, m := range c.maps {
		rows := batch * c.nodes.Levels[k+1]
		mean := c.means[k].Shaped(rows, nodes.Cols)
		c.nodes.children(k+1, batch, func(child, row, children int) {
			tensor.AddScaled(mean.Row(row), 1/T(children), nodes.Row(child))
		})
		c.means[k] = mean
		c.rows = c.rows.Shaped(rows, nodes.Cols)
		m.Forward(c.rows, mean)
		scatter(c.nodes, k+1, nodes, c.rows)
	}
}

// backward hands the gradient in every node above the leaves on to its children, from the top down.
func (c *coarsening[T]) backward(dnodes tensor.Matrix[T], batch int) {
	for k := len(c.maps) - 1; k >= 0; k-- {
		rows := batch * c.nodes.Levels[k+1]
		c.rows = c.rows.Shaped(rows, dnodes.Cols)
		gather(c.nodes, k+1, c.rows, dnodes)
		c.dmean = c.dmean.Shaped(rows, dnodes.Cols)
		c.maps[k].Backward(c.dmean, c.rows)
		c.nodes.children(k+1, batch, func(child, row, children int) {
			tensor.AddScaled(dnodes.Row(child), 1/T(children), c.dmean.Row(row))
		})
	}
}
