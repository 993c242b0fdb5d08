package goasm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// instruction is a method of avo's context: operands in Go's order, the destination last.
type instruction func(...operand.Op)

// choose picks the instruction for the element type, and for scalars or vectors.
func (e *emitter) choose(t ir.Type, lanes int, ps, pd, ss, sd instruction) instruction {
	switch {
	case lanes > 1 && t == ir.F32:
		return ps
	case lanes > 1:
		return pd
	case t == ir.F32:
		return ss
	}
	return sd
}

// register returns a new vector register of the width that the lanes take. Scalars, and two lanes of f32, are in the low part of 128
// bits.
func (e *emitter) register(t ir.Type, lanes int) reg.VecVirtual {
	bytes := t.Size() * lanes
	switch {
	case bytes <= 16:
		return e.ctx.XMM()
	case bytes == 32 && e.target.VectorBytes >= 32:
		return e.ctx.YMM()
	case bytes == 64 && e.target.VectorBytes >= 64:
		return e.ctx.ZMM()
	}
	fail("%d lanes of %s are no vector register of %s, which have 128 to %d bits", lanes, t, e.target.Name, 8*e.target.VectorBytes)
	return nil
}

// typ is the type of all values of the program.
func (e *emitter) typ() ir.Type { return e.prog.Type }

// move copies between memory and a register, or two registers.
func (e *emitter) move(from, to operand.Op, lanes int) {
	_, isReg := from.(reg.Register)
	_, toReg := to.(reg.Register)
	if isReg && toReg {
		e.ctx.VMOVAPS(from, to)
		return
	}
	if e.half(lanes) {
		e.ctx.VMOVSD(from, to)
		return
	}
	e.choose(e.typ(), lanes, e.ctx.VMOVUPS, e.ctx.VMOVUPD, e.ctx.VMOVSS, e.ctx.VMOVSD)(from, to)
}

// half reports whether a vector has 64 bits: an instruction that takes a vector from memory would read 128.
func (e *emitter) half(lanes int) bool { return lanes > 1 && lanes*e.typ().Size() == 8 }

// store writes a store to a register buffer or to memory.
func (e *emitter) store(s *ir.Store) {
	lanes := s.Value.Lanes()
	if s.Buf.Space == ir.Register {
		r := e.element(s.Buf, s.At)
		if lanes != max(s.Buf.Lanes, 1) || s.Mask != "" {
			fail("register buffer %s: got %d lanes and mask %q, want %d and none", s.Buf.Name, lanes, s.Mask, max(s.Buf.Lanes, 1))
		}
		e.into(s.Value, r)
		return
	}
	if len(s.Buf.Dims) == 0 {
		fail("store to %s, which is passed by value", s.Buf.Name)
	}
	if s.Buf.Type.Narrow() {
		e.storeNarrow(s)
		return
	}
	if lane, ok := s.Value.(*ir.Lane); ok && s.Mask == "" {
		x, k := e.quarter(lane)
		e.storeLane(x, k, e.address(s.Buf, s.At))
		return
	}
	v := e.value(s.Value)
	m := e.address(s.Buf, s.At)
	switch {
	case s.Stream >= 16:
		e.storePast(s, v, m)
	case s.Mask != "":
		e.storeMasked(v, m, s.Mask, lanes)
	default:
		e.move(v, m, lanes)
	}
}

// storePast stores the bytes of a vector, or those of its active lanes, past the cache, in pieces that lie at multiples of their bytes: scheduling
// has put a test of that around.
func (e *emitter) storePast(s *ir.Store, v reg.VecVirtual, m operand.Mem) {
	bytes := s.Bytes()
	if s.Mask != "" {
		count, ok := e.findMask(s.Mask, s.Value.Lanes()).count.(ir.Int)
		if !ok {
			fail("mask %s: want a number of lanes to store past the cache", s.Mask)
		}
		bytes = int(count) * s.Buf.Type.Size()
	}
	for from := 0; from < bytes; from += s.Stream {
		if p, to := e.piece(v, from, s.Stream), m.Offset(from); s.Buf.Type == ir.F64 {
			e.ctx.VMOVNTPD(p, to)
		} else {
			e.ctx.VMOVNTPS(p, to)
		}
	}
}

// piece is so many bytes of a register, from a multiple of them on.
func (e *emitter) piece(v reg.VecVirtual, from, bytes int) reg.VecVirtual {
	whole := int(v.Size())
	switch {
	case bytes == whole:
		return v
	case from == 0 && bytes == 32:
		return asY(v)
	case from == 0:
		return asX(v)
	case bytes == 32:
		y := e.ctx.YMM()
		e.ctx.VEXTRACTF64X4(operand.U8(1), v, y)
		return y
	case whole == 64:
		x := e.ctx.XMM()
		e.ctx.VEXTRACTF32X4(operand.U8(from/16), v, x)
		return x
	}
	x := e.ctx.XMM()
	e.ctx.VEXTRACTF128(operand.U8(1), v, x)
	return x
}

// asX, asY and asZ view the low 128, 256 or all 512 bits of a register.
func asX(r reg.VecVirtual) reg.VecVirtual { return r.AsX().(reg.VecVirtual) }
func asY(r reg.VecVirtual) reg.VecVirtual { return r.AsY().(reg.VecVirtual) }
func asZ(r reg.VecVirtual) reg.VecVirtual { return r.AsZ().(reg.VecVirtual) }
