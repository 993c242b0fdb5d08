package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var levelsStep = Step{
	Name: "levels",
	Args: "LOOP",
	Doc: `split a loop over all nodes into a loop over levels and one over the nodes of a level

	for i in 0..nodes {
	  z[0, i, 0, 0] = x[0, i, 0, 0]
	}
->
	for l in 0..2 {
	  for i in 0..n(l) {
	    z[0, off(l) + i, 0, 0] = x[0, off(l) + i, 0, 0]
	  }
	}`,
	Run: func(n *Nest, args []string) error {
		if n.Graph.Kind != ir.Pyramid {
			return fmt.Errorf("got a table graph, want a pyramid, which has levels; leave the step out")
		}
		l := ir.Var(n.fresh("l"))
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			if !ir.Same(loop.Lo, ir.Int(0)) || !ir.Same(loop.Hi, ir.Var("nodes")) {
				return nil, fmt.Errorf("loop %s runs over %s, want all nodes, 0..nodes; use `levels` once, before the loop is changed", loop.Var, span(loop))
			}
			i := ir.Var(loop.Var)
			inner := *loop
			inner.Hi = &ir.Apply{Fn: ir.LevelN, Args: []ir.Index{l}}
			inner.Body = ir.Substitute(map[ir.Var]ir.Index{i: ir.Plus(&ir.Apply{Fn: ir.LevelAt, Args: []ir.Index{l}}, i)}).OfStmts(loop.Body)
			levels := int64(len(n.Graph.Strides) + 1)
			return []ir.Stmt{&ir.For{Var: string(l), Lo: ir.Int(0), Hi: ir.Int(levels), Step: 1, Body: []ir.Stmt{&inner}, Stage: loop.Stage}}, nil
		})
	},
}
