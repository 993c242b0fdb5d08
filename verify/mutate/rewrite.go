package mutate

import (
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// inFunctions is a fault in the functions of a program: what the back ends make kernels of.
func inFunctions(rewrite func(f *ir.Func, here func() bool) ir.Rewrite) func(*ir.Program, func() bool) {
	return func(p *ir.Program, here func() bool) {
		for _, f := range p.Funcs {
			f.Body = rewrite(f, here).OfStmts(f.Body)
		}
	}
}

// inDriver is a fault in the loops over tiles, levels and nodes that call the functions.
func inDriver(rewrite func(here func() bool) ir.Rewrite) func(*ir.Program, func() bool) {
	return func(p *ir.Program, here func() bool) { p.Body = rewrite(here).OfStmts(p.Body) }
}

// statements is a fault in a statement of a function: change returns what stands in its place, nil where the fault cannot be.
func statements(change func(ir.Stmt) ir.Stmt) func(*ir.Program, func() bool) {
	return inFunctions(func(_ *ir.Func, here func() bool) ir.Rewrite { return ir.Rewrite{Stmt: stmtAt(change, here)} })
}

// values is a fault in a value of a function: change returns what stands in its place, nil where the fault cannot be.
func values(change func(ir.Expr) ir.Expr) func(*ir.Program, func() bool) {
	return inFunctions(func(_ *ir.Func, here func() bool) ir.Rewrite {
		return ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
			if y := change(x); y != nil && here() {
				return y
			}
			return x
		}}
	})
}

// loads is a fault in a load from memory of a function.
func loads(change func(*ir.Load) ir.Expr) func(*ir.Program, func() bool) {
	return values(func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok && l.Buf.Space == ir.Memory {
			return change(l)
		}
		return nil
	})
}

// An edge of a level: the loop over its first nodes, whose windows begin before the level, or over its last ones, whose windows end
// behind it and whose families have what is left over.
type edge string

const (
	anywhere edge = "" // also between the edges
	left     edge = ", left edge"
	right    edge = ", right edge"
)

// on keeps a fault in the driver to one of the two edges.
func (e edge) on(r ir.Rewrite) ir.Rewrite {
	if e == anywhere {
		return r
	}
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		if l, ok := s.(*ir.For); ok && strings.HasSuffix(l.Note, string(e)) {
			c := *l
			c.Body = r.OfStmts(l.Body)
			s = &c
		}
		return []ir.Stmt{s}
	}}
}

// arguments rewrites the integers that the driver passes to functions, where the function looks at them in that call.
func arguments(rewrite func(ir.Index) ir.Index) ir.Rewrite {
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		c, ok := s.(*ir.Call)
		if !ok {
			return []ir.Stmt{s}
		}
		changed := &ir.Call{Func: c.Func}
		for i, x := range c.Args {
			if looksAt(c, i) {
				x = rewrite(x)
			}
			changed.Args = append(changed.Args, x)
		}
		return []ir.Stmt{changed}
	}}
}

// looksAt reports whether a function uses an argument of a call, given what is constant of the others: loops may not run.
func looksAt(c *ir.Call, arg int) bool {
	name := ir.Var(c.Func.Ints[arg])
	for _, b := range c.Func.Buffers {
		if slices.Contains(b.Steps, ir.Index(name)) { // where its rows lie
			return true
		}
	}
	known := map[ir.Var]ir.Index{}
	for i, x := range c.Args {
		if n, ok := x.(ir.Int); ok && i != arg {
			known[ir.Var(c.Func.Ints[i])] = n
		}
	}
	body := ir.Facts(nil).SimplifyStmts(ir.Substitute(known).OfStmts(c.Func.Body))
	return ir.Uses(body, name)
}

// definitions is a fault in what a let of the driver defines; change is given the name, too.
func definitions(change func(name string, x ir.Index) ir.Index, here func() bool) ir.Rewrite {
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		if l, ok := s.(*ir.Let); ok {
			within := indexAt(func(x ir.Index) ir.Index { return change(l.Var, x) }, here)
			s = &ir.Let{Var: l.Var, Value: within.OfIndex(l.Value)}
		}
		return []ir.Stmt{s}
	}}
}

func stmtAt(change func(ir.Stmt) ir.Stmt, here func() bool) func(ir.Stmt) []ir.Stmt {
	return func(s ir.Stmt) []ir.Stmt {
		if t := change(s); t != nil && here() {
			s = t
		}
		return []ir.Stmt{s}
	}
}

func indexAt(change func(ir.Index) ir.Index, here func() bool) ir.Rewrite {
	return ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if y := change(x); y != nil && here() {
			return y
		}
		return x
	}}
}

// moved is a list of subscripts with 1 added to one of them.
func moved(at []ir.Index, axis int) []ir.Index {
	out := append([]ir.Index(nil), at...)
	out[axis] = ir.Plus(out[axis], ir.Int(1))
	return out
}

// constant returns the number that a value is in every lane.
func constant(x ir.Expr) (*ir.Const, bool) {
	if b, ok := x.(*ir.Broadcast); ok {
		x = b.X
	}
	c, ok := x.(*ir.Const)
	return c, ok
}

// stores reports whether a block stores to memory.
func stores(body []ir.Stmt) bool {
	found := false
	ir.Each(body, func(s ir.Stmt) {
		_, ok := s.(*ir.Store)
		found = found || ok
	})
	return found
}
