package ir

import "math"

// scalarFn is a compiled scalar.
type scalarFn[T float] func(*machine[T]) T

// scalar compiles an expression of one lane.
func (c *compiler[T]) scalar(e Expr) scalarFn[T] {
	if n := e.Lanes(); n != 1 {
		c.failf("%s: has %d lanes, want a scalar", FormatExpr(e), n)
	}
	switch e := e.(type) {
	case *Const:
		if e.Type != c.prog.Type {
			c.failf("constant %v is %v, the arithmetic is in %v", e.Value, e.Type, c.prog.Type)
		}
		v := T(e.Value)
		return func(*machine[T]) T { return v }
	case *Load:
		return c.scalarLoad(e)
	case *Binary:
		return c.scalarBinary(e)
	case *Unary:
		x, f := c.scalar(e.X), c.unary(e)
		return func(m *machine[T]) T { return f(x(m)) }
	case *FMA:
		x, y, z, f := c.scalar(e.X), c.scalar(e.Y), c.scalar(e.Z), c.fma
		return func(m *machine[T]) T { return f(x(m), y(m), z(m)) }
	case *Broadcast:
		return c.scalar(e.X)
	case *HSum:
		return c.hsum(e)
	case *Lane:
		if e.K < 0 || e.K >= e.X.Lanes() {
			c.failf("%s: lane is %d, want within 0..%d", FormatExpr(e), e.K, e.X.Lanes()-1)
		}
		x, k := c.vector(e.X), e.K
		return func(m *machine[T]) T { return x(m)[k] }
	case *Select:
		cond, x, y := c.cond(e.Cond), c.scalar(e.X), c.scalar(e.Y)
		return func(m *machine[T]) T {
			if cond(m) {
				return x(m)
			}
			return y(m)
		}
	case *Choose:
		a, b, x, y, holds := c.scalar(e.A), c.scalar(e.B), c.scalar(e.X), c.scalar(e.Y), c.chooses(e)
		return func(m *machine[T]) T {
			v, w := x(m), y(m)
			if holds(a(m), b(m)) {
				return v
			}
			return w
		}
	case *Random:
		return c.scalarRandom(e)
	case *Reduce:
		return c.reduce(e)
	}
	c.failf("expression of kind %T", e)
	return nil
}

// scalarBinary compiles an operator on two scalars. Each result goes through a return value of type T, which rounds it.
func (c *compiler[T]) scalarBinary(e *Binary) scalarFn[T] {
	x, y := c.scalar(e.X), c.scalar(e.Y)
	switch e.Op {
	case FAdd:
		return func(m *machine[T]) T { return x(m) + y(m) }
	case FSub:
		return func(m *machine[T]) T { return x(m) - y(m) }
	case FMul:
		return func(m *machine[T]) T { return x(m) * y(m) }
	case FDiv:
		return func(m *machine[T]) T { return x(m) / y(m) }
	case FMax:
		return func(m *machine[T]) T { return greater(x(m), y(m)) }
	case FMin:
		return func(m *machine[T]) T {
			a, b := x(m), y(m)
			if a < b {
				return a
			}
			return b
		}
	case Scale:
		return func(m *machine[T]) T { return scale(x(m), y(m)) }
	}
	c.failf("%s: operator %d", FormatExpr(e), e.Op)
	return nil
}

// chooses returns the comparison of a choice.
func (c *compiler[T]) chooses(e *Choose) func(a, b T) bool {
	holds := comparison[T](e.Op)
	if holds == nil {
		c.failf("%s: comparison %d", FormatExpr(e), e.Op)
	}
	return holds
}

// greater is FMax: the second operand unless the first one is greater.
func greater[T float](a, b T) T {
	if a > b {
		return a
	}
	return b
}

// unary returns the function of an operator on one value.
func (c *compiler[T]) unary(e *Unary) func(T) T {
	switch e.Op {
	case Neg:
		return func(x T) T { return -x }
	case Exp:
		return func(x T) T { return T(math.Exp(float64(x))) }
	case Log:
		return func(x T) T { return T(math.Log(float64(x))) }
	case Recip:
		return func(x T) T { return 1 / x }
	case Exponent:
		return exponent[T]
	case Mantissa:
		return mantissa[T]
	}
	c.failf("%s: operator %d", FormatExpr(e), e.Op)
	return nil
}

// reduce compiles a reduction: ascending, from the neutral element, one rounding a combine.
func (c *compiler[T]) reduce(e *Reduce) (fn scalarFn[T]) {
	extent := c.index(e.Extent)
	c.inner(func() {
		slot := c.bindInt(e.Axis)
		where, body := c.cond(e.Where), c.scalar(e.Body)
		start, combine := T(0), func(acc, x T) T { return acc + x }
		switch e.Op {
		case Sum:
		case MaxOf:
			start, combine = T(math.Inf(-1)), greater[T]
		default:
			c.failf("%s: reduction %d", FormatExpr(e), e.Op)
		}
		fn = func(m *machine[T]) T {
			acc := start
			for v, n := int64(0), extent.eval(m); v < n; v++ {
				m.ints[slot] = v
				if where(m) {
					acc = combine(acc, body(m))
				}
			}
			return acc
		}
	})
	return fn
}
