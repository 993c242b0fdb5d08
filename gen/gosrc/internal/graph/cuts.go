package graph

import (
	"cmp"
	"slices"
)

// chunkWeight is the least work of a chunk: edges in either direction, and nodes.
const chunkWeight = 1024

// cutNodes splits the nodes into chunks of about equal work, which workers take one after the other; each is its first node and the one
// behind its last. A node with more work than a chunk has is one alone. Such hubs come first, those with most work before others: a hub
// that is begun last would be worked on alone while other workers have nothing left. The rest are in the order of the last of the first nodes
// that theirs have edges with: chunks that read the same rows come soon after each other, while these are in a cache, and those of parents, which
// only go through rows, after those of their children, which compute with each row while the next one comes from memory.
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
			others = append(others, chunk{from, to, g.lastFirst(from, to)})
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

// lastFirst returns the last of the first neighbours of some nodes: of each the first of its keys, its queries and itself.
func (g *Graph) lastFirst(from, to int32) int64 {
	last := int32(0)
	for i := from; i < to; i++ {
		first := i
		for _, k := range g.keyNode[g.keyAt[i]:g.keyAt[i+1]] {
			first = min(first, k)
		}
		for _, q := range g.queryNode[g.queryAt[i]:g.queryAt[i+1]] {
			first = min(first, q)
		}
		last = max(last, first)
	}
	return int64(last)
}
