package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var reorderStep = Step{
	Name: "reorder",
	Args: "OUTER INNER",
	Doc: `exchange a loop with the one directly inside it

	for i in 0..nodes {
	  for h in 0..heads {
	    z[0, i, h, 0] = x[0, i, h, 0]
	  }
	}
->
	for h in 0..heads {
	  for i in 0..nodes {
	    z[0, i, h, 0] = x[0, i, h, 0]
	  }
	}

Both loops' iterations must be independent and the inner bounds must not depend on the outer loop.`,
	Run: func(n *Nest, args []string) error {
		return n.eachFor(args[0], func(outer *ir.For) ([]ir.Stmt, error) {
			var inner *ir.For
			if len(outer.Body) == 1 {
				inner, _ = outer.Body[0].(*ir.For)
			}
			if inner == nil || inner.Var != args[1] {
				return nil, fmt.Errorf("loop %s holds %s, want just the loop %s; reorder loops that are nested perfectly", args[0], contents(outer.Body), args[1])
			}
			v := map[ir.Var]bool{ir.Var(outer.Var): true}
			if !ir.FreeOf(inner.Lo, v) || !ir.FreeOf(inner.Hi, v) {
				return nil, fmt.Errorf("loop %s runs over %s, want bounds that do not depend on %s; reorder other loops", args[1], span(inner), args[0])
			}
			for _, l := range []*ir.For{outer, inner} {
				if err := independent(l); err != nil {
					return nil, err
				}
			}
			in, out := *outer, *inner
			in.Body, out.Body = inner.Body, []ir.Stmt{&in}
			return []ir.Stmt{&out}, nil
		})
	},
}
