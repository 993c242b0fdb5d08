package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var edgewiseStep = Step{
	Name: "edgewise",
	Args: "BUFFERS",
	Doc: `keep of temporaries with an element a slot only those of edges, in one array in the order of the edges, with the heads of an edge side by side

	for i in 0..nodes {
	  for j in 0..qk_at[i + 1] - qk_at[i] { // edges
	    let slot = qk_slot[j + qk_at[i]]
	    g[0, i, 0, slot] = x[0, i, 0, 0]
	  }
	}
	for i1 in 0..nodes {
	  for j1 in 0..kq_at[i1 + 1] - kq_at[i1] { // edges
	    let node = kq_node[j1 + kq_at[i1]]
	    let slot1 = kq_slot[j1 + kq_at[i1]]
	    s[0, i1, 0, j1] = g[0, node, 0, slot1]
	  }
	}
->
	for i in 0..nodes {
	  for j in 0..qk_at[i + 1] - qk_at[i] { // edges
	    gEdges[0, j + qk_at[i], 0, 0] = x[0, i, 0, 0]
	  }
	}
	for i1 in 0..nodes {
	  for j1 in 0..kq_at[i1 + 1] - kq_at[i1] { // edges
	    let edge = kq_edge[j1 + kq_at[i1]]
	    s[0, i1, 0, j1] = gEdges[0, edge, 0, 0]
	  }
	}

Element e of kq_edge is the place in the lists of qk of the edge that stands in place e of those of kq. Several temporaries follow each other in the third
subscript: what is read of one edge is in as few cache lines as can be. It comes after compress, of both tables.`,
	Run: func(n *Nest, args []string) error {
		e := &edgewise{nest: n, part: map[*ir.Buffer]int{}, lists: map[ir.Var]*ir.Gather{}, edges: map[ir.Var]ir.Var{}}
		for _, name := range strings.Split(args[0], ",") {
			buf, err := n.temporary(name)
			if err != nil {
				return err
			}
			if err := e.keep(buf); err != nil {
				return err
			}
		}
		e.kept.Dims[2] = ir.Int(int64(len(e.part)))
		body, err := e.rewrite(n.Body)
		if err != nil {
			return err
		}
		if n.Body, err = eachBlock(body, e.withoutUnused); err != nil {
			return err
		}
		e.replaceBuffers()
		return nil
	},
}

// edgewise is one use of the step.
type edgewise struct {
	nest   *Nest
	kept   *ir.Buffer            // the array
	part   map[*ir.Buffer]int    // of it that each temporary has
	lists  map[ir.Var]*ir.Gather // what lets read of the lists of edges
	edges  map[ir.Var]ir.Var     // by slot of a query, the edge
	listed *ir.Buffer            // kq_edge
}

// keep gives a temporary a part of the array.
func (e *edgewise) keep(buf *ir.Buffer) error {
	n := e.nest
	if len(buf.Dims) != 4 || buf.Dims[1] != ir.Index(ir.Var("nodes")) {
		return fmt.Errorf("got %s, which does not have batch, nodes, heads and slots, want a temporary that does; use it before shrink", buf.Name)
	}
	if n.buffer(keysTable+"_at") == nil || n.buffer(queriesTable+"_at") == nil {
		return fmt.Errorf("got tables, want lists of edges; compress %s and %s first", keysTable, queriesTable)
	}
	if e.kept == nil {
		e.kept = &ir.Buffer{Name: n.fresh(buf.Name + "Edges"), Type: buf.Type, Role: ir.Temp, Space: ir.Memory, Dims: []ir.Index{buf.Dims[0], ir.Var("edges"), nil, buf.Dims[2]}}
	}
	if _, twice := e.part[buf]; twice {
		return fmt.Errorf("got %s twice, want each temporary once", buf.Name)
	}
	e.part[buf] = len(e.part)
	return nil
}

// rewrite puts edges in place of nodes and slots.
func (e *edgewise) rewrite(body []ir.Stmt) ([]ir.Stmt, error) {
	var wrong error
	at := func(b *ir.Buffer, at []ir.Index) []ir.Index {
		edge := e.edgeOf(at[1], at[3])
		if edge == nil {
			wrong = fmt.Errorf("got %s at node %s and slot %s, want those of an edge; compress both tables first, and use it before loops are changed",
				b.Name, ir.FormatIndex(at[1]), ir.FormatIndex(at[3]))
			edge = ir.Int(0)
		}
		return []ir.Index{at[0], edge, ir.Int(int64(e.part[b])), at[2]}
	}
	out := ir.Rewrite{
		Expr: func(x ir.Expr) ir.Expr {
			if l, ok := x.(*ir.Load); ok && e.keeps(l.Buf) {
				return &ir.Load{Buf: e.kept, At: at(l.Buf, l.At), Width: l.Width, Mask: l.Mask}
			}
			return x
		},
		Stmt: func(s ir.Stmt) []ir.Stmt {
			switch x := s.(type) {
			case *ir.Store:
				if e.keeps(x.Buf) {
					c := *x
					c.Buf, c.At = e.kept, at(x.Buf, x.At)
					s = &c
				}
			case *ir.Let:
				return e.let(x)
			}
			return []ir.Stmt{s}
		},
	}.OfStmts(body)
	return out, wrong
}

func (e *edgewise) keeps(b *ir.Buffer) bool {
	_, ok := e.part[b]
	return ok
}

// let notes what a let reads of the lists; behind the slot of a query comes the edge.
func (e *edgewise) let(let *ir.Let) []ir.Stmt {
	g, ok := let.Value.(*ir.Gather)
	if !ok {
		return []ir.Stmt{let}
	}
	v := ir.Var(let.Var)
	e.lists[v] = g
	if g.Table.Name != queriesTable+"_slot" {
		return []ir.Stmt{let}
	}
	if e.listed == nil {
		e.listed = &ir.Buffer{Name: queriesTable + "_edge", Type: ir.I32, Role: ir.In, Space: ir.Memory, Dims: []ir.Index{ir.Plus(ir.Var("edges"), ir.Int(NodesMore))}}
	}
	edge := &ir.Let{Var: e.nest.fresh("edge"), Value: &ir.Gather{Table: e.listed, At: g.At}}
	e.edges[v], e.lists[ir.Var(edge.Var)] = ir.Var(edge.Var), edge.Value.(*ir.Gather)
	return []ir.Stmt{let, edge}
}

// edgeOf returns the edge in a slot of a node, nil if that is none that lets have read of the lists.
func (e *edgewise) edgeOf(node, slot ir.Index) ir.Index {
	s, ok := slot.(ir.Var)
	list := e.lists[s]
	if !ok || list == nil {
		return nil
	}
	switch list.Table.Name {
	case keysTable + "_slot": // of a row that begins at qk_at[node]
		first := &ir.Gather{Table: e.nest.buffer(keysTable + "_at"), At: []ir.Index{node}}
		if _, ok := ir.PolyOf(ir.Minus(list.At[0], first)).Index().(ir.Var); ok {
			return list.At[0]
		}
	case queriesTable + "_slot": // of the query that stands in the same place
		q, ok := node.(ir.Var)
		if query := e.lists[q]; ok && query != nil && query.Table.Name == queriesTable+"_node" && ir.Same(query.At[0], list.At[0]) {
			return e.edges[s]
		}
	}
	return nil
}

// withoutUnused drops lets of a block that read the lists for nothing.
func (e *edgewise) withoutUnused(block []ir.Stmt) ([]ir.Stmt, error) {
	var out []ir.Stmt
	for k, s := range block {
		if let, ok := s.(*ir.Let); ok && e.lists[ir.Var(let.Var)] != nil && !ir.Uses(block[k+1:], ir.Var(let.Var)) {
			continue
		}
		out = append(out, s)
	}
	return out, nil
}

// replaceBuffers puts the array in place of the temporaries, and the list of edges behind that of slots, which goes if it is used no more.
func (e *edgewise) replaceBuffers() {
	n := e.nest
	gathered := map[*ir.Buffer]bool{}
	ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if g, ok := x.(*ir.Gather); ok {
			gathered[g.Table] = true
		}
		return x
	}}.OfStmts(n.Body)
	var buffers []*ir.Buffer
	for _, b := range n.Buffers {
		if e.keeps(b) {
			continue
		}
		slots := b.Name == keysTable+"_slot" || b.Name == queriesTable+"_slot"
		if !slots || gathered[b] {
			buffers = append(buffers, b)
		}
		if b.Name == queriesTable+"_slot" && gathered[e.listed] {
			buffers = append(buffers, e.listed)
		}
	}
	n.Buffers = append(buffers, e.kept)
}
