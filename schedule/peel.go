package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var peelStep = Step{
	Name: "peel",
	Args: "LEVELS [COUNT]",
	Doc: `peel the edges off the levels' loops: what is left in between has whole windows, a parent, and no last node

	for i0 in 0..n0 { // level 0
	  z[0, i0, 0, 0] = x[0, i0, 0, 0]
	}
->
	let first0 = min(n0, max(0, 1))
	let last0 = n1 > 0 ? max(first0, min(n0, n0 - 1)) : first0
	for i0 in 0..first0 { // level 0, left edge
	  z[0, i0, 0, 0] = x[0, i0, 0, 0]
	}
	if first0 < last0 {
	  assume n1 > 0
	  assume first0 >= 1
	  assume last0 <= n0 - 1
	  for i0 in first0..last0 { // level 0, interior
	    z[0, i0, 0, 0] = x[0, i0, 0, 0]
	  }
	}
	for i0 in last0..n0 { // level 0, right edge
	  z[0, i0, 0, 0] = x[0, i0, 0, 0]
	}

Each part ends no earlier than it begins, on which what cuts a loop in two counts. COUNT, if given, is how many levels have interiors,
leaves first; all nodes of the levels above are edges, as are those of a level that has turned out to be the highest. LEVELS is the name
that the loops had before specialise.`,
	Run: func(n *Nest, args []string) error {
		found := false
		interiors := len(n.Graph.Strides) + 1
		if len(args) == 2 {
			var err error
			if interiors, err = count(args[1], interiors); err != nil {
				return fmt.Errorf("levels with interiors: %v", err)
			}
		}
		body, err := eachBlock(n.Body, func(block []ir.Stmt) ([]ir.Stmt, error) {
			var out []ir.Stmt
			for _, s := range block {
				loop, ok := s.(*ir.For)
				l := levelOf(loop)
				if !ok || l < 0 || loop.Var != fmt.Sprint(args[0], l) || loop.Note != fmt.Sprintf("level %d", l) {
					out = append(out, s)
					continue
				}
				found = true
				if l >= interiors {
					c := *loop
					c.Note, c.Stage = c.Note+", edge", ""
					out = append(out, &c)
					continue
				}
				out = append(out, n.peel(loop, l)...)
			}
			return out, nil
		})
		if err != nil {
			return err
		}
		if !found {
			return missingf("got no loops %s0, %s1, ... over the nodes of a level, want some; use `specialise` first, and peel once", args[0], args[0])
		}
		n.Body = body
		return nil
	},
}

func (n *Nest) peel(loop *ir.For, l int) []ir.Stmt {
	first, last := ir.Var(fmt.Sprint("first", l)), ir.Var(fmt.Sprint("last", l))
	size := levelN(l)
	// Nodes with a clipped window, at either end; the last node may have more children.
	margin := n.Graph.WindowAt(l) / 2 * n.Graph.Gap()
	left, right := ir.Int(int64(margin)), ir.Int(int64(max(margin, 1)))
	var end ir.Index = ir.Most(first, ir.Least(loop.Hi, ir.Minus(size, right)))
	var assume []ir.Stmt
	if l < len(n.Graph.Strides) {
		parents := &ir.Compare{Op: ir.GT, X: levelN(l + 1), Y: ir.Int(0)}
		end = &ir.Pick{Cond: parents, X: end, Y: first}
		assume = append(assume, &ir.Assume{Cond: parents})
	}
	assume = append(assume,
		&ir.Assume{Cond: &ir.Compare{Op: ir.GE, X: first, Y: left}},
		&ir.Assume{Cond: &ir.Compare{Op: ir.LE, X: last, Y: ir.Minus(size, right)}})

	part := func(lo, hi ir.Index, note string) *ir.For {
		c := *loop
		c.Lo, c.Hi = lo, hi
		c.Note, c.Stage = loop.Note+", "+note, "" // nodes go through all stages
		return &c
	}
	return []ir.Stmt{
		&ir.Let{Var: string(first), Value: ir.Least(loop.Hi, ir.Most(loop.Lo, left))},
		&ir.Let{Var: string(last), Value: end},
		part(loop.Lo, first, "left edge"),
		&ir.If{
			Cond: &ir.Compare{Op: ir.LT, X: first, Y: last},
			Then: append(assume, part(first, last, "interior")),
		},
		part(last, loop.Hi, "right edge"),
	}
}
