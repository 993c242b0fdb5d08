package diff

import (
	"strconv"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// While the pass works, every axis and every reduction has a variable of its own: its name, # and a number. So substitution never
// captures, and whether a value depends on a variable is whether it occurs. settle gives the names back.

func (p *pass) unique(name string) ir.Var {
	p.count++
	return ir.Var(baseName(name) + "#" + strconv.Itoa(p.count))
}

func baseName(v string) string {
	name, _, _ := strings.Cut(v, "#")
	return name
}

// written gives variables the names that their writer gave, for messages.
var written = ir.Rewrite{Index: func(x ir.Index) ir.Index {
	if v, ok := x.(ir.Var); ok {
		return ir.Var(baseName(string(v)))
	}
	return x
}}

// freshen gives each reduction of a value a variable of its own.
func (p *pass) freshen(e ir.Expr) ir.Expr {
	return ir.Rewrite{Expr: func(e ir.Expr) ir.Expr {
		r, ok := e.(*ir.Reduce)
		if !ok {
			return e
		}
		v := p.unique(r.Axis)
		in := ir.Substitute(map[ir.Var]ir.Index{ir.Var(r.Axis): v})
		return &ir.Reduce{Op: r.Op, Axis: string(v), Extent: r.Extent, Where: in.OfCond(r.Where), Body: in.OfExpr(r.Body)}
	}}.OfExpr(e)
}

// freshStage is a stage with variables of its own.
func (p *pass) freshStage(s *ir.Stage) *ir.Stage {
	vars, c := map[ir.Var]ir.Index{}, &ir.Stage{Out: s.Out}
	for _, a := range s.Axes {
		v := p.unique(a.Name)
		vars[ir.Var(a.Name)] = v
		c.Axes = append(c.Axes, ir.Axis{Name: string(v), Extent: a.Extent})
	}
	in := ir.Substitute(vars)
	c.Where, c.Value = in.OfCond(s.Where), p.freshen(in.OfExpr(s.Value))
	return c
}

// settle gives the reductions of a value the names that they had, or others where those are taken.
func settle(e ir.Expr, taken map[string]bool) ir.Expr {
	r, ok := e.(*ir.Reduce)
	if !ok {
		return mapParts(e, func(part ir.Expr) ir.Expr { return settle(part, taken) })
	}
	name := baseName(r.Axis)
	for n := 2; taken[name]; n++ {
		name = baseName(r.Axis) + strconv.Itoa(n)
	}
	in := ir.Substitute(map[ir.Var]ir.Index{ir.Var(r.Axis): ir.Var(name)})
	c := &ir.Reduce{Op: r.Op, Axis: name, Extent: r.Extent, Where: in.OfCond(r.Where)}
	taken[name] = true
	c.Body = settle(in.OfExpr(r.Body), taken)
	delete(taken, name)
	return c
}

// mapParts applies f to the operands of a value.
func mapParts(e ir.Expr, f func(ir.Expr) ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.Binary:
		return &ir.Binary{Op: e.Op, X: f(e.X), Y: f(e.Y)}
	case *ir.Unary:
		return &ir.Unary{Op: e.Op, X: f(e.X)}
	case *ir.Select:
		return &ir.Select{Cond: mapCond(e.Cond, f), X: f(e.X), Y: f(e.Y)}
	}
	return e
}

func mapCond(c ir.Cond, f func(ir.Expr) ir.Expr) ir.Cond {
	switch c := c.(type) {
	case *ir.CompareValue:
		return &ir.CompareValue{Op: c.Op, X: f(c.X), Y: f(c.Y)}
	case *ir.And:
		return &ir.And{X: mapCond(c.X, f), Y: mapCond(c.Y, f)}
	}
	return c
}

// finder looks for a variable.
func finder(v ir.Var, found *bool) ir.Rewrite {
	return ir.Rewrite{Index: func(x ir.Index) ir.Index {
		*found = *found || x == ir.Index(v)
		return x
	}}
}

func occurs(v ir.Var, e ir.Expr) (found bool) {
	finder(v, &found).OfExpr(e)
	return found
}

func occursInCond(v ir.Var, c ir.Cond) (found bool) {
	finder(v, &found).OfCond(c)
	return found
}

func occursInIndex(v ir.Var, x ir.Index) (found bool) {
	finder(v, &found).OfIndex(x)
	return found
}
