package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var familiesStep = Step{
	Name: "families",
	Args: "LEVELS OUTER [LEAF]",
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
it is the only one its nodes are one family. LEAF, if given, names the loop over the leaves of a family, so that steps may take the
leaves alone.`,
	Run: func(n *Nest, args []string) error {
		base, outer, leaf := args[0], args[1], args[0]
		names := []string{outer, base + "Lo", base + "Hi"}
		if len(args) == 3 {
			leaf = args[2]
			names = append(names, leaf)
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
				switch levels := len(n.Graph.Strides); {
				case l < levels:
					out = append(out, n.families(loop, l, inner, base, outer)...)
				case levels == 0:
					out = append(out, renamedLoop(loop, inner))
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

// families splits the interior of level l; inner names the loop inside a family, base its bounds, outer the loop over families.
func (n *Nest) families(loop *ir.For, l int, inner, base, outer string) []ir.Stmt {
	f, stride, parents := ir.Var(outer), ir.Int(int64(n.Graph.Strides[l])), levelN(l+1)
	parent := ir.Key(ir.Least(ir.Quo(ir.Var(loop.Var), stride), ir.Minus(parents, ir.Int(1))))
	body := ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if e, ok := x.(*ir.Arith); ok && e.Op == ir.Min && ir.Key(e) == parent {
			return f
		}
		return x
	}}.OfStmts(loop.Body)
	at := ir.Plus(ir.Times(f, stride), ir.Var(inner))
	body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(loop.Var): at}).OfStmts(body)

	first, last := fmt.Sprint(outer, "Lo", l), fmt.Sprint(outer, "Hi", l)
	n.used[first], n.used[last] = true, true
	lo, hi := base+"Lo", base+"Hi"
	isLast := &ir.Compare{Op: ir.EQ, X: ir.Plus(f, ir.Int(1)), Y: parents}
	return []ir.Stmt{
		&ir.Let{Var: first, Value: ir.Least(ir.Quo(loop.Lo, stride), ir.Minus(parents, ir.Int(1)))},
		&ir.Let{Var: last, Value: ir.Least(ir.Quo(ir.Plus(loop.Hi, stride-1), stride), parents)},
		&ir.For{
			Var: outer, Lo: ir.Var(first), Hi: ir.Var(last), Step: 1, Note: loop.Note, Stage: loop.Stage,
			Body: []ir.Stmt{
				&ir.Let{Var: lo, Value: ir.Most(ir.Int(0), ir.Minus(loop.Lo, ir.Times(f, stride)))},
				&ir.Let{Var: hi, Value: ir.Least(ir.Minus(loop.Hi, ir.Times(f, stride)), &ir.Pick{Cond: isLast, X: loop.Hi, Y: stride})},
				&ir.For{Var: inner, Lo: ir.Var(lo), Hi: ir.Var(hi), Step: 1, Body: body, Stage: loop.Stage},
			},
		},
	}
}
