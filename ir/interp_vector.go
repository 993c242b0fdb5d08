package ir

// vectorFn is a compiled vector. The result is valid until the next statement; it may be a register or memory itself, so it
// must not be written.
type vectorFn[T float] func(*machine[T]) []T

// place of an intermediate vector in machine.vals.
type lanesOf[T float] struct{ base, n int }

func (v lanesOf[T]) of(m *machine[T]) []T { return m.vals[v.base : v.base+v.n : v.base+v.n] }

// lanes reserves an intermediate vector of n lanes.
func (c *compiler[T]) lanes(n int) lanesOf[T] {
	v := lanesOf[T]{c.vals, n}
	c.vals += n
	return v
}

// vector compiles an expression of several lanes.
func (c *compiler[T]) vector(e Expr) vectorFn[T] {
	n := e.Lanes()
	if n == 1 {
		x, result := c.scalar(e), c.lanes(1)
		return func(m *machine[T]) []T {
			dst := result.of(m)
			dst[0] = x(m)
			return dst
		}
	}
	switch e := e.(type) {
	case *Load:
		return c.vectorLoad(e)
	case *Binary:
		x, y, f, result := c.vectorOf(e, e.X), c.vectorOf(e, e.Y), c.binaryLanes(e), c.lanes(n)
		return func(m *machine[T]) []T {
			dst := result.of(m)
			f(dst, x(m), y(m))
			return dst
		}
	case *Unary:
		x, f, result := c.vectorOf(e, e.X), c.unary(e), c.lanes(n)
		return func(m *machine[T]) []T {
			dst := result.of(m)
			for k, v := range x(m) {
				dst[k] = f(v)
			}
			return dst
		}
	case *FMA:
		x, y, z, result, f := c.vectorOf(e, e.X), c.vectorOf(e, e.Y), c.vectorOf(e, e.Z), c.lanes(n), c.fmaLanes
		return func(m *machine[T]) []T {
			dst := result.of(m)
			f(dst, x(m), y(m), z(m))
			return dst
		}
	case *Broadcast:
		x, result := c.scalar(e.X), c.lanes(n)
		return func(m *machine[T]) []T {
			dst, v := result.of(m), x(m)
			for k := range dst {
				dst[k] = v
			}
			return dst
		}
	case *Every:
		x, result, from := c.vector(e.X), c.lanes(n), 0
		if e.Odd {
			from = 1
		}
		return func(m *machine[T]) []T {
			dst, v := result.of(m), x(m)
			for k := range dst {
				dst[k] = v[2*k+from]
			}
			return dst
		}
	case *Zip:
		x, y, result := c.vector(e.X), c.vector(e.Y), c.lanes(n)
		return func(m *machine[T]) []T {
			dst, a, b := result.of(m), x(m), y(m)
			for k := range a {
				dst[2*k], dst[2*k+1] = a[k], b[k]
			}
			return dst
		}
	case *Tree:
		return c.tree(e)
	case *Random:
		return c.vectorRandom(e)
	case *Select:
		cond, x, y := c.cond(e.Cond), c.vectorOf(e, e.X), c.vectorOf(e, e.Y)
		return func(m *machine[T]) []T {
			if cond(m) {
				return x(m)
			}
			return y(m)
		}
	case *Choose:
		a, b, x, y, holds := c.vectorOf(e, e.A), c.vectorOf(e, e.B), c.vectorOf(e, e.X), c.vectorOf(e, e.Y), c.chooses(e)
		result := c.lanes(n)
		return func(m *machine[T]) []T {
			dst, va, vb, vx, vy := result.of(m), a(m), b(m), x(m), y(m)
			for k := range dst {
				dst[k] = vy[k]
				if holds(va[k], vb[k]) {
					dst[k] = vx[k]
				}
			}
			return dst
		}
	}
	c.failf("%s: expression of kind %T with %d lanes", FormatExpr(e), e, n)
	return nil
}

// vectorOf compiles operand x of e, which must have e's lanes.
func (c *compiler[T]) vectorOf(e, x Expr) vectorFn[T] {
	if x.Lanes() != e.Lanes() {
		c.failf("%s: operand %s has %d lanes, want %d", FormatExpr(e), FormatExpr(x), x.Lanes(), e.Lanes())
	}
	return c.vector(x)
}

// binaryLanes returns the function of an operator on two vectors.
func (c *compiler[T]) binaryLanes(e *Binary) func(dst, x, y []T) {
	switch e.Op {
	case FAdd:
		return func(dst, x, y []T) {
			for k := range dst {
				dst[k] = x[k] + y[k]
			}
		}
	case FSub:
		return func(dst, x, y []T) {
			for k := range dst {
				dst[k] = x[k] - y[k]
			}
		}
	case FMul:
		return func(dst, x, y []T) {
			for k := range dst {
				dst[k] = x[k] * y[k]
			}
		}
	case FDiv:
		return func(dst, x, y []T) {
			for k := range dst {
				dst[k] = x[k] / y[k]
			}
		}
	case FMax:
		return func(dst, x, y []T) {
			for k := range dst {
				dst[k] = greater(x[k], y[k])
			}
		}
	case FMin:
		return func(dst, x, y []T) {
			for k := range dst {
				dst[k] = y[k]
				if x[k] < y[k] {
					dst[k] = x[k]
				}
			}
		}
	case Scale:
		return func(dst, x, y []T) {
			for k := range dst {
				dst[k] = scale(x[k], y[k])
			}
		}
	}
	c.failf("%s: operator %d", FormatExpr(e), e.Op)
	return nil
}
