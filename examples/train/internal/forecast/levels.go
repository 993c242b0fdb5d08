package forecast

import (
	"github.com/pyragen/pyragen/examples/ett/pyramid"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// levels finds the rows of a level in a matrix of nodes, in which each pyramid of a batch has its nodes together.
type levels struct{ pyramid.Pyramid }

// rows calls f for every node of a level and every pyramid of the batch, with the row among all nodes, and that among the nodes of
// the level alone.
func (p levels) rows(level, batch int, f func(node, row int)) {
	size := p.Levels[level]
	for b := range batch {
		for i := range size {
			f(b*p.Nodes()+p.Node(level, i), b*size+i)
		}
	}
}

// children calls f for every node of a level above the leaves and each of its children: the row of the child among all nodes, that of
// the node among the nodes of its level, and how many children it has.
func (p levels) children(level, batch int, f func(child, row, children int)) {
	p.rows(level, batch, func(node, row int) {
		first := node/p.Nodes()*p.Nodes() + p.Node(level-1, 0)
		lo, hi := p.Children(level, row%p.Levels[level])
		for c := lo; c < hi; c++ {
			f(first+c, row, hi-lo)
		}
	})
}

// gather copies the rows of a level out of all nodes.
func gather[T tensor.Float](p levels, level int, rows, nodes tensor.Matrix[T]) {
	p.rows(level, rows.Rows/p.Levels[level], func(node, row int) { copy(rows.Row(row), nodes.Row(node)) })
}

// scatter copies the rows of a level to where they stand among all nodes.
func scatter[T tensor.Float](p levels, level int, nodes, rows tensor.Matrix[T]) {
	p.rows(level, rows.Rows/p.Levels[level], func(node, row int) { copy(nodes.Row(node), rows.Row(row)) })
}
