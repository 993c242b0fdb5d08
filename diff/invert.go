package diff

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// inversion solves subscripts(variables) = target for the variables, one after the other, and puts each solution into the term.
// Those that are left are summed over.
type inversion struct {
	p      *pass
	buf    *ir.Buffer
	stage  *ir.Stage // whose load is inverted
	read   []ir.Index
	at     []ir.Index // the subscripts that are not solved yet, nil where they are
	target []ir.Axis
	term   term
}

// invert returns the term that a contribution adds to the gradient of buf at the target axes.
func (p *pass) invert(c contribution, buf *ir.Buffer, target []ir.Axis) term {
	v := &inversion{p: p, buf: buf, stage: c.stage, read: c.at, at: slices.Clone(c.at), target: target, term: c.term}
	for n, x := range v.at {
		if i, ok := x.(ir.Var); ok && v.summed(i) {
			v.solve(n, i, v.axis(n), v.axis(n))
		}
	}
	for n, x := range v.at {
		if x != nil {
			v.invertMap(n, x)
		}
	}
	for n := range v.at {
		if v.at[n] != nil {
			v.invertAffine(n)
		}
	}
	if p.relation != nil {
		v.term = v.term.rewrite(p.relation.laws())
	}
	return v.term
}

func (v *inversion) axis(n int) ir.Index { return ir.Var(v.target[n].Name) }

func (v *inversion) summed(i ir.Var) bool {
	return slices.ContainsFunc(v.term.sums, func(s sum) bool { return s.axis == i })
}

func (v *inversion) extent(i ir.Var) ir.Index {
	for _, s := range v.term.sums {
		if s.axis == i {
			return s.extent
		}
	}
	panic("diff: " + string(i) + " is not summed over")
}

// solve replaces a variable that subscript n determines; it is negative where low is. Elements that the variable does not reach get
// nothing; prune drops what always holds.
func (v *inversion) solve(n int, i ir.Var, by, low ir.Index) {
	v.term = v.term.guarded(compare(ir.GE, low, ir.Int(0)), compare(ir.LT, by, v.extent(i)))
	v.at[n] = nil
	v.replace(i, by)
}

// replace puts by in the place of the variable everywhere.
func (v *inversion) replace(i ir.Var, by ir.Index) {
	v.term.sums = slices.DeleteFunc(slices.Clone(v.term.sums), func(s sum) bool { return s.axis == i })
	v.rewrite(ir.Substitute(map[ir.Var]ir.Index{i: by}))
}

func (v *inversion) rewrite(r ir.Rewrite) {
	v.term = v.term.rewrite(r)
	v.at = r.Indices(v.at)
}

// invertMap solves subscript n where it is nbr(i, j) or rev(i, j) and i, j are summed over:
//
//	nbr(i, j) = t                       <=>  i = rev(t, k), j = revslot(t, k) for one k with rev(t, k) >= 0
//	rev(i, j) = t                       <=>  i = nbr(t, k), revslot(i, j) = k for one k with nbr(t, k) >= 0
//	rev(i, j) = t, revslot(i, j) = u    <=>  i = nbr(t, u) where that is >= 0
func (v *inversion) invertMap(n int, x ir.Index) {
	r := v.p.relation
	fn, first, second := r.match(x)
	i, iok := first.(ir.Var)
	j, jok := second.(ir.Var)
	if fn != ir.Nbr && fn != ir.Rev || !iok || !jok || i == j || !v.summed(i) || !v.summed(j) {
		return
	}
	wide := map[ir.Fn]ir.Index{ir.Nbr: r.slots, ir.Rev: r.inSlots}
	if !ir.Same(v.extent(i), r.nodes) || !ir.Same(v.extent(j), wide[fn]) || !ir.Same(v.target[n].Extent, r.nodes) {
		v.refuse("its axes go over a part of the graph", n)
	}
	t := v.axis(n)
	v.at[n] = nil
	if fn == ir.Nbr {
		k := v.retarget(j, r.inSlots)
		v.term = v.term.guarded(compare(ir.GE, r.call(ir.Rev, t, k), ir.Int(0)))
		v.rewrite(ir.Substitute(map[ir.Var]ir.Index{j: r.call(ir.RevSlot, t, k)}))
		v.replace(i, r.call(ir.Rev, t, k))
		return
	}
	slot := r.call(ir.RevSlot, i, j)
	var k ir.Index
	for m, y := range v.at {
		if y != nil && ir.Same(y, slot) {
			if !ir.Same(v.target[m].Extent, r.slots) {
				v.refuse("its axes go over a part of the graph", m)
			}
			k, v.at[m] = v.axis(m), nil
		}
	}
	if k == nil {
		k = v.retarget(j, r.slots)
	} else {
		v.term.sums = slices.DeleteFunc(slices.Clone(v.term.sums), func(s sum) bool { return s.axis == j })
	}
	v.term = v.term.guarded(compare(ir.GE, r.call(ir.Nbr, t, k), ir.Int(0)))
	v.rewrite(ir.Rewrite{Index: func(y ir.Index) ir.Index {
		switch fn, a, b := r.match(y); {
		case a != ir.Index(i) || b != ir.Index(j):
		case fn == ir.Rev:
			return t
		case fn == ir.RevSlot:
			return k
		}
		return y
	}})
	v.replace(i, r.call(ir.Nbr, t, k))
	if slices.ContainsFunc(v.term.factors, func(e ir.Expr) bool { return occurs(j, e) }) ||
		slices.ContainsFunc(v.term.guards, func(g guard) bool { return occursInCond(j, g.cond) }) {
		v.refuse("the position of a node in its reverse list is used by itself", n)
	}
}

// retarget puts a new sum in the place of that over j, and returns its variable.
func (v *inversion) retarget(j ir.Var, extent ir.Index) ir.Var {
	k := v.p.unique(string(j))
	v.term.sums = slices.Clone(v.term.sums)
	for n, s := range v.term.sums {
		if s.axis == j {
			v.term.sums[n] = sum{k, extent}
		}
	}
	return k
}

// invertAffine solves subscript n where it is affine in the variables: x*E + y, with y < E, by quotient and remainder, and any other
// for a variable whose coefficient is 1 or -1. A subscript without variables is a condition.
func (v *inversion) invertAffine(n int) {
	x := v.at[n]
	var vars []ir.Var
	for _, s := range v.term.sums {
		if occursInIndex(s.axis, x) {
			vars = append(vars, s.axis)
		}
	}
	if len(vars) == 0 {
		v.at[n] = nil
		v.term = v.term.guarded(compare(ir.EQ, v.axis(n), ir.PolyOf(x).Index()))
		return
	}
	if len(vars) == 2 && (v.invertDigits(n, vars[0], vars[1]) || v.invertDigits(n, vars[1], vars[0])) {
		return
	}
	for _, i := range vars {
		coef, ok := ir.PolyOf(x).Coef(i)
		if !ok || !coef.IsConst() || coef.Const != 1 && coef.Const != -1 {
			continue
		}
		rest := ir.PolyOf(x).Plus(ir.PolyOf(i), -coef.Const)
		by := ir.Poly{}.Plus(ir.PolyOf(v.axis(n)).Plus(rest, -1), coef.Const).Index()
		v.solve(n, i, by, by)
		return
	}
	v.refuse("it has no reverse", n)
}

// invertDigits solves i*E + j + rest = t with j = 0..E-1, where rest has neither: i = (t - rest) / E, j = (t - rest) % E.
func (v *inversion) invertDigits(n int, i, j ir.Var) bool {
	x := ir.PolyOf(v.at[n])
	high, ok := x.Coef(i)
	low, ok2 := x.Coef(j)
	size := v.extent(j)
	if !ok || !ok2 || !low.IsConst() || low.Const != 1 || !ir.Same(high.Index(), size) || occursInIndex(i, size) {
		return false
	}
	rest := x.Plus(ir.PolyOf(ir.Times(i, size)), -1).Plus(ir.PolyOf(j), -1)
	t := ir.PolyOf(v.axis(n)).Plus(rest, -1).Index()
	v.term.sums = slices.DeleteFunc(slices.Clone(v.term.sums), func(s sum) bool { return s.axis == j })
	v.rewrite(ir.Substitute(map[ir.Var]ir.Index{j: ir.Rem(t, size)}))
	v.solve(n, i, ir.Quo(t, size), t)
	return true
}

func (v *inversion) refuse(why string, n int) {
	refuse("stage %s: got %s[..., %s, ...], whose subscript %d cannot be turned round: %s; want an axis, an affine subscript that can be"+
		" solved, or an index map of the graph over all its nodes and slots", v.stage.Out.Name, v.buf.Name, ir.FormatIndex(written.OfIndex(v.read[n])), n, why)
}

func compare(op ir.CmpOp, x, y ir.Index) guard { return guard{cond: &ir.Compare{Op: op, X: x, Y: y}} }
