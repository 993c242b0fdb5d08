package fixed

import (
	"fmt"
	"math"
)

// Nodes returns the number of nodes of a pyramid over length leaves, all levels together. It is 0 where length < 1, and where the
// number does not fit in an int.
func Nodes(length int) int {
	if length < 1 {
		return 0
	}
	nodes, level := length, length
	for _, stride := range Strides() {
		level /= stride
		if level > math.MaxInt-nodes {
			return 0
		}
		nodes += level
	}
	return nodes
}

// Slots returns the number of slots of a node: its window, as many children as the node with the most of them has, and its parent.
// It is 0 where length < 1.
func Slots(length int) int {
	if length < 1 {
		return 0
	}
	children, level := 0, length
	for _, stride := range Strides() {
		parents := level / stride
		if parents == 0 {
			break
		}
		last := level - stride*(parents-1) // the last parent takes what is left over, too
		children = max(children, last)
		level = parents
	}
	return Window + children + 1
}

// checkGraph returns what is wrong with the sizes that the graph follows from.
func (n Sizes) checkGraph() error {
	switch {
	case n.Len < 1:
		return fmt.Errorf("%s = %d, want >= 1", "Len", n.Len)
	case n.nodes() == 0:
		return fmt.Errorf("too many nodes for an int: Len = %d, want less", n.Len)
	}
	return nil
}

// nodes and slots are the lengths of these axes.
func (n Sizes) nodes() int { return Nodes(n.Len) }
func (n Sizes) slots() int { return Slots(n.Len) }
