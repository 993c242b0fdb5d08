package main

import (
	"strings"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// tableGraph is a graph for packages of table graphs, whose work is to be counted or timed.
type tableGraph struct {
	kind          string
	nodes, slots  int
	queries, keys []int32 // of each edge
}

// maxTableNodes bounds the graphs that are made here.
const maxTableNodes = 1 << 22

// newTableGraph makes a graph of a kind for a spec; it is nil for a pyramid.
func newTableGraph(s spec.Spec, kind string, nodes int) (*tableGraph, error) {
	if !s.IsTable() {
		return nil, nil
	}
	k, err := verify.FindTable(kind)
	if err != nil {
		return nil, usagef("--on: %v", err)
	}
	if nodes > maxTableNodes {
		return nil, usagef("--len must be at most %d nodes of a table, got %d", maxTableNodes, nodes)
	}
	g := &tableGraph{kind: kind, nodes: nodes, slots: max(1, s.Slots)}
	g.queries, g.keys = k.Edges(nodes, s.Slots, 1)
	row := 0
	for e, q := range g.queries {
		if row++; e > 0 && g.queries[e-1] != q {
			row = 1
		}
		g.slots = max(g.slots, row)
	}
	return g, nil
}

// counts are the sizes of the graph, which has one level.
func (g *tableGraph) counts() pyramid {
	return pyramid{levels: []int{g.nodes}, nodes: g.nodes, slots: g.slots, edges: len(g.keys)}
}

// tableKinds names the kinds of graphs.
func tableKinds() string {
	var names []string
	for _, k := range verify.Tables() {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}
