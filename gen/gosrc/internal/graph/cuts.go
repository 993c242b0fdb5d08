package graph

// chunkWeight is the least work of a chunk: edges in either direction, and nodes.
const chunkWeight = 1024

// cutNodes splits the nodes into chunks of about equal work, which workers take one after the other. A node with more work than a chunk
// has is one alone.
func cutNodes(keyAt, queryAt []int32) []int32 {
	cuts := []int32{0}
	weight := int64(0)
	cut := func(node int) {
		if last := int(cuts[len(cuts)-1]); node > last {
			cuts = append(cuts, int32(node))
		}
		weight = 0
	}
	nodes := len(keyAt) - 1
	for i := range nodes {
		w := int64(keyAt[i+1]-keyAt[i]) + int64(queryAt[i+1]-queryAt[i]) + 1
		if w >= chunkWeight {
			cut(i)
		}
		if weight += w; weight >= chunkWeight {
			cut(i + 1)
		}
	}
	cut(nodes)
	return cuts
}
