package goasm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// family is an arithmetic instruction in all its forms: for vectors, for scalars, and for vectors with the operand that may be in
// memory broadcast from there.
type family struct{ ps, pd, ss, sd, psSpread, pdSpread instruction }

// arith picks the form for the type, the lanes and the first operand.
func (e *emitter) arith(lanes int, f *family) instruction {
	return func(ops ...operand.Op) {
		form := e.choose(e.typ(), lanes, f.ps, f.pd, f.ss, f.sd)
		if m, ok := ops[0].(spread); ok {
			form = e.choose(e.typ(), lanes, f.psSpread, f.pdSpread, nil, nil)
			ops = append([]operand.Op{m.Mem}, ops[1:]...)
		}
		form(ops...)
	}
}

// binary is X op Y in Go's operand order: Y, X, destination. VMAXPS and VMINPS return their second source, here Y, unless the
// comparison holds, as FMax and FMin are defined.
func (e *emitter) binary(op ir.BinOp, lanes int) instruction {
	c := e.ctx
	switch op {
	case ir.FAdd:
		return e.arith(lanes, &family{c.VADDPS, c.VADDPD, c.VADDSS, c.VADDSD, c.VADDPS_BCST, c.VADDPD_BCST})
	case ir.FSub:
		return e.arith(lanes, &family{c.VSUBPS, c.VSUBPD, c.VSUBSS, c.VSUBSD, c.VSUBPS_BCST, c.VSUBPD_BCST})
	case ir.FMul:
		return e.arith(lanes, &family{c.VMULPS, c.VMULPD, c.VMULSS, c.VMULSD, c.VMULPS_BCST, c.VMULPD_BCST})
	case ir.FDiv:
		return e.arith(lanes, &family{c.VDIVPS, c.VDIVPD, c.VDIVSS, c.VDIVSD, c.VDIVPS_BCST, c.VDIVPD_BCST})
	case ir.FMax:
		return e.arith(lanes, &family{c.VMAXPS, c.VMAXPD, c.VMAXSS, c.VMAXSD, c.VMAXPS_BCST, c.VMAXPD_BCST})
	case ir.FMin:
		return e.arith(lanes, &family{c.VMINPS, c.VMINPD, c.VMINSS, c.VMINSD, c.VMINPS_BCST, c.VMINPD_BCST})
	}
	fail("unknown operator %d", op)
	return nil
}

// unary negates by flipping signs, divides 1 for reciprocals, and takes values apart by operations on their bits. Exponentials and
// logarithms are polynomials by now.
func (e *emitter) unary(x *ir.Unary, r reg.VecVirtual) {
	lanes := x.Lanes()
	switch x.Op {
	case ir.Neg:
		e.bits(bitXor, e.value(x.X), bitsOf(e.typ(), negativeZero), r)
	case ir.Recip:
		one := e.register(e.typ(), lanes)
		e.constant(&ir.Const{Type: e.typ(), Value: 1}, lanes, one)
		e.binary(ir.FDiv, lanes)(e.operand(x.X), one, r)
	case ir.Exponent:
		e.exponent(e.value(x.X), lanes, r)
	case ir.Mantissa:
		e.mantissa(e.value(x.X), lanes, r)
	default:
		fail("cannot compute %s; schedule it to a polynomial", ir.FormatExpr(x))
	}
}

// lanewise chooses between two values in each lane: the comparison gives a mask, or on AVX2 a vector of ones and zeros.
func (e *emitter) lanewise(x *ir.Choose, r reg.VecVirtual) {
	e.sameLanes(x, x.A, x.B, x.X, x.Y)
	c, lanes := e.ctx, x.Lanes()
	y, a := e.value(x.Y), e.value(x.A)
	b := e.operand(x.B)
	compare := e.arith(lanes, &family{with(c.VCMPPS, x.Op), with(c.VCMPPD, x.Op), with(c.VCMPSS, x.Op), with(c.VCMPSD, x.Op),
		with(c.VCMPPS_BCST, x.Op), with(c.VCMPPD_BCST, x.Op)})
	// A scalar is chosen with the lanes above it, which are whatever they are; so it is not read from memory.
	chosen := func() operand.Op {
		if lanes == 1 {
			return e.value(x.X)
		}
		return e.operand(x.X)
	}
	if e.target.VectorBytes == 64 {
		k := c.K()
		compare(b, a, k)
		blend := &family{ps: c.VBLENDMPS, pd: c.VBLENDMPD, psSpread: c.VBLENDMPS_BCST, pdSpread: c.VBLENDMPD_BCST}
		e.arith(max(lanes, 2), blend)(chosen(), y, k, r)
		return
	}
	ones := e.register(e.typ(), lanes)
	compare(b, a, ones)
	blend := e.choose(e.typ(), 2, func(o ...operand.Op) { c.VBLENDVPS(o[0], o[1], o[2], o[3]) },
		func(o ...operand.Op) { c.VBLENDVPD(o[0], o[1], o[2], o[3]) }, nil, nil)
	blend(ones, chosen(), y, r)
}

// with puts the predicate of a comparison before the operands. The predicates raise no exception for quiet NaN.
func with(compare instruction, op ir.CmpOp) instruction {
	predicate := map[ir.CmpOp]operand.U8{ir.LT: 0x11, ir.LE: 0x12, ir.EQ: 0x00, ir.NE: 0x04, ir.GE: 0x1d, ir.GT: 0x1e}[op]
	return func(ops ...operand.Op) { compare(append([]operand.Op{predicate}, ops...)...) }
}
