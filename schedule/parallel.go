package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var parallelStep = Step{
	Name: "parallel",
	Args: "LOOP",
	Doc: `run the iterations of a loop on all workers; they must not depend on each other

	for b in 0..batch {
	  z[b, 0, 0, 0] = x[b, 0, 0, 0]
	}
->
	parallel for b in 0..batch {
	  z[b, 0, 0, 0] = x[b, 0, 0, 0]
	}`,
	Run: func(n *Nest, args []string) error {
		outermost := map[string]bool{}
		for _, s := range n.Body {
			if loop, ok := s.(*ir.For); ok {
				outermost[loop.Var] = true
			}
		}
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			if !outermost[loop.Var] {
				return nil, fmt.Errorf("loop %s is inside another one, want an outermost one: workers are dealt out once; use %s", loop.Var, n.outermost())
			}
			if err := independent(loop); err != nil {
				return nil, err
			}
			c := *loop
			c.Parallel = true
			return []ir.Stmt{&c}, nil
		})
	},
}

// outermost lists the outermost loops.
func (n *Nest) outermost() string {
	seen := map[string]bool{}
	var names []string
	for _, s := range n.Body {
		if loop, ok := s.(*ir.For); ok && !seen[loop.Var] {
			seen[loop.Var] = true
			names = append(names, loop.Var)
		}
	}
	return strings.Join(names, " or ")
}
