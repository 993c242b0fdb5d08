package schedule

import "github.com/pyragen/pyragen/ir"

var hoistPass = Pass{
	Name: "hoist",
	Doc: `compute the bounds of loops, and the counts of masks, before the loops around that do not change them

	call all(n0, heads)

	func all(iHi, heads) {
	  for i in 0..iHi {
	    for h in 0..min(4, heads) {
	      z[i, h, 0] = x[i, h, 0]
	    }
	  }
	}
->
	call all(n0, heads)

	func all(iHi, heads) {
	  let hHi = min(4, heads)
	  for i in 0..iHi {
	    for h in 0..hHi {
	      z[i, h, 0] = x[i, h, 0]
	    }
	  }
	}`,
	Run: func(n *Nest, _ Schedule) error {
		for _, f := range n.Funcs {
			h := &hoister{taken: argumentNames(f)}
			addDeclared(h.taken, f.Body)
			f.Body, _ = h.block(f.Body, "")
		}
		return nil
	},
}

type hoister struct{ taken map[string]bool }

// invariant is a value that may be computed before a loop.
type invariant struct {
	name  string
	value ir.Index
}

// block rewrites the body of a loop over v and returns what may be computed before that loop; without a loop, "", that is nothing.
func (h *hoister) block(body []ir.Stmt, v string) (out []ir.Stmt, up []invariant) {
	own := map[ir.Var]bool{ir.Var(v): true}
	for _, s := range body {
		if let, ok := s.(*ir.Let); ok {
			own[ir.Var(let.Var)] = true
		}
	}
	here := map[string]ir.Var{} // what this block has named, by key
	name := func(x ir.Index, base string) ir.Index {
		if v == "" || !costly(x) || !ir.FreeOf(x, own) {
			return x
		}
		if here[ir.Key(x)] == "" {
			here[ir.Key(x)] = ir.Var(unused(h.taken, base))
			up = append(up, invariant{string(here[ir.Key(x)]), x})
		}
		return here[ir.Key(x)]
	}
	for _, s := range body {
		switch e := s.(type) {
		case *ir.For:
			c := *e
			c.Lo, c.Hi = name(e.Lo, e.Var+"Lo"), name(e.Hi, e.Var+"Hi")
			var inner []invariant
			c.Body, inner = h.block(e.Body, e.Var)
			already := map[ir.Var]ir.Index{} // names of what has another one here, which later ones may be made of
			for _, x := range inner {
				x.value = ir.Substitute(already).OfIndex(x.value)
				if at := here[ir.Key(x.value)]; at != "" {
					already[ir.Var(x.name)] = at
				} else if v != "" && ir.FreeOf(x.value, own) {
					here[ir.Key(x.value)] = ir.Var(x.name)
					up = append(up, x)
				} else {
					here[ir.Key(x.value)] = ir.Var(x.name)
					own[ir.Var(x.name)] = true
					out = append(out, &ir.Let{Var: x.name, Value: x.value})
				}
			}
			if len(already) > 0 {
				c.Body = ir.Substitute(already).OfStmts(c.Body)
			}
			s = &c
		case *ir.If: // what stands in a branch stays there
			c := *e
			c.Then, _ = h.block(e.Then, "")
			c.Else, _ = h.block(e.Else, "")
			s = &c
		case *ir.LetMask:
			c := *e
			c.Count = name(e.Count, "lanes")
			s = &c
		case *ir.Let: // what a table has for all iterations is read once
			s = &ir.Let{Var: e.Var, Value: ir.Rewrite{Index: func(x ir.Index) ir.Index {
				if _, ok := x.(*ir.Gather); ok {
					return name(x, e.Var+"At")
				}
				return x
			}}.OfIndex(e.Value)}
		}
		out = append(out, s)
	}
	return out, up
}

// costly reports whether a value takes more than an addition.
func costly(x ir.Index) bool {
	p := ir.PolyOf(x)
	for _, t := range p.Terms {
		if _, ok := t.Var(); !ok {
			return true
		}
	}
	return len(p.Terms) > 1
}
