package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var fuseStep = Step{
	Name: "fuse",
	Args: "LOOP",
	Doc: `run neighbouring loops of one name and the same bounds, such as those of the stages of a kernel, as one loop

	for h in 0..heads {
	  z[0, 0, h, 0] = x[0, 0, h, 0]
	}
	for h in 0..heads {
	  s[0, 0, h, 0] = z[0, 0, h, 0] + y[0, 0, h, 0]
	}
->
	for h in 0..heads {
	  z[0, 0, h, 0] = x[0, 0, h, 0]
	  s[0, 0, h, 0] = z[0, 0, h, 0] + y[0, 0, h, 0]
	}

What the later loop reads of the earlier one's results must come from the same iteration.`,
	Run: func(n *Nest, args []string) error {
		found := false
		body, err := eachBlock(n.Body, func(block []ir.Stmt) ([]ir.Stmt, error) {
			var out []ir.Stmt
			for _, s := range block {
				second, ok := s.(*ir.For)
				if len(out) == 0 || !ok || second.Var != args[0] {
					out = append(out, s)
					continue
				}
				first, ok := out[len(out)-1].(*ir.For)
				if !ok || !sameLoop(first, second) {
					out = append(out, s)
					continue
				}
				if err := sameIteration(first, second); err != nil {
					return nil, err
				}
				found = true
				c := *first
				c.Body = append(append([]ir.Stmt(nil), first.Body...), second.Body...)
				out[len(out)-1] = &c
			}
			return out, nil
		})
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("got no two loops %s with the same bounds side by side, want neighbours; leave the step out", args[0])
		}
		n.Body = body
		return nil
	},
}

func sameLoop(a, b *ir.For) bool {
	return a.Var == b.Var && a.Step == b.Step && a.Parallel == b.Parallel && ir.Same(a.Lo, b.Lo) && ir.Same(a.Hi, b.Hi)
}

// sameIteration returns an error unless every buffer that the first loop stores and the second one reads or stores has a dimension
// whose subscript is the loop's variable in all of these accesses.
func sameIteration(first, second *ir.For) error {
	v := ir.Var(first.Var)
	stored := map[*ir.Buffer]bool{}
	ir.Each(first.Body, func(s ir.Stmt) {
		if e, ok := s.(*ir.Store); ok {
			stored[e.Buf] = true
		}
	})
	own := map[*ir.Buffer][]bool{} // dimension -> always subscripted by v
	for _, loop := range []*ir.For{first, second} {
		eachAccess(loop.Body, func(b *ir.Buffer, at []ir.Index) {
			if !stored[b] {
				return
			}
			if own[b] == nil {
				own[b] = make([]bool, len(at))
				for d := range at {
					own[b][d] = true
				}
			}
			for d, x := range at {
				own[b][d] = own[b][d] && ir.Same(x, v)
			}
		})
	}
	for b, dims := range own {
		mine := false
		for _, d := range dims {
			mine = mine || d
		}
		if !mine && touchesBuffer(second.Body, b) {
			return fmt.Errorf("the later loop %s uses %s of other iterations of the earlier one, want those of its own; leave the step out", first.Var, b.Name)
		}
	}
	return nil
}

// eachAccess calls f for every access to memory or registers in a block.
func eachAccess(body []ir.Stmt, f func(b *ir.Buffer, at []ir.Index)) {
	ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok {
			f(l.Buf, l.At)
		}
		return x
	}}.OfStmts(body)
	ir.Each(body, func(s ir.Stmt) {
		if e, ok := s.(*ir.Store); ok {
			f(e.Buf, e.At)
		}
	})
}

func touchesBuffer(body []ir.Stmt, b *ir.Buffer) bool {
	found := false
	eachAccess(body, func(c *ir.Buffer, _ []ir.Index) { found = found || c == b })
	return found
}
