package graph

import "fmt"

// reverse makes the lists of queries: the edges sorted by key. Since they were in the order of queries, those of a key stay so.
func (g *Graph) reverse() {
	order := sortEdges(g.keyNode, g.nodes)
	g.queryAt, g.queryNode, g.querySlot, g.queryEdge = order.at, newNodes(len(g.keyNode)), make([]int32, len(g.keyNode)), newNodes(len(g.keyNode))
	order.each(func(lo, hi int, next []int32) {
		i := rowOf(g.keyAt, lo)
		for e := lo; e < hi; e++ {
			for int(g.keyAt[i+1]) <= e {
				i++
			}
			k := g.keyNode[e]
			at := next[k]
			next[k]++
			g.queryNode[at], g.querySlot[at], g.queryEdge[at] = int32(i), g.keySlot[e], int32(e)
		}
	})
}

// checkTwice refuses a graph in which a row has a key twice: then the key has that query twice, one behind the other.
func (g *Graph) checkTwice() error {
	first := func(lo, hi int) (bad int) { // the second of two equal queries, of the lowest query, then slot
		bad = -1
		for k := lo; k < hi; k++ {
			from, to := int(g.queryAt[k]), int(g.queryAt[k+1])
			for at := from + 1; at < to; at++ {
				if g.queryNode[at] == g.queryNode[at-1] && (bad < 0 || g.before(at, bad)) {
					bad = at
				}
			}
		}
		return bad
	}
	found := make([]int, countParts(g.nodes))
	splitParts(g.nodes, len(found), func(part, lo, hi int) { found[part] = first(lo, hi) })
	bad := -1
	for _, at := range found {
		if at >= 0 && (bad < 0 || g.before(at, bad)) {
			bad = at
		}
	}
	if bad < 0 {
		return nil
	}
	return fmt.Errorf("row %d: got key %d in slots %d and %d, want each key once",
		g.queryNode[bad], rowOf(g.queryAt, bad), g.querySlot[bad-1], g.querySlot[bad])
}

// before compares two elements of the lists of queries by node, then by slot.
func (g *Graph) before(a, b int) bool {
	if g.queryNode[a] != g.queryNode[b] {
		return g.queryNode[a] < g.queryNode[b]
	}
	return g.querySlot[a] < g.querySlot[b]
}
