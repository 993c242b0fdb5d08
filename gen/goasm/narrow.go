package goasm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// Elements of 16 bits are converted to float32 by the load and rounded to nearest even by the store, as [ir.F16ToF32], [ir.F32ToF16],
// [ir.BF16ToF32] and [ir.F32ToBF16] are.

// loadNarrow loads elements of 16 bits.
func (e *emitter) loadNarrow(x *ir.Load, r reg.VecVirtual) {
	t, lanes := x.Buf.Type, x.Lanes()
	switch {
	case x.Mask != "" && e.target.VectorBytes == 64:
		k, m := e.maskRegister(x.Mask, lanes), e.address(x.Buf, x.At)
		if t == ir.F16 {
			e.ctx.VCVTPH2PS_Z(m, k, r) // faults of lanes that are masked off are suppressed
			return
		}
		e.ctx.VPMOVZXWD_Z(m, k, r)
		e.ctx.VPSLLD(operand.U8(16), r, r)
	case x.Mask != "":
		e.widen(t, e.loadTail(x), r)
	case lanes == 1:
		e.spreadNarrow(x, 1, r)
	case lanes == 2:
		e.ctx.VMOVD(e.address(x.Buf, x.At), asX(r))
		e.widen(t, asX(r), r)
	default:
		e.widen(t, e.address(x.Buf, x.At), r)
	}
}

// widen converts as many elements as a register has lanes, from memory or from the low half of another one.
func (e *emitter) widen(t ir.Type, from operand.Op, r reg.VecVirtual) {
	if t == ir.F16 {
		e.ctx.VCVTPH2PS(from, r)
		return
	}
	e.ctx.VPMOVZXWD(from, r)
	e.ctx.VPSLLD(operand.U8(16), r, r)
}

// spreadNarrow fills lanes with an element. A scalar has it in the lanes above, too.
func (e *emitter) spreadNarrow(l *ir.Load, lanes int, r reg.VecVirtual) {
	m := e.address(l.Buf, l.At)
	if l.Buf.Type == ir.BF16 { // twice in each lane
		e.ctx.VPBROADCASTW(m, r)
		e.ctx.VPSLLD(operand.U8(16), r, r)
		return
	}
	h := e.halves(lanes)
	e.ctx.VPBROADCASTW(m, h)
	e.ctx.VCVTPH2PS(h, r)
}

// halves is a register for so many elements of 16 bits.
func (e *emitter) halves(lanes int) reg.VecVirtual { return e.register(ir.F32, max(lanes/2, 1)) }

// storeNarrow rounds a value and stores it.
func (e *emitter) storeNarrow(s *ir.Store) {
	lanes := s.Value.Lanes()
	if lane, ok := s.Value.(*ir.Lane); ok {
		x, k := e.quarter(lane)
		e.storeWord(s.Buf.Type, x, k, e.address(s.Buf, s.At))
		return
	}
	v := e.value(s.Value)
	switch {
	case lanes == 1:
		e.storeWord(s.Buf.Type, asX(v), 0, e.address(s.Buf, s.At))
	case s.Mask != "" && e.target.VectorBytes < 64:
		e.storeTail(s, e.narrowed(s.Buf.Type, v, lanes))
	case s.Mask != "":
		e.narrow(s.Buf.Type, v, e.maskRegister(s.Mask, lanes), e.address(s.Buf, s.At))
	case lanes == 2:
		e.ctx.VMOVD(e.narrowed(s.Buf.Type, v, lanes), e.address(s.Buf, s.At))
	case s.Stream:
		// The address is a multiple of the vector's bytes: scheduling has put a test of that around.
		e.ctx.VMOVNTPS(e.narrowed(s.Buf.Type, v, lanes), e.address(s.Buf, s.At))
	case s.Buf.Type == ir.BF16 && e.target.VectorBytes < 64:
		h := e.narrowed(ir.BF16, v, lanes)
		if m := e.address(s.Buf, s.At); lanes == 4 {
			e.ctx.VMOVQ(h, m)
		} else {
			e.ctx.VMOVDQU(h, m)
		}
	default:
		e.narrow(s.Buf.Type, v, nil, e.address(s.Buf, s.At))
	}
}

// nearestEven is the rounding of VCVTPS2PH, whatever MXCSR has.
const nearestEven = operand.U8(0)

// storeWord rounds lane k of 128 bits and stores it.
func (e *emitter) storeWord(t ir.Type, x reg.VecVirtual, k int, m operand.Mem) {
	if t == ir.F16 {
		h := e.ctx.XMM()
		e.ctx.VCVTPS2PH(nearestEven, x, h)
		e.ctx.VPEXTRW(operand.U8(k), h, m)
		return
	}
	e.ctx.VPEXTRW(operand.U8(2*k+1), e.roundBF16(x, 4), m)
}

// narrow rounds the lanes of a register to elements next to each other, in memory or in a register; only the active ones where there is
// a mask.
func (e *emitter) narrow(t ir.Type, v reg.VecVirtual, mask reg.Register, to operand.Op) {
	ops := []operand.Op{v, to}
	if mask != nil {
		ops = []operand.Op{v, mask, to}
	}
	if t == ir.F16 {
		e.ctx.VCVTPS2PH(append([]operand.Op{nearestEven}, ops...)...)
		return
	}
	d := e.roundBF16(v, int(v.Size())/4)
	e.ctx.VPSRLD(operand.U8(16), d, d)
	ops[0] = d
	e.ctx.VPMOVDW(ops...)
}

// narrowed is narrow to a register of its own.
func (e *emitter) narrowed(t ir.Type, v reg.VecVirtual, lanes int) reg.VecVirtual {
	if t == ir.F16 || e.target.VectorBytes == 64 {
		h := e.halves(lanes)
		e.narrow(t, v, nil, h)
		return h
	}
	d := e.roundBF16(v, lanes)
	e.ctx.VPSRLD(operand.U8(16), d, d)
	low, high := asX(d), asX(d)
	if lanes == 8 {
		high = e.ctx.XMM()
		e.ctx.VEXTRACTI128(operand.U8(1), d, high)
	}
	h := e.ctx.XMM()
	e.ctx.VPACKUSDW(high, low, h)
	return h
}

// roundBF16 rounds float32 to bfloat16 in the upper half of each lane: to the bits half of the last place is added, less one where that is
// even, as carries then go up. A NaN becomes quiet instead.
//
//	bits + 0x7fff + (bits>>16 & 1), or bits | 0x400000
func (e *emitter) roundBF16(v reg.VecVirtual, lanes int) reg.VecVirtual {
	const unordered, quiet = operand.U8(3), 0x400000
	d := e.register(ir.F32, lanes)
	e.ctx.VPSRLD(operand.U8(16), v, d)
	e.bits(bitAnd, d, 1, d)
	e.ctx.VPADDD(v, d, d)
	e.bits(bitAdd, d, 0x7fff, d)
	if e.target.VectorBytes == 64 {
		k := e.ctx.K()
		e.ctx.VCMPPS(unordered, v, v, k)
		e.ctx.VPORD_BCST(e.pool.place(ir.F32, quiet), v, k, d)
		return d
	}
	isNaN, q := e.register(ir.F32, lanes), e.register(ir.F32, lanes)
	e.ctx.VCMPPS(unordered, v, v, isNaN)
	e.bits(bitOr, v, quiet, q)
	e.ctx.VBLENDVPS(isNaN, q, d, d)
	return d
}
