package schedule

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var unrollStep = Step{
	Name:  "unroll",
	Loops: true,
	Args:  "LOOP COUNT",
	Doc: `copy the body of a loop; the copies run one after the other, so sums keep their order

	alloc acc: f32
	acc = 0.0
	for j in 0..7 {
	  acc = acc + p[0, 0, 0, j]*y[0, j, 0, 0]
	}
->
	alloc acc: f32
	acc = 0.0
	for j in 0..6 step 2 {
	  acc = acc + p[0, 0, 0, j] * y[0, j, 0, 0]
	  acc = acc + p[0, 0, 0, j + 1] * y[0, j + 1, 0, 0]
	}
	for j in 6..7 {
	  acc = acc + p[0, 0, 0, j] * y[0, j, 0, 0]
	}

Of several loops of that name, those in the smallest steps are taken.`,
	Run: func(n *Nest, args []string) error {
		return n.copied(args, "", func(_ *ir.For, copies [][]ir.Stmt) ([]ir.Stmt, error) {
			return slices.Concat(copies...), nil
		})
	},
}
