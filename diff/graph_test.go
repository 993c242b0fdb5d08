package diff_test

import (
	"math/rand/v2"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
)

// opTables are the tables that the kernels of package ops have. mirror stands for m, which attention uses for the maximum.
var opTables = diff.Tables{Nbr: "qk", Rev: "kq", RevSlot: "mirror", Nodes: "nodes", Slots: "slots", InSlots: "in_slots"}

// randomShape is a pyramid, window even or odd, up to three levels, or one time in three a random directed graph.
func randomShape(r *rand.Rand) shape {
	s := shape{sizes: map[string]int64{"batch": 1 + r.Int64N(2), "heads": 1 + r.Int64N(3), "dim": 1 + r.Int64N(5)}}
	if r.IntN(3) == 0 {
		s.graph = ir.Graph{Kind: ir.Table}
		s.randomTables(1+r.IntN(9), 1+r.IntN(4), r)
		return s
	}
	strides := [][]int{nil, {2}, {3}, {2, 2}, {4, 2}, {2, 3, 2}}
	s.graph = ir.Graph{Kind: ir.Pyramid, Window: 1 + r.IntN(6), Strides: strides[r.IntN(len(strides))]}
	s.sizes["len"] = 1 + r.Int64N(14)
	return s
}

// randomTables draws slots of random nodes, each of which may be empty, and the reverse of that.
func (s *shape) randomTables(nodes, slots int, r *rand.Rand) {
	type edge struct{ query, slot int }
	qk, in, most := ir.NewArray(ir.I32, nodes*slots), make([][]edge, nodes), 1
	for i := range nodes {
		for j := range slots {
			k := r.IntN(nodes+1) - 1
			qk.I32[i*slots+j] = int32(k)
			if k >= 0 {
				in[k] = append(in[k], edge{i, j})
				most = max(most, len(in[k]))
			}
		}
	}
	kq, m := ir.NewArray(ir.I32, nodes*most), ir.NewArray(ir.I32, nodes*most)
	for n := range kq.I32 {
		kq.I32[n], m.I32[n] = -1, -1
	}
	for k, edges := range in {
		for j, e := range edges {
			kq.I32[k*most+j], m.I32[k*most+j] = int32(e.query), int32(e.slot)
		}
	}
	s.tables = map[string]*ir.Array{"qk": qk, "kq": kq, "m": m, "mirror": m}
	s.sizes["nodes"], s.sizes["slots"], s.sizes["in_slots"] = int64(nodes), int64(slots), int64(most)
}
