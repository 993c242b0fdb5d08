package schedule

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var familiesStep = Step{
	Name: "families",
	Args: "LEVELS OUTER [LEAF [alike|joined]]",
	Doc: `split the interiors of levels into families: the nodes of a parent, one after the other

	if first0 < last0 {
	  assume n1 > 0
	  for i0 in first0..last0 { // level 0, interior
	    z[0, i0, 0, 0] = x[0, off1 + min(i0/25, n1 - 1), 0, 0]
	  }
	}
->
	if first0 < last0 {
	  assume n1 > 0
	  let fLo0 = min(first0/25, n1 - 1)
	  let fHi0 = min((last0 + 24)/25, n1)
	  for f in fLo0..fHi0 { // level 0, interior
	    let iLo = max(0, first0 - f*25)
	    let iHi = min(last0 - f*25, f + 1 == n1 ? last0 : 25)
	    for i in iLo..iHi {
	      z[0, f*25 + i, 0, 0] = x[0, f + off1, 0, 0]
	    }
	  }
	}

The number of a family, for which OUTER is the name, is that of its parent: it stands in place of the parent's closed form. The last
parent takes what is left over. What is known of interiors is folded in, as by the pass simplify, so that the steps that follow see
whole windows. LEVELS is the name that the loops had before specialise. The highest level, which has no parents, stays as it is; where
it is the only one its nodes are one family. Where the graph is causal, and only the last child of a parent sees it, that child comes in a
loop of its own, iLast, and a first child that alone is seen by its parent in iFirst; with the word alike, which makes shorter code, all stay
in one loop, and the edge is a loop that runs once or never. LEAF, if given, names the loop over the leaves of a family, so that steps may
take the leaves alone. With the word joined the nodes of all families come in one loop of that name, on every level, and OUTER names the parent
of each: what nodes of a family share with those beside them, steps find across families.`,
	Run: func(n *Nest, args []string) error {
		base, outer, leaf := args[0], args[1], args[0]
		names := []string{outer, base + "Lo", base + "Hi"}
		if len(args) > 2 && args[2] != base {
			leaf = args[2]
			names = append(names, leaf)
		}
		word := ""
		if len(args) > 3 {
			word = args[3]
		}
		switch word {
		case "", "alike":
		case "joined":
			n.joined = ir.Var(outer)
		default:
			return fmt.Errorf("got the word %q, want alike or joined, or none; leave it out", word)
		}
		for _, name := range names {
			if err := n.newName(name); err != nil {
				return err
			}
			n.used[name] = true
		}
		found := false
		body, err := eachBlock(n.Body, func(block []ir.Stmt) ([]ir.Stmt, error) {
			var out []ir.Stmt
			here := false
			for _, s := range block {
				loop, ok := s.(*ir.For)
				l := levelOf(loop)
				if !ok || l < 0 || !isInterior(loop) || loop.Var != fmt.Sprint(base, l) {
					out = append(out, s)
					continue
				}
				inner := base
				if l == 0 {
					inner = leaf
				}
				switch top := len(n.Graph.Strides); {
				case top == 0:
					out = append(out, renamedLoop(loop, inner))
				case l < top && n.joined != "":
					out = append(out, n.joinedFamilies(loop, l, leaf))
				case l < top:
					out = append(out, n.families(loop, l, inner, base, outer, word == "alike")...)
				default:
					out = append(out, s)
					continue
				}
				here = true
			}
			if here {
				found = true
				out = n.positiveSizes().SimplifyStmts(out)
			}
			return out, nil
		})
		if err != nil {
			return err
		}
		if !found {
			return missingf("got no interiors of loops %s0, %s1, ..., want some; use `peel` first, and families once", base, base)
		}
		n.Body = body
		return nil
	},
}

// family is the interior of a level on the way to its families.
type family struct {
	nest         *Nest
	loop         *ir.For
	stride       int
	size         ir.Var // nodes of the level
	parents      ir.Var // nodes of the level above
	f            ir.Var // number of the family
	inner, base  string // the loop inside a family, and what its bounds are called by
	body         []ir.Stmt
	alike        bool
	first, final string     // keys of what is 1 for the first child and for the last one, 0 for others
	further      []string   // of what is 1 for the last of all nodes below a higher ancestor
	only         []ir.Index // the same for an only child, whose number is that of its family
}

// joinedFamilies has the interior of level l as one loop over v, which names the parents.
func (n *Nest) joinedFamilies(loop *ir.For, l int, v string) ir.Stmt {
	joined := renamedLoop(loop, v)
	up := ancestor(ir.Var(v), ir.Int(int64(n.Graph.Strides[l])), levelN(l+1))
	body := namedAncestors(joined.Body, map[string]ir.Var{ir.Key(up): n.joined})
	joined.Body = append([]ir.Stmt{&ir.Let{Var: string(n.joined), Value: up}}, body...)
	return joined
}

// namedAncestors puts variables in place of the closed forms with these keys.
func namedAncestors(body []ir.Stmt, names map[string]ir.Var) []ir.Stmt {
	return ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if e, ok := x.(*ir.Arith); ok && e.Op == ir.Min {
			if v, ok := names[ir.Key(e)]; ok {
				return v
			}
		}
		return x
	}}.OfStmts(body)
}

// families splits the interior of level l; inner names the loop inside a family, base its bounds, outer the loop over families.
func (n *Nest) families(loop *ir.For, l int, inner, base, outer string, alike bool) []ir.Stmt {
	f, stride, parents := ir.Var(outer), ir.Int(int64(n.Graph.Strides[l])), levelN(l+1)
	m := &family{nest: n, loop: loop, stride: n.Graph.Strides[l], size: levelN(l), parents: parents, f: f, inner: inner, base: base, alike: alike}
	m.first, m.final = ir.Key(firstChild(ir.Var(loop.Var), f, stride)), ir.Key(lastChild(ir.Var(loop.Var), f, stride, levelN(l), parents))
	above := map[string]ir.Var{ir.Key(ancestor(ir.Var(loop.Var), stride, parents)): f}
	var higher []ir.Stmt // ancestors of all nodes of a family
	var span ir.Index = stride
	for t := 2; t <= n.Graph.Up() && l+t <= len(n.Graph.Strides); t++ {
		span = ir.Times(span, ir.Int(int64(n.Graph.Strides[l+t-1])))
		v := ir.Var(fmt.Sprint(outer, "Up", t))
		n.used[string(v)] = true
		above[ir.Key(ancestor(ir.Var(loop.Var), span, levelN(l+t)))] = v
		last := func(i ir.Index) ir.Index { return lastChild(i, v, span, levelN(l), levelN(l+t)) }
		m.further = append(m.further, ir.Key(last(ir.Var(loop.Var))))
		m.only = append(m.only, last(f))
		higher = append(higher, &ir.Let{Var: string(v), Value: ancestor(f, ir.Int(n.Graph.Span(l+1, t-1)), levelN(l+t))})
	}
	m.body = namedAncestors(loop.Body, above)

	first, last := fmt.Sprint(outer, "Lo", l), fmt.Sprint(outer, "Hi", l)
	firstFamily, lastFamily := familiesOf(loop, l, stride)
	n.used[first], n.used[last] = true, true
	lo, hi := base+"Lo", base+"Hi"
	body := []ir.Stmt{
		&ir.Let{Var: lo, Value: ir.Most(ir.Int(0), ir.Minus(loop.Lo, ir.Times(f, stride)))},
		&ir.Let{Var: hi, Value: ir.Least(ir.Minus(loop.Hi, ir.Times(f, stride)), &ir.Pick{Cond: m.isLast(), X: loop.Hi, Y: stride})},
	}
	return []ir.Stmt{
		&ir.Let{Var: first, Value: firstFamily},
		&ir.Let{Var: last, Value: lastFamily},
		&ir.For{
			Var: outer, Lo: ir.Var(first), Hi: ir.Var(last), Step: 1, Note: loop.Note, Stage: loop.Stage,
			Body: append(append(higher, body...), m.children(ir.Var(lo), ir.Var(hi))...),
		},
	}
}

// familiesOf is the first of the families that a loop over nodes of level l runs over, and the one behind the last.
func familiesOf(loop *ir.For, l int, stride ir.Int) (lo, hi ir.Index) {
	parents := levelN(l + 1)
	return ancestor(loop.Lo, stride, parents), ir.Least(ir.Quo(ir.Plus(loop.Hi, stride-1), stride), parents)
}

// isLast is whether the family is that of the last parent, which takes what is left over.
func (m *family) isLast() ir.Cond {
	return &ir.Compare{Op: ir.EQ, X: ir.Plus(m.f, ir.Int(1)), Y: m.parents}
}

// children runs the children from lo to hi. Where a first or last child has an edge that the others have not, it goes apart, so that
// in between all are alike.
func (m *family) children(lo, hi ir.Index) []ir.Stmt {
	if m.alike {
		return []ir.Stmt{m.loopOver(m.inner, lo, hi, m.body)}
	}
	first, last := m.picks(m.first), m.picks(m.final)
	if m.stride == 1 { // an only child is both
		return []ir.Stmt{m.part(m.inner, lo, hi, 1, 1)}
	}
	var before, behind []ir.Stmt
	from, to := lo, hi
	if first {
		before = []ir.Stmt{m.part(m.base+"First", lo, ir.Least(hi, ir.Int(1)), 1, 0)}
		from = ir.Most(lo, ir.Int(1))
	}
	if last { // that of the last parent is the level's last node, which is not in its interior
		end := m.base + "End"
		m.nest.used[end] = true
		before = append([]ir.Stmt{&ir.Let{Var: end, Value: &ir.Pick{Cond: m.isLast(), X: hi, Y: ir.Int(int64(m.stride - 1))}}}, before...)
		behind = []ir.Stmt{m.part(m.base+"Last", ir.Most(lo, ir.Var(end)), hi, 0, 1)}
		to = ir.Least(hi, ir.Var(end))
	}
	return append(append(before, m.part(m.inner, from, to, 0, 0)), behind...)
}

// picks reports whether the body depends on the choice of that key.
func (m *family) picks(key string) bool {
	found := false
	ir.Rewrite{Index: func(x ir.Index) ir.Index {
		_, ok := x.(*ir.Pick)
		found = found || ok && ir.Key(x) == key
		return x
	}}.OfStmts(m.body)
	return found
}

// part runs some of the children over v: all of them first children or none, and last ones or none.
func (m *family) part(v string, lo, hi ir.Index, first, final int) ir.Stmt {
	m.nest.used[v] = true
	body := ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if _, ok := x.(*ir.Pick); ok {
			switch key := ir.Key(x); {
			case key == m.first:
				return ir.Int(int64(first))
			case key == m.final:
				return ir.Int(int64(final))
			case final == 0 && slices.Contains(m.further, key): // who is the last below one is the last child
				return ir.Int(0)
			case m.stride == 1 && slices.Contains(m.further, key):
				return m.only[slices.Index(m.further, key)]
			}
		}
		return x
	}}.OfStmts(m.body)
	return m.loopOver(v, lo, hi, body)
}

// loopOver is the loop over some of the children.
func (m *family) loopOver(v string, lo, hi ir.Index, body []ir.Stmt) ir.Stmt {
	at := ir.Plus(ir.Times(m.f, ir.Int(int64(m.stride))), ir.Var(v))
	body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(m.loop.Var): at}).OfStmts(body)
	return &ir.For{Var: v, Lo: lo, Hi: hi, Step: 1, Body: body, Stage: m.loop.Stage}
}
