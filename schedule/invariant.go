package schedule

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var invariantStep = Step{
	Name: "invariant",
	Args: "BUFFER LOOP",
	Doc: `compute a temporary before a loop in which it does not change

	for f in 0..n1 {
	  for leaf in 0..25 {
	    alloc memory e: f32[4]
	    for h in 0..4 {
	      e[h] = x[0, off1 + f, h, 0] * y[0, off1 + f, h, 0]
	    }
	    for h in 0..4 {
	      z[0, f*25 + leaf, h, 0] = e[h] * x[0, f*25 + leaf, h, 0]
	    }
	  }
	}
->
	for f in 0..n1 {
	  alloc memory e: f32[4]
	  for h in 0..4 {
	    e[h] = x[0, off1 + f, h, 0] * y[0, off1 + f, h, 0]
	  }
	  for leaf in 0..25 {
	    for h in 0..4 {
	      z[0, f*25 + leaf, h, 0] = e[h] * x[0, f*25 + leaf, h, 0]
	    }
	  }
	}

The one loop that stores to BUFFER stands in LOOP, or in loops in it, reads inputs alone, and depends on none of these loops.`,
	Run: func(n *Nest, args []string) error {
		why := fmt.Errorf("got no temporary %s in it, want one in memory; name another one", args[0])
		moved := false
		err := n.eachFor(args[1], func(loop *ir.For) ([]ir.Stmt, error) {
			m := &unmoved{name: args[0]}
			inner := *loop
			inner.Body = m.without(loop.Body, map[ir.Var]bool{ir.Var(loop.Var): true})
			if m.why != nil {
				why = m.why
			}
			if m.part == nil {
				return []ir.Stmt{loop}, nil
			}
			moved = true
			return []ir.Stmt{m.alloc, m.part, &inner}, nil
		})
		if err == nil && !moved {
			err = fmt.Errorf("loop %s holds nothing to move: %w", args[1], why)
		}
		return err
	},
}

// unmoved is the search for a temporary that does not change in a loop.
type unmoved struct {
	name  string
	alloc *ir.Alloc
	part  *ir.For // what computes it
	why   error   // the temporary cannot be moved
}

// without returns a body, or the one of a loop in it, without the temporary, where that moves with none of the variables.
func (m *unmoved) without(body []ir.Stmt, moving map[ir.Var]bool) []ir.Stmt {
	moving = maps.Clone(moving)
	for _, s := range body {
		if let, ok := s.(*ir.Let); ok && !ir.FreeOf(let.Value, moving) {
			moving[ir.Var(let.Var)] = true
		}
	}
	if buf := allocated(body, m.name); buf != nil {
		return m.take(body, buf, moving)
	}
	for i, s := range body {
		loop, ok := s.(*ir.For)
		if !ok {
			continue
		}
		moving[ir.Var(loop.Var)] = true
		c := *loop
		c.Body = m.without(loop.Body, moving)
		delete(moving, ir.Var(loop.Var))
		if m.part != nil {
			out := slices.Clone(body)
			out[i] = &c
			return out
		}
	}
	return body
}

// take takes the alloc of a buffer and the loop that computes it out of a body.
func (m *unmoved) take(body []ir.Stmt, buf *ir.Buffer, moving map[ir.Var]bool) []ir.Stmt {
	var rest []ir.Stmt
	var part *ir.For
	var alloc *ir.Alloc
	for _, s := range body {
		loop, isLoop := s.(*ir.For)
		switch a, isAlloc := s.(*ir.Alloc); {
		case isAlloc && a.Buf == buf:
			alloc = a
		case !storesNamed(s, m.name):
			rest = append(rest, s)
		case !isLoop || part != nil:
			m.why = fmt.Errorf("%s is stored in several places, want one loop that computes it; split the places apart first", m.name)
			return body
		default:
			part = loop
		}
	}
	if part == nil {
		return body
	}
	if m.why = m.moves(part, moving); m.why == nil {
		m.alloc, m.part = alloc, part
		return rest
	}
	return body
}

// moves returns an error unless a loop reads inputs alone, and moves with none of the variables.
func (m *unmoved) moves(part *ir.For, moving map[ir.Var]bool) (err error) {
	inside := map[*ir.Buffer]bool{}
	ir.Each(part.Body, func(s ir.Stmt) {
		switch e := s.(type) {
		case *ir.Alloc:
			inside[e.Buf] = true
		case *ir.Store:
			if !inside[e.Buf] && e.Buf.Name != m.name {
				err = fmt.Errorf("the loop that computes %s stores to %s, want it to compute one temporary; distribute it first", m.name, e.Buf.Name)
			}
		}
	})
	ir.Rewrite{
		Index: func(x ir.Index) ir.Index {
			if !ir.FreeOf(x, moving) {
				err = fmt.Errorf("%s moves with it at %s, want what stays the same; leave the step out", m.name, ir.FormatIndex(x))
			}
			return x
		},
		Expr: func(x ir.Expr) ir.Expr {
			if l, ok := x.(*ir.Load); ok && l.Buf.Role != ir.In && !inside[l.Buf] {
				err = fmt.Errorf("%s is computed from %s, want inputs alone; leave the step out", m.name, l.Buf.Name)
			}
			return x
		},
	}.OfStmts([]ir.Stmt{part})
	return err
}
