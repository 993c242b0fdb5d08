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
	rest  *stream // of one that has lets of its scope, what does not follow from them; nil if that is a constant
	apart string  // the offset from there, in bytes, which is named once the lets are
}

// stream returns the stream of that polynomial; a new one is entered in the scope that it moves with.
func (e *emitter) stream(b *ir.Buffer, p ir.Poly, s *scope) *stream {
	for s.loop != nil && !s.binds(p) {
		s = s.parent
	}
	key := p.Key()
	for _, list := range [][]*stream{s.streams, s.still} {
		for _, t := range list {
			if t.buf.Name == b.Name && t.key == key {
				return t
			}
		}
	}
	t := &stream{buf: b, poly: p, key: key, scope: s}
	rarely := !s.innermost && s.parent != nil && s.parent.loop == nil // moves with a loop around all others
	if s.loop == nil || !e.moves(t, s) || rarely && e.spared >= pointers {
		t.still = true
		s.still = append(s.still, t)
		if with, rest := p.Split(s.lets); s.loop != nil && len(with.Terms) > 0 && e.spared < offsets {
			t.apart = e.offsetOf(s, with, b.Type.Size())
			if !rest.IsConst() {
				t.rest = e.stream(b, rest, s)
			}
		}
		return t
	}
	s.streams = append(s.streams, t)
	return t
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
		for k := range t.Degree() {
			if v, ok := t.Atom(k).(ir.Var); !ok || !slices.Contains(e.fn.Ints, string(v)) {
				return false
			}
		}
	}
	return true
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

// inRegister returns the register that has a stream, nil if none has.
func (e *emitter) inRegister(t *stream) reg.GPVirtual {
	if t == nil {
		return nil
	}
	if r, ok := t.home.(reg.GPVirtual); ok {
		return r
	}
	return e.loaded[t]
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
	if t.apart != "" {
		off, inRegister := e.vars[t.apart].(reg.GPVirtual)
		if from := e.inRegister(t.rest); from != nil && inRegister {
			r := e.ctx.GP64()
			e.ctx.LEAQ(operand.Mem{Base: from, Index: off, Scale: 1}, r)
			return r
		}
		r := e.ctx.GP64()
		if t.rest == nil {
			e.ctx.MOVQ(e.argument(t.buf.Name), r)
		} else {
			r = e.copyOf(t.rest)
		}
		e.ctx.ADDQ(e.vars[t.apart], r)
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
