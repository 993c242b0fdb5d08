package ir

// Facts are inequalities known to hold where an expression stands: each polynomial is >= 0.
type Facts []Poly

// With returns the facts with x >= 0 added, for each of the expressions.
func (f Facts) With(xs ...Index) Facts {
	all := make(Facts, len(f), len(f)+len(xs))
	copy(all, f)
	for _, x := range xs {
		all = append(all, PolyOf(x))
	}
	return all[:len(all):len(all)]
}

// WithCond returns the facts with a condition added; what is no comparison of integers adds nothing.
func (f Facts) WithCond(c Cond) Facts {
	switch e := c.(type) {
	case *And:
		return f.WithCond(e.X).WithCond(e.Y)
	case *Compare:
		switch e.Op {
		case LT:
			return f.With(Minus(Minus(e.Y, e.X), Int(1)))
		case LE:
			return f.With(Minus(e.Y, e.X))
		case GE:
			return f.With(Minus(e.X, e.Y))
		case GT:
			return f.With(Minus(Minus(e.X, e.Y), Int(1)))
		case EQ:
			return f.With(Minus(e.X, e.Y), Minus(e.Y, e.X))
		}
	}
	return f
}

// NonNegative reports whether x >= 0 follows: x minus some of the facts, each taken a positive number of times, is a constant
// >= 0. It may miss what is true; what it reports is true.
func (f Facts) NonNegative(x Index) bool { return f.prove(PolyOf(x), 5) }

func (f Facts) prove(p Poly, depth int) bool {
	if p.IsConst() {
		return p.Const >= 0
	}
	if depth == 0 {
		return false
	}
	// Eliminate the first term by a fact that has it with the same sign.
	t := p.Terms[0]
	for _, fact := range f {
		for _, u := range fact.Terms {
			if u.key != t.key || (u.Coef > 0) != (t.Coef > 0) || t.Coef%u.Coef != 0 {
				continue
			}
			if f.prove(p.Plus(fact, -(t.Coef/u.Coef)), depth-1) {
				return true
			}
		}
	}
	return f.proveQuotient(p, depth-1)
}

// proveQuotient proves p >= 0 of a sum with a quotient: x/c + r >= 0 is x + r*c >= 0, and r - x/c >= 0 is r*c + c - 1 - x >= 0.
func (f Facts) proveQuotient(p Poly, depth int) bool {
	for _, t := range p.Terms {
		q, ok := t.Atoms[0].(*Arith)
		if !ok || len(t.Atoms) > 1 || q.Op != Div || t.Coef != 1 && t.Coef != -1 {
			continue
		}
		c, ok := q.Y.(Int)
		if !ok || c < 1 {
			continue
		}
		rest := p.Plus(Poly{Terms: []Term{t}}, -1)
		whole := PolyOf(q.X).Plus(rest, int64(c))
		if t.Coef < 0 {
			whole = Poly{Const: int64(c) - 1}.Plus(rest, int64(c)).Plus(PolyOf(q.X), -1)
		}
		return f.prove(whole, depth)
	}
	return false
}

// Decide returns whether c is known to hold (1), known not to hold (-1), or neither (0).
func (f Facts) Decide(c Cond) int {
	switch e := c.(type) {
	case *And:
		x, y := f.Decide(e.X), f.Decide(e.Y)
		switch {
		case x < 0 || y < 0:
			return -1
		case x > 0 && y > 0:
			return 1
		}
	case *Compare:
		less := Minus(Minus(e.Y, e.X), Int(1)) // >= 0 where x < y
		more := Minus(Minus(e.X, e.Y), Int(1))
		atMost, atLeast := Minus(e.Y, e.X), Minus(e.X, e.Y)
		switch e.Op {
		case LT:
			return f.either(less, atLeast)
		case LE:
			return f.either(atMost, more)
		case GT:
			return f.either(more, atMost)
		case GE:
			return f.either(atLeast, less)
		case EQ, NE:
			known := 0
			if f.NonNegative(less) || f.NonNegative(more) {
				known = -1
			} else if f.NonNegative(atMost) && f.NonNegative(atLeast) {
				known = 1
			}
			if e.Op == NE {
				return -known
			}
			return known
		}
	}
	return 0
}

func (f Facts) either(yes, no Index) int {
	switch {
	case f.NonNegative(yes):
		return 1
	case f.NonNegative(no):
		return -1
	}
	return 0
}
