package diff

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// render returns the sum of terms, and whether it is to be negated. last is the last axis of the stage.
func (p *pass) render(terms []term, last ir.Var) (ir.Expr, bool) {
	if len(terms) == 0 {
		return p.constant(0), false
	}
	if len(terms) == 1 {
		t := terms[0]
		return p.product(t, last), t.negative
	}
	common := term{guards: shared(terms, func(t term) []guard { return t.outer() }, guard.String)}
	if !slices.ContainsFunc(terms, func(t term) bool { return len(t.sums) > 0 }) {
		common.factors = shared(terms, func(t term) []ir.Expr { return t.factors }, ir.FormatExpr)
	}
	var plus, minus []ir.Expr
	for _, t := range terms {
		t.guards = without(t.guards, common.guards, guard.String)
		t.factors = without(t.factors, common.factors, ir.FormatExpr)
		e := p.product(t, last)
		if t.negative {
			minus = append(minus, e)
		} else {
			plus = append(plus, e)
		}
	}
	negative := len(plus) == 0
	if negative {
		plus, minus = minus, nil
	}
	return p.product(common.after(difference(plus, minus)), last), negative
}

// outer are the guards in which no sum of t occurs.
func (t term) outer() (out []guard) {
	for _, g := range t.guards {
		if !slices.ContainsFunc(t.sums, func(s sum) bool { return occursInCond(s.axis, g.cond) }) {
			out = append(out, g)
		}
	}
	return out
}

// shared are the parts that every term has, in the order of the first.
func shared[T any](terms []term, parts func(term) []T, key func(T) string) []T {
	rest := parts(terms[0])
	for _, t := range terms[1:] {
		rest = without(rest, without(rest, parts(t), key), key)
	}
	return slices.Clone(rest)
}

// without is list without the first of its elements that is equal to each of those in remove.
func without[T any](list, remove []T, key func(T) string) []T {
	out := slices.Clone(list)
	for _, r := range remove {
		if n := slices.IndexFunc(out, func(x T) bool { return key(x) == key(r) }); n >= 0 {
			out = slices.Delete(out, n, n+1)
		}
	}
	return out
}

// product writes a term, without its sign. Each sum stands around what its variable occurs in only, the last innermost.
func (p *pass) product(t term, last ir.Var) ir.Expr {
	for n := len(t.sums) - 1; n >= 0; n-- {
		s := t.sums[n]
		inner, outer := term{}, term{}
		at := -1
		for _, f := range t.factors {
			if occurs(s.axis, f) {
				if at < 0 {
					at = len(outer.factors)
				}
				inner.factors = append(inner.factors, f)
			} else {
				outer.factors = append(outer.factors, f)
			}
		}
		var where ir.Cond
		for _, g := range t.guards {
			switch {
			case !occursInCond(s.axis, g.cond):
				outer.guards = append(outer.guards, g)
			case g.fails:
				inner.guards = append(inner.guards, g)
			default:
				where = and(where, g.cond)
			}
		}
		body := p.product(inner, last)
		if at < 0 {
			at = len(outer.factors)
		}
		r := &ir.Reduce{Op: ir.Sum, Axis: string(s.axis), Extent: s.extent, Where: where, Body: body}
		t.factors, t.guards = slices.Insert(outer.factors, at, ir.Expr(r)), outer.guards
	}
	e := multiply(p, order(t.factors, last))
	var holds ir.Cond
	for _, g := range t.guards {
		if g.fails {
			e = &ir.Select{Cond: g.cond, X: p.constant(0), Y: e}
		} else {
			holds = and(holds, g.cond)
		}
	}
	if holds != nil {
		e = &ir.Select{Cond: holds, X: e, Y: p.constant(0)}
	}
	return e
}

// order puts what does not change along the last axis first: it is the scalar that a row is multiplied by.
func order(factors []ir.Expr, last ir.Var) []ir.Expr {
	var fixed, rest []ir.Expr
	for _, f := range factors {
		if last == "" || occurs(last, f) {
			rest = append(rest, f)
		} else {
			fixed = append(fixed, f)
		}
	}
	return append(fixed, rest...)
}

func multiply(p *pass, factors []ir.Expr) ir.Expr {
	if len(factors) == 0 {
		return p.constant(1)
	}
	e := factors[0]
	for _, f := range factors[1:] {
		e = &ir.Binary{Op: ir.FMul, X: e, Y: f}
	}
	return e
}

// and holds where both hold; nil holds everywhere.
func and(c, d ir.Cond) ir.Cond {
	if c == nil {
		return d
	}
	return &ir.And{X: c, Y: d}
}
