package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var gatherStep = Step{
	Name: "gather",
	Args: "BUFFER",
	Doc: `compute what is needed of a temporary at the other end of an edge once more where it is needed, instead of keeping it for
the whole sequence

	for i in 0..nodes {
	  for j in 0..slots {
	    if nbr(i, j) >= 0 {
	      g[0, i, 0, j] = x[0, i, 0, 0] * y[0, nbr(i, j), 0, 0]
	    }
	  }
	}
	for i in 0..nodes {
	  for j in 0..slots {
	    if rev(i, j) >= 0 {
	      s[0, i, 0, j] = g[0, rev(i, j), 0, revslot(i, j)]
	    }
	  }
	}
->
	for i in 0..nodes {
	  for j in 0..slots {
	    if rev(i, j) >= 0 {
	      gt[0, i, 0, j] = x[0, rev(i, j), 0, 0] * y[0, i, 0, 0]
	    }
	  }
	}
	for i in 0..nodes {
	  for j in 0..slots {
	    if rev(i, j) >= 0 {
	      s[0, i, 0, j] = gt[0, i, 0, j]
	    }
	  }
	}

The new temporary has the name of the old one and a t, and stands before its first use. What its value reads of other temporaries
is read at the other end too, so that they are gathered after it. The old one goes if nothing else reads it. The rule behind it is
that the node in slot revslot(i, j) of rev(i, j) is i.`,
	Run: func(n *Nest, args []string) error {
		buf, err := n.temporary(args[0])
		if err != nil {
			return err
		}
		g := &gathering{nest: n, buf: buf}
		if err := g.findUses(); err != nil {
			return err
		}
		if err := g.findDefinition(); err != nil {
			return err
		}
		n.Body = g.rewrite()
		n.gathered[g.made] = args[0]
		return nil
	},
}

// gathering is one use of the step.
type gathering struct {
	nest  *Nest
	buf   *ir.Buffer
	first int        // statement of the program with the first use at the other end
	i, j  ir.Index   // the edge, as it is named there
	own   []ir.Index // subscripts of the definition: variables of the loops around it, or constants
	def   int        // statement of the program with the definition
	body  []ir.Stmt  // of the innermost of them
	kept  bool       // the temporary is read at this end too
	made  string     // the new temporary
}

// otherEnd returns i and j where a node and a slot, or a node alone, are rev(i, j) and revslot(i, j).
func otherEnd(at []ir.Index) (i, j ir.Index, ok bool) {
	if len(at) < 2 {
		return nil, nil, false
	}
	return edgeMap(at[1], ir.Rev)
}

// edgeMap returns i and j where x is an index map of an edge, rev(i, j) for example, or the element [i, j] of the table that has it.
func edgeMap(x ir.Index, fn ir.Fn) (i, j ir.Index, ok bool) {
	switch e := x.(type) {
	case *ir.Apply:
		if e.Fn == fn {
			return e.Args[0], e.Args[1], true
		}
	case *ir.Gather:
		if e.Table.Name == tableOf[fn] {
			return e.At[0], e.At[1], true
		}
	}
	return nil, nil, false
}

// mapOf is an index map of an edge in the graph of the program.
func (n *Nest) mapOf(fn ir.Fn, i, j ir.Index) ir.Index {
	if n.Graph.Kind == ir.Pyramid {
		return &ir.Apply{Fn: fn, Args: []ir.Index{i, j}}
	}
	return &ir.Gather{Table: n.buffer(tableOf[fn]), At: []ir.Index{i, j}}
}

// buffer returns the program's buffer of that name, nil if it has none.
func (n *Nest) buffer(name string) *ir.Buffer {
	for _, b := range n.Buffers {
		if b.Name == name {
			return b
		}
	}
	return nil
}

// queriesOf is how many places a row of queries has.
func (n *Nest) queriesOf() ir.Index {
	switch {
	case n.Graph.Kind == ir.Pyramid && n.Graph.Up() > 1:
		return ir.Var("in_slots")
	case n.Graph.Kind == ir.Pyramid:
		return ir.Var("slots")
	}
	return n.buffer(tableOf[ir.Rev]).Dims[1]
}

func (g *gathering) findUses() error {
	g.first = -1
	for k, s := range g.nest.Body {
		ir.EachValue([]ir.Stmt{s}, func(x ir.Expr) {
			l, ok := x.(*ir.Load)
			if !ok || l.Buf != g.buf {
				return
			}
			i, j, ok := otherEnd(l.At)
			if !ok {
				g.kept = true
			} else if g.first < 0 {
				g.first, g.i, g.j = k, i, j
			}
		})
	}
	if g.first < 0 {
		return missingf("got no read of %s at the other end of an edge, want %s[.., rev(i, j), ..]; leave the step out", g.buf.Name, g.buf.Name)
	}
	if _, ok := g.i.(ir.Var); !ok {
		return fmt.Errorf("got %s read at rev(%s, ..), want a loop's variable; gather before the loops are changed", g.buf.Name, ir.FormatIndex(g.i))
	}
	if _, ok := g.j.(ir.Var); !ok {
		return fmt.Errorf("got %s read at rev(.., %s), want a loop's variable; gather before the loops are changed", g.buf.Name, ir.FormatIndex(g.j))
	}
	return nil
}

// findDefinition takes the nest apart that computes the temporary.
func (g *gathering) findDefinition() error {
	changed := fmt.Errorf("got %s computed in a nest that steps have changed, want a loop for each of its %d dimensions; gather first",
		g.buf.Name, len(g.buf.Dims))
	g.def = -1
	var store *ir.Store
	for k, s := range g.nest.Body {
		ir.Each([]ir.Stmt{s}, func(t ir.Stmt) {
			if e, ok := t.(*ir.Store); ok && e.Buf == g.buf {
				g.def, store = k, e
			}
		})
	}
	if store == nil {
		return changed
	}
	block := g.nest.Body[g.def : g.def+1]
	g.own = store.At
	for _, x := range store.At {
		if _, fixed := x.(ir.Int); fixed {
			continue
		}
		if len(block) != 1 {
			return changed
		}
		loop, ok := block[0].(*ir.For)
		if v, isVar := x.(ir.Var); !ok || !isVar || string(v) != loop.Var {
			return changed
		}
		block = loop.Body
	}
	g.body = block
	return nil
}

// rewrite returns the program's body with the new nest before the first use.
func (g *gathering) rewrite() []ir.Stmt {
	n := g.nest
	t := &ir.Buffer{Name: n.fresh(g.buf.Name + "t"), Type: g.buf.Type, Role: ir.Temp, Space: ir.Memory}
	g.made = t.Name
	t.Dims = append(append([]ir.Index(nil), g.buf.Dims[:3]...), n.queriesOf())
	i, j := g.i.(ir.Var), g.j.(ir.Var)
	rev := n.mapOf(ir.Rev, i, j)
	there := map[ir.Var]ir.Index{}
	if v, ok := g.own[1].(ir.Var); ok {
		there[v] = rev
	}
	if len(g.own) > 3 {
		if v, ok := g.own[3].(ir.Var); ok {
			there[v] = n.mapOf(ir.RevSlot, i, j)
		}
	}
	at := []ir.Index{g.own[0], i, g.own[2], j}
	body := ir.Substitute(there).OfStmts(n.renamed(g.body))
	body = ir.Rewrite{
		Index: sameEdge,
		Stmt: func(s ir.Stmt) []ir.Stmt {
			switch e := s.(type) {
			case *ir.For:
				c := *e
				c.Stage = t.Name
				s = &c
			case *ir.Store:
				if e.Buf == g.buf {
					s = &ir.Store{Buf: t, At: at, Mask: e.Mask, Value: e.Value, Stream: e.Stream}
				}
			case *ir.If: // whether i is in that slot of the other node: it is
				if c, ok := e.Cond.(*ir.Compare); ok && c.Op == ir.GE && ir.Same(c.X, i) && ir.Same(c.Y, ir.Int(0)) {
					return e.Then
				}
			}
			return []ir.Stmt{s}
		},
	}.OfStmts(body)
	body = []ir.Stmt{&ir.If{Cond: &ir.Compare{Op: ir.GE, X: rev, Y: ir.Int(0)}, Then: body}}
	for d := 3; d >= 0; d-- {
		v, ok := at[d].(ir.Var)
		if !ok {
			continue
		}
		body = []ir.Stmt{&ir.For{Var: string(v), Lo: ir.Int(0), Hi: t.Dims[d], Step: 1, Body: body, Stage: t.Name}}
	}

	whole := append(append(append([]ir.Stmt(nil), n.Body[:g.first]...), body...), n.Body[g.first:]...)
	if !g.kept {
		whole = append(whole[:g.def:g.def], whole[g.def+1:]...)
		n.dropBuffer(g.buf)
	}
	n.Buffers = append(n.Buffers, t)
	return ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok && l.Buf == g.buf {
			if i, j, ok := otherEnd(l.At); ok {
				return &ir.Load{Buf: t, At: []ir.Index{l.At[0], i, l.At[2], j}, Width: l.Width, Mask: l.Mask}
			}
		}
		return x
	}}.OfStmts(whole)
}

// sameEdge is the rule nbr(rev(i, j), revslot(i, j)) = i.
func sameEdge(x ir.Index) ir.Index {
	node, slot, ok := edgeMap(x, ir.Nbr)
	if !ok {
		return x
	}
	i, j, ok := edgeMap(node, ir.Rev)
	k, l, ok2 := edgeMap(slot, ir.RevSlot)
	if ok && ok2 && ir.Same(i, k) && ir.Same(j, l) {
		return i
	}
	return x
}

// temporary returns the program's temporary of that name.
func (n *Nest) temporary(name string) (*ir.Buffer, error) {
	for _, b := range n.Buffers {
		if b.Name == name && b.Role == ir.Temp {
			return b, nil
		}
	}
	return nil, n.noTemporary(name)
}

// dropBuffer takes a buffer out of the program.
func (n *Nest) dropBuffer(buf *ir.Buffer) {
	var rest []*ir.Buffer
	for _, b := range n.Buffers {
		if b != buf {
			rest = append(rest, b)
		}
	}
	n.Buffers = rest
}
