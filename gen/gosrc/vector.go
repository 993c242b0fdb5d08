package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// vector writes a value of several lanes, which is an array in Go.
func (e *emitter) vector(x ir.Expr) operand {
	n := x.Lanes()
	if n == 1 {
		return operand{code: arrayType(1, e.typ).Values(e.scalar(x).code), prec: precOperand}
	}
	switch x := x.(type) {
	case *ir.Load:
		return e.vectorLoad(x)
	case *ir.Binary:
		return apply(e.helpers.lanes(binaryLanes[x.Op], e.typ, n), e.vector(x.X), e.vector(x.Y))
	case *ir.Unary:
		if unaryLanes[x.Op] == nil {
			fail("got %s, want neg, recip, exponent or mantissa; the pass intrinsics makes polynomials of exp and log", ir.FormatExpr(x))
		}
		return apply(e.helpers.lanes(unaryLanes[x.Op], e.typ, n), e.vector(x.X))
	case *ir.FMA:
		return apply(e.helpers.lanes(fmaLanes, e.typ, n), e.vector(x.X), e.vector(x.Y), e.vector(x.Z))
	case *ir.Broadcast:
		return apply(e.helpers.broadcast(e.typ, n), e.scalar(x.X))
	case *ir.Tree:
		args := make([]operand, len(x.Xs))
		for k, y := range x.Xs {
			args[k] = e.vector(y)
		}
		return apply(e.helpers.tree(e.typ, x.Xs[0].Lanes()), args...)
	case *ir.Every:
		return apply(e.helpers.every(e.typ, x.X.Lanes(), x.Odd), e.vector(x.X))
	case *ir.Zip:
		return apply(e.helpers.zip(e.typ, x.X.Lanes()), e.vector(x.X), e.vector(x.Y))
	case *ir.Random:
		return e.randomLanes(x)
	case *ir.Choose:
		return apply(e.helpers.lanes(chooseLanes(x.Op), e.typ, n), e.vector(x.A), e.vector(x.B), e.vector(x.X), e.vector(x.Y))
	case *ir.Select:
		return e.choose(x, arrayType(int64(n), e.typ), e.vector)
	}
	fail("got %s, want a vector that is scheduled", ir.FormatExpr(x))
	return operand{}
}

// vectorLoad reads lanes: a register, an array of consecutive elements, or the active lanes of a mask.
func (e *emitter) vectorLoad(x *ir.Load) operand {
	n := x.Lanes()
	switch {
	case x.Buf.Space == ir.Register:
		return e.use(e.register(x.Buf, x.At))
	case x.Mask != "":
		a := e.addressOf(x.Buf, x.At)
		return apply(e.helpers.maskedLoad(x.Buf.Type, n), e.use(e.names.get(x.Buf.Name)), e.number(a), e.use(e.names.get(x.Mask)))
	}
	elements := e.tail(e.addressOf(x.Buf, x.At), int64(n))
	if x.Buf.Type.Narrow() {
		return apply(e.helpers.widenLanes(x.Buf.Type, n), elements)
	}
	return apply(arrayType(int64(n), e.typ), elements)
}

// storeLanes writes the lanes of a value to memory.
func (e *emitter) storeLanes(s *ir.Store) {
	n := s.Value.Lanes()
	a := e.addressOf(s.Buf, s.At)
	if s.Mask != "" {
		e.put(plain, apply(e.helpers.maskedStore(s.Buf.Type, n),
			e.use(e.names.get(s.Buf.Name)), e.number(a), e.use(e.names.get(s.Mask)), e.vector(s.Value)).code)
		return
	}
	if s.Buf.Type.Narrow() {
		e.put(plain, apply(e.helpers.roundLanes(s.Buf.Type, n), e.tail(a, int64(n)), e.vector(s.Value)).code)
		return
	}
	to := jen.Op("*").Parens(jen.Op("*").Add(arrayType(int64(n), e.typ))).Parens(e.tail(a, int64(n)).code)
	e.put(plain, to.Op("=").Add(e.vector(s.Value).code))
}
