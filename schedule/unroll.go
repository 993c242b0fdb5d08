package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var unrollStep = Step{
	Name: "unroll",
	Args: "LOOP COUNT",
	Doc: `copy the body of a loop; the copies run one after the other, so sums keep their order

	for j in 0..n { acc = acc + p[j]*y[j] }
->
	for j in 0..n/2*2 step 2 { acc = acc + p[j]*y[j]; acc = acc + p[j + 1]*y[j + 1] }
	for j in n/2*2..n { acc = acc + p[j]*y[j] }

A loop in steps of more than one is unrolled as well.`,
	Run: func(n *Nest, args []string) error {
		copies, err := count(args[1], 64)
		if err != nil {
			return fmt.Errorf("copies: %v", err)
		}
		if copies == 1 {
			return nil
		}
		return n.eachFinest(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			var body []ir.Stmt
			for k := range copies {
				body = append(body, n.iteration(loop, k)...)
			}
			return n.tiled(loop, copies, body), nil
		})
	},
}
