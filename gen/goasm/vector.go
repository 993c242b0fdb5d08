package goasm

import (
	"maps"
	"math"

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

// register returns a new vector register of the width that the lanes take. Scalars are in the low lane of 128 bits.
func (e *emitter) register(t ir.Type, lanes int) reg.VecVirtual {
	bytes := t.Size() * lanes
	switch {
	case lanes == 1 || bytes == 16:
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
	e.choose(e.typ(), lanes, e.ctx.VMOVUPS, e.ctx.VMOVUPD, e.ctx.VMOVSS, e.ctx.VMOVSD)(from, to)
}

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
	if lane, ok := s.Value.(*ir.Lane); ok && s.Mask == "" {
		x, k := e.quarter(lane)
		e.storeLane(x, k, e.address(s.Buf, s.At))
		return
	}
	v := e.value(s.Value)
	m := e.address(s.Buf, s.At)
	switch {
	case s.Mask != "":
		e.storeMasked(v, m, s.Mask, lanes)
	case s.Stream && lanes > 1:
		// The address is a multiple of the vector's bytes: scheduling has put a test of that around.
		e.choose(e.typ(), lanes, func(o ...operand.Op) { e.ctx.VMOVNTPS(o[0], o[1]) },
			func(o ...operand.Op) { e.ctx.VMOVNTPD(o[0], o[1]) }, nil, nil)(v, m)
	default:
		e.move(v, m, lanes)
	}
}

// into computes a value in the given register. What the value is made of may be in that register too: it is written last.
func (e *emitter) into(x ir.Expr, r reg.VecVirtual) {
	switch x := x.(type) {
	case *ir.FMA:
		e.fma(x, r)
	case *ir.Binary:
		e.sameLanes(x, x.X, x.Y)
		a, b := e.value(x.X), e.operand(x.Y)
		e.binary(x.Op, x.Lanes())(b, a, r)
	case *ir.Const:
		e.constant(x, 1, r)
	case *ir.Broadcast:
		e.broadcast(x, r)
	case *ir.Load:
		e.load(x, r)
	case *ir.HSum:
		e.sumLanes(e.value(x.X), x.X.Lanes(), r)
	case *ir.Tree:
		e.tree(x, r)
	case *ir.Lane:
		e.lane(x, r)
	case *ir.Unary:
		e.unary(x, r)
	case *ir.Select:
		e.choice(x, r)
	default:
		fail("cannot compute a %T", x)
	}
}

func (e *emitter) load(x *ir.Load, r reg.VecVirtual) {
	if held := e.held(x); held != nil {
		if held.ID() != r.ID() {
			e.ctx.VMOVAPS(held, r)
		}
		return
	}
	switch {
	case len(x.Buf.Dims) == 0:
		e.move(e.argument(x.Buf.Name), r, 1)
	case x.Mask != "":
		e.loadMasked(e.address(x.Buf, x.At), r, x.Mask, x.Lanes())
	default:
		e.move(e.address(x.Buf, x.At), r, x.Lanes())
	}
}

// held returns the register that a value is in already, or nil.
func (e *emitter) held(x ir.Expr) reg.VecVirtual {
	if l, ok := x.(*ir.Load); ok && l.Buf.Space == ir.Register {
		return e.element(l.Buf, l.At)
	}
	return nil
}

// inMemory reports whether an instruction can read a value from memory as it is.
func inMemory(x ir.Expr) bool {
	if c, ok := x.(*ir.Const); ok {
		return !isZero(c)
	}
	l, ok := x.(*ir.Load)
	return ok && l.Buf.Space == ir.Memory && l.Mask == ""
}

// fma is X*Y + Z. The instruction overwrites one of the three: the sum where that is in the register already, or else a factor; the
// product does not mind the order of its factors, so that the one in memory can be the memory operand.
func (e *emitter) fma(x *ir.FMA, r reg.VecVirtual) {
	e.sameLanes(x, x.X, x.Y, x.Z)
	lanes, c := x.Lanes(), e.ctx
	a, b := x.X, x.Y
	isIn := func(y ir.Expr) bool { h := e.held(y); return h != nil && h.ID() == r.ID() }
	if inMemory(a) && !inMemory(b) || isIn(b) && !isIn(a) {
		a, b = b, a
	}
	if isIn(a) && !isIn(x.Z) {
		f := e.value(b)
		e.choose(e.typ(), lanes, c.VFMADD213PS, c.VFMADD213PD, c.VFMADD213SS, c.VFMADD213SD)(e.operand(x.Z), f, r)
		return
	}
	f := e.value(a)
	var g operand.Op
	if !inMemory(b) {
		g = e.value(b)
	}
	e.into(x.Z, r)
	if g == nil {
		g = e.operand(b)
	}
	e.choose(e.typ(), lanes, c.VFMADD231PS, c.VFMADD231PD, c.VFMADD231SS, c.VFMADD231SD)(g, f, r)
}

// choice computes the chosen one of two values.
func (e *emitter) choice(x *ir.Select, r reg.VecVirtual) {
	e.sameLanes(x, x.X, x.Y)
	before := maps.Clone(e.loaded)
	no, end := e.label("otherwise"), e.label("chosen")
	e.unless(x.Cond, no)
	e.into(x.X, r)
	e.ctx.JMP(operand.LabelRef(end))
	e.ctx.Label(no)
	e.loaded = maps.Clone(before)
	e.into(x.Y, r)
	e.ctx.Label(end)
	e.loaded = before
}

// sameLanes refuses operands of different widths, which avo would take for a bad instruction.
func (e *emitter) sameLanes(whole ir.Expr, parts ...ir.Expr) {
	for _, p := range parts {
		if p.Lanes() != parts[0].Lanes() {
			fail("%s: operands of %d and %d lanes", ir.FormatExpr(whole), parts[0].Lanes(), p.Lanes())
		}
	}
}

// value returns a value in a register that must not be written.
func (e *emitter) value(x ir.Expr) reg.VecVirtual {
	if r := e.held(x); r != nil {
		return r
	}
	r := e.register(e.typ(), x.Lanes())
	e.into(x, r)
	return r
}

// operand returns a value as the operand that may be in memory.
func (e *emitter) operand(x ir.Expr) operand.Op {
	if !inMemory(x) {
		return e.value(x)
	}
	if c, ok := x.(*ir.Const); ok {
		e.checkConst(c)
		return e.pool.place(c.Type, c.Value)
	}
	l := x.(*ir.Load)
	if len(l.Buf.Dims) == 0 {
		return e.argument(l.Buf.Name)
	}
	return e.address(l.Buf, l.At)
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
		v := e.value(x.X)
		e.constant(&ir.Const{Type: e.typ(), Value: math.Copysign(0, -1)}, lanes, c)
		e.ctx.VXORPS(v, c, r)
	case ir.Recip:
		e.constant(&ir.Const{Type: e.typ(), Value: 1}, lanes, c)
		e.binary(ir.FDiv, lanes)(e.operand(x.X), c, r)
	default:
		fail("cannot compute %s; schedule it to a polynomial", ir.FormatExpr(x))
	}
}

// asX, asY and asZ view the low 128, 256 or all 512 bits of a register.
func asX(r reg.VecVirtual) reg.VecVirtual { return r.AsX().(reg.VecVirtual) }
func asY(r reg.VecVirtual) reg.VecVirtual { return r.AsY().(reg.VecVirtual) }
func asZ(r reg.VecVirtual) reg.VecVirtual { return r.AsZ().(reg.VecVirtual) }
