package goasm

import (
	"maps"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// into computes a value in the given register. What the value is made of may be in that register too: it is written last.
func (e *emitter) into(x ir.Expr, r reg.VecVirtual) {
	switch x := x.(type) {
	case *ir.FMA:
		e.fma(x, r)
	case *ir.Binary:
		e.sameLanes(x, x.X, x.Y)
		if x.Op == ir.Scale {
			e.scaled(x, r)
			return
		}
		a, b := e.value(x.X), e.operand(x.Y)
		e.binary(x.Op, x.Lanes())(b, a, r)
	case *ir.Const:
		e.constant(x, 1, r)
	case *ir.Broadcast:
		e.broadcast(x, r)
	case *ir.Load:
		e.load(x, r)
	case *ir.Every:
		e.every(x, r)
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
	case *ir.Random:
		e.random(x, r)
	case *ir.Choose:
		e.lanewise(x, r)
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
	case x.Buf.Type.Narrow():
		e.loadNarrow(x, r)
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

// readable reports whether an instruction can read a value from memory as it is.
func (e *emitter) readable(x ir.Expr) bool {
	if c := constantOf(x); c != nil {
		return !isZero(c)
	}
	l, ok := x.(*ir.Load)
	return ok && l.Buf.Space == ir.Memory && l.Mask == "" && !l.Buf.Type.Narrow() && !e.half(l.Lanes())
}

// fma is X*Y + Z. The instruction overwrites one of the three: the sum where that is in the register already, or else a factor; the
// product does not mind the order of its factors, so that the one in memory can be the memory operand.
func (e *emitter) fma(x *ir.FMA, r reg.VecVirtual) {
	e.sameLanes(x, x.X, x.Y, x.Z)
	lanes, c := x.Lanes(), e.ctx
	a, b := x.X, x.Y
	isIn := func(y ir.Expr) bool { h := e.held(y); return h != nil && h.ID() == r.ID() }
	if e.readable(a) && !e.readable(b) || isIn(b) && !isIn(a) {
		a, b = b, a
	}
	if isIn(a) && !isIn(x.Z) {
		f := e.value(b)
		e.arith(lanes, &family{c.VFMADD213PS, c.VFMADD213PD, c.VFMADD213SS, c.VFMADD213SD,
			c.VFMADD213PS_BCST, c.VFMADD213PD_BCST})(e.operand(x.Z), f, r)
		return
	}
	f := e.value(a)
	var g operand.Op
	if !e.readable(b) {
		g = e.value(b)
	}
	e.into(x.Z, r)
	if g == nil {
		g = e.operand(b)
	}
	e.arith(lanes, &family{c.VFMADD231PS, c.VFMADD231PD, c.VFMADD231SS, c.VFMADD231SD, c.VFMADD231PS_BCST, c.VFMADD231PD_BCST})(g, f, r)
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
	if !e.readable(x) {
		return e.value(x)
	}
	if c := constantOf(x); c != nil {
		e.checkConst(c)
		if bits := bitsOf(c.Type, c.Value); x.Lanes() > 1 {
			return e.all(bits)
		} else {
			return e.pool.place(c.Type, bits)
		}
	}
	l := x.(*ir.Load)
	if len(l.Buf.Dims) == 0 {
		return e.argument(l.Buf.Name)
	}
	return e.address(l.Buf, l.At)
}
