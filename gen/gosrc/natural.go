package gosrc

import "github.com/pyragen/pyragen/ir"

// natural reports whether x is known to be >= 0, so that Go's division, which truncates, is the IR's, which rounds down.
func (e *emitter) natural(x ir.Index) bool {
	switch x := x.(type) {
	case ir.Int:
		return x >= 0
	case ir.Var:
		if e.scope.natural[x] {
			return true
		}
	case *ir.Arith:
		switch x.Op {
		case ir.Add, ir.Mul, ir.Min:
			if e.natural(x.X) && e.natural(x.Y) {
				return true
			}
		case ir.Div:
			return e.natural(x.X)
		case ir.Mod:
			return true
		case ir.Max:
			if e.natural(x.X) || e.natural(x.Y) {
				return true
			}
		}
	case *ir.Pick:
		return e.assuming(x.Cond, x.X) && e.assuming(negation(x.Cond), x.Y)
	}
	return e.scope.facts.NonNegative(x)
}

// assuming is natural where c holds as well.
func (e *emitter) assuming(c ir.Cond, x ir.Index) bool {
	outer := e.scope.facts
	e.scope.facts = outer.WithCond(c)
	defer func() { e.scope.facts = outer }()
	return e.natural(x)
}

// negation is a condition that holds where a comparison of integers does not; nil for any other.
func negation(c ir.Cond) ir.Cond {
	x, ok := c.(*ir.Compare)
	if !ok {
		return nil
	}
	opposite := map[ir.CmpOp]ir.CmpOp{ir.LT: ir.GE, ir.LE: ir.GT, ir.EQ: ir.NE, ir.NE: ir.EQ, ir.GE: ir.LT, ir.GT: ir.LE}
	return &ir.Compare{Op: opposite[x.Op], X: x.X, Y: x.Y}
}

// learn records what a let says of its variable.
func (e *emitter) learn(v ir.Var, value ir.Index) {
	if e.natural(value) {
		e.scope.natural[v] = true
	}
	f := e.scope.facts
	if lo, hi, ok := ends(value); ok {
		e.scope.facts = f.With(ir.Minus(v, lo), ir.Minus(hi, v))
		return
	}
	x, ok := value.(*ir.Arith)
	switch {
	case ok && x.Op == ir.Div: // v*y <= x < v*y + y
		whole := ir.Times(v, x.Y)
		f = f.With(ir.Minus(x.X, whole), ir.Minus(ir.Plus(whole, ir.Minus(x.Y, ir.Int(1))), x.X))
	case ok && x.Op == ir.Min:
		f = f.With(ir.Minus(x.X, v), ir.Minus(x.Y, v))
	case ok && x.Op == ir.Max:
		f = f.With(ir.Minus(v, x.X), ir.Minus(v, x.Y))
	default:
		f = f.With(ir.Minus(v, value), ir.Minus(value, v))
	}
	e.scope.facts = f
}

// ends returns the least and the greatest value of a pick of two constants.
func ends(x ir.Index) (lo, hi ir.Int, ok bool) {
	p, ok := x.(*ir.Pick)
	if !ok {
		return 0, 0, false
	}
	a, okA := p.X.(ir.Int)
	b, okB := p.Y.(ir.Int)
	return min(a, b), max(a, b), okA && okB
}

// learnLoop records the bounds of a loop variable.
func (e *emitter) learnLoop(s *ir.For) {
	v := ir.Var(s.Var)
	if e.natural(s.Lo) {
		e.scope.natural[v] = true
	}
	e.scope.facts = e.scope.facts.With(ir.Minus(v, s.Lo), ir.Minus(ir.Minus(s.Hi, ir.Int(1)), v))
	if r, ok := constantRange(s); ok {
		e.scope.ranges[v] = r
	}
}

// constantRange returns the values of the variable of a loop between constants that runs at least once.
func constantRange(s *ir.For) (interval, bool) {
	lo, ok1 := s.Lo.(ir.Int)
	hi, ok2 := s.Hi.(ir.Int)
	if !ok1 || !ok2 || lo >= hi || s.Step < 1 {
		return interval{}, false
	}
	n := (int64(hi-lo) - 1) / s.Step
	return interval{int64(lo), int64(lo) + n*s.Step}, true
}
