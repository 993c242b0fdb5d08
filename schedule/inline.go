package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var inlineStep = Step{
	Name: "inline",
	Args: "BUFFER",
	Doc: `compute a temporary where it is used, each time again

	for h in 0..heads {
	  m[0, 0, h] = x[0, 0, h, 0] * y[0, 0, h, 0]
	}
	for h in 0..heads {
	  z[0, 0, h, 0] = m[0, 0, h] + x[0, 0, h, 1]
	}
->
	for h in 0..heads {
	  z[0, 0, h, 0] = x[0, 0, h, 0] * y[0, 0, h, 0] + x[0, 0, h, 1]
	}

The temporary's own loops go. It must be defined by one store, of a value that no sum computes, and what it is computed from must
not change before its last use. Its uses must be where it is defined, as those of a stage over full slots are.`,
	Run: func(n *Nest, args []string) error {
		buf, err := n.temporary(args[0])
		if err != nil {
			return err
		}
		def, err := n.definition(buf)
		if err != nil {
			return err
		}
		place := map[ir.Var]int{}
		for d, x := range def.At {
			if v, ok := x.(ir.Var); ok {
				place[v] = d
			}
		}
		body := ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
			l, ok := x.(*ir.Load)
			if !ok || l.Buf != buf {
				return x
			}
			for d, at := range def.At {
				if _, fixed := at.(ir.Int); fixed && !ir.Same(l.At[d], at) {
					err = fmt.Errorf("got %s read at %s, want %s, where it is defined", buf.Name, ir.FormatIndex(l.At[d]), ir.FormatIndex(at))
				}
			}
			return ir.Rewrite{Index: func(y ir.Index) ir.Index {
				if v, ok := y.(ir.Var); ok {
					if d, ok := place[v]; ok {
						return l.At[d]
					}
				}
				return y
			}}.OfExpr(def.Value)
		}}.OfStmts(withoutStores(n.Body, buf))
		if err != nil {
			return err
		}
		n.Body = body
		n.dropBuffer(buf)
		return nil
	},
}

// definition returns the only store to a temporary, whose subscripts are different variables.
func (n *Nest) definition(buf *ir.Buffer) (*ir.Store, error) {
	var def *ir.Store
	stores := 0
	changed := map[*ir.Buffer]bool{}
	ir.Each(n.Body, func(s ir.Stmt) {
		e, ok := s.(*ir.Store)
		if !ok {
			return
		}
		changed[e.Buf] = true
		if e.Buf == buf {
			def = e
			stores++
		}
	})
	if stores != 1 {
		return nil, fmt.Errorf("got %d stores to %s, want one; leave the step out", stores, buf.Name)
	}
	seen := map[ir.Var]bool{}
	for _, x := range def.At {
		v, ok := x.(ir.Var)
		if _, fixed := x.(ir.Int); fixed {
			continue
		}
		if !ok || seen[v] {
			return nil, fmt.Errorf("got %s defined at %s, want a variable of its own in every dimension; inline before the loops are changed", buf.Name, ir.FormatIndex(x))
		}
		seen[v] = true
	}
	bad := ""
	ir.EachPart(def.Value, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok && l.Buf.Space == ir.Register {
			bad = l.Buf.Name
		}
	})
	if bad != "" {
		return nil, fmt.Errorf("got %s computed from the sum %s, want a value without sums; leave the step out", buf.Name, bad)
	}
	return def, nil
}

// withoutStores drops the loops and conditions around the stores to a buffer, and the stores.
func withoutStores(block []ir.Stmt, buf *ir.Buffer) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range block {
		switch e := s.(type) {
		case *ir.Store:
			if e.Buf == buf {
				continue
			}
		case *ir.For:
			c := *e
			c.Body = withoutStores(e.Body, buf)
			if len(c.Body) == 0 && len(e.Body) > 0 {
				continue
			}
			s = &c
		case *ir.If:
			c := *e
			c.Then, c.Else = withoutStores(e.Then, buf), withoutStores(e.Else, buf)
			if len(c.Then)+len(c.Else) == 0 && len(e.Then)+len(e.Else) > 0 {
				continue
			}
			s = &c
		}
		out = append(out, s)
	}
	return out
}
