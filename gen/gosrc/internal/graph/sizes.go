package graph

import "errors"

// checkGraph returns what is wrong with the graph of a call.
func (n Sizes) checkGraph() error {
	if n.graph == nil || n.graph.nodes == 0 {
		return errors.New("g is no graph, want one of NewGraph, NewGraphCSR, NewGraphCOO or ReadGraph")
	}
	return nil
}

// nodes and slots are the lengths of these axes.
func (n Sizes) nodes() int { return n.graph.nodes }
func (n Sizes) slots() int { return n.graph.slots }

// edges is at least 1, as all sizes of a call are.
func (n Sizes) edges() int { return max(1, n.graph.Edges()) }
