package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// index writes an integer expression. A pick in it becomes a variable before the statement at hand.
func (e *emitter) index(x ir.Index) operand {
	switch x := x.(type) {
	case ir.Int:
		return intLit(int64(x))
	case ir.Var:
		if !e.scope.vars[x] {
			fail("got %s, want an integer that is defined here", string(x))
		}
		return e.use(e.names.get(string(x)))
	case *ir.Arith:
		return e.arith(x)
	case *ir.Gather:
		return operand{code: jen.Int().Call(e.loadAt(x.Table, x.At).code), prec: precOperand}
	case *ir.Pick:
		return e.pick(x)
	}
	fail("got the index %s, want it scheduled away", ir.FormatIndex(x))
	return operand{}
}

func (e *emitter) arith(x *ir.Arith) operand {
	a, b := e.index(x.X), e.index(x.Y)
	switch x.Op {
	case ir.Add:
		return infix("+", precSum, a, b)
	case ir.Sub:
		return infix("-", precSum, a, b)
	case ir.Mul:
		return infix("*", precProduct, a, b)
	case ir.Div:
		if !e.natural(x.X) {
			return apply(e.helpers.floorDiv(), a, b)
		}
		return infix("/", precProduct, a, b)
	case ir.Mod:
		if !e.natural(x.X) {
			return apply(e.helpers.floorMod(), a, b)
		}
		return infix("%", precProduct, a, b)
	case ir.Min:
		return apply(jen.Id("min"), a, b)
	case ir.Max:
		return apply(jen.Id("max"), a, b)
	}
	fail("got integer operator %d, want one of +, -, *, /, %%, min, max", x.Op)
	return operand{}
}

// pick makes a variable of x, or takes the one that this statement made of an equal pick, and returns it.
func (e *emitter) pick(x *ir.Pick) operand {
	key := ir.Key(x)
	if name, ok := e.scope.picks[key]; ok {
		return ident(name)
	}
	name := e.names.make("choice")
	e.pickInto(name, x)
	if lasting(x) {
		e.scope.picks[key] = name
	}
	return ident(name)
}

// pickInto declares a variable and gives it the value of x. Where the second choice may not be evaluated (it divides), both are
// written as branches.
func (e *emitter) pickInto(name string, x *ir.Pick) {
	cond := e.cond(x.Cond)
	then := e.block(func() {
		e.scope.facts = e.scope.facts.WithCond(x.Cond)
		e.put(plain, jen.Id(name).Op("=").Add(e.index(x.X).code))
	})
	if total(x.Y) {
		e.put(define, jen.Id(name).Op(":=").Add(e.index(x.Y).code))
		e.put(nested, jen.If(cond.code).Block(then...))
		return
	}
	e.put(define, jen.Var().Id(name).Int())
	e.put(nested, jen.If(cond.code).Block(then...).Else().Block(e.block(func() {
		e.put(plain, jen.Id(name).Op("=").Add(e.index(x.Y).code))
	})...))
}

// lasting reports whether x keeps its value as long as its variables are in scope: it compares no values.
func lasting(x ir.Index) bool {
	ok := true
	ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if p, is := x.(*ir.Pick); is {
			ok = ok && integers(p.Cond)
		}
		return x
	}}.OfIndex(x)
	return ok
}

// integers reports whether a condition compares nothing but integers.
func integers(c ir.Cond) bool {
	switch c := c.(type) {
	case *ir.Compare:
		return true
	case *ir.And:
		return integers(c.X) && integers(c.Y)
	}
	return false
}

// total reports whether x can be evaluated anywhere: it does not divide by what may be 0 and reads no table.
func total(x ir.Index) bool {
	ok := true
	ir.Rewrite{Index: func(x ir.Index) ir.Index {
		switch x := x.(type) {
		case *ir.Arith:
			if x.Op == ir.Div || x.Op == ir.Mod {
				_, constant := x.Y.(ir.Int)
				ok = ok && constant
			}
		case *ir.Gather, *ir.Pick:
			ok = false
		}
		return x
	}}.OfIndex(x)
	return ok
}

var comparisons = map[ir.CmpOp]string{ir.LT: "<", ir.LE: "<=", ir.EQ: "==", ir.NE: "!=", ir.GE: ">=", ir.GT: ">"}

// cond writes a condition.
func (e *emitter) cond(c ir.Cond) operand {
	switch c := c.(type) {
	case *ir.Compare:
		return infix(comparisons[c.Op], precCompare, e.index(c.X), e.index(c.Y))
	case *ir.CompareValue:
		return infix(comparisons[c.Op], precCompare, e.scalar(c.X), e.scalar(c.Y))
	case *ir.And:
		return e.and(c)
	case *ir.Aligned:
		return e.aligned(c)
	case *ir.Uncached: // in drivers of assembly alone, as aligned; fixed.Cache has the function
		return apply(jen.Id("uncached"), e.index(c.Bytes))
	}
	fail("got a condition of kind %T, want one", c)
	return operand{}
}

// aligned asks for the address of a tensor. Only drivers of assembly come here: elsewhere [portable] takes the condition to hold.
func (e *emitter) aligned(c *ir.Aligned) operand {
	first := element(e.use(e.names.get(c.Buf.Name)), intLit(0))
	address := apply(jen.Uintptr(), apply(e.helpers.qual("unsafe", "Pointer"), operand{code: jen.Op("&").Add(first.code), prec: precUnary}))
	return infix("==", precCompare, infix("%", precProduct, address, intLit(c.Bytes)), intLit(0))
}

// and writes c.X && c.Y. Where c.Y needs variables of its own, they must not be evaluated unless c.X holds.
func (e *emitter) and(c *ir.And) operand {
	x := e.cond(c.X)
	name := e.names.make("both")
	var y operand
	simple := false
	before := e.block(func() {
		e.scope.facts = e.scope.facts.WithCond(c.X)
		y = e.cond(c.Y)
		simple = len(e.items) == 0
		e.put(plain, jen.Id(name).Op("=").Add(y.code))
	})
	if simple {
		return infix("&&", precAnd, x, y)
	}
	e.put(define, jen.Id(name).Op(":=").Add(x.code))
	e.put(nested, jen.If(jen.Id(name)).Block(before...))
	return ident(name)
}
