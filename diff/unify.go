package diff

import (
	"maps"

	"github.com/pyragen/pyragen/ir"
)

// matching finds indices for the variables of a pattern that make it equal to another expression. A variable is nil while nothing is
// found for it.
type matching map[ir.Var]ir.Index

// try runs f and undoes what it found unless it succeeds.
func (m matching) try(f func() bool) bool {
	old := maps.Clone(m)
	if f() {
		return true
	}
	clear(m)
	maps.Copy(m, old)
	return false
}

// apply replaces the variables of the pattern.
func (m matching) apply() ir.Rewrite { return ir.Substitute(m) }

func (m matching) index(pattern, x ir.Index) bool {
	if v, ok := pattern.(ir.Var); ok {
		if found, ok := m[v]; ok {
			if found == nil {
				m[v] = x
				return true
			}
			return ir.Same(found, x)
		}
	}
	switch p := pattern.(type) {
	case *ir.Arith:
		if y, ok := x.(*ir.Arith); ok && p.Op == y.Op {
			return m.index(p.X, y.X) && m.index(p.Y, y.Y)
		}
	case *ir.Apply:
		if y, ok := x.(*ir.Apply); ok && p.Fn == y.Fn {
			return m.indices(p.Args, y.Args)
		}
	case *ir.Gather:
		if y, ok := x.(*ir.Gather); ok && p.Table == y.Table {
			return m.indices(p.At, y.At)
		}
	case *ir.Pick:
		if y, ok := x.(*ir.Pick); ok {
			return m.cond(p.Cond, y.Cond) && m.index(p.X, y.X) && m.index(p.Y, y.Y)
		}
	default:
		return ir.Same(pattern, x)
	}
	return false
}

func (m matching) indices(patterns, xs []ir.Index) bool {
	for n, p := range patterns {
		if !m.index(p, xs[n]) {
			return false
		}
	}
	return len(patterns) == len(xs)
}

func (m matching) cond(pattern, c ir.Cond) bool {
	switch p := pattern.(type) {
	case nil:
		return c == nil
	case *ir.And:
		d, ok := c.(*ir.And)
		return ok && m.cond(p.X, d.X) && m.cond(p.Y, d.Y)
	case *ir.Compare:
		d, ok := c.(*ir.Compare)
		return ok && p.Op == d.Op && m.index(p.X, d.X) && m.index(p.Y, d.Y)
	case *ir.CompareValue:
		d, ok := c.(*ir.CompareValue)
		return ok && p.Op == d.Op && m.expr(p.X, d.X) && m.expr(p.Y, d.Y)
	}
	return false
}

func (m matching) expr(pattern, e ir.Expr) bool {
	switch p := pattern.(type) {
	case *ir.Const:
		d, ok := e.(*ir.Const)
		return ok && p.Value == d.Value
	case *ir.Load:
		d, ok := e.(*ir.Load)
		return ok && p.Buf == d.Buf && m.indices(p.At, d.At)
	case *ir.Binary:
		d, ok := e.(*ir.Binary)
		return ok && p.Op == d.Op && m.expr(p.X, d.X) && m.expr(p.Y, d.Y)
	case *ir.Unary:
		d, ok := e.(*ir.Unary)
		return ok && p.Op == d.Op && m.expr(p.X, d.X)
	case *ir.Select:
		d, ok := e.(*ir.Select)
		return ok && m.cond(p.Cond, d.Cond) && m.expr(p.X, d.X) && m.expr(p.Y, d.Y)
	case *ir.Reduce:
		d, ok := e.(*ir.Reduce)
		if !ok || p.Op != d.Op || !m.index(p.Extent, d.Extent) {
			return false
		}
		m[ir.Var(p.Axis)] = ir.Var(d.Axis)
		return m.cond(p.Where, d.Where) && m.expr(p.Body, d.Body)
	}
	return false
}
