package graph

// The declarations of this file stand for those that differ from one generated package to another.

// Slots is the number of slots of a node; 0: that of the graph.
const Slots = 0

// packageName begins errors.
const packageName = "graph"

// Sizes are the sizes of a call.
type Sizes struct{ graph *Graph }

// What only checks and calls use, which differ.
var (
	_ = Sizes.checkGraph
	_ = Sizes.nodes
	_ = Sizes.slots
	_ = Sizes.edges
)
