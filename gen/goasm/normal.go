package goasm

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// normaliser brings a body into the form that streams are found in: every variable has a name of its own, constant sizes are
// numbers, what lets name stands in their places, loops that run once are their bodies, and what an address, a bound or a count has
// besides sums and products is a let, once in a block, or once in the function where it follows from the arguments:
//
//	for i in 0..n {
//	  let r = i + 1
//	  for j in 2..3 {
//	    z[r, min(j, n)] = x[i/2, j]
//	  }
//	}
//	for i in 0..n/4 {
//	  ...
//
// ->
//
//	let at1 = min(2, n)
//	let iHi = n/4
//	for i in 0..n {
//	  let at = i/2
//	  z[i + 1, at1] = x[at, 2]
//	}
//	for i1 in 0..iHi {
//	  ...
type normaliser struct {
	names
	ints  []string
	taken map[string]bool
	first []ir.Stmt         // lets of what follows from the arguments
	fixed map[string]ir.Var // their names, by what they are
}

// names are what a block knows.
type names struct {
	values     map[ir.Var]ir.Index   // what a name of the source stands for here
	here       ir.Rewrite            // puts that in the place of the names
	subscripts map[ir.Index]ir.Index // what has become of subscripts since then; most come again and again
	known      map[string]ir.Var     // names of lets, by what they are
}

// normal returns the body of a function of the program in that form.
func normal(p *ir.Program, f *ir.Func) []ir.Stmt {
	n := &normaliser{ints: f.Ints, taken: map[string]bool{}, fixed: map[string]ir.Var{}}
	consts := map[ir.Var]ir.Index{}
	for _, c := range p.Consts {
		consts[ir.Var(c.Name)] = ir.Int(c.Value)
	}
	n.names = newNames(consts, map[string]ir.Var{})
	for _, name := range f.Ints {
		n.taken[name] = true
	}
	for _, b := range f.Buffers {
		n.taken[b.Name] = true
	}
	body := n.stmts(f.Body)
	return append(n.first, body...)
}

func newNames(values map[ir.Var]ir.Index, known map[string]ir.Var) names {
	return names{values: values, here: ir.Substitute(values), subscripts: map[ir.Index]ir.Index{}, known: known}
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
func (n *normaliser) block(body []ir.Stmt) []ir.Stmt { return n.with("", nil, body) }

// with is a scope in which a name stands for a value.
func (n *normaliser) with(name string, value ir.Index, body []ir.Stmt) []ir.Stmt {
	outer := n.names
	defer func() { n.names = outer }()
	values := maps.Clone(outer.values)
	if name != "" {
		values[ir.Var(name)] = value
	}
	n.names = newNames(values, maps.Clone(outer.known))
	return n.stmts(body)
}

func (n *normaliser) stmts(body []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range body {
		switch s := s.(type) {
		case *ir.For:
			out = append(out, n.loop(s)...)
		case *ir.If:
			out = append(out, &ir.If{Cond: n.here.OfCond(s.Cond), Then: n.block(s.Then), Else: n.block(s.Else), Note: s.Note})
		case *ir.Let:
			lets, value := n.atoms(n.poly(s.Value), s.Var)
			n.values[ir.Var(s.Var)] = value
			n.names = newNames(n.values, n.known)
			out = append(out, lets...)
		case *ir.LetMask:
			lets, count := n.atoms(n.poly(s.Count), "count")
			out = append(append(out, lets...), &ir.LetMask{Name: s.Name, Type: s.Type, Lanes: s.Lanes, Count: count})
		case *ir.Store, *ir.Prefetch:
			out = append(out, n.access(s)...)
		case *ir.Assume:
		default:
			out = append(out, s)
		}
	}
	return out
}

func (n *normaliser) poly(x ir.Index) ir.Poly { return ir.PolyOf(n.here.OfIndex(x)) }

// polynomial reports whether an index is made of variables and constants by sums and products alone.
func polynomial(p ir.Poly) bool {
	for _, t := range p.Terms {
		for k := range t.Degree() {
			if _, ok := t.Atom(k).(ir.Var); !ok {
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
	from, to := n.poly(s.Lo), n.poly(s.Hi)
	trips := to.Plus(from, -1)
	if trips.IsConst() && trips.Const <= 0 {
		return nil
	}
	out, lo := n.atoms(from, s.Var+"Lo")
	if trips.IsConst() && trips.Const <= s.Step {
		return append(out, n.with(s.Var, lo, s.Body)...)
	}
	more, hi := n.atoms(to, s.Var+"Hi")
	c := *s
	c.Var, c.Lo, c.Hi = n.fresh(s.Var), lo, hi
	c.Body = n.with(s.Var, ir.Var(c.Var), s.Body)
	return append(append(out, more...), &c)
}

// access takes what is no sum or product out of the subscripts of a statement. Conditions keep theirs.
func (n *normaliser) access(s ir.Stmt) []ir.Stmt {
	var lets []ir.Stmt
	subscripts := func(at []ir.Index) []ir.Index {
		out := make([]ir.Index, len(at))
		for i, x := range at {
			y, known := n.subscripts[x]
			if !known {
				var before []ir.Stmt
				before, y = n.atoms(ir.PolyOf(x), "at")
				lets = append(lets, before...)
				n.subscripts[x] = y
			}
			out[i] = y
		}
		return out
	}
	r := n.here
	r.Expr = func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok {
			return &ir.Load{Buf: l.Buf, At: subscripts(l.At), Width: l.Width, Mask: l.Mask}
		}
		return x
	}
	switch s := r.OfStmts([]ir.Stmt{s})[0].(type) {
	case *ir.Store:
		at := subscripts(s.At)
		return append(lets, &ir.Store{Buf: s.Buf, At: at, Mask: s.Mask, Value: s.Value, Stream: s.Stream})
	case *ir.Prefetch:
		at := subscripts(s.At)
		return append(lets, &ir.Prefetch{Buf: s.Buf, At: at, Far: s.Far})
	}
	return []ir.Stmt{s}
}

// atoms returns an index with names in place of what is no sum or product in it, and the lets of those that are new.
func (n *normaliser) atoms(p ir.Poly, base string) (lets []ir.Stmt, y ir.Index) {
	if polynomial(p) {
		return nil, p.Index()
	}
	y = ir.Int(p.Const)
	for _, t := range p.Terms {
		var product ir.Index = ir.Int(t.Coef)
		for k := range t.Degree() {
			a := t.Atom(k)
			v, ok := a.(ir.Var)
			if !ok {
				var let []ir.Stmt
				v, let = n.atom(a, base)
				lets = append(lets, let...)
			}
			product = ir.Times(product, v)
		}
		y = ir.Plus(y, product)
	}
	return lets, ir.PolyOf(y).Index()
}

// atom names a quotient, an extreme, a choice or an element of a table, whose subscripts are taken out in turn.
func (n *normaliser) atom(a ir.Index, base string) (ir.Var, []ir.Stmt) {
	if g, ok := a.(*ir.Gather); ok {
		var lets []ir.Stmt
		at := make([]ir.Index, len(g.At))
		for d, x := range g.At {
			before, y := n.atoms(ir.PolyOf(x), base)
			lets, at[d] = append(lets, before...), y
		}
		v, let := n.named(&ir.Gather{Table: g.Table, At: at}, base)
		return v, append(lets, let...)
	}
	return n.named(a, base)
}

// named is the name of a value, and its let if that is new.
func (n *normaliser) named(a ir.Index, base string) (ir.Var, []ir.Stmt) {
	key := ir.Key(a)
	if v, ok := n.fixed[key]; ok {
		return v, nil
	}
	if v, ok := n.known[key]; ok {
		return v, nil
	}
	v := ir.Var(n.fresh(base))
	let := &ir.Let{Var: string(v), Value: a}
	if n.anywhere(a) {
		n.fixed[key] = v
		n.first = append(n.first, let)
		return v, nil
	}
	n.known[key] = v
	return v, []ir.Stmt{let}
}

// anywhere reports whether an index has one value in the whole function and computing it never fails: of arguments, without
// divisions by them.
func (n *normaliser) anywhere(x ir.Index) bool {
	ok := true
	ir.Rewrite{Index: func(y ir.Index) ir.Index {
		switch y := y.(type) {
		case ir.Var:
			ok = ok && slices.Contains(n.ints, string(y))
		case *ir.Arith:
			_, constant := y.Y.(ir.Int)
			ok = ok && (constant || y.Op != ir.Div && y.Op != ir.Mod)
		case *ir.Pick, *ir.Gather, *ir.Apply:
			ok = false
		}
		return y
	}}.OfIndex(x)
	return ok
}
