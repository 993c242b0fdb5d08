package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var splitStep = Step{
	Name: "split",
	Args: "LOOP SIZE OUTER [TAIL]",
	Doc: `split a loop into an outer one over blocks and an inner one over the SIZE iterations of a block

	for i in 0..n1*25 {
	  z[0, i, 0, 0] = x[0, i, 0, 0]
	}
->
	for f in 0..n1 {
	  for i in 0..25 {
	    z[0, f*25 + i, 0, 0] = x[0, f*25 + i, 0, 0]
	  }
	}

TAIL is perfect (the default), refused unless both bounds are known to be multiples of SIZE, or guard, which starts at the
lower bound and tests every iteration, or clip, whose last block is shorter. OUTER names the outer loop.`,
	Run: func(n *Nest, args []string) error {
		tail := "perfect"
		if len(args) == 4 {
			tail = args[3]
		}
		if tail != "perfect" && tail != "guard" && tail != "clip" {
			return fmt.Errorf("tail: got %q, want perfect, guard or clip", tail)
		}
		if err := n.newName(args[2]); err != nil {
			return err
		}
		size, err := count(args[1], 1<<20)
		if err != nil {
			return fmt.Errorf("size: %v", err)
		}
		n.used[args[2]] = true
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			s, err := split(loop, size, args[2], tail)
			return []ir.Stmt{s}, err
		})
	},
}

func split(loop *ir.For, size int, outer, tail string) (*ir.For, error) {
	c := ir.Int(int64(size))
	whole := func(x ir.Index) (ir.Index, bool) {
		q := ir.Facts(nil).Simplify(ir.Quo(x, c))
		return q, ir.Same(ir.Times(q, c), x)
	}
	o := ir.Var(outer)
	lo, ok1 := whole(loop.Lo)
	hi, ok2 := whole(loop.Hi)
	at := ir.Plus(ir.Times(o, c), ir.Var(loop.Var))
	inner := *loop
	if tail == "perfect" {
		if !ok1 || !ok2 {
			return nil, fmt.Errorf("loop %s runs over %s, want whole blocks of %d for a perfect tail; use guard or clip", loop.Var, span(loop), size)
		}
	} else {
		trips := ir.Facts(nil).Simplify(ir.Minus(loop.Hi, loop.Lo))
		lo, hi = ir.Int(0), ir.Quo(ir.Plus(trips, c-1), c)
		at = ir.Plus(loop.Lo, at)
	}
	inner.Lo, inner.Hi = ir.Int(0), c
	if tail == "clip" {
		at = ir.Facts(nil).Simplify(at)
		inner.Hi = ir.Least(c, ir.Facts(nil).Simplify(ir.Minus(ir.Minus(loop.Hi, loop.Lo), ir.Times(o, c))))
	}
	inner.Body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(loop.Var): at}).OfStmts(loop.Body)
	if tail == "guard" {
		inner.Body = []ir.Stmt{&ir.If{Cond: &ir.Compare{Op: ir.LT, X: at, Y: loop.Hi}, Then: inner.Body}}
	}
	inner.Note, inner.Parallel = "", false
	return &ir.For{Var: outer, Lo: lo, Hi: hi, Step: 1, Parallel: loop.Parallel, Body: []ir.Stmt{&inner}, Note: loop.Note, Stage: loop.Stage}, nil
}
