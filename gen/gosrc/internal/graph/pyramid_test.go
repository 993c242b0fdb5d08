package graph

import (
	"slices"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// TestPyramid: of a pyramid that is given as a table the lists of queries and their slots, M, are those that the closed form has. For odd
// windows the graph is undirected, and M is kq: the slot of a node in the row of its own key.
func TestPyramid(t *testing.T) {
	graphs := 0
	for window := 1; window <= 7; window++ {
		for _, strides := range [][]int{nil, {1}, {2}, {4, 4, 4}, {5, 3}, {2, 2, 2, 2}, {3, 1, 2}} {
			for _, leaves := range []int{1, 2, 3, 5, 8, 15, 16, 17, 31, 67} {
				lv, err := ir.Graph{Kind: ir.Pyramid, Window: window, Strides: strides}.Levels(int64(leaves))
				if err != nil {
					t.Fatal(err)
				}
				var table []int32
				for i := range lv.Nodes {
					for j := range lv.Slots {
						table = append(table, int32(lv.Nbr(i, j)))
					}
				}
				g, err := NewGraph(table, int(lv.Slots))
				if err != nil {
					t.Fatal(err)
				}
				for i := range lv.Nodes {
					type query struct{ node, slot int32 }
					var want, got []query
					for j := range lv.Slots {
						if r := lv.Rev(i, j); r >= 0 {
							want = append(want, query{int32(r), int32(lv.RevSlot(i, j))})
						}
					}
					slices.SortFunc(want, func(a, b query) int { return int(a.node - b.node) })
					nodes, slots := g.Queries(int(i))
					for e := range nodes {
						got = append(got, query{nodes[e], slots[e]})
					}
					if !slices.Equal(got, want) {
						t.Fatalf("window %d strides %v len %d, node %d: got queries %v, want %v", window, strides, leaves, i, got, want)
					}
				}
				if undirected := g.Undirected(); window%2 == 1 && !undirected || window%2 == 0 && leaves > window && undirected {
					t.Fatalf("window %d strides %v len %d: got undirected %v", window, strides, leaves, undirected)
				}
				graphs++
			}
		}
	}
	if graphs != 7*7*10 {
		t.Errorf("%d graphs", graphs)
	}
}
