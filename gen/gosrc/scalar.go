package gosrc

import (
	"math"
	"strconv"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// scalar writes a value of one lane.
//
// Go may compute x*y + z with one rounding, even across statements, unless the product is converted explicitly. So every product
// is, and the result is the same bits on every GOARCH.
func (e *emitter) scalar(x ir.Expr) operand {
	if c := e.fold(x); c != nil {
		return e.literal(c.Value)
	}
	switch x := x.(type) {
	case *ir.Load:
		if x.Buf.Space == ir.Register {
			return e.use(e.register(x.Buf, x.At))
		}
		if len(x.Buf.Dims) == 0 {
			return e.use(e.names.get(x.Buf.Name))
		}
		return e.load(x.Buf, x.At)
	case *ir.Binary:
		return e.binary(x)
	case *ir.Unary:
		return e.unary(x)
	case *ir.FMA:
		return apply(e.helpers.fma(e.typ), e.scalar(x.X), e.scalar(x.Y), e.scalar(x.Z))
	case *ir.Broadcast:
		return e.scalar(x.X)
	case *ir.HSum:
		return apply(e.helpers.hsum(e.typ, x.X.Lanes()), e.vector(x.X))
	case *ir.Lane:
		return element(e.vector(x.X), intLit(int64(x.K)))
	case *ir.Random:
		return e.random(x)
	case *ir.Choose:
		return apply(e.helpers.choose(x.Op, e.typ), e.scalar(x.A), e.scalar(x.B), e.scalar(x.X), e.scalar(x.Y))
	case *ir.Select:
		return e.choose(x, goType(e.typ), e.scalar)
	}
	fail("got %s, want a scalar that is scheduled", ir.FormatExpr(x))
	return operand{}
}

// load reads a number of a tensor. A view of a single one has it converted.
func (e *emitter) load(b *ir.Buffer, at []ir.Index) operand {
	a := newAddress(b, at)
	if v, _ := e.find(a, 1, true); v != nil && v.kind == single {
		return e.place(a, true)
	}
	return widened(b.Type, e.place(a, true))
}

// loadAt reads an element of a tensor, from a view of it where there is one.
func (e *emitter) loadAt(b *ir.Buffer, at []ir.Index) operand {
	return e.place(e.addressOf(b, at), true)
}

// place is an element as it is read or, if load is false, written.
func (e *emitter) place(a *address, load bool) operand {
	v, at := e.find(a, 1, load)
	switch {
	case v == nil:
		return element(e.use(e.names.get(a.buf.Name)), e.number(a))
	case v.kind == single:
		return e.use(v.name)
	}
	return element(e.use(v.name), e.index(at))
}

// tail is the part of a tensor from an element on, of at least width elements.
func (e *emitter) tail(a *address, width int64) operand {
	if v, at := e.find(a, width, false); v != nil {
		i := e.index(at)
		i.zero = false // an array has no lanes of its own type: it is sliced even from 0 on
		return from(e.use(v.name), i)
	}
	return from(e.use(e.names.get(a.buf.Name)), e.number(a))
}

func (e *emitter) binary(x *ir.Binary) operand {
	a, b := e.scalar(x.X), e.scalar(x.Y)
	switch x.Op {
	case ir.FAdd:
		return infix("+", precSum, a, b)
	case ir.FSub:
		return infix("-", precSum, a, b)
	case ir.FMul:
		return apply(goType(e.typ), infix("*", precProduct, a, b))
	case ir.FDiv:
		return infix("/", precProduct, a, b)
	case ir.FMax, ir.FMin:
		return apply(e.helpers.extreme(x.Op, e.typ), a, b)
	case ir.Scale:
		return apply(e.helpers.scale(e.typ), a, b)
	}
	fail("got operator %d in %s, want one of +, -, *, /, max, min, scale", x.Op, ir.FormatExpr(x))
	return operand{}
}

func (e *emitter) unary(x *ir.Unary) operand {
	a := e.scalar(x.X)
	switch x.Op {
	case ir.Neg:
		return operand{code: jen.Op("-").Add(a.in(precUnary + 1)), prec: precUnary}
	case ir.Recip:
		return infix("/", precProduct, intLit(1), a)
	case ir.Exponent:
		return apply(e.helpers.exponent(e.typ), a)
	case ir.Mantissa:
		return apply(e.helpers.mantissa(e.typ), a)
	}
	fail("got %s, want neg, recip, exponent or mantissa; the pass intrinsics makes polynomials of exp and log", ir.FormatExpr(x))
	return operand{}
}

// choose makes a variable of a select; only the chosen value is evaluated.
func (e *emitter) choose(x *ir.Select, typ *jen.Statement, value func(ir.Expr) operand) operand {
	name := e.names.make("chosen")
	cond := e.cond(x.Cond)
	branch := func(y ir.Expr) []jen.Code {
		return e.block(func() { e.put(plain, jen.Id(name).Op("=").Add(value(y).code)) })
	}
	then, other := branch(x.X), branch(x.Y)
	e.put(define, jen.Var().Id(name).Add(typ))
	e.put(nested, jen.If(cond.code).Block(then...).Else().Block(other...))
	return ident(name)
}

// literal is a constant as an operand beside typed ones or as an argument.
func (e *emitter) literal(v float64) operand {
	special := func(f *jen.Statement) operand { return apply(goType(e.typ), operand{code: f, prec: precOperand}) }
	switch {
	case math.IsNaN(v):
		return special(e.helpers.qual("math", "NaN").Call())
	case math.IsInf(v, 0):
		return special(e.helpers.qual("math", "Inf").Call(jen.Lit(int(math.Copysign(1, v)))))
	case v == 0 && math.Signbit(v):
		return special(e.helpers.qual("math", "Copysign").Call(jen.Lit(0), jen.Lit(-1)))
	}
	bits := 64
	if e.typ == ir.F32 {
		bits = 32
	}
	prec := precOperand
	if v < 0 {
		prec = precUnary
	}
	return operand{code: jen.Id(strconv.FormatFloat(v, 'g', -1, bits)), prec: prec}
}

// typed is a literal that has its type by itself.
func (e *emitter) typed(v float64) operand {
	c := e.literal(v)
	if v != v || math.IsInf(v, 0) || v == 0 && math.Signbit(v) {
		return c
	}
	return apply(goType(e.typ), c)
}
