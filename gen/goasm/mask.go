package goasm

import (
	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// maskTable is 32 bytes of ones and 32 of zeros: a mask of n bytes is what stands from 32-n on.
const maskTable = "pyragenMask"

func maskAddress() operand.Mem { return operand.NewDataAddr(operand.NewStaticSymbol(maskTable), 0) }

// mask is the register of a mask, nil where none is wanted, and how many lanes are active.
type mask struct {
	reg   reg.Register
	lanes int
	count ir.Index
}

// mask puts a mask into a register: on AVX-512 a mask register, else a vector with the sign bits of the active lanes set.
func (e *emitter) mask(s *ir.LetMask) {
	if c, ok := s.Count.(ir.Int); ok && (c < 0 || int(c) > s.Lanes) {
		fail("mask %s: %d of %d lanes", s.Name, c, s.Lanes)
	}
	if s.Type != e.typ() {
		fail("mask %s is for %s, want %s", s.Name, s.Type, e.typ())
	}
	if e.target.VectorBytes == 64 {
		e.masks[s.Name] = mask{e.bitMask(s), s.Lanes, s.Count}
		return
	}
	if !e.vectorMasks[s.Name] {
		e.masks[s.Name] = mask{nil, s.Lanes, s.Count}
		return
	}
	v := e.register(s.Type, s.Lanes)
	size := s.Type.Size()
	table := maskAddress()
	if c, ok := s.Count.(ir.Int); ok {
		table.Disp = 32 - int(c)*size
		e.ctx.VMOVUPS(table, v)
	} else {
		n, base := e.integer(s.Count), e.ctx.GP64()
		e.ctx.NEGQ(n)
		e.ctx.LEAQ(table, base)
		e.ctx.VMOVUPS(operand.Mem{Base: base, Disp: 32, Index: n, Scale: uint8(size)}, v)
	}
	e.masks[s.Name] = mask{v, s.Lanes, s.Count}
}

// vectorMasks are the masks of a body that AVX2 wants as vectors: those of elements in 32 and 64 bits. For those in 16 bits it has no
// masked instructions.
func vectorMasks(body []ir.Stmt) map[string]bool {
	wide := map[string]bool{}
	ir.Rewrite{
		Stmt: func(s ir.Stmt) []ir.Stmt {
			if st, ok := s.(*ir.Store); ok && !st.Buf.Type.Narrow() {
				wide[st.Mask] = true
			}
			return []ir.Stmt{s}
		},
		Expr: func(x ir.Expr) ir.Expr {
			if l, ok := x.(*ir.Load); ok && !l.Buf.Type.Narrow() {
				wide[l.Mask] = true
			}
			return x
		},
	}.OfStmts(body)
	delete(wide, "")
	return wide
}

// bitMask is 2^count - 1.
func (e *emitter) bitMask(s *ir.LetMask) reg.Register {
	k, g := e.ctx.K(), e.ctx.GP32()
	if c, ok := s.Count.(ir.Int); ok {
		e.ctx.MOVL(operand.U32(1<<uint(c)-1), g)
	} else {
		n := e.integer(s.Count)
		e.ctx.MOVL(operand.U32(1<<32-1), g)
		e.ctx.BZHIL(n.As32(), g, g)
	}
	e.ctx.KMOVW(g, k)
	return k
}

func (e *emitter) maskRegister(name string, lanes int) reg.Register {
	return e.findMask(name, lanes).reg
}

func (e *emitter) findMask(name string, lanes int) mask {
	m, ok := e.masks[name]
	if !ok || m.lanes != lanes {
		fail("mask %s was not defined for %d lanes", name, lanes)
	}
	return m
}

// loadMasked loads the active lanes and clears the others; what is masked off is not touched.
func (e *emitter) loadMasked(m operand.Mem, r reg.VecVirtual, mask string, lanes int) {
	k := e.maskRegister(mask, lanes)
	f64 := e.typ() == ir.F64
	switch {
	case e.target.VectorBytes == 64 && f64:
		e.ctx.VMOVUPD_Z(m, k, r)
	case e.target.VectorBytes == 64:
		e.ctx.VMOVUPS_Z(m, k, r)
	case f64:
		e.ctx.VMASKMOVPD(m, k, r)
	default:
		e.ctx.VMASKMOVPS(m, k, r)
	}
}

// storeMasked stores the active lanes.
func (e *emitter) storeMasked(v reg.VecVirtual, m operand.Mem, mask string, lanes int) {
	k := e.maskRegister(mask, lanes)
	f64 := e.typ() == ir.F64
	switch {
	case e.target.VectorBytes == 64 && f64:
		e.ctx.VMOVUPD(v, k, m)
	case e.target.VectorBytes == 64:
		e.ctx.VMOVUPS(v, k, m)
	case f64:
		e.ctx.VMASKMOVPD(v, k, m)
	default:
		e.ctx.VMASKMOVPS(v, k, m)
	}
}

// masks is the table.
func masks() *avo.Global {
	const ones = 1<<64 - 1
	return table(maskTable, []uint64{ones, ones, ones, ones, 0, 0, 0, 0}, func(v uint64) operand.Constant { return operand.U64(v) })
}
