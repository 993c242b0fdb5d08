package goasm

import (
	"github.com/pyragen/pyragen/ir"
)

// settle decides which streams move, and enters what they start from in the scopes around, inner loops first. A stream at a distance
// from another one that follows from the arguments needs no pointer of its own:
//
//	y[row - 1, h, d], y[row, h, d], y[row + 1, h, d]    one pointer and two distances, heads*dim and twice that
//
// In a loop without loops inside, those that stay in registers move by themselves: that takes no time beside the loads.
func (e *emitter) settle(s *scope) {
	for _, in := range s.inner {
		e.settle(in)
	}
	if s.loop == nil {
		return
	}
	var movers []*stream
	for _, kept := range []bool{true, false} {
		for _, t := range s.streams {
			if e.keeps(s, t) != kept {
				continue
			}
			if !kept {
				t.base = e.near(t, movers)
			}
			if t.base == nil {
				movers = append(movers, t)
			} else {
				e.amount(e.distance(t))
			}
		}
	}
	for _, t := range movers {
		e.amount(e.step(t, s))
		if e.goesOn(t, s) {
			t.runs = true
			s.parent.running = append(s.parent.running, t)
			e.origin(t, s)
		} else {
			e.start(t, s)
		}
	}
}

// near returns one of the streams that t is at a fixed distance from, or nil.
func (e *emitter) near(t *stream, movers []*stream) *stream {
	for _, u := range movers {
		if u.buf.Name == t.buf.Name && e.fromArguments(t.poly.Plus(u.poly, -1)) {
			return u
		}
	}
	return nil
}

// goesOn reports whether a stream, after all iterations of its loop, stands where the next iteration of the loop around wants it.
func (e *emitter) goesOn(t *stream, s *scope) bool {
	u := s.parent
	lo, ok1 := s.loop.Lo.(ir.Int)
	hi, ok2 := s.loop.Hi.(ir.Int)
	if s.innermost || u.loop == nil || !ok1 || !ok2 || lo >= hi || s.conditional || !u.free(t.poly, u.lets) {
		return false
	}
	trips := (int64(hi-lo) + s.loop.Step - 1) / s.loop.Step
	in, ok1 := t.poly.Coef(ir.Var(s.loop.Var))
	out, ok2 := t.poly.Coef(ir.Var(u.loop.Var))
	return ok1 && ok2 && ir.Same(ir.Times(in.Index(), ir.Int(trips*s.loop.Step)), ir.Times(out.Index(), ir.Int(u.loop.Step)))
}

// origin is what a stream that goes on is in the first iterations of its loop and of the one around.
func (e *emitter) origin(t *stream, s *scope) place {
	u := s.parent
	first := ir.Substitute(map[ir.Var]ir.Index{
		ir.Var(s.loop.Var): s.loop.Lo, ir.Var(u.loop.Var): u.loop.Lo,
	}).OfIndex(t.poly.Index())
	return e.placeOf(t.buf, first, u.parent)
}
