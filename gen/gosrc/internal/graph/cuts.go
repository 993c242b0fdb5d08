package graph

import (
	"cmp"
	"slices"
)

// chunkWeight is the least work of a chunk: edges in either direction, and nodes.
const chunkWeight = 1024

// cutNodes splits the nodes into chunks of about equal work, which workers take one after the other; each is its first node and the one
// behind its last. A node with more work than a chunk has is one alone. Such hubs come first, those with most work before others: a hub
// that is begun last would be worked on alone while other workers have nothing left. The rest are in the order of the first node that any
// of theirs has an edge with: chunks that read the same rows, as those of parents and of their children do, come soon after each other, while
// these are in a cache.
func (g *Graph) cutNodes() []int32 {
	type chunk struct {
		from, to int32
		order    int64
	}
	weight := func(i int32) int64 { return int64(g.keyAt[i+1]-g.keyAt[i]) + int64(g.queryAt[i+1]-g.queryAt[i]) + 1 }
	var hubs, others []chunk
	from, sum := int32(0), int64(0) // the chunk that has begun
	end := func(to int32) {
		if to > from {
			others = append(others, chunk{from, to, int64(g.firstNeighbour(from, to))})
		}
		from, sum = to, 0
	}
	nodes := int32(g.nodes)
	for i := range nodes {
		if weight(i) >= chunkWeight {
			end(i)
			from, hubs = i+1, append(hubs, chunk{i, i + 1, -weight(i)})
			continue
		}
		if sum += weight(i); sum >= chunkWeight {
			end(i + 1)
		}
	}
	end(nodes)
	cuts := make([]int32, 0, 2*(len(hubs)+len(others)))
	for _, list := range [][]chunk{hubs, others} {
		slices.SortStableFunc(list, func(a, b chunk) int { return cmp.Compare(a.order, b.order) })
		for _, c := range list {
			cuts = append(cuts, c.from, c.to)
		}
	}
	return cuts
}

// firstNeighbour returns the first of all keys and queries of some nodes, and of these themselves.
func (g *Graph) firstNeighbour(from, to int32) int32 {
	first := from
	for _, k := range g.keyNode[g.keyAt[from]:g.keyAt[to]] {
		first = min(first, k)
	}
	for _, q := range g.queryNode[g.queryAt[from]:g.queryAt[to]] {
		first = min(first, q)
	}
	return first
}
