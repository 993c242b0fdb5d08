package ir

// cond compiles a condition; nil holds everywhere.
func (c *compiler[T]) cond(x Cond) func(*machine[T]) bool {
	switch x := x.(type) {
	case nil:
		return func(*machine[T]) bool { return true }
	case *Compare:
		a, b := c.index(x.X), c.index(x.Y)
		holds := comparison[int64](x.Op)
		if holds == nil {
			c.failf("%s: comparison %d", FormatCond(x), x.Op)
		}
		return func(m *machine[T]) bool { return holds(a.eval(m), b.eval(m)) }
	case *CompareValue:
		a, b := c.scalar(x.X), c.scalar(x.Y)
		holds := comparison[T](x.Op)
		if holds == nil {
			c.failf("%s: comparison %d", FormatCond(x), x.Op)
		}
		return func(m *machine[T]) bool { return holds(a(m), b(m)) }
	case *Aligned:
		return func(*machine[T]) bool { return true }
	case *Uncached:
		bytes := c.index(x.Bytes)
		return func(m *machine[T]) bool { return bytes.eval(m) > CachedBytes }
	case *And:
		a, b := c.cond(x.X), c.cond(x.Y)
		return func(m *machine[T]) bool { return a(m) && b(m) }
	}
	c.failf("condition of kind %T", x)
	return nil
}

// comparison returns the function of a comparison operator, nil if there is none.
func comparison[N int64 | float32 | float64](op CmpOp) func(a, b N) bool {
	switch op {
	case LT:
		return func(a, b N) bool { return a < b }
	case LE:
		return func(a, b N) bool { return a <= b }
	case EQ:
		return func(a, b N) bool { return a == b }
	case NE:
		return func(a, b N) bool { return a != b }
	case GE:
		return func(a, b N) bool { return a >= b }
	case GT:
		return func(a, b N) bool { return a > b }
	}
	return nil
}
