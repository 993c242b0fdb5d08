package ir

import "slices"

// Facts are inequalities known to hold where an expression stands: each polynomial is >= 0.
type Facts []Poly

// With returns the facts with x >= 0 added, for each of the expressions.
func (f Facts) With(xs ...Index) Facts {
	polys := make([]Poly, len(xs))
	for k, x := range xs {
		polys[k] = PolyOf(x)
	}
	return slices.Concat(f, polys)
}

// with adds facts in the room behind f. Blocks in one block, which are simplified one after the other, have theirs in the same room.
func (f Facts) with(polys ...Poly) Facts { return append(f, polys...) }

// equal adds that x is y.
func (f Facts) equal(x, y Index) Facts {
	d := minus(x, y)
	return f.with(d, d.negative())
}

// WithCond returns the facts with a condition added; what is no comparison of integers adds nothing.
func (f Facts) WithCond(c Cond) Facts { return slices.Clip(f).withCond(c) }

func (f Facts) withCond(c Cond) Facts {
	switch e := c.(type) {
	case *And:
		return f.withCond(e.X).withCond(e.Y)
	case *Compare:
		switch e.Op {
		case LT:
			return f.with(minus(e.Y, e.X).add(-1))
		case LE:
			return f.with(minus(e.Y, e.X))
		case GE:
			return f.with(minus(e.X, e.Y))
		case GT:
			return f.with(minus(e.X, e.Y).add(-1))
		case EQ:
			return f.equal(e.X, e.Y)
		}
	}
	return f
}

// NonNegative reports whether x >= 0 follows: x minus some of the facts, each taken a positive number of times, is a constant
// >= 0. It may miss what is true; what it reports is true.
func (f Facts) NonNegative(x Index) bool { return f.nonNegative(PolyOf(x)) }

func (f Facts) nonNegative(p Poly) bool { return f.prove(p, 5) }

func (f Facts) prove(p Poly, depth int) bool {
	if p.IsConst() {
		return p.Const >= 0
	}
	if depth == 0 {
		return false
	}
	// Eliminate the first term by a fact that has it with the same sign.
	t := &p.Terms[0]
	var room [8]Term // on the stack
	for _, fact := range f {
		for k := range fact.Terms {
			u := &fact.Terms[k]
			if (u.Coef > 0) != (t.Coef > 0) || u.key != t.key || t.Coef%u.Coef != 0 {
				continue
			}
			if f.prove(p.plus(fact, -(t.Coef/u.Coef), room[:0]), depth-1) {
				return true
			}
		}
	}
	return f.proveQuotient(p, depth-1)
}

// proveQuotient proves p >= 0 of a sum with a quotient: x/c + r >= 0 is x + r*c >= 0, and r - x/c >= 0 is r*c + c - 1 - x >= 0.
func (f Facts) proveQuotient(p Poly, depth int) bool {
	for _, t := range p.Terms {
		q, ok := t.Product.(*Arith)
		if !ok || q.Op != Div || t.Coef != 1 && t.Coef != -1 {
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
		return f.decide(e.Op, minus(e.Y, e.X))
	}
	return 0
}

// decide is Decide for a comparison of x and y, of which y - x is given.
func (f Facts) decide(op CmpOp, d Poly) int {
	switch op {
	case LT: // d >= 1, else -d >= 0
		return f.either(d.add(-1), d.negative())
	case LE:
		return f.either(d, d.negative().add(-1))
	case GT:
		return f.either(d.negative().add(-1), d)
	case GE:
		return f.either(d.negative(), d.add(-1))
	case EQ:
		up := d.negative()
		if f.nonNegative(d.add(-1)) || f.nonNegative(up.add(-1)) {
			return -1
		}
		if f.nonNegative(d) && f.nonNegative(up) {
			return 1
		}
	case NE:
		return -f.decide(EQ, d)
	}
	return 0
}

func (f Facts) either(yes, no Poly) int {
	switch {
	case f.nonNegative(yes):
		return 1
	case f.nonNegative(no):
		return -1
	}
	return 0
}
