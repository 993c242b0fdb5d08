package graph

// edgeOrder sorts edges by one of their nodes, and leaves those of a node in the order in which they are. It is a counting sort in parts
// that are worked on side by side; the result does not depend on how many there are.
type edgeOrder struct {
	at    []int32 // the first place of each node's edges, and behind them the number of edges
	edges int
	next  [][]int32 // of each part: the place of the next edge of each node
}

// sortEdges counts the edges of each node. All must be from 0 to nodes-1.
func sortEdges(by []int32, nodes int) *edgeOrder {
	o := &edgeOrder{at: make([]int32, nodes+1), edges: len(by)}
	// Every part has a number for each node: not more of them than of edges.
	o.next = make([][]int32, min(countParts(len(by)), 1+len(by)/nodes))
	splitParts(len(by), len(o.next), func(part, lo, hi int) {
		next := make([]int32, nodes)
		for _, i := range by[lo:hi] {
			next[i]++
		}
		o.next[part] = next
	})
	inParts(nodes, func(_, lo, hi int) {
		for _, next := range o.next {
			for i := lo; i < hi; i++ {
				o.at[i+1] += next[i]
			}
		}
	})
	for i := range nodes {
		o.at[i+1] += o.at[i]
	}
	inParts(nodes, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			place := o.at[i]
			for _, next := range o.next {
				next[i], place = place, place+next[i]
			}
		}
	})
	return o
}

// each calls place for parts of the edges side by side. It puts every edge at the next place of its node, which it then counts up. It
// may be called once.
func (o *edgeOrder) each(place func(lo, hi int, next []int32)) {
	splitParts(o.edges, len(o.next), func(part, lo, hi int) { place(lo, hi, o.next[part]) })
}
