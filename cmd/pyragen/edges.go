package main

import (
	"encoding/binary"

	"github.com/pyragen/pyragen/schedule"
	"github.com/pyragen/pyragen/verify"
)

// countEdges is how many there are, at least 1 as all sizes of a program are.
func countEdges(g *verify.Graph) int { return max(1, g.Edges()) }

// edgeLists are the arguments of a scheduled program over a table beside its tensors, by name: the edges of rows and of queries, and the
// chunks of work, for which each node is one here. A pyramid has none.
func edgeLists(c verify.Call) map[string][]int32 {
	if !c.Package.Table {
		return nil
	}
	lists := map[string][]int32{"qk_at": {0}, "kq_at": {0}, "cuts": {}, "qk_node": {}, "qk_slot": {}, "kq_node": {}, "kq_slot": {}, "kq_edge": {}}
	add := func(name string, v int) { lists[name] = append(lists[name], int32(v)) }
	type place struct{ query, slot int }
	edges := map[place]int{}
	for i, row := range c.Graph.Neighbours {
		for slot, key := range row {
			if key >= 0 {
				edges[place{i, slot}] = len(lists["qk_node"])
				add("qk_node", key)
				add("qk_slot", slot)
			}
		}
		add("qk_at", len(lists["qk_node"]))
		add("cuts", i)
		add("cuts", i+1)
	}
	for _, queries := range c.Graph.Queries {
		for _, q := range queries {
			add("kq_node", q.Node)
			add("kq_slot", q.Slot)
			add("kq_edge", edges[place{q.Node, q.Slot}])
		}
		add("kq_at", len(lists["kq_node"]))
	}
	for _, name := range []string{"qk_node", "qk_slot", "kq_node", "kq_slot", "kq_edge"} {
		if len(lists[name]) == 0 {
			add(name, 0)
		}
	}
	for _, name := range []string{"qk_node", "kq_node", "kq_edge"} {
		for range schedule.NodesMore {
			add(name, 0)
		}
	}
	return lists
}

// mostQueries is the length of the longest list of queries, at least 1.
func mostQueries(g *verify.Graph) int {
	most := 1
	for _, list := range g.Queries {
		most = max(most, len(list))
	}
	return most
}

// encodeInts are numbers as amd64 has them in memory.
func encodeInts(list []int32) []byte {
	out := make([]byte, 0, 4*len(list))
	for _, x := range list {
		out = binary.LittleEndian.AppendUint32(out, uint32(x))
	}
	return out
}
