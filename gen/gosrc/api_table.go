package gosrc

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// What programs over tables take of a graph: sizes and lists of edges, as package schedule names them, and what they are of the graph g, or
// of the sizes n, of a call.
var (
	graphSizes = map[string]string{"nodes": "g.nodes", "slots": "g.slots", "in_slots": "g.queries", "edges": "n.edges()", "chunks": "len(g.cuts)/2"}
	graphLists = map[string]string{
		"qk_at": "g.keyAt", "qk_node": "g.keyNode", "qk_slot": "g.keySlot",
		"kq_at": "g.queryAt", "kq_node": "g.queryNode", "kq_slot": "g.querySlot", "kq_edge": "g.queryEdge", "cuts": "g.cuts",
	}
)

// checkTableSizes refuses run-time sizes of a program over a table that the API does not pass on.
func (s APISpec) checkTableSizes(p *ir.Program) {
	for _, size := range p.Sizes {
		if graphSizes[size] == "" && !slices.Contains(append(rowStrides, "batch", "heads", "dim"), size) {
			fail("got the size %s, want batch, heads, dim, one of a graph or one of %v", size, rowStrides)
		}
	}
	if s.Dim == 0 != slices.Contains(p.Sizes, "dim") || s.Slots > 1 && slices.Contains(p.Sizes, "slots") {
		fail("got the sizes %v, want dim %d and slots %d as the spec has them", p.Sizes, s.Dim, s.Slots)
	}
}

// checkTables refuses lists that no graph has.
func (s APISpec) checkTables(p *ir.Program) {
	for _, b := range p.Buffers {
		if b.Type == ir.I32 && (!s.Table || graphLists[b.Name] == "") {
			fail("got the table %s, want one of a graph", b.Name)
		}
	}
}
