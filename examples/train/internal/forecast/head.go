package forecast

import (
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/train/internal/nn"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// head is the forecast: a linear map of the normalised last nodes of all levels side by side.
type head[T tensor.Float] struct {
	nodes  levels
	norm   *nn.Norm[T]
	linear *nn.Linear[T]

	last, unit, y tensor.Matrix[T]
	dlast, dunit  tensor.Matrix[T]
}

func newHead[T tensor.Float](nodes levels, width, horizon int, r *rand.Rand) *head[T] {
	return &head[T]{nodes: nodes, norm: nn.NewNorm[T]("head.norm", width),
		linear: nn.NewLinear[T]("head", len(nodes.Levels)*width, horizon, true, r)}
}

func (h *head[T]) params() []*nn.Param[T] { return append(h.norm.Params(), h.linear.Params()...) }

// rows calls f with the row of each last node among all nodes, and its row among the last ones.
func (h *head[T]) rows(batch int, f func(node, row int)) {
	for b := range batch {
		for l, size := range h.nodes.Levels {
			f(b*h.nodes.Nodes()+h.nodes.Node(l, size-1), b*len(h.nodes.Levels)+l)
		}
	}
}

// forward returns the forecasts, (batch, horizon).
func (h *head[T]) forward(nodes tensor.Matrix[T], batch int) tensor.Matrix[T] {
	count := batch * len(h.nodes.Levels)
	h.last, h.unit = h.last.Shaped(count, nodes.Cols), h.unit.Shaped(count, nodes.Cols)
	h.rows(batch, func(node, row int) { copy(h.last.Row(row), nodes.Row(node)) })
	h.norm.Forward(h.unit, h.last)
	h.y = h.y.Shaped(batch, h.linear.W.Value.Cols)
	h.linear.Forward(h.y, h.sideBySide(h.unit))
	return h.y
}

// backward adds to the gradient in the last nodes.
func (h *head[T]) backward(dnodes, dy tensor.Matrix[T]) {
	h.dunit, h.dlast = h.dunit.Shaped(h.unit.Rows, h.unit.Cols), h.dlast.Shaped(h.unit.Rows, h.unit.Cols)
	h.linear.Backward(h.sideBySide(h.dunit), dy)
	h.norm.Backward(h.dlast, h.dunit)
	h.rows(dy.Rows, func(node, row int) { tensor.Add(dnodes.Row(node), h.dlast.Row(row)) })
}

// sideBySide views the last nodes of each pyramid as one row.
func (h *head[T]) sideBySide(m tensor.Matrix[T]) tensor.Matrix[T] {
	n := len(h.nodes.Levels)
	return tensor.Matrix[T]{Rows: m.Rows / n, Cols: m.Cols * n, Data: m.Data}
}
