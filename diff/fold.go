package diff

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// definition is a forward value that gradients can read instead of computing it again.
type definition struct {
	buf   *ir.Buffer
	axes  []ir.Var
	where []guard
	term  term
}

// definitions are the outputs that are given, and the stages with an exponential, a logarithm or a reciprocal: those are computed
// once. Products are apart: they are read where that makes an exchange of sums possible.
func (p *pass) definitions(given map[*ir.Buffer]bool) {
	for _, s := range p.stages {
		t, ok := p.normal(term{factors: []ir.Expr{s.Value}})
		if !ok || t.negative {
			continue
		}
		list := &p.defs
		if !given[s.Out] && !slices.ContainsFunc(t.factors, transcendental) {
			if len(t.sums)+len(t.guards) > 0 {
				continue
			}
			list = &p.products
		}
		if _, copied := t.factors[0].(*ir.Load); copied && len(t.factors) == 1 && len(t.sums) == 0 {
			continue
		}
		d := definition{buf: s.Out, where: guardsOf(s.Where), term: t}
		for _, a := range s.Axes {
			d.axes = append(d.axes, ir.Var(a.Name))
		}
		*list = append(*list, d)
	}
}

func transcendental(e ir.Expr) (found bool) {
	ir.EachPart(e, func(e ir.Expr) {
		u, ok := e.(*ir.Unary)
		found = found || ok && u.Op != ir.Neg
	})
	return found
}

// fold writes factors that are together a value at hand as a load of it:
//
//	exp(s[i, j] - lse[i]) * x  =  p[i, j] * x      where p[i, j] = exp(s[i, j] - lse[i])
//
// also where a sum goes with them, which is the exchange of two sums; gradients of temporaries are written out where that makes one
// possible:
//
//	sum_j p[i, j] * dp[i, j]  =  sum_j sum_d p[i, j] * dout[i, d] * v[j, d]  =  sum_d dout[i, d] * out[i, d]
//	where dp[i, j] = sum_d dout[i, d] * v[j, d] and out[i, d] = sum_j p[i, j] * v[j, d]
//
// and in as many steps as it takes where they are products: with pz[i, j] = p[i, j] * z[i, j] in the place of p in out,
//
//	sum_j p[i, j] * dp[i, j]  =  sum_j p[i, j] * z[i, j] * dpz[i, j]  =  sum_j pz[i, j] * dpz[i, j]  =  sum_d dout[i, d] * out[i, d]
//	where dp[i, j] = z[i, j] * dpz[i, j] and dpz[i, j] = sum_d dout[i, d] * v[j, d]
func (p *pass) fold(t term, facts ir.Facts) term {
	for n := 0; n < len(p.defs); n++ {
		if u, ok := p.foldOne(t, p.defs[n], facts); ok {
			t, n = u, -1
		}
	}
	if u, ok := p.exchange(t, facts); ok {
		return p.fold(u, facts)
	}
	return t
}

// exchange writes gradients of temporaries out until a sum is one of a definition.
func (p *pass) exchange(t term, facts ir.Facts) (term, bool) {
	for n, f := range t.factors {
		u, ok := p.writeOut(t, n, f)
		if !ok {
			continue
		}
		for _, d := range p.products {
			if v, ok := p.foldOne(u, d, facts); ok {
				u = v
			}
		}
		for _, d := range p.defs {
			if w, ok := p.foldOne(u, d, facts); ok && len(d.term.sums) > 0 && len(w.sums) <= len(t.sums) {
				return w, true
			}
		}
		if len(u.sums) > len(t.sums) {
			continue
		}
		if w, ok := p.exchange(u, facts); ok {
			return w, true
		}
	}
	return t, false
}

// writeOut puts the definition of the gradient that factor n loads in its place, where that is one product. What a gradient's buffer
// holds is never negative as a whole.
func (p *pass) writeOut(t term, n int, f ir.Expr) (term, bool) {
	l, ok := f.(*ir.Load)
	if !ok || len(t.sums) == 0 {
		return t, false
	}
	g := p.gradients[l.Buf]
	if g == nil || g.single == nil {
		return t, false
	}
	vars := map[ir.Var]ir.Index{}
	for k, a := range g.axes {
		vars[ir.Var(a.Name)] = l.At[k]
	}
	u := g.single.rewrite(ir.Substitute(vars))
	for k, s := range u.sums {
		v := p.unique(string(s.axis))
		u = u.rewrite(ir.Substitute(map[ir.Var]ir.Index{s.axis: v}))
		u.sums[k].axis = v
	}
	t.sums = append(slices.Clip(t.sums), u.sums...)
	t.factors = slices.Concat(t.factors[:n], u.factors, t.factors[n+1:])
	return t.guarded(u.guards...), true
}

// foldOne replaces the factors of t that are together d.
func (p *pass) foldOne(t term, d definition, facts ir.Facts) (term, bool) {
	m := matching{}
	for _, v := range d.axes {
		m[v] = nil
	}
	for _, s := range d.term.sums {
		m[s.axis] = nil
	}
	used := make([]bool, len(t.factors))
	if !m.factors(d.term.factors, t.factors, used) {
		return t, false
	}
	last := -1
	var left term
	left.negative = t.negative
	for n, f := range t.factors {
		if used[n] {
			last = len(left.factors)
		} else {
			left.factors = append(left.factors, f)
		}
	}
	load := &ir.Load{Buf: d.buf}
	for _, v := range d.axes {
		if m[v] == nil {
			return t, false
		}
		load.At = append(load.At, m[v])
	}
	left.factors = slices.Insert(left.factors, last, ir.Expr(load))

	gone := map[ir.Var]bool{}
	for _, s := range d.term.sums {
		v, ok := m[s.axis].(ir.Var)
		if !ok || gone[v] || slices.ContainsFunc(left.factors, func(e ir.Expr) bool { return occurs(v, e) }) {
			return t, false
		}
		gone[v] = true
	}
	for _, s := range t.sums {
		if !gone[s.axis] {
			left.sums = append(left.sums, s)
			continue
		}
		if !slices.ContainsFunc(d.term.sums, func(u sum) bool {
			return m[u.axis] == ir.Index(s.axis) && ir.Same(m.apply().OfIndex(u.extent), s.extent)
		}) {
			return t, false
		}
	}
	if len(left.sums)+len(gone) != len(t.sums) {
		return t, false // a variable of the definition's sum is no sum here
	}
	return t.foldGuards(left, d, m, gone, facts)
}

// foldGuards checks that t is guarded as d is, and gives left the guards that stay: all but those of d that are about values, which make
// the value that is loaded 0, and those about the sums that are gone.
func (t term) foldGuards(left term, d definition, m matching, gone map[ir.Var]bool, facts ir.Facts) (term, bool) {
	holds := map[string]bool{}
	for _, g := range t.guards {
		holds[g.String()] = true
		if !g.fails {
			facts = facts.WithCond(g.cond)
		}
	}
	drop := map[string]bool{}
	for _, g := range slices.Concat(d.term.guards, d.where) {
		g.cond = m.apply().OfCond(g.cond)
		if !holds[g.String()] && (g.fails || facts.Decide(g.cond) <= 0) {
			return t, false
		}
		_, integer := g.cond.(*ir.Compare)
		for v := range gone {
			integer = integer && !occursInCond(v, g.cond)
		}
		drop[g.String()] = !integer
	}
	for _, g := range t.guards {
		if drop[g.String()] {
			continue
		}
		for v := range gone {
			if occursInCond(v, g.cond) {
				return t, false
			}
		}
		left.guards = append(left.guards, g)
	}
	return left, true
}

// factors matches every pattern with a factor of its own.
func (m matching) factors(patterns, factors []ir.Expr, used []bool) bool {
	if len(patterns) == 0 {
		return true
	}
	for n, f := range factors {
		if used[n] || !m.try(func() bool {
			used[n] = true
			ok := m.expr(patterns[0], f) && m.factors(patterns[1:], factors, used)
			used[n] = ok
			return ok
		}) {
			continue
		}
		return true
	}
	return false
}
