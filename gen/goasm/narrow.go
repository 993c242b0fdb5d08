package goasm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
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

// every widens every other element of bfloat16: as 32 bits at a time lie in memory, an even one is in the lower half of a lane and an odd one in the
// upper half, where the other one is cleared.
func (e *emitter) every(x *ir.Every, r reg.VecVirtual) {
	l, ok := x.X.(*ir.Load)
	if !ok || l.Buf.Space != ir.Memory || l.Buf.Type != ir.BF16 || l.Mask != "" {
		fail("%s: want elements of bf16 in memory, without a mask", ir.FormatExpr(x))
	}
	const shift = operand.U8(16)
	m := e.address(l.Buf, l.At)
	switch evex := e.target.VectorBytes == 64; {
	case x.Odd && e.halvesMask != nil && evex:
		e.ctx.VPANDD(m, e.upperHalves(x.Lanes()), r)
	case x.Odd && e.halvesMask != nil:
		e.ctx.VANDPS(m, e.upperHalves(x.Lanes()), r)
	case x.Odd:
		e.ctx.VMOVUPS(m, r)
		e.bits(bitAnd, r, upperHalf, r)
	case evex:
		e.ctx.VPSLLD(shift, m, r)
	default:
		e.ctx.VMOVUPS(m, r)
		e.ctx.VPSLLD(shift, r, r)
	}
}

// upperHalf is that of a lane, in which a bfloat16 is.
const upperHalf = 0xffff0000

// holdUpperHalf puts it into all lanes of a register for a block that takes bfloat16 in pairs, a function or a loop, if none around it does and one is left,
// and reports whether it does: with two operands in memory a load of odd elements would take an instruction more.
func (e *emitter) holdUpperHalf(block []ir.Stmt, needs schedule.Pressure) bool {
	if e.loopNeeds == nil || e.halvesMask != nil || needs.Total() >= e.target.VectorRegs || !hasPairs(block) {
		return false
	}
	if e.target.VectorBytes == 64 {
		e.halvesMask = e.ctx.ZMM()
		e.ctx.VPBROADCASTD(e.pool.place(ir.F32, upperHalf), e.halvesMask)
	} else {
		e.halvesMask = e.ctx.YMM()
		e.ctx.VMOVUPS(e.pool.placeAll(ir.F32, upperHalf), e.halvesMask)
	}
	return true
}

// hasPairs reports whether vectors of bfloat16 are taken apart or put together in a block.
func hasPairs(body []ir.Stmt) bool {
	found := false
	ir.EachValue(body, func(x ir.Expr) {
		switch x.(type) {
		case *ir.Every, *ir.Zip:
			found = true
		}
	})
	return found
}

// upperHalves is a view of that register with so many lanes.
func (e *emitter) upperHalves(lanes int) reg.VecVirtual {
	switch {
	case lanes <= 4:
		return asX(e.halvesMask)
	case lanes == 8:
		return asY(e.halvesMask)
	}
	return e.halvesMask
}

// storeZip rounds two vectors and stores their lanes in turn, as bfloat16: those of the first one in the lower halves of 32 bits each.
func (e *emitter) storeZip(s *ir.Store, z *ir.Zip) {
	if s.Buf.Type != ir.BF16 || s.Mask != "" {
		fail("%s: want a store to elements of bf16 without a mask", ir.FormatExpr(z))
	}
	lanes := z.X.Lanes()
	x, y := e.value(z.X), e.value(z.Y)
	var pairs reg.VecVirtual
	if e.computed(z.X) && e.computed(z.Y) {
		pairs = e.roundPairs(x, y, lanes)
	} else {
		pairs = e.roundBF16(x, lanes)
		e.ctx.VPSRLD(operand.U8(16), pairs, pairs)
		e.upperFrom(e.roundBF16(y, lanes), lanes, pairs)
	}
	if m := e.address(s.Buf, s.At); s.Stream >= 16 {
		e.storePast(s, pairs, m)
	} else {
		e.ctx.VMOVUPS(pairs, m)
	}
}

// upperFrom puts the upper halves of another register's lanes in place of those of r, which are zero. The lower halves of the other one are of no account.
func (e *emitter) upperFrom(other reg.VecVirtual, lanes int, r reg.VecVirtual) {
	const orAnd, odd = 0xf8, 0b10101010 // r | other & mask
	e.blendHalves(orAnd, odd, other, lanes, r)
}

// lowerFrom puts the lower halves of another register's lanes in place of those of r, which are zero.
func (e *emitter) lowerFrom(other reg.VecVirtual, lanes int, r reg.VecVirtual) {
	const orAndNot, even = 0xf4, 0b01010101 // r | other & ^mask
	e.blendHalves(orAndNot, even, other, lanes, r)
}

// blendHalves puts halves of another register's lanes in place of those of r, which are zero: by a function of their bits and the mask of upper
// halves, or by words.
func (e *emitter) blendHalves(logic, words operand.U8, other reg.VecVirtual, lanes int, r reg.VecVirtual) {
	switch {
	case e.target.VectorBytes < 64:
		e.ctx.VPBLENDW(words, other, r, r)
	case e.halvesMask == nil:
		e.ctx.VPTERNLOGD_BCST(logic, e.pool.place(ir.F32, upperHalf), other, r)
	default:
		e.ctx.VPTERNLOGD(logic, e.upperHalves(lanes), other, r)
	}
}

// roundPairs rounds the lanes of two vectors to bfloat16, side by side: those of x in the lower halves. They have been computed, so that no NaN is a
// signalling one. What is kept of them are the words of one register, what is lost those of another one, and words are rounded to even:
//
//	up = (lost -| (^kept & 1)) >> 15
//	max(kept +| up, kept)
//
// The difference stops at 0: its highest bit says that more than half of the last place is lost, or half where kept is odd. The sum is one of signed words
// and stops at 0x7fff; the maximum, of words without sign, undoes that of 0xffff, which is 0. So the NaNs of most bits stay NaNs.
func (e *emitter) roundPairs(x, y reg.VecVirtual, lanes int) reg.VecVirtual {
	const half, one, sign = operand.U8(16), 0x00010001, operand.U8(15)
	kept, lost, up := e.register(ir.F32, lanes), e.register(ir.F32, lanes), e.register(ir.F32, lanes)
	e.ctx.VPSRLD(half, x, kept)
	e.upperFrom(y, lanes, kept)
	e.ctx.VPSLLD(half, y, lost)
	e.lowerFrom(x, lanes, lost)
	if e.target.VectorBytes == 64 {
		e.ctx.VPANDND_BCST(e.pool.place(ir.F32, one), kept, up)
	} else {
		e.ctx.VPANDN(e.pool.placeAll(ir.F32, one), kept, up)
	}
	e.ctx.VPSUBUSW(up, lost, up)
	e.ctx.VPSRLW(sign, up, up)
	e.ctx.VPADDSW(kept, up, up)
	e.ctx.VPMAXUW(kept, up, up)
	return up
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
		e.storeLaneNarrow(s, lane)
		return
	}
	if z, ok := s.Value.(*ir.Zip); ok {
		e.storeZip(s, z)
		return
	}
	v := e.value(s.Value)
	switch {
	case lanes == 1:
		w := e.words(s.Buf.Type, asX(v))
		e.ctx.VPEXTRW(w.place(0), w.reg, e.address(s.Buf, s.At))
	case s.Stream >= 16:
		e.storePast(s, e.narrowed(s.Buf.Type, v, lanes), e.address(s.Buf, s.At))
	case s.Mask != "" && e.target.VectorBytes < 64:
		e.storeTail(s, e.narrowed(s.Buf.Type, v, lanes))
	case s.Mask != "":
		e.narrow(s.Buf.Type, v, e.maskRegister(s.Mask, lanes), e.address(s.Buf, s.At))
	case lanes == 2:
		e.ctx.VMOVD(e.narrowed(s.Buf.Type, v, lanes), e.address(s.Buf, s.At))
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

// roundedWords are 128 bits of lanes, rounded, and what they are the lanes of.
type roundedWords struct {
	reg  reg.VecVirtual
	of   string // the vector
	from int    // its first lane here
	typ  ir.Type
}

// place is the word in which lane k, of the four, is.
func (w roundedWords) place(k int) operand.U8 {
	if w.typ == ir.BF16 { // the upper half of the lane
		return operand.U8(2*k + 1)
	}
	return operand.U8(k)
}

// words rounds four lanes.
func (e *emitter) words(t ir.Type, x reg.VecVirtual) roundedWords {
	w := roundedWords{typ: t}
	if t == ir.BF16 {
		w.reg = e.roundBF16(x, 4)
	} else {
		w.reg = e.ctx.XMM()
		e.ctx.VCVTPS2PH(nearestEven, x, w.reg)
	}
	return w
}

// storeLaneNarrow rounds a lane and stores it. Statements that store other lanes of the vector next find them rounded.
func (e *emitter) storeLaneNarrow(s *ir.Store, lane *ir.Lane) {
	of, from := ir.FormatExpr(lane.X), lane.K&^3
	if e.held(lane.X) == nil {
		e.rounded = nil // a value that is computed here
	}
	if w := e.rounded; w == nil || w.of != of || w.from != from || w.typ != s.Buf.Type {
		x, _ := e.quarter(lane)
		w := e.words(s.Buf.Type, x)
		w.of, w.from = of, from
		e.rounded = &w
	}
	e.ctx.VPEXTRW(e.rounded.place(lane.K-from), e.rounded.reg, e.address(s.Buf, s.At))
}

// keepsRounded reports whether a statement stores a lane in 16 bits, which changes no vector.
func keepsRounded(s ir.Stmt) bool {
	st, ok := s.(*ir.Store)
	if !ok || st.Buf.Space != ir.Memory || !st.Buf.Type.Narrow() {
		return false
	}
	_, ok = st.Value.(*ir.Lane)
	return ok
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
	e.ctx.VPSHUFB(e.pool.placeAll(ir.F64, upperWords), d, d)
	if lanes == 8 {
		e.ctx.VPERMQ(operand.U8(0b1000), d, d) // the first halves of both 128 bits side by side
	}
	return asX(d)
}

// upperWords are the bytes of the upper words of four lanes, for VPSHUFB.
const upperWords = 0x0f0e0b0a07060302

// roundBF16 rounds float32 to bfloat16 in the upper half of each lane: to the bits half of the last place is added, less one where that is
// even, as carries then go up. A NaN becomes quiet instead.
//
//	bits + 0x7fff + (bits>>16 & 1), or bits | 0x400000
func (e *emitter) roundBF16(v reg.VecVirtual, lanes int) reg.VecVirtual {
	const unordered, half, quiet = operand.U8(3), 0x7fff, 0x400000
	d := e.register(ir.F32, lanes)
	if e.target.VectorBytes == 64 {
		isOdd, isNaN := e.ctx.K(), e.ctx.K()
		e.ctx.VPTESTMD_BCST(e.pool.place(ir.F32, 1<<16), v, isOdd)
		e.bits(bitAdd, v, half, d)
		e.ctx.VPADDD_BCST(e.pool.place(ir.F32, half+1), v, isOdd, d)
		e.ctx.VCMPPS(unordered, v, v, isNaN)
		e.ctx.VPORD_BCST(e.pool.place(ir.F32, quiet), v, isNaN, d)
		return d
	}
	isNaN := e.register(ir.F32, lanes)
	e.ctx.VPSRLD(operand.U8(16), v, d)
	e.bits(bitAnd, d, 1, d)
	e.bits(bitAdd, d, half, d)
	e.ctx.VCMPPS(unordered, v, v, isNaN)
	e.ctx.VANDNPS(d, isNaN, d)
	e.ctx.VPADDD(v, d, d)
	e.bits(bitAnd, isNaN, quiet, isNaN)
	e.ctx.VORPS(isNaN, d, d)
	return d
}

// computed reports whether a value comes from arithmetic, be it held in a register: then no NaN is a signalling one.
func (e *emitter) computed(x ir.Expr) bool {
	if l, ok := x.(*ir.Load); ok && l.Buf.Space == ir.Register {
		return !e.rawRegisters()[l.Buf.Name]
	}
	return arithmetic(x)
}

// rawRegisters are those that hold, anywhere in the function, what is not arithmetic, by name; found once.
func (e *emitter) rawRegisters() map[string]bool {
	if e.raw != nil {
		return e.raw
	}
	e.raw = map[string]bool{}
	ir.Each(e.normal, func(s ir.Stmt) {
		if st, ok := s.(*ir.Store); ok && st.Buf.Space == ir.Register && !arithmetic(st.Value) {
			e.raw[st.Buf.Name] = true
		}
	})
	return e.raw
}

// arithmetic reports whether a value is computed where it stands, or a constant.
func arithmetic(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.FMA, *ir.Const:
		return true
	case *ir.Binary:
		return x.Op == ir.FAdd || x.Op == ir.FSub || x.Op == ir.FMul || x.Op == ir.FDiv
	case *ir.Broadcast:
		return arithmetic(x.X)
	}
	return false
}
