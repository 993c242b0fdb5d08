package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var streamStep = Step{
	Name: "stream",
	Args: "BUFFER",
	Doc: `store whole vectors to a buffer past the cache: for results that are larger than it and not read soon

	z[0, 0, 0, 0:8] = x[0, 0, 0, 0:8]
->
	stream z[0, 0, 0, 0:8] = x[0, 0, 0, 0:8]


Masked stores and scalars stay as they are.`,
	Run: func(n *Nest, args []string) error {
		found := false
		n.Body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
			e, ok := s.(*ir.Store)
			if !ok || e.Buf.Name != args[0] || e.Buf.Space != ir.Memory || e.Mask != "" || e.Value.Lanes() != n.Target.Lanes(n.Type) || e.Value.Lanes() < 2 {
				return []ir.Stmt{s}
			}
			found = true
			c := *e
			c.Stream = true
			return []ir.Stmt{&c}
		}}.OfStmts(n.Body)
		if !found {
			return fmt.Errorf("no whole vectors are stored to %s; vectorise first", args[0])
		}
		return nil
	},
}
