package goasm

import (
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// stream is a pointer into a tensor that moves with the loops around an access: its element number, without what an index
// register and a displacement add, is a polynomial of loop variables, lets and arguments. It lives in the innermost loop that
// changes one of them, in a register if no loop is inside that one, else on the stack.
type stream struct {
	buf   *ir.Buffer
	poly  ir.Poly
	key   string // of poly
	scope *scope
	home  operand.Op
	base  *stream // that it is at a fixed distance from, or nil; then only the base moves
	runs  bool    // goes on where it stopped when its loop is entered again
	still bool    // computed where it is wanted, not moved along
}

// stream returns the stream of that polynomial; a new one is entered in the scope that it moves with.
func (e *emitter) stream(b *ir.Buffer, p ir.Poly, s *scope) *stream {
	for s.loop != nil && !s.binds(p) {
		s = s.parent
	}
	key := ir.Key(p.Index())
	for _, list := range [][]*stream{s.streams, s.still} {
		for _, t := range list {
			if t.buf.Name == b.Name && t.key == key {
				return t
			}
		}
	}
	t := &stream{buf: b, poly: p, key: key, scope: s}
	if s.loop == nil || !e.moves(t, s) {
		t.still = true
		s.still = append(s.still, t)
		return t
	}
	s.streams = append(s.streams, t)
	return t
}

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

// distance is from a stream's base to it, in bytes.
func (e *emitter) distance(t *stream) ir.Poly {
	return ir.Poly{}.Plus(t.poly.Plus(t.base.poly, -1), int64(t.buf.Type.Size()))
}

// moves reports whether a stream moves by the same number of bytes in every iteration of its loop, and that number follows from
// the arguments.
func (e *emitter) moves(t *stream, s *scope) bool {
	coef, affine := t.poly.Coef(ir.Var(s.loop.Var))
	return affine && s.free(t.poly, s.lets) && e.fromArguments(coef)
}

// fromArguments reports whether a polynomial has no variables but integer arguments.
func (e *emitter) fromArguments(p ir.Poly) bool {
	for _, t := range p.Terms {
		for _, a := range t.Atoms {
			if v, ok := a.(ir.Var); !ok || !slices.Contains(e.fn.Ints, string(v)) {
				return false
			}
		}
	}
	return true
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

// start is what a stream is in the first iteration of its loop, as a place in the scope around.
func (e *emitter) start(t *stream, s *scope) place {
	first := ir.Substitute(map[ir.Var]ir.Index{ir.Var(s.loop.Var): s.loop.Lo}).OfIndex(t.poly.Index())
	return e.placeOf(t.buf, first, s.parent)
}

// placeOf is an element number as a stream of a scope and a displacement.
func (e *emitter) placeOf(b *ir.Buffer, element ir.Index, s *scope) place {
	p := ir.PolyOf(element)
	disp := int(p.Const) * b.Type.Size()
	p.Const = 0
	return place{stream: e.stream(b, p, s), disp: disp}
}

// step is the number of bytes by which a stream moves in one iteration.
func (e *emitter) step(t *stream, s *scope) ir.Poly {
	coef, _ := t.poly.Coef(ir.Var(s.loop.Var))
	return ir.Poly{}.Plus(coef, s.loop.Step*int64(t.buf.Type.Size()))
}

// amount is a number of bytes as an operand: a constant, or a place on the stack.
func (e *emitter) amount(bytes ir.Poly) operand.Op {
	if bytes.IsConst() {
		return imm32(bytes.Const)
	}
	key := ir.Key(bytes.Index())
	if _, ok := e.amounts[key]; !ok {
		e.amounts[key] = operand.Mem{}
		e.order = append(e.order, bytes)
	}
	return e.amounts[key]
}

// writeAmounts computes the strides and distances that depend on arguments, once.
func (e *emitter) writeAmounts() {
	for _, bytes := range e.order {
		slot := e.ctx.AllocLocal(8)
		e.ctx.MOVQ(e.poly(bytes), slot)
		e.amounts[ir.Key(bytes.Index())] = slot
	}
}

// startStreams gives the streams that move with a loop, or run on through it, their homes and first values.
func (e *emitter) startStreams(s *scope) {
	for _, t := range s.running {
		t.home = e.slot()
		e.ctx.MOVQ(e.first(e.origin(t, t.scope)), t.home)
	}
	for _, t := range s.streams {
		if t.runs || t.base != nil {
			continue
		}
		r := e.first(e.start(t, s))
		if e.keeps(s, t) {
			t.home = r
			continue
		}
		t.home = e.slot()
		e.ctx.MOVQ(r, t.home)
	}
}

// first is a place as a pointer in a register of its own.
func (e *emitter) first(p place) reg.GPVirtual {
	r := e.copyOf(p.stream)
	if p.disp != 0 {
		e.ctx.ADDQ(imm32(int64(p.disp)), r)
	}
	return r
}

// copyOf loads or computes a stream in a register of its own.
func (e *emitter) copyOf(t *stream) reg.GPVirtual {
	if t.base != nil {
		r := e.ctx.GP64()
		if b, ok := e.loaded[t.base]; ok {
			e.ctx.MOVQ(b, r)
		} else {
			r = e.copyOf(t.base)
		}
		e.ctx.ADDQ(e.amount(e.distance(t)), r)
		return r
	}
	if t.home != nil {
		r := e.ctx.GP64()
		e.ctx.MOVQ(t.home, r)
		return r
	}
	if t.poly.IsConst() { // the displacement has the constant
		r := e.ctx.GP64()
		e.ctx.MOVQ(e.argument(t.buf.Name), r)
		return r
	}
	r := e.poly(t.poly)
	e.scale(r, int64(t.buf.Type.Size()))
	e.ctx.ADDQ(e.argument(t.buf.Name), r)
	return r
}

// slot takes eight bytes of the stack frame, which what is done with gives back.
func (e *emitter) slot() operand.Mem {
	if n := len(e.free); n > 0 {
		m := e.free[n-1]
		e.free = e.free[:n-1]
		return m
	}
	return e.ctx.AllocLocal(8)
}

// release gives the slots among some operands back.
func (e *emitter) release(ops ...operand.Op) {
	for _, op := range ops {
		if m, ok := op.(operand.Mem); ok && m.Symbol.Name == "" {
			e.free = append(e.free, m)
		}
	}
}
