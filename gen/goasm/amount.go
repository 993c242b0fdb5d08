package goasm

import (
	"github.com/mmcloughlin/avo/operand"

	"github.com/pyragen/pyragen/ir"
)

// distance is from a stream's base to it, in bytes.
func (e *emitter) distance(t *stream) ir.Poly {
	return ir.Poly{}.Plus(t.poly.Plus(t.base.poly, -1), int64(t.buf.Type.Size()))
}

// step is the number of bytes by which a stream moves in one iteration.
func (e *emitter) step(t *stream, s *scope) ir.Poly {
	coef, _ := t.poly.Coef(ir.Var(s.loop.Var))
	return ir.Poly{}.Plus(coef, s.loop.Step*int64(t.buf.Type.Size()))
}

// amount is a number of bytes as an operand: a constant, a place on the stack, or a register with a multiple of what is there.
func (e *emitter) amount(bytes ir.Poly) operand.Op {
	if bytes.IsConst() {
		return imm32(bytes.Const)
	}
	key := bytes.Key()
	if m, ok := e.multiples[key]; ok {
		r := e.ctx.GP64()
		e.ctx.MOVQ(e.amounts[m.of], r)
		e.ctx.SHLQ(operand.U8(m.shift), r)
		return r
	}
	if _, ok := e.amounts[key]; !ok {
		e.amounts[key] = operand.Mem{}
		e.order = append(e.order, bytes)
	}
	return e.amounts[key]
}

// writeAmounts computes the strides and distances that depend on arguments, once; to spare the stack, without those that are two, four
// and so on times others.
func (e *emitter) writeAmounts() {
	for _, bytes := range e.order {
		if e.spared >= multiples && e.isMultiple(bytes) {
			continue
		}
		slot := e.newSlot()
		e.ctx.MOVQ(e.poly(bytes), slot)
		e.amounts[bytes.Key()] = slot
	}
}

// multiple is an amount that is another one, shifted.
type multiple struct {
	of    string
	shift uint8
}

// isMultiple reports whether an amount is twice another one, or twice what is twice another one and so on, and notes which.
func (e *emitter) isMultiple(bytes ir.Poly) bool {
	m := multiple{}
	for of, ok := half(bytes); ok; of, ok = half(of) {
		m.shift++
		if key := of.Key(); e.isAmount(key) {
			m.of = key
			e.multiples[bytes.Key()] = m
		}
	}
	return m.of != ""
}

func (e *emitter) isAmount(key string) bool {
	_, ok := e.amounts[key]
	return ok
}

// half is half of a polynomial, if that is one.
func half(p ir.Poly) (ir.Poly, bool) {
	h := ir.Poly{Const: p.Const / 2}
	ok := p.Const%2 == 0
	for _, t := range p.Terms {
		ok = ok && t.Coef%2 == 0
		t.Coef /= 2
		h.Terms = append(h.Terms, t)
	}
	return h, ok
}

// slot takes eight bytes of the stack frame, which what is done with gives back.
func (e *emitter) slot() operand.Mem {
	if n := len(e.free); n > 0 {
		m := e.free[n-1]
		e.free = e.free[:n-1]
		return m
	}
	return e.newSlot()
}

// newSlot takes eight bytes more; where they are too many and more can be spared, the function is given up.
func (e *emitter) newSlot() operand.Mem {
	m := e.ctx.AllocLocal(8)
	if m.Disp+8 > maxFrame && e.spared < offsets {
		panic(errStack)
	}
	return m
}

// release gives the slots among some operands back.
func (e *emitter) release(ops ...operand.Op) {
	for _, op := range ops {
		if m, ok := op.(operand.Mem); ok && m.Symbol.Name == "" {
			e.free = append(e.free, m)
		}
	}
}
