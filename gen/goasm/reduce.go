package goasm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// sumLanes adds the upper half of the lanes to the lower half until one is left.
func (e *emitter) sumLanes(v reg.VecVirtual, lanes int, r reg.VecVirtual) {
	x, t := e.toX(v, lanes), e.ctx.XMM()
	if e.typ() == ir.F64 {
		e.ctx.VUNPCKHPD(x, x, t)
		e.ctx.VADDSD(t, x, r)
		return
	}
	if lanes > 2 {
		u := e.ctx.XMM()
		e.ctx.VMOVHLPS(x, x, t)
		e.ctx.VADDPS(t, x, u)
		x = u
	}
	e.ctx.VMOVSHDUP(x, t)
	e.ctx.VADDSS(t, x, r)
}

// toX folds a vector until it fits 128 bits.
func (e *emitter) toX(v reg.VecVirtual, lanes int) reg.VecVirtual {
	if lanes*e.typ().Size() == 64 {
		v = e.toY(v, lanes)
		lanes /= 2
	}
	if lanes*e.typ().Size() < 32 {
		return v
	}
	hi, sum := e.ctx.XMM(), e.ctx.XMM()
	e.ctx.VEXTRACTF128(operand.U8(1), asY(v), hi)
	e.add()(hi, asX(v), sum)
	return sum
}

// toY adds the upper half of a 512-bit vector to its lower half; narrower ones stay as they are.
func (e *emitter) toY(v reg.VecVirtual, lanes int) reg.VecVirtual {
	if lanes*e.typ().Size() < 64 {
		return v
	}
	hi, sum := e.ctx.YMM(), e.ctx.YMM()
	e.ctx.VEXTRACTF64X4(operand.U8(1), asZ(v), hi)
	e.add()(hi, asY(v), sum)
	return sum
}

func (e *emitter) add() instruction {
	if e.typ() == ir.F64 {
		return e.ctx.VADDPD
	}
	return e.ctx.VADDPS
}

// tree sums four vectors a, b, c, d with horizontal adds (ir.Tree gives the order).
func (e *emitter) tree(t *ir.Tree, r reg.VecVirtual) {
	if len(t.Xs) != 4 {
		fail("tree of %d vectors, want 4", len(t.Xs))
	}
	lanes := t.Xs[0].Lanes()
	if lanes*e.typ().Size() < 32 {
		fail("tree over %d lanes of %s, want at least 256 bits", lanes, e.typ())
	}
	e.sameLanes(t, t.Xs...)
	v := e.halved(t.Xs, lanes)
	ab, cd := e.pairs(v[0], v[1]), e.pairs(v[2], v[3])
	if e.typ() == ir.F64 {
		// [a01 b01 a23 b23] and [c01 d01 c23 d23]: the lower halves of both, plus the upper ones.
		lo, hi := e.ctx.YMM(), e.ctx.YMM()
		e.ctx.VPERM2F128(operand.U8(0x20), cd, ab, lo)
		e.ctx.VPERM2F128(operand.U8(0x31), cd, ab, hi)
		e.ctx.VADDPD(hi, lo, r)
		return
	}
	abcd, hi := e.pairs(ab, cd), e.ctx.XMM()
	e.ctx.VEXTRACTF128(operand.U8(1), abcd, hi)
	e.ctx.VADDPS(hi, asX(abcd), r)
}

// halved returns vectors with the upper 256 bits added to the lower ones. Where a tree has fewer than four sums, the last one stands
// in it several times; it is halved once.
func (e *emitter) halved(xs []ir.Expr, lanes int) []reg.VecVirtual {
	done := map[reg.ID]reg.VecVirtual{}
	out := make([]reg.VecVirtual, len(xs))
	for k, x := range xs {
		v := e.value(x)
		if done[v.ID()] == nil {
			done[v.ID()] = asY(e.toY(v, lanes))
		}
		out[k] = done[v.ID()]
	}
	return out
}

// pairs adds adjacent lanes: in each 128 bits first those of a, then those of b.
func (e *emitter) pairs(a, b reg.VecVirtual) reg.VecVirtual {
	sum := e.ctx.YMM()
	if e.typ() == ir.F64 {
		e.ctx.VHADDPD(b, a, sum)
	} else {
		e.ctx.VHADDPS(b, a, sum)
	}
	return sum
}

// lane takes a lane out into a scalar.
func (e *emitter) lane(l *ir.Lane, r reg.VecVirtual) {
	x, k := e.quarter(l)
	switch {
	case k == 0:
		e.ctx.VMOVAPS(x, asX(r))
	case e.typ() == ir.F64:
		e.ctx.VUNPCKHPD(x, x, r)
	default:
		e.ctx.VPERMILPS(operand.U8(k), x, r)
	}
}

// storeLane writes lane k of 128 bits to memory.
func (e *emitter) storeLane(x reg.VecVirtual, k int, m operand.Mem) {
	switch {
	case e.typ() == ir.F64 && k == 0:
		e.ctx.VMOVSD(x, m)
	case e.typ() == ir.F64:
		e.ctx.VMOVHPD(x, m)
	case k == 0:
		e.ctx.VMOVSS(x, m)
	default:
		e.ctx.VEXTRACTPS(operand.U8(k), x, m)
	}
}

// quarter returns the 128 bits that hold a lane, and its number in them.
func (e *emitter) quarter(l *ir.Lane) (x reg.VecVirtual, k int) {
	if l.K < 0 || l.K >= l.X.Lanes() {
		fail("lane %d of %d", l.K, l.X.Lanes())
	}
	v := e.value(l.X)
	each := 16 / e.typ().Size()
	return e.piece(v, l.K/each*16, 16), l.K % each
}
