package goasm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// AVX2 has no masked loads and stores of 16 bits. Of up to eight elements a number that is known goes in pieces, so that nothing behind the
// last one is touched:
//
//	7 = 4 + 2 + 1    elements 0 to 3, 4 and 5, 6
//
// A number that is not known goes one by one: code that branches for each piece would be longer than all the rest of a loop.

// loadTail loads the active elements of 16 bits into the low part of a register, zeros above.
func (e *emitter) loadTail(l *ir.Load) reg.VecVirtual {
	mask, x := e.findMask(l.Mask, l.Lanes()), e.ctx.XMM()
	if n, ok := mask.count.(ir.Int); ok {
		e.loadPieces(e.address(l.Buf, l.At), int(n), x)
		return x
	}
	n, p := e.elements(mask, l.Buf, l.At)
	more, end := e.label("more"), e.label("loaded")
	e.ctx.VPXOR(x, x, x)
	e.ctx.TESTQ(n, n)
	e.ctx.JEQ(operand.LabelRef(end))
	e.ctx.Label(more) // from the last element to the first, each below those that are there
	e.ctx.VPSLLDQ(operand.U8(2), x, x)
	e.ctx.VPINSRW(operand.U8(0), operand.Mem{Base: p, Disp: -2, Index: n, Scale: 2}, x, x)
	e.ctx.SUBQ(imm32(1), n)
	e.ctx.JNE(operand.LabelRef(more))
	e.ctx.Label(end)
	return x
}

// storeTail stores the active ones of the elements of 16 bits in a register, which it uses up.
func (e *emitter) storeTail(s *ir.Store, x reg.VecVirtual) {
	mask := e.findMask(s.Mask, s.Value.Lanes())
	if n, ok := mask.count.(ir.Int); ok {
		e.storePieces(x, e.address(s.Buf, s.At), int(n))
		return
	}
	n, p := e.elements(mask, s.Buf, s.At)
	more, end := e.label("more"), e.label("stored")
	e.ctx.TESTQ(n, n)
	e.ctx.JEQ(operand.LabelRef(end))
	e.ctx.Label(more)
	e.ctx.VPEXTRW(operand.U8(0), x, operand.Mem{Base: p})
	e.ctx.VPSRLDQ(operand.U8(2), x, x)
	e.ctx.ADDQ(imm32(2), p)
	e.ctx.SUBQ(imm32(1), n)
	e.ctx.JNE(operand.LabelRef(more))
	e.ctx.Label(end)
}

// elements are the number of active elements and a pointer to the first, in registers of their own.
func (e *emitter) elements(m mask, b *ir.Buffer, at []ir.Index) (n, p reg.GPVirtual) {
	n, p = e.integer(m.count), e.ctx.GP64()
	e.ctx.LEAQ(e.address(b, at), p)
	return n, p
}

// loadPieces loads a number of elements that is known.
func (e *emitter) loadPieces(m operand.Mem, n int, x reg.VecVirtual) {
	switch {
	case n == 8:
		e.ctx.VMOVDQU(m, x)
		return
	case n >= 4:
		e.ctx.VMOVQ(m, x)
	case n >= 2:
		e.ctx.VMOVD(m, x)
	default:
		e.ctx.VPXOR(x, x, x)
	}
	if n&6 == 6 {
		e.ctx.VPINSRD(operand.U8(2), m.Offset(8), x, x)
	}
	if n&1 == 1 {
		e.ctx.VPINSRW(operand.U8(n-1), m.Offset(2*(n-1)), x, x)
	}
}

// storePieces stores a number of elements that is known.
func (e *emitter) storePieces(x reg.VecVirtual, m operand.Mem, n int) {
	switch {
	case n == 8:
		e.ctx.VMOVDQU(x, m)
		return
	case n >= 4:
		e.ctx.VMOVQ(x, m)
	case n >= 2:
		e.ctx.VMOVD(x, m)
	}
	if n&6 == 6 {
		e.ctx.VPEXTRD(operand.U8(2), x, m.Offset(8))
	}
	if n&1 == 1 {
		e.ctx.VPEXTRW(operand.U8(n-1), x, m.Offset(2*(n-1)))
	}
}
