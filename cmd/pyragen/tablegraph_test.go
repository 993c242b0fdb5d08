package main

import (
	"testing"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// TestTableGraph compares what is counted of every kind of graph with the graph itself.
func TestTableGraph(t *testing.T) {
	for _, k := range verify.Tables() {
		for _, slots := range []int{0, 1, 7} {
			g, err := newTableGraph(spec.Spec{Graph: "table", Slots: slots}, k.Name, 50)
			if err != nil {
				t.Fatal(err)
			}
			rows := make([][]int, 50)
			for e, q := range g.queries {
				rows[q] = append(rows[q], int(g.keys[e]))
			}
			longest := max(1, slots)
			for _, row := range rows {
				longest = max(longest, len(row))
			}
			if got, want := g.counts(), len(g.keys); got.nodes != 50 || got.slots != longest || got.edges != want || slots > 0 && longest != slots {
				t.Errorf("%s, %d slots: got %+v, want %d slots and %d edges", k.Name, slots, got, longest, want)
			}
		}
	}
	g, err := newTableGraph(spec.Spec{Window: 3}, "none", 5)
	if g != nil || err != nil {
		t.Errorf("a pyramid: got %v, %v", g, err)
	}
}
