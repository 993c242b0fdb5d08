package schedule

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var pairsStep = Step{
	Name:  "pairs",
	Loops: true,
	Doc: `load and store bfloat16 two vectors at a time, as their even and their odd elements

	for d in 0..64 step 16 {
	  zh[0, 0, 0, d:8] = xh[0, 0, 0, d:8]
	  zh[0, 0, 0, d + 8:8] = xh[0, 0, 0, d + 8:8]
	}
->
	for d in 0..64 step 16 {
	  zh[0, 0, 0, d:16] = zip(evens(xh[0, 0, 0, d:16]), odds(xh[0, 0, 0, d:16]))
	}

The even elements of 32 bytes are the lower halves of eight lanes, and the odd ones the upper halves: a shift or a mask widens them, where elements
that lie side by side have to be moved apart first, and rounded ones together. It is done in loops along rows whose elements come in pairs of whole vectors and meet elements
of such rows alone, in sums over the row or in the row that is stored; a loop in steps of one vector makes two at once.`,
	Run: func(n *Nest, _ []string) error {
		p := &pairing{nest: n, lanes: int64(n.Target.Lanes(n.Type)), uses: usesOfRegisters(n.Body)}
		n.Body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
			if loop, ok := s.(*ir.For); ok {
				return []ir.Stmt{p.loop(loop)}
			}
			return []ir.Stmt{s}
		}}.OfStmts(n.Body)
		if !p.found {
			return missingf("got no loop along rows of bf16 whose elements come in pairs of whole vectors, want one; vectorise first, or leave the step out")
		}
		return nil
	},
}

// pairing is one use of the step.
type pairing struct {
	nest  *Nest
	lanes int64
	uses  map[*ir.Buffer]bool // registers whose lanes are not only summed
	found bool
}

// usesOfRegisters are the registers that are read elsewhere than in sums of their lanes, and in sums that go on in the same register.
func usesOfRegisters(body []ir.Stmt) map[*ir.Buffer]bool {
	list := map[*ir.Buffer]bool{}
	ir.Each(body, func(s ir.Stmt) {
		store, ok := s.(*ir.Store)
		if !ok {
			return
		}
		var sums []ir.Expr
		ir.EachPart(store.Value, func(x ir.Expr) {
			switch e := x.(type) {
			case *ir.HSum:
				sums = append(sums, e.X)
			case *ir.Tree:
				sums = append(sums, e.Xs...)
			}
		})
		ir.EachPart(store.Value, func(x ir.Expr) {
			if l, ok := x.(*ir.Load); ok && l.Buf.Space == ir.Register && l.Lanes() > 1 && !slices.Contains(sums, x) && !(l.Buf == store.Buf && addsTo(store)) {
				list[l.Buf] = true
			}
		})
	})
	return list
}

// loop makes pairs in a loop along rows, if it is one.
func (p *pairing) loop(loop *ir.For) *ir.For {
	lo, fixed := loop.Lo.(ir.Int)
	hi, bounded := loop.Hi.(ir.Int)
	if pair := 2 * p.lanes; p.lanes < 2 || !fixed || !bounded || lo >= hi || int64(lo)%pair != 0 || int64(hi-lo)%pair != 0 || loop.Step%p.lanes != 0 {
		return loop
	}
	c := *loop
	if loop.Step == p.lanes {
		if slices.ContainsFunc(loop.Body, func(s ir.Stmt) bool {
			e, ok := s.(*ir.Store)
			return !ok || e.Buf.Space != ir.Register || !addsTo(e)
		}) {
			return loop
		}
		c.Step = 2 * p.lanes
		c.Body = slices.Concat(p.nest.iteration(loop, 0), p.nest.iteration(loop, 1))
	}
	if c.Step%(2*p.lanes) != 0 || int64(hi-lo)%c.Step != 0 {
		return loop
	}
	t := &pairsIn{pairing: p, d: ir.Var(loop.Var), inside: map[*ir.Buffer]bool{}}
	if c.Body = t.block(c.Body); t.other || !t.some {
		return loop
	}
	p.found = true
	return &c
}

// pairsIn makes pairs in the body of a loop.
type pairsIn struct {
	*pairing
	d      ir.Var
	inside map[*ir.Buffer]bool // registers of the body
	some   bool                // there is a pair
	other  bool                // there is something that goes along the row and is none
}

// block makes pairs in a block.
func (t *pairsIn) block(body []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	stored := map[*ir.Store]bool{} // with the even ones of their pairs
	for k, s := range body {
		switch e := s.(type) {
		case *ir.Alloc:
			t.inside[e.Buf] = e.Buf.Space == ir.Register
		case *ir.Prefetch: // of a line, which has both
		case *ir.Let:
			t.other = t.other || !t.free(e.Value)
		case *ir.For:
			if !t.free(e.Lo) || !t.free(e.Hi) {
				t.other = true
			}
			c := *e
			c.Body = t.block(e.Body)
			s = &c
		case *ir.Store:
			odd, again := t.place(e.Buf, e.At, e.Mask, e.Value.Lanes())
			if again {
				s = &ir.Store{Buf: e.Buf, At: e.At, Value: t.value(e), Stream: e.Stream}
				break
			}
			if stored[e] {
				continue
			}
			next := t.next(e, body[k+1:])
			if odd || next == nil {
				t.other = true
				return body
			}
			s = &ir.Store{Buf: e.Buf, At: e.At, Value: &ir.Zip{X: t.value(e), Y: t.value(next)}, Stream: e.Stream}
			t.some, stored[next] = true, true
		default:
			t.other = true
		}
		out = append(out, s)
	}
	return out
}

// free reports whether an index does not go along the row.
func (t *pairsIn) free(x ir.Index) bool { return ir.FreeOf(x, map[ir.Var]bool{t.d: true}) }

// place says whether an access is of the odd one of a pair of vectors, or does not go along the row at all.
func (t *pairsIn) place(b *ir.Buffer, at []ir.Index, mask string, lanes int) (odd, again bool) {
	last := len(at) - 1
	if !slices.ContainsFunc(at, func(x ir.Index) bool { return !t.free(x) }) {
		return false, true
	}
	for _, x := range at[:last] {
		t.other = t.other || !t.free(x)
	}
	p := ir.PolyOf(at[last])
	if len(p.Terms) != 1 || p.Terms[0].Product != ir.Index(t.d) || p.Terms[0].Coef != 1 || p.Const%t.lanes != 0 ||
		b.Type != ir.BF16 || b.Space != ir.Memory || mask != "" || int64(lanes) != t.lanes {
		t.other = true
	}
	return p.Const/t.lanes%2 != 0, false
}

// next returns the store of the odd one of a pair, nil if there is none that only stores to other places are before.
func (t *pairsIn) next(even *ir.Store, after []ir.Stmt) *ir.Store {
	for _, s := range after {
		e, ok := s.(*ir.Store)
		if !ok || e.Buf != even.Buf || e.Mask != "" || e.Stream != even.Stream || e.Value.Lanes() != even.Value.Lanes() {
			return nil
		}
		same, elsewhere := true, false
		last := len(e.At) - 1
		for d, x := range e.At[:last] {
			by := ir.PolyOf(ir.Minus(x, even.At[d]))
			same = same && by.IsConst() && by.Const == 0
			elsewhere = elsewhere || by.IsConst() && by.Const != 0
		}
		by := ir.PolyOf(ir.Minus(e.At[last], even.At[last]))
		switch {
		case !by.IsConst():
			return nil
		case same && by.Const == t.lanes:
			return e
		case !elsewhere && by.Const < 2*t.lanes:
			return nil
		}
	}
	return nil
}

// value has the loads of a statement's value in pairs. A register from elsewhere has its lanes in an order of their own, unless they are summed.
func (t *pairsIn) value(s *ir.Store) ir.Expr {
	return ir.Rewrite{
		Expr: func(x ir.Expr) ir.Expr {
			switch l := x.(type) {
			case *ir.Load:
				if l.Buf.Space == ir.Register {
					if l.Lanes() > 1 && !t.inside[l.Buf] && (t.uses[l.Buf] || l.Buf != s.Buf) {
						t.other = true
					}
					return x
				}
				odd, again := t.place(l.Buf, l.At, l.Mask, l.Lanes())
				if again {
					t.other = t.other || l.Lanes() > 1
					return x
				}
				at := slices.Clone(l.At)
				if odd {
					at[len(at)-1] = ir.PolyOf(ir.Minus(at[len(at)-1], ir.Int(t.lanes))).Index()
				}
				t.some = true
				return &ir.Every{X: &ir.Load{Buf: l.Buf, At: at, Width: 2 * l.Width}, Odd: odd}
			case *ir.Random:
				t.other = true
			case *ir.HSum, *ir.Tree, *ir.Lane, *ir.Select:
				t.other = true
			}
			return x
		},
	}.OfExpr(s.Value)
}
