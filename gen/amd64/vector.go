package goasm

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// instruction is a method of avo's context: operands in Go's order, the destination last.
type instruction func(...operand.Op)

// three adapts a method with three operands.
func three(f func(a, b, c operand.Op)) instruction {
	return func(ops ...operand.Op) { f(ops[0], ops[1], ops[2]) }
}

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

// register returns a new vector register of the width that the lanes take.
func (e *emitter) register(t ir.Type, lanes int) reg.VecVirtual {
	switch bytes := t.Size() * lanes; {
	case bytes <= 16:
		return e.ctx.XMM()
	case bytes == 32:
		return e.ctx.YMM()
	case bytes == 64:
		return e.ctx.ZMM()
	}
	fail("no register has %d lanes of %s", lanes, t)
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
	e.choose(e.typ(), lanes, e.ctx.VMOVUPS, e.ctx.VMOVUPD, e.ctx.VMOVSS, e.ctx.VMOVSD)(from, to)
}

// store writes a store to a register buffer or to memory.
func (e *emitter) store(s *ir.Store) {
	if s.Buf.Space == ir.Register {
		dst, ok := e.vectors[s.Buf]
		if !ok {
			fail("register %s was not allocated", s.Buf.Name)
		}
		e.into(s.Value, dst, s.Buf)
		return
	}
	if lane, ok := s.Value.(*ir.Lane); ok && s.Mask == "" {
		e.storeLane(lane, e.address(s.Buf, s.At))
		return
	}
	v := e.value(s.Value)
	m := e.address(s.Buf, s.At)
	lanes := s.Value.Lanes()
	switch {
	case s.Mask != "":
		e.storeMasked(v, m, s.Mask, lanes)
	case s.Stream && lanes > 1:
		e.choose(e.typ(), lanes, func(o ...operand.Op) { e.ctx.VMOVNTPS(o[0], o[1]) },
			func(o ...operand.Op) { e.ctx.VMOVNTPD(o[0], o[1]) }, nil, nil)(v, m)
	default:
		e.move(v, m, lanes)
	}
}

// into computes a value in the given register, which holds dst.
func (e *emitter) into(x ir.Expr, r reg.VecVirtual, dst *ir.Buffer) {
	switch x := x.(type) {
	case *ir.FMA:
		if l, ok := x.Z.(*ir.Load); ok && l.Buf == dst {
			a, b := e.value(x.X), e.operand(x.Y)
			e.choose(e.typ(), x.Lanes(), e.ctx.VFMADD231PS, e.ctx.VFMADD231PD, e.ctx.VFMADD231SS, e.ctx.VFMADD231SD)(b, a, r)
			return
		}
		acc := e.register(e.typ(), x.Lanes())
		e.ctx.VMOVAPS(e.value(x.Z), acc)
		a, b := e.value(x.X), e.operand(x.Y)
		e.choose(e.typ(), x.Lanes(), e.ctx.VFMADD231PS, e.ctx.VFMADD231PD, e.ctx.VFMADD231SS, e.ctx.VFMADD231SD)(b, a, acc)
		e.ctx.VMOVAPS(acc, r)
	case *ir.Binary:
		a, b := e.value(x.X), e.operand(x.Y)
		e.binary(x.Op, x.Lanes())(b, a, r)
	case *ir.Const:
		e.constant(x, 1, r)
	case *ir.Broadcast:
		e.broadcast(x, r)
	case *ir.Load:
		if x.Buf.Space == ir.Register || len(x.Buf.Dims) == 0 {
			e.ctx.VMOVAPS(e.vectors[x.Buf], r)
			return
		}
		if x.Mask != "" {
			e.loadMasked(e.address(x.Buf, x.At), r, x.Mask, x.Lanes())
			return
		}
		e.move(e.address(x.Buf, x.At), r, x.Lanes())
	case *ir.HSum:
		e.sumLanes(e.value(x.X), x.X.Lanes(), r)
	case *ir.Tree:
		e.tree(x, r)
	case *ir.Lane:
		e.lane(x, r)
	case *ir.Unary:
		e.unary(x, r)
	default:
		fail("cannot compute a %T", x)
	}
}

// value returns a value in a register that must not be written.
func (e *emitter) value(x ir.Expr) reg.VecVirtual {
	if l, ok := x.(*ir.Load); ok && (l.Buf.Space == ir.Register || len(l.Buf.Dims) == 0) {
		r, ok := e.vectors[l.Buf]
		if !ok {
			fail("register %s was not allocated", l.Buf.Name)
		}
		return r
	}
	r := e.register(e.typ(), x.Lanes())
	e.into(x, r, nil)
	return r
}

// operand returns a value as the operand that may be in memory.
func (e *emitter) operand(x ir.Expr) operand.Op {
	if l, ok := x.(*ir.Load); ok && l.Buf.Space == ir.Memory && len(l.Buf.Dims) > 0 && l.Mask == "" {
		return e.address(l.Buf, l.At)
	}
	return e.value(x)
}

// binary is X op Y in Go's operand order: Y, X, destination. VMAXPS and VMINPS return their second source, here Y, unless the
// comparison holds, as FMax and FMin are defined.
func (e *emitter) binary(op ir.BinOp, lanes int) instruction {
	c := e.ctx
	switch op {
	case ir.FAdd:
		return e.choose(e.typ(), lanes, c.VADDPS, c.VADDPD, c.VADDSS, c.VADDSD)
	case ir.FSub:
		return e.choose(e.typ(), lanes, c.VSUBPS, c.VSUBPD, c.VSUBSS, c.VSUBSD)
	case ir.FMul:
		return e.choose(e.typ(), lanes, c.VMULPS, c.VMULPD, c.VMULSS, c.VMULSD)
	case ir.FDiv:
		return e.choose(e.typ(), lanes, c.VDIVPS, c.VDIVPD, c.VDIVSS, c.VDIVSD)
	case ir.FMax:
		return e.choose(e.typ(), lanes, c.VMAXPS, c.VMAXPD, c.VMAXSS, c.VMAXSD)
	case ir.FMin:
		return e.choose(e.typ(), lanes, c.VMINPS, c.VMINPD, c.VMINSS, c.VMINSD)
	}
	fail("unknown operator %d", op)
	return nil
}

// unary negates by flipping signs and divides 1 for reciprocals; exponentials and logarithms must be scheduled to polynomials.
func (e *emitter) unary(x *ir.Unary, r reg.VecVirtual) {
	lanes := x.Lanes()
	c := e.register(e.typ(), lanes)
	switch x.Op {
	case ir.Neg:
		e.constant(&ir.Const{Type: e.typ(), Value: math.Copysign(0, -1)}, lanes, c)
		e.ctx.VXORPS(e.value(x.X), c, r)
	case ir.Recip:
		e.constant(&ir.Const{Type: e.typ(), Value: 1}, lanes, c)
		e.binary(ir.FDiv, lanes)(e.operand(x.X), c, r)
	default:
		fail("cannot compute %s; schedule it to a polynomial", ir.FormatExpr(x))
	}
}

// constant fills all lanes with a constant.
func (e *emitter) constant(c *ir.Const, lanes int, r reg.VecVirtual) {
	if math.Float64bits(c.Value) == 0 {
		e.zero(r)
		return
	}
	g, low := e.ctx.GP64(), asX(r)
	if e.typ() == ir.F32 {
		e.ctx.MOVL(operand.U32(math.Float32bits(float32(c.Value))), g.As32())
		e.ctx.VMOVD(g.As32(), low)
	} else {
		e.ctx.MOVQ(operand.U64(math.Float64bits(c.Value)), g)
		e.ctx.VMOVQ(g, low)
	}
	if lanes > 1 {
		e.fill(low, r, lanes)
	}
}

// zero clears a register.
func (e *emitter) zero(r reg.VecVirtual) { e.ctx.VXORPS(r, r, r) }

// broadcast fills all lanes with a scalar.
func (e *emitter) broadcast(b *ir.Broadcast, r reg.VecVirtual) {
	if c, ok := b.X.(*ir.Const); ok {
		e.constant(c, b.Width, r)
		return
	}
	e.fill(e.operand(b.X), r, b.Width)
}

func (e *emitter) fill(from operand.Op, r reg.VecVirtual, lanes int) {
	switch {
	case e.typ() == ir.F32:
		e.ctx.VBROADCASTSS(from, r)
	case lanes == 2:
		e.ctx.VMOVDDUP(from, r)
	default:
		e.ctx.VBROADCASTSD(from, r)
	}
}

// asX, asY and asZ view the low 128, 256 or all 512 bits of a register.
func asX(r reg.VecVirtual) reg.VecVirtual { return r.AsX().(reg.VecVirtual) }
func asY(r reg.VecVirtual) reg.VecVirtual { return r.AsY().(reg.VecVirtual) }
func asZ(r reg.VecVirtual) reg.VecVirtual { return r.AsZ().(reg.VecVirtual) }
