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
