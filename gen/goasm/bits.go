package goasm

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// negativeZero has the sign bit alone.
var negativeZero = math.Copysign(0, -1)

// bitOp is an operation of the lanes of a register, as integers, with a constant.
type bitOp uint8

const (
	bitAnd bitOp = iota
	bitOr
	bitXor
	bitAdd
)

// bits applies an operation with the same constant to all lanes. A scalar is one with all that is in the register.
func (e *emitter) bits(op bitOp, x reg.VecVirtual, constant uint64, r reg.VecVirtual) {
	c := e.ctx
	var f *family
	switch evex := e.target.VectorBytes == 64; {
	case op == bitAdd:
		f = &family{ps: c.VPADDD, pd: c.VPADDQ, psSpread: c.VPADDD_BCST, pdSpread: c.VPADDQ_BCST}
	case op == bitAnd && evex:
		f = &family{psSpread: c.VPANDD_BCST, pdSpread: c.VPANDQ_BCST}
	case op == bitOr && evex:
		f = &family{psSpread: c.VPORD_BCST, pdSpread: c.VPORQ_BCST}
	case op == bitXor && evex:
		f = &family{psSpread: c.VPXORD_BCST, pdSpread: c.VPXORQ_BCST}
	case op == bitAnd:
		f = &family{ps: c.VANDPS, pd: c.VANDPD}
	case op == bitOr:
		f = &family{ps: c.VORPS, pd: c.VORPD}
	default:
		f = &family{ps: c.VXORPS, pd: c.VXORPD}
	}
	e.arith(2, f)(e.all(constant), x, r)
}

// layout is how a type's bits are shared out.
type layout struct {
	fraction int    // bits of the fraction
	bias     int    // of the exponent
	one      uint64 // the number 1
	centre   uint64 // sqrt(1/2), where the mantissas of ir.Mantissa start
	integer  uint64 // 2^fraction: in what is or'ed to it, one in the last place is one
}

func (e *emitter) layout() layout {
	if e.typ() == ir.F32 {
		return layout{23, 127, 0x3f800000, 0x3f3504f3, 0x4b000000}
	}
	return layout{52, 1023, 0x3ff0000000000000, 0x3fe6a09e667f3bcd, 0x4330000000000000}
}

// exponent is [ir.Exponent]: the exponent's bits as the lowest ones of a number whose last place is one, less that number and the bias.
func (e *emitter) exponent(x reg.VecVirtual, lanes int, r reg.VecVirtual) {
	l, t := e.layout(), e.register(e.typ(), lanes)
	e.bits(bitAdd, x, l.one-l.centre, t)
	e.choose(e.typ(), 2, e.ctx.VPSRLD, e.ctx.VPSRLQ, nil, nil)(operand.U8(l.fraction), t, t)
	e.bits(bitOr, t, l.integer, t)
	less := &ir.Const{Type: e.typ(), Value: math.Ldexp(1, l.fraction) + float64(l.bias)}
	e.binary(ir.FSub, lanes)(e.equal(less, lanes), t, r)
}

// mantissa is [ir.Mantissa].
func (e *emitter) mantissa(x reg.VecVirtual, lanes int, r reg.VecVirtual) {
	l, t := e.layout(), e.register(e.typ(), lanes)
	e.bits(bitAdd, x, l.one-l.centre, t)
	e.bits(bitAnd, t, 1<<l.fraction-1, t)
	e.bits(bitAdd, t, l.centre, r)
}

// equal is a constant as an operand, in each of some lanes.
func (e *emitter) equal(c *ir.Const, lanes int) operand.Op {
	if lanes > 1 {
		return e.operand(&ir.Broadcast{X: c, Width: lanes})
	}
	return e.operand(c)
}

// scaled is [ir.Scale]: one instruction, or two products with powers of two of which each has half of the exponent, so that both are
// normal. A power is made of its exponent n: with 1.5*2^fraction + bias added, the low bits of the sum are those of n + bias.
func (e *emitter) scaled(x *ir.Binary, r reg.VecVirtual) {
	c, lanes := e.ctx, x.Lanes()
	v := e.value(x.X)
	if e.target.VectorBytes == 64 {
		e.arith(lanes, &family{c.VSCALEFPS, c.VSCALEFPD, c.VSCALEFSS, c.VSCALEFSD, c.VSCALEFPS_BCST, c.VSCALEFPD_BCST})(e.operand(x.Y), v, r)
		return
	}
	n, l := e.value(x.Y), e.layout()
	a, b := e.register(e.typ(), lanes), e.register(e.typ(), lanes)
	number := func(v float64) *ir.Const { return &ir.Const{Type: e.typ(), Value: v} }
	magic := 1.5*math.Ldexp(1, l.fraction) + float64(l.bias)
	e.constant(number(magic), lanes, a)
	e.arith(lanes, &family{ps: c.VFMADD231PS, pd: c.VFMADD231PD, ss: c.VFMADD231SS, sd: c.VFMADD231SD})(e.equal(number(0.5), lanes), n, a)
	e.binary(ir.FSub, lanes)(a, n, b) // n less its half, and the magic number once more: both are exact
	e.binary(ir.FAdd, lanes)(e.equal(number(2*magic), lanes), b, b)
	shift := e.choose(e.typ(), 2, c.VPSLLD, c.VPSLLQ, nil, nil)
	shift(operand.U8(l.fraction), a, a)
	shift(operand.U8(l.fraction), b, b)
	e.binary(ir.FMul, lanes)(a, v, a)
	e.binary(ir.FMul, lanes)(b, a, r)
}
