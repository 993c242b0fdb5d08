package graph

import "sync"

// Graph says which nodes attend to which: an edge for every node and each of its keys. A node has its keys in slots, which number the last
// axis of scores and weights; the nodes that attend to it are its queries. A Graph is made by [NewGraph], [NewGraphCSR], [NewGraphCOO] or
// [ReadGraph], never changes, and may be used by several goroutines at once.
type Graph struct {
	nodes, slots int

	// The keys of node i are elements keyAt[i] to keyAt[i+1]-1 of the other two, in ascending order of their slots. Lists of nodes are longer,
	// by nodesMore.
	keyAt, keyNode, keySlot []int32

	// The queries of node i likewise, in ascending order of nodes; querySlot is the slot of i in the row of that query, and queryEdge where in
	// the lists of keys the edge stands.
	queryAt, queryNode, querySlot, queryEdge []int32

	// Nodes cuts[2*c] to cuts[2*c+1]-1 are the chunk of work c.
	cuts []int32

	queries int // most of a node, at least 1

	converse   sync.Once
	undirected bool
}

// Nodes returns the number of nodes.
func (g *Graph) Nodes() int { return g.nodes }

// Slots returns the number of slots of every node, the length of the last axis of scores and weights: [Slots], or where that is 0 those
// that the graph was given with, at least 1.
func (g *Graph) Slots() int { return g.slots }

// Edges returns the number of edges.
func (g *Graph) Edges() int { return len(g.keySlot) }

// Keys returns the nodes that node i attends to and their slots, in ascending order of slots. They must not be written to.
func (g *Graph) Keys(i int) (nodes, slots []int32) {
	from, to := g.keyAt[i], g.keyAt[i+1]
	return g.keyNode[from:to:to], g.keySlot[from:to:to]
}

// Queries returns the nodes that attend to node i, in ascending order, and the slot that i has in the row of each. They must not be
// written to.
func (g *Graph) Queries(i int) (nodes, slots []int32) {
	from, to := g.queryAt[i], g.queryAt[i+1]
	return g.queryNode[from:to:to], g.querySlot[from:to:to]
}

// Undirected reports whether a node attends to all nodes that attend to it, and to no other. The first call takes a time proportional to
// the number of edges.
func (g *Graph) Undirected() bool {
	g.converse.Do(func() { g.undirected = g.isUndirected() })
	return g.undirected
}

// isUndirected compares keys and queries node by node.
func (g *Graph) isUndirected() bool {
	for i := range g.nodes {
		if g.keyAt[i] != g.queryAt[i] { // as many keys as queries for all nodes before
			return false
		}
	}
	seen := make([]int32, g.nodes) // 1 + the last node whose query each was
	for i := range g.nodes {
		queries, _ := g.Queries(i)
		for _, q := range queries {
			seen[q] = int32(i) + 1
		}
		keys, _ := g.Keys(i)
		for _, k := range keys { // no key is there twice
			if seen[k] != int32(i)+1 {
				return false
			}
		}
	}
	return true
}
