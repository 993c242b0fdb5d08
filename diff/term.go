package diff

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// term is a summand of a gradient: the sum over variables of a product, where all guards hold, and 0 elsewhere.
type term struct {
	negative bool
	sums     []sum // outermost first
	guards   []guard
	factors  []ir.Expr
}

// sum is a variable that is summed over, 0..extent-1.
type sum struct {
	axis   ir.Var
	extent ir.Index
}

// guard holds where cond holds or, with fails, where it does not.
type guard struct {
	cond  ir.Cond
	fails bool
}

func (g guard) String() string {
	if g.fails {
		return "!" + ir.FormatCond(g.cond)
	}
	return ir.FormatCond(g.cond)
}

// guardsOf takes a condition apart; nil holds everywhere.
func guardsOf(c ir.Cond) []guard {
	switch e := c.(type) {
	case nil:
		return nil
	case *ir.And:
		return append(guardsOf(e.X), guardsOf(e.Y)...)
	}
	return []guard{{cond: c}}
}

// otherwise holds where c does not.
func otherwise(c ir.Cond) guard {
	if e, ok := c.(*ir.Compare); ok {
		return guard{cond: &ir.Compare{Op: opposite[e.Op], X: e.X, Y: e.Y}}
	}
	return guard{cond: c, fails: true} // a comparison with NaN has no opposite operator
}

var opposite = [...]ir.CmpOp{ir.LT: ir.GE, ir.LE: ir.GT, ir.EQ: ir.NE, ir.NE: ir.EQ, ir.GE: ir.LT, ir.GT: ir.LE}

// before returns t times a factor, in front of the others.
func (t term) before(e ir.Expr) term {
	t.factors = append([]ir.Expr{e}, t.factors...)
	return t
}

// after returns t times a factor, behind the others.
func (t term) after(e ir.Expr) term {
	t.factors = append(slices.Clip(t.factors), e)
	return t
}

// guarded returns t where also gs hold.
func (t term) guarded(gs ...guard) term {
	t.guards = append(slices.Clip(t.guards), gs...)
	return t
}

func (t term) negated() term {
	t.negative = !t.negative
	return t
}

// rewrite applies r to every part.
func (t term) rewrite(r ir.Rewrite) term {
	c := term{negative: t.negative}
	for _, s := range t.sums {
		c.sums = append(c.sums, sum{s.axis, r.OfIndex(s.extent)})
	}
	for _, g := range t.guards {
		c.guards = append(c.guards, guard{r.OfCond(g.cond), g.fails})
	}
	for _, f := range t.factors {
		c.factors = append(c.factors, r.OfExpr(f))
	}
	return c
}

// normal flattens the products, sums, signs and selections of the factors and merges the exponentials. It reports whether
// something is left: a product with 0 is nothing.
func (p *pass) normal(t term) (term, bool) {
	factors := t.factors
	t.factors = nil
	for _, f := range factors {
		if !p.flatten(&t, f) {
			return term{}, false
		}
	}
	t.factors = mergeExps(t.factors)
	return t, true
}

// flatten multiplies t by e.
func (p *pass) flatten(t *term, e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Binary:
		if e.Op == ir.FMul {
			return p.flatten(t, e.X) && p.flatten(t, e.Y)
		}
	case *ir.Unary:
		if e.Op == ir.Neg {
			t.negative = !t.negative
			return p.flatten(t, e.X)
		}
	case *ir.Const:
		switch e.Value {
		case 0:
			return false
		case 1:
			return true
		case -1:
			t.negative = !t.negative
			return true
		}
	case *ir.Select:
		switch {
		case isZero(e.Y):
			*t = t.guarded(guardsOf(e.Cond)...)
			return p.flatten(t, e.X)
		case isZero(e.X):
			*t = t.guarded(otherwise(e.Cond))
			return p.flatten(t, e.Y)
		}
	case *ir.Reduce:
		if e.Op == ir.Sum {
			e = p.freshen(e).(*ir.Reduce) // the same sum may be in a product twice
			t.sums = append(slices.Clip(t.sums), sum{ir.Var(e.Axis), e.Extent})
			*t = t.guarded(guardsOf(e.Where)...)
			return p.flatten(t, e.Body)
		}
	}
	*t = t.after(e)
	return true
}

func isZero(e ir.Expr) bool {
	c, ok := e.(*ir.Const)
	return ok && c.Value == 0
}

// mergeExps writes exp(x) * exp(y) as exp(x + y), in the place of the first.
func mergeExps(factors []ir.Expr) []ir.Expr {
	var out, plus, minus []ir.Expr
	at := -1
	for _, f := range factors {
		if u, ok := f.(*ir.Unary); ok && u.Op == ir.Exp {
			if at < 0 {
				at = len(out)
				out = append(out, nil)
			}
			addends(u.X, false, &plus, &minus)
			continue
		}
		out = append(out, f)
	}
	if at >= 0 {
		out[at] = &ir.Unary{Op: ir.Exp, X: difference(plus, minus)}
	}
	return out
}

// addends takes a sum apart.
func addends(e ir.Expr, negative bool, plus, minus *[]ir.Expr) {
	switch e := e.(type) {
	case *ir.Binary:
		if e.Op == ir.FAdd || e.Op == ir.FSub {
			addends(e.X, negative, plus, minus)
			addends(e.Y, negative != (e.Op == ir.FSub), plus, minus)
			return
		}
	case *ir.Unary:
		if e.Op == ir.Neg {
			addends(e.X, !negative, plus, minus)
			return
		}
	}
	if negative {
		plus = minus
	}
	*plus = append(*plus, e)
}

// difference is the sum of plus without minus; one of the two has something in it.
func difference(plus, minus []ir.Expr) ir.Expr {
	var e ir.Expr
	for _, x := range plus {
		e = added(e, x)
	}
	for _, x := range minus {
		if e == nil {
			e = &ir.Unary{Op: ir.Neg, X: x}
		} else {
			e = &ir.Binary{Op: ir.FSub, X: e, Y: x}
		}
	}
	return e
}

func added(x, y ir.Expr) ir.Expr {
	if x == nil {
		return y
	}
	a, ok := x.(*ir.Const)
	b, ok2 := y.(*ir.Const)
	if ok && ok2 {
		return &ir.Const{Type: a.Type, Value: rounded(a.Type, a.Value+b.Value)}
	}
	return &ir.Binary{Op: ir.FAdd, X: x, Y: y}
}

// rounded is the number of type t next to v.
func rounded(t ir.Type, v float64) float64 {
	if t == ir.F32 {
		return float64(float32(v))
	}
	return v
}
