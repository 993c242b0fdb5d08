package schedule

import (
	"fmt"
	"slices"

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

What the later loop reads of the earlier one's results must come from the same iteration. A loop with the name of its stage, such
as s.h, goes into the loop before it alone.`,
	Run: func(n *Nest, args []string) error {
		found := false
		body, err := eachBlock(n.Body, func(block []ir.Stmt) ([]ir.Stmt, error) {
			var out []ir.Stmt
			for _, s := range block {
				second, ok := s.(*ir.For)
				if len(out) == 0 || !ok || !named(second, args[0]) {
					out = append(out, s)
					continue
				}
				at := neighbour(out, second)
				if at < 0 {
					out = append(out, s)
					continue
				}
				first := out[at].(*ir.For)
				if err := sameIteration(first, second); err != nil {
					return nil, err
				}
				found = true
				c := *first
				c.Body = joined(first.Body, second.Body)
				out = append(append(out[:at:at], out[at+1:]...), &c)
			}
			return out, nil
		})
		if err != nil {
			return err
		}
		if !found {
			return missingf("got no two loops %s with the same bounds side by side, want neighbours; leave the step out", args[0])
		}
		n.Body = body
		return nil
	},
}

// neighbour returns the place of the loop before second that has its name and bounds; what stands in between, such as the start of
// a sum, must be registers that this loop does not touch, and then comes before it. It is -1 if there is none.
func neighbour(before []ir.Stmt, second *ir.For) int {
	var between []ir.Stmt
	for at := len(before) - 1; at >= 0; at-- {
		if first, ok := before[at].(*ir.For); ok {
			if sameLoop(first, second) && !anyTouched(first.Body, between) {
				return at
			}
			return -1
		}
		switch e := before[at].(type) {
		case *ir.Alloc:
		case *ir.Store:
			if e.Buf.Space != ir.Register {
				return -1
			}
			if _, ok := e.Value.(*ir.Const); !ok {
				return -1
			}
		default:
			return -1
		}
		between = append(between, before[at])
	}
	return -1
}

// anyTouched reports whether a block uses a buffer that one of the statements stores or allocates.
func anyTouched(block, stmts []ir.Stmt) bool {
	for _, s := range stmts {
		var b *ir.Buffer
		switch e := s.(type) {
		case *ir.Alloc:
			b = e.Buf
		case *ir.Store:
			b = e.Buf
		}
		if touchesBuffer(block, b) {
			return true
		}
	}
	return false
}

// joined is one block after the other; where the first ends and the second begins with the same question about indices, it is asked once.
func joined(a, b []ir.Stmt) []ir.Stmt {
	out := append([]ir.Stmt(nil), a...)
	if len(a) > 0 && len(b) > 0 {
		x, ok := a[len(a)-1].(*ir.If)
		y, ok2 := b[0].(*ir.If)
		if ok && ok2 && sameCond(x.Cond, y.Cond) && len(x.Else) == 0 && len(y.Else) == 0 {
			c := *x
			c.Then = joined(x.Then, y.Then)
			return append(append(out[:len(out)-1], &c), b[1:]...)
		}
	}
	return append(out, b...)
}

func sameLoop(a, b *ir.For) bool {
	return a.Var == b.Var && a.Step == b.Step && a.Parallel == b.Parallel && ir.Same(a.Lo, b.Lo) && ir.Same(a.Hi, b.Hi)
}

// sameIteration returns an error unless what the first loop stores and the second one reads or stores is of the same iteration.
func sameIteration(first, second *ir.For) error {
	own := ofOwnIteration(storedIn(first.Body), first, second)
	for b, mine := range own {
		if !mine && touchesBuffer(second.Body, b) {
			return fmt.Errorf("the later loop %s uses %s of other iterations of the earlier one, want those of its own; leave the step out", first.Var, b.Name)
		}
	}
	return nil
}

// ofOwnIteration reports, of buffers that loops over one variable use, whether they have a dimension that tells iterations apart: in all of
// these accesses its subscript is the loop's variable, or the same multiple of it and something less than that multiple.
func ofOwnIteration(buffers map[*ir.Buffer]bool, loops ...*ir.For) map[*ir.Buffer]bool {
	v := ir.Var(loops[0].Var)
	paces := map[*ir.Buffer][]pace{} // by dimension
	for _, loop := range loops {
		bounds := rangesOf(loop.Body)
		inside := bound([]ir.Stmt{loop})
		eachAccess(loop.Body, func(b *ir.Buffer, at []ir.Index) {
			if !buffers[b] {
				return
			}
			if paces[b] == nil {
				paces[b] = make([]pace, len(at))
				for d, x := range at {
					paces[b][d] = paceOf(x, v, inside, bounds)
				}
			}
			for d, x := range at {
				if paceOf(x, v, inside, bounds) != paces[b][d] {
					paces[b][d] = pace{}
				}
			}
		})
	}
	own := map[*ir.Buffer]bool{}
	for b, dims := range paces {
		own[b] = slices.ContainsFunc(dims, func(p pace) bool { return p.by > 0 })
	}
	return own
}

// pace is how a subscript moves with a loop: from one iteration to the next by as much as it moves within one, or more. By is 0
// where it does not.
type pace struct {
	by    int64
	outer string // key of what the loops around add
}

// paceOf takes a subscript apart: by*v + outer + r with 0 <= r < by, where inside are the variables that the loop binds.
func paceOf(x ir.Index, v ir.Var, inside map[ir.Var]bool, bounds ranges) pace {
	p := ir.PolyOf(x)
	coef, affine := p.Coef(v)
	if !affine || !coef.IsConst() || coef.Const < 1 {
		return pace{}
	}
	moving, outer := p.Plus(ir.PolyOf(v), -coef.Const).Split(inside)
	moving.Const, outer.Const = outer.Const, 0
	least, most, ok := bounds.of(moving)
	if !ok || least < 0 || most >= coef.Const {
		return pace{}
	}
	return pace{coef.Const, ir.Key(outer.Index())}
}

// bound returns the variables that a block binds.
func bound(body []ir.Stmt) map[ir.Var]bool {
	vars := map[ir.Var]bool{}
	ir.Each(body, func(s ir.Stmt) {
		switch e := s.(type) {
		case *ir.For:
			vars[ir.Var(e.Var)] = true
		case *ir.Let:
			vars[ir.Var(e.Var)] = true
		}
	})
	return vars
}

// eachAccess calls f for every access to memory or registers in a block.
func eachAccess(body []ir.Stmt, f func(b *ir.Buffer, at []ir.Index)) {
	ir.EachValue(body, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok {
			f(l.Buf, l.At)
		}
	})
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
