package schedule

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// tableOf names the tables that have the index maps of a table graph, as package ops does: qk[nodes, slots], kq[nodes, in_slots] and
// m[nodes, in_slots].
var tableOf = map[ir.Fn]string{ir.Nbr: keysTable, ir.Rev: queriesTable, ir.RevSlot: "m"}

const keysTable, queriesTable = "qk", "kq"

// NodesMore is how many nodes stand behind the last edge in a list, any of the graph, so that those of edges that come later can be read
// without asking whether there are some.
const NodesMore = 16

var compressStep = Step{
	Name: "compress",
	Args: "TABLE",
	Doc: `keep of a table the full places alone, those of a row one after the other, and run its loops over these: the edges

	for i in 0..nodes {
	  for j in 0..slots {
	    if qk[i, j] >= 0 {
	      s[0, i, 0, j] = y[0, qk[i, j], 0, 0]
	    } else {
	      s[0, i, 0, j] = padding
	    }
	  }
	}
->
	for i in 0..nodes {
	  for e in 0..slots { // empty slots
	    s[0, i, 0, e] = padding
	  }
	  for j in 0..qk_at[i + 1] - qk_at[i] { // edges
	    let node = qk_node[j + qk_at[i]]
	    let slot = qk_slot[j + qk_at[i]]
	    s[0, i, 0, slot] = y[0, node, 0, 0]
	  }
	}

The places of row i are TABLE_at[i] to TABLE_at[i + 1]; TABLE_node has what stands in each, and more behind the last; TABLE_slot has the slot, of qk that of the place
itself, of kq that of m. So a row takes the time of its edges, however long the longest one is. What is done for empty slots is done
for all, first. Temporaries of a node, whose slots nothing else has to know, are kept by edge; they are computed and used along one table.`,
	Run: func(n *Nest, args []string) error {
		c, err := newCompression(n, args[0])
		if err != nil {
			return err
		}
		body, err := eachBlock(n.Body, c.block)
		if err != nil {
			return err
		}
		if !c.found {
			return missingf("got no loop over the places of %s that asks which are full, want one; compress before the loops are changed", args[0])
		}
		if err := c.check(body); err != nil {
			return err
		}
		c.replaceTables(body)
		return nil
	},
}

// compression is one use of the step.
type compression struct {
	nest            *Nest
	table, m        *ir.Buffer // m: the slots of queries, nil along keys
	at, nodes, slot *ir.Buffer
	found           bool
	slots           bool // the slots of edges are used
	extent          ir.Index
	temps           map[*ir.Buffer]int // kept by edge, with the number of accesses
}

func newCompression(n *Nest, name string) (*compression, error) {
	c := &compression{nest: n, temps: map[*ir.Buffer]int{}}
	c.table = n.buffer(name)
	if c.table == nil || name != keysTable && name != queriesTable {
		return nil, fmt.Errorf("got table %q, want %s or %s of a table graph; leave the step out for a pyramid", name, keysTable, queriesTable)
	}
	if name == queriesTable {
		c.m = n.buffer(tableOf[ir.RevSlot])
	}
	c.extent = c.table.Dims[1]
	list := func(what string, extent ir.Index) *ir.Buffer {
		return &ir.Buffer{Name: n.fresh(name + "_" + what), Type: ir.I32, Role: ir.In, Space: ir.Memory, Dims: []ir.Index{extent}}
	}
	edges := ir.Var("edges")
	c.at, c.nodes, c.slot = list("at", ir.Plus(c.table.Dims[0], ir.Int(1))), list("node", ir.Plus(edges, ir.Int(NodesMore))), list("slot", edges)
	return c, nil
}

// block compresses the loops of a block.
func (c *compression) block(block []ir.Stmt) ([]ir.Stmt, error) {
	var out []ir.Stmt
	for _, s := range block {
		loop, ok := s.(*ir.For)
		i, choice := c.row(loop)
		if !ok || choice == nil {
			out = append(out, s)
			continue
		}
		c.found = true
		if len(choice.Else) > 0 {
			gap := c.nest.fresh("e")
			body := ir.Substitute(map[ir.Var]ir.Index{ir.Var(loop.Var): ir.Var(gap)}).OfStmts(c.nest.renamed(choice.Else))
			out = append(out, &ir.For{Var: gap, Lo: ir.Int(0), Hi: loop.Hi, Step: 1, Body: body, Note: "empty slots", Stage: loop.Stage})
		}
		edges, err := c.edges(loop, i, choice.Then)
		if err != nil {
			return nil, err
		}
		out = append(out, edges)
	}
	return out, nil
}

// row returns the row that a loop walks along, and the choice in it between full and empty places; nil if it is no such loop.
func (c *compression) row(loop *ir.For) (i ir.Index, choice *ir.If) {
	if loop == nil || len(loop.Body) != 1 || !ir.Same(loop.Lo, ir.Int(0)) || !ir.Same(loop.Hi, c.extent) || loop.Step != 1 {
		return nil, nil
	}
	choice, ok := loop.Body[0].(*ir.If)
	if !ok {
		return nil, nil
	}
	cmp, ok := choice.Cond.(*ir.Compare)
	if !ok || cmp.Op != ir.GE || !ir.Same(cmp.Y, ir.Int(0)) {
		return nil, nil
	}
	at, ok := cmp.X.(*ir.Gather)
	if !ok || at.Table != c.table || at.At[1] != ir.Index(ir.Var(loop.Var)) {
		return nil, nil
	}
	return at.At[0], choice
}

// edges is the loop over the edges of row i.
func (c *compression) edges(loop *ir.For, i ir.Index, body []ir.Stmt) (*ir.For, error) {
	j := ir.Var(loop.Var)
	node, slot, edge := ir.Var(c.nest.fresh("node")), ir.Var(c.nest.fresh("slot")), ir.Var(c.nest.fresh("edge"))
	var wrong error
	body = ir.Rewrite{Index: func(x ir.Index) ir.Index {
		g, ok := x.(*ir.Gather)
		switch {
		case !ok || g.Table != c.table && g.Table != c.m:
			return x
		case !ir.Same(g.At[0], i) || g.At[1] != ir.Index(j):
			wrong = fmt.Errorf("loop %s: got %s, want the place that it asks about; gather what comes from elsewhere first", loop.Var, ir.FormatIndex(g))
			return x
		case g.Table == c.table:
			return node
		}
		return slot
	}}.OfStmts(body)
	if wrong != nil {
		return nil, wrong
	}
	body = c.byEdge(body, j, edge)
	if c.m == nil {
		body = ir.Substitute(map[ir.Var]ir.Index{j: slot}).OfStmts(body)
	}
	body = ir.Substitute(map[ir.Var]ir.Index{edge: j}).OfStmts(body)

	first := &ir.Gather{Table: c.at, At: []ir.Index{i}}
	after := &ir.Gather{Table: c.at, At: []ir.Index{ir.Plus(i, ir.Int(1))}}
	place := []ir.Index{ir.Plus(j, first)}
	var lets []ir.Stmt
	if ir.Uses(body, node) {
		lets = append(lets, &ir.Let{Var: string(node), Value: &ir.Gather{Table: c.nodes, At: place}})
	}
	if ir.Uses(body, slot) {
		c.slots = true
		lets = append(lets, &ir.Let{Var: string(slot), Value: &ir.Gather{Table: c.slot, At: place}})
	}
	return &ir.For{Var: loop.Var, Lo: ir.Int(0), Hi: ir.Minus(after, first), Step: 1, Body: append(lets, body...), Note: "edges", Stage: loop.Stage}, nil
}

// byEdge has edge in place of slot j in the subscripts of temporaries.
func (c *compression) byEdge(body []ir.Stmt, j, edge ir.Var) []ir.Stmt {
	at := func(b *ir.Buffer, at []ir.Index) []ir.Index {
		if b.Role != ir.Temp || b.Space != ir.Memory || c.whole(b) {
			return at
		}
		out := append([]ir.Index(nil), at...)
		for d, x := range at {
			if x == ir.Index(j) {
				c.temps[b]++
				out[d] = edge
			}
		}
		return out
	}
	return ir.Rewrite{
		Expr: func(x ir.Expr) ir.Expr {
			if l, ok := x.(*ir.Load); ok {
				return &ir.Load{Buf: l.Buf, At: at(l.Buf, l.At), Width: l.Width, Mask: l.Mask}
			}
			return x
		},
		Stmt: func(s ir.Stmt) []ir.Stmt {
			if e, ok := s.(*ir.Store); ok {
				d := *e
				d.At = at(e.Buf, e.At)
				s = &d
			}
			return []ir.Stmt{s}
		},
	}.OfStmts(body)
}

// whole reports whether a temporary has rows of all nodes. What stands in its slots may be used at other nodes too.
func (c *compression) whole(b *ir.Buffer) bool { return slices.Contains(b.Dims, c.table.Dims[0]) }

// check returns an error if a table is still read, or a temporary that is kept by edge is used elsewhere too.
func (c *compression) check(body []ir.Stmt) error {
	var left *ir.Gather
	ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if g, ok := x.(*ir.Gather); ok && (g.Table == c.table || g.Table == c.m) {
			left = g
		}
		return x
	}}.OfStmts(body)
	if left != nil {
		return fmt.Errorf("got %s in a loop that is not over all places of a row, want it in such a loop; compress before the loops are changed", ir.FormatIndex(left))
	}
	all := map[*ir.Buffer]int{}
	eachAccess(body, func(b *ir.Buffer, _ []ir.Index) { all[b]++ })
	var elsewhere []string
	for b, n := range c.temps {
		if all[b] > n {
			elsewhere = append(elsewhere, b.Name)
		}
	}
	if len(elsewhere) > 0 {
		return fmt.Errorf("got %s used along %s and elsewhere, want it along that alone; compress before it is shrunk", slices.Min(elsewhere), c.table.Name)
	}
	return nil
}

// replaceTables puts the lists of edges in place of the tables.
func (c *compression) replaceTables(body []ir.Stmt) {
	n := c.nest
	n.Body = body
	var buffers []*ir.Buffer
	for _, b := range n.Buffers {
		switch b {
		case c.table:
			buffers = append(buffers, c.at, c.nodes)
			if c.slots {
				buffers = append(buffers, c.slot)
			}
		case c.m:
		default:
			buffers = append(buffers, b)
		}
	}
	n.Buffers = buffers
	if !n.used["edges"] {
		n.used["edges"] = true
		n.Sizes = append(n.Sizes[:len(n.Sizes):len(n.Sizes)], "edges")
	}
}
