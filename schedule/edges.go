package schedule

import (
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var edgesStep = Step{
	Name: "edges",
	Doc: `make the body of the loops over the edges of levels one function, whose bounds are arguments; steps that follow work on it too

	for b in 0..batch {
	  for i0 in 0..first0 { // level 0, left edge
	    for j in max(0, 1 - i0)..3 {
	      s[b, i0, 0, j] = padding
	    }
	  }
	}
->
	for b in 0..batch {
	  for i0 in 0..first0 { // level 0, left edge
	    call edge(max(0, 1 - i0), heads, slots, b*nodes + i0)
	  }
	}

	func edge(jLo, heads, slots, row) {
	  for j in jLo..3 {
	    s[row, 0, j] = padding
	  }
	}

Batch and node become one subscript, the row. It comes right after peel: edges of different levels are one function only while their
bounds are arguments, not yet decided.`,
	Run: func(n *Nest, _ []string) error {
		if len(n.Graph.Strides) == 0 { // of the one level is known that it has no children and no parents
			n.Body = n.positiveSizes().SimplifyStmts(n.Body)
		}
		found, known := false, n.texts()
		var before *ir.For // an edge, of which the one at the other end of the level has the body still
		var calls []ir.Stmt
		n.Body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
			loop, ok := s.(*ir.For)
			if !ok || levelOf(loop) < 0 || !strings.HasSuffix(loop.Note, "edge") || holds[*ir.Call](loop.Body) {
				return []ir.Stmt{s}
			}
			found = true
			if before == nil || loop.Var != before.Var || !sameBlock(loop.Body, before.Body) {
				before, calls = loop, n.letArgs(n.outline("edge", "one node at the edge of a level", loop.Body, known))
			}
			c := *loop
			c.Body = calls
			return []ir.Stmt{&c}
		}}.OfStmts(n.Body)
		if !found {
			return missingf("got no loops over the edges of levels, want some; use `peel` first, and edges once")
		}
		return n.strayError()
	},
}
