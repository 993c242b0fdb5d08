package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var prefetchStep = Step{
	Name: "prefetch",
	Args: "BUFFER LOOP ROWS",
	Doc: `ask for the cache line that a load will want when LOOP has gone ROWS iterations further

	for i in 0..nodes {
	  z[0, i, 0, 0:8] = x[0, i, 0, 0:8]
	}
->
	for i in 0..nodes {
	  prefetch x[0, i + 12, 0, 0]
	  z[0, i, 0, 0:8] = x[0, i, 0, 0:8]
	}`,
	Run: func(n *Nest, args []string) error {
		ahead, err := count(args[2], 1024)
		if err != nil {
			return fmt.Errorf("rows ahead: %v", err)
		}
		found := false
		v := ir.Var(args[1])
		n.Body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
			e, ok := s.(*ir.Store)
			if !ok {
				return []ir.Stmt{s}
			}
			var out []ir.Stmt
			seen := map[string]bool{}
			ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
				l, ok := x.(*ir.Load)
				if !ok || l.Buf.Name != args[0] || l.Buf.Space != ir.Memory || l.Lanes() < 2 || seen[loadKey(l)] {
					return x
				}
				seen[loadKey(l)] = true
				at := ir.Substitute(map[ir.Var]ir.Index{v: ir.Plus(v, ir.Int(int64(ahead)))}).Indices(l.At)
				for i := range at {
					found = found || !ir.Same(at[i], l.At[i])
				}
				out = append(out, &ir.Prefetch{Buf: l.Buf, At: at})
				return x
			}}.OfExpr(e.Value)
			return append(out, s)
		}}.OfStmts(n.Body)
		if !found {
			return fmt.Errorf("got no vectors of %s loaded from rows that move with %s, want some; vectorise first, or name a loop over rows", args[0], args[1])
		}
		return nil
	},
}
