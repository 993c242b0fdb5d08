package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var padStep = Step{
	Name:  "pad",
	Loops: true,
	Args:  "LOOP MULTIPLE",
	Doc: `run a loop up to a multiple of a number of iterations; what it does too much goes to elements of temporaries that nobody reads

	alloc memory e: f32[4]
	for h in 0..min(4, heads) {
	  e[h] = x[0, 0, 0, 0]
	}
->
	alloc memory e: f32[4]
	for h in 0..4 {
	  e[h] = x[0, 0, 0, 0]
	}

The loop must have a constant most that is such a multiple, so that no subscript goes further than it may already, and store to
temporaries alone. Of other buffers it may only read what does not move with it.`,
	Run: func(n *Nest, args []string) error {
		multiple, err := count(args[1], 64)
		if err != nil {
			return fmt.Errorf("multiple: %v", err)
		}
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			m := ir.Int(int64(multiple))
			most, bounded := atMost(loop.Hi)
			if !bounded || !ir.Same(loop.Lo, ir.Int(0)) || most%int64(multiple) != 0 {
				return nil, fmt.Errorf("loop %s runs over %s, want it from 0 to at most a constant multiple of %d; split it first, with clip", loop.Var, span(loop), multiple)
			}
			v := map[ir.Var]bool{ir.Var(loop.Var): true}
			eachAccess(loop.Body, func(b *ir.Buffer, at []ir.Index) {
				for _, x := range at {
					if b.Role != ir.Temp && !ir.FreeOf(x, v) {
						err = fmt.Errorf("loop %s uses %s, want temporaries alone; cache a result, or pad another loop", loop.Var, b.Name)
					}
				}
			})
			if err != nil {
				return nil, err
			}
			c := *loop
			c.Hi = ir.Facts(nil).Simplify(ir.Times(ir.Quo(ir.Plus(loop.Hi, m-1), m), m))
			if most == int64(multiple) {
				c.Hi = m
			}
			return []ir.Stmt{&c}, nil
		})
	},
}
