package schedule

import (
	"github.com/pyragen/pyragen/ir"
)

var parallelStep = Step{
	Name: "parallel",
	Args: "LOOP",
	Doc: `run the iterations of a loop on all workers; they must not depend on each other

	for task in 0..tasks { F(task) }
->
	parallel for task in 0..tasks { F(task) }`,
	Run: func(n *Nest, args []string) error {
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			if err := independent(loop); err != nil {
				return nil, err
			}
			c := *loop
			c.Parallel = true
			return []ir.Stmt{&c}, nil
		})
	},
}
