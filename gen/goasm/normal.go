package goasm

import (
	"fmt"
	"maps"

	"github.com/pyragen/pyragen/ir"
)

// normaliser brings a body into the form that streams are found in: every variable has a name of its own, constant sizes are
// numbers, lets of sums and products are put in their places, loops that run once are their bodies, and what a subscript has
// besides sums and products is a let before its statement:
//
//	for i in 0..n {
//	  let r = i + 1
//	  for j in 2..3 {
//	    z[r, min(j, n)] = x[i/2, j]
//	  }
//	}
//	for i in 0..n {
//	  ...
//
// ->
//
//	for i in 0..n {
//	  let at1 = min(2, n)
//	  let at2 = i/2
//	  z[i + 1, at1] = x[at2, 2]
//	}
//	for i1 in 0..n {
//	  ...
type normaliser struct {
	values map[ir.Var]ir.Index // what a name of the source stands for here
	taken  map[string]bool
}

// normal returns the body of a function of the program in that form.
func normal(p *ir.Program, f *ir.Func) []ir.Stmt {
	n := &normaliser{values: map[ir.Var]ir.Index{}, taken: map[string]bool{}}
	for _, c := range p.Consts {
		n.values[ir.Var(c.Name)] = ir.Int(c.Value)
	}
	for _, name := range f.Ints {
		n.taken[name] = true
		delete(n.values, ir.Var(name))
	}
	for _, b := range f.Buffers {
		n.taken[b.Name] = true
	}
	return n.block(f.Body)
}

// fresh returns a name that nothing has yet.
func (n *normaliser) fresh(base string) string {
	name := base
	for k := 1; n.taken[name]; k++ {
		name = fmt.Sprintf("%s%d", base, k)
	}
	n.taken[name] = true
	return name
}

// block is a scope: what it names is forgotten at its end.
func (n *normaliser) block(body []ir.Stmt) []ir.Stmt {
	outer := n.values
	n.values = maps.Clone(outer)
	defer func() { n.values = outer }()
	return n.stmts(body)
}

// with is a scope in which a name stands for a value.
func (n *normaliser) with(name string, value ir.Index, body []ir.Stmt) []ir.Stmt {
	outer := n.values
	n.values = maps.Clone(outer)
	defer func() { n.values = outer }()
	n.values[ir.Var(name)] = value
	return n.stmts(body)
}

func (n *normaliser) stmts(body []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range body {
		switch s := s.(type) {
		case *ir.For:
			out = append(out, n.loop(s)...)
		case *ir.If:
			out = append(out, &ir.If{Cond: n.here().OfCond(s.Cond), Then: n.block(s.Then), Else: n.block(s.Else), Note: s.Note})
		case *ir.Let:
			out = append(out, n.let(s.Var, n.index(s.Value))...)
		case *ir.LetMask:
			out = append(out, &ir.LetMask{Name: s.Name, Type: s.Type, Lanes: s.Lanes, Count: n.index(s.Count)})
		case *ir.Store:
			out = append(out, n.access(s)...)
		case *ir.Prefetch:
			out = append(out, n.access(s)...)
		case *ir.Assume:
		default:
			out = append(out, s)
		}
	}
	return out
}

// here replaces names by what they stand for.
func (n *normaliser) here() ir.Rewrite { return ir.Substitute(n.values) }

func (n *normaliser) index(x ir.Index) ir.Index { return ir.PolyOf(n.here().OfIndex(x)).Index() }

// let binds a name. A sum or product of variables needs no statement.
func (n *normaliser) let(name string, value ir.Index) []ir.Stmt {
	if polynomial(value) {
		n.values[ir.Var(name)] = value
		return nil
	}
	fresh := n.fresh(name)
	n.values[ir.Var(name)] = ir.Var(fresh)
	return []ir.Stmt{&ir.Let{Var: fresh, Value: value}}
}

// polynomial reports whether an index is made of variables and constants by sums and products alone.
func polynomial(x ir.Index) bool {
	for _, t := range ir.PolyOf(x).Terms {
		for _, a := range t.Atoms {
			if _, ok := a.(ir.Var); !ok {
				return false
			}
		}
	}
	return true
}

func (n *normaliser) loop(s *ir.For) []ir.Stmt {
	if s.Step <= 0 {
		fail("loop %s: step %d, want a positive one", s.Var, s.Step)
	}
	lo, hi := n.index(s.Lo), n.index(s.Hi)
	trips := ir.PolyOf(ir.Minus(hi, lo))
	switch {
	case trips.IsConst() && trips.Const <= 0:
		return nil
	case trips.IsConst() && trips.Const <= s.Step:
		out, lo := n.atoms(lo)
		return append(out, n.with(s.Var, lo, s.Body)...)
	}
	out, lo := n.atoms(lo)
	c := *s
	c.Var, c.Lo, c.Hi = n.fresh(s.Var), lo, hi
	c.Body = n.with(s.Var, ir.Var(c.Var), s.Body)
	return append(out, &c)
}

// access takes what is no sum or product out of the subscripts of a statement. Conditions keep theirs.
func (n *normaliser) access(s ir.Stmt) []ir.Stmt {
	var lets []ir.Stmt
	subscripts := func(at []ir.Index) []ir.Index {
		out := make([]ir.Index, len(at))
		for i, x := range at {
			before, y := n.atoms(ir.PolyOf(x).Index())
			lets, out[i] = append(lets, before...), y
		}
		return out
	}
	switch s := n.here().OfStmts([]ir.Stmt{s})[0].(type) {
	case *ir.Store:
		value := ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
			if l, ok := x.(*ir.Load); ok {
				return &ir.Load{Buf: l.Buf, At: subscripts(l.At), Width: l.Width, Mask: l.Mask}
			}
			return x
		}}.OfExpr(s.Value)
		at := subscripts(s.At)
		return append(lets, &ir.Store{Buf: s.Buf, At: at, Mask: s.Mask, Value: value, Stream: s.Stream})
	case *ir.Prefetch:
		at := subscripts(s.At)
		return append(lets, &ir.Prefetch{Buf: s.Buf, At: at})
	}
	return []ir.Stmt{s}
}

// atoms returns x with lets in place of what is no sum or product in it, and the lets.
func (n *normaliser) atoms(x ir.Index) (lets []ir.Stmt, y ir.Index) {
	if polynomial(x) {
		return nil, x
	}
	known := map[string]ir.Var{}
	y = ir.Int(ir.PolyOf(x).Const)
	for _, t := range ir.PolyOf(x).Terms {
		var product ir.Index = ir.Int(t.Coef)
		for _, a := range t.Atoms {
			v, ok := a.(ir.Var)
			if !ok {
				if v, ok = known[ir.Key(a)]; !ok {
					v = ir.Var(n.fresh("at"))
					known[ir.Key(a)] = v
					lets = append(lets, &ir.Let{Var: string(v), Value: a})
				}
			}
			product = ir.Times(product, v)
		}
		y = ir.Plus(y, product)
	}
	return lets, ir.PolyOf(y).Index()
}
