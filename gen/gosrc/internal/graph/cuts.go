package graph

import (
	"cmp"
	"slices"
)

// chunkWeight is the least work of a chunk: edges in either direction, and nodes.
const chunkWeight = 1024

// cutNodes splits the nodes into chunks of about equal work, which workers take one after the other; each is its first node and the one
// behind its last. A node with more work than a chunk has is one alone. Such hubs come first, those with most work before others: a hub
// that is begun last would be worked on alone while other workers have nothing left. The rest are in the order of nodes.
func cutNodes(keyAt, queryAt []int32) []int32 {
	weight := func(i int32) int64 { return int64(keyAt[i+1]-keyAt[i]) + int64(queryAt[i+1]-queryAt[i]) + 1 }
	var hubs, others []int32
	from, sum := int32(0), int64(0) // the chunk that has begun
	end := func(node int32) {
		if node > from {
			others = append(others, from, node)
		}
		from, sum = node, 0
	}
	nodes := int32(len(keyAt) - 1)
	for i := range nodes {
		if weight(i) >= chunkWeight {
			end(i)
			from, hubs = i+1, append(hubs, i)
			continue
		}
		if sum += weight(i); sum >= chunkWeight {
			end(i + 1)
		}
	}
	end(nodes)
	slices.SortStableFunc(hubs, func(a, b int32) int { return cmp.Compare(weight(b), weight(a)) })
	cuts := make([]int32, 0, 2*len(hubs)+len(others))
	for _, i := range hubs {
		cuts = append(cuts, i, i+1)
	}
	return append(cuts, others...)
}
