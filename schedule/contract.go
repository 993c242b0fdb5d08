package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var contractStep = Step{
	Name:  "contract",
	Loops: true,
	Doc: `round a product and the sum it goes into once

	alloc acc: f32
	acc = acc + x[0, 0, 0, 0]*y[0, 0, 0, 0]
->
	alloc acc: f32
	acc = fma(x[0, 0, 0, 0], y[0, 0, 0, 0], acc)`,
	Run: func(n *Nest, _ []string) error {
		if !n.Target.FMA {
			return fmt.Errorf("got target %s, want one that has a multiply-add with one rounding; leave the step out", n.Target.Name)
		}
		n.Body = ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
			sum, ok := x.(*ir.Binary)
			if !ok || sum.Op != ir.FAdd {
				return x
			}
			if p, ok := sum.Y.(*ir.Binary); ok && p.Op == ir.FMul {
				return &ir.FMA{X: p.X, Y: p.Y, Z: sum.X}
			}
			return x
		}}.OfStmts(n.Body)
		return nil
	},
}
