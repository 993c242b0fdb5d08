package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var segmentsStep = Step{
	Name: "segments",
	Args: "LOOP",
	Doc: `split a loop over the slots of a node into its segments, each with its closed-form index map: the window with what is clipped
on either side of it, the children, the parent, and the slots without a node

	for l in 0..2 {
	  for i in 0..n(l) {
	    for j in 0..slots {
	      if nbr(off(l) + i, j) >= 0 {
	        s[0, off(l) + i, 0, j] = y[0, nbr(off(l) + i, j), 0, 0]
	      } else {
	        s[0, off(l) + i, 0, j] = padding
	      }
	    }
	  }
	}
->
	for l in 0..2 {
	  for i in 0..n(l) {
	    for e in 0..max(0, 1 - i) { // empty slots
	      s[0, off(l) + i, 0, e] = padding
	    }
	    for j in max(0, 1 - i)..min(3, n(l) - i + 1) { // window
	      s[0, off(l) + i, 0, j] = y[0, off(l) + (i + j - 1), 0, 0]
	    }
	    for e in min(3, n(l) - i + 1)..3 { // empty slots
	      s[0, off(l) + i, 0, e] = padding
	    }
	    for c in 0..(l == 0 ? 0 : i + 1 == n(l) ? n(l - 1) - i*C(l - 1) : C(l - 1)) { // children
	      s[0, off(l) + i, 0, 3 + c] = y[0, off(l - 1) + (i*C(l - 1) + c), 0, 0]
	    }
	    for e in 3 + (l == 0 ? 0 : i + 1 == n(l) ? n(l - 1) - i*C(l - 1) : C(l - 1))..slots - 1 { // empty slots
	      s[0, off(l) + i, 0, e] = padding
	    }
	    for u in 0..(n(l + 1) > 0 ? 1 : 0) { // parent
	      s[0, off(l) + i, 0, slots - 1] = y[0, off(l + 1) + min(i/C(l), n(l + 1) - 1), 0, 0]
	    }
	    for e in slots - 1 + (n(l + 1) > 0 ? 1 : 0)..slots { // empty slots
	      s[0, off(l) + i, 0, e] = padding
	    }
	  }
	}

A loop over rev and revslot is split in the same way: the window runs from the other side, the slot of a child's query is the
last one, that of the parent's the place of the child in it. What a variant of the pyramid cuts is left out by the bounds: the window ends
with the node itself where the graph is causal, and of the children the last alone sees its parent.`,
	Run: func(n *Nest, args []string) error {
		if n.Graph.Kind != ir.Pyramid {
			return fmt.Errorf("got a table graph, want a pyramid, whose slots have segments; leave the step out")
		}
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			s, err := newSegments(n, loop)
			if err != nil {
				return nil, err
			}
			return s.split(), nil
		})
	},
}

// segments is a loop over the slots of node i of level l.
type segments struct {
	nest   *Nest
	loop   *ir.For
	choice *ir.If
	fn     ir.Fn // Nbr or Rev
	level  ir.Index
	i      ir.Index // within the level
	gap    string
}

func newSegments(n *Nest, loop *ir.For) (*segments, error) {
	if len(loop.Body) != 1 || !ir.Same(loop.Lo, ir.Int(0)) || !ir.Same(loop.Hi, ir.Var("slots")) && !ir.Same(loop.Hi, n.queriesOf()) {
		return nil, fmt.Errorf("loop %s runs over %s and holds %s, want all slots, 0..slots, and a choice; use `segments` before the loop is changed",
			loop.Var, span(loop), contents(loop.Body))
	}
	choice, ok := loop.Body[0].(*ir.If)
	if !ok {
		return nil, fmt.Errorf("loop %s holds no choice between full and empty slots, want `if nbr(i, %s) >= 0` or rev; leave the step out", loop.Var, loop.Var)
	}
	cmp, ok := choice.Cond.(*ir.Compare)
	if !ok || cmp.Op != ir.GE || !ir.Same(cmp.Y, ir.Int(0)) {
		return nil, otherChoice(loop, choice)
	}
	at, ok := cmp.X.(*ir.Apply)
	if !ok || at.Fn != ir.Nbr && at.Fn != ir.Rev || !ir.Same(at.Args[1], ir.Var(loop.Var)) {
		return nil, otherChoice(loop, choice)
	}
	level, i, ok := levelNode(at.Args[0])
	if !ok {
		return nil, fmt.Errorf("loop %s: the node %s has no level, want off(l) + i; use `levels` first", loop.Var, ir.FormatIndex(at.Args[0]))
	}
	s := &segments{n, loop, choice, at.Fn, level, i, n.fresh("e")}
	if !ir.Same(loop.Hi, s.row()) {
		return nil, fmt.Errorf("loop %s runs over %s, want all places of a row, 0..%s; use `segments` before the loop is changed", loop.Var, span(loop), ir.FormatIndex(s.row()))
	}
	return s, nil
}

func otherChoice(loop *ir.For, choice *ir.If) error {
	return fmt.Errorf("loop %s chooses by %s, want whether a slot is full, nbr(i, %s) >= 0 or rev; leave the step out",
		loop.Var, ir.FormatCond(choice.Cond), loop.Var)
}

// levelNode takes off(l) + i apart.
func levelNode(x ir.Index) (level, i ir.Index, ok bool) {
	sum, ok := x.(*ir.Arith)
	if !ok || sum.Op != ir.Add {
		return nil, nil, false
	}
	off, ok := sum.X.(*ir.Apply)
	if !ok || off.Fn != ir.LevelAt {
		return nil, nil, false
	}
	return off.Args[0], sum.Y, true
}

func (s *segments) split() []ir.Stmt {
	list := []segment{s.window(), s.below(1)}
	for t := 2; s.fn == ir.Rev && t <= s.nest.Graph.Up(); t++ {
		list = append(list, s.below(t))
	}
	list = append(list, s.above(1))
	for t := 2; s.fn == ir.Nbr && t <= s.nest.Graph.Up(); t++ {
		list = append(list, s.above(t))
	}
	behind := func(from, x ir.Index) ir.Index {
		if from == ir.Index(ir.Int(0)) {
			return x
		}
		return ir.Plus(from, x)
	}
	var out []ir.Stmt
	for _, g := range list {
		out = append(out, s.empty(g.from, behind(g.from, g.lo))...)
		out = append(out, s.full(g)...)
		out = append(out, s.empty(behind(g.from, g.hi), g.to)...)
	}
	return out
}

// full is the loop over one segment; nothing if it has no slots on any level.
func (s *segments) full(g segment) []ir.Stmt {
	if ir.Same(g.lo, g.hi) {
		return nil
	}
	r := ir.Rewrite{Index: func(x ir.Index) ir.Index {
		switch e := x.(type) {
		case *ir.Apply:
			switch {
			case e.Fn == s.fn:
				return g.node
			case e.Fn == ir.RevSlot && s.fn == ir.Rev:
				return g.back
			}
		case ir.Var:
			if e == ir.Var(s.loop.Var) {
				return g.slot
			}
		}
		return x
	}}
	body := s.nest.renamed(r.OfStmts(s.choice.Then))
	return []ir.Stmt{&ir.For{Var: string(g.v), Lo: g.lo, Hi: g.hi, Step: 1, Body: body, Note: g.note, Stage: s.loop.Stage}}
}

// empty is the loop over slots without a node; nothing if nothing is done there.
func (s *segments) empty(lo, hi ir.Index) []ir.Stmt {
	if len(s.choice.Else) == 0 || ir.Same(lo, hi) {
		return nil
	}
	body := ir.Substitute(map[ir.Var]ir.Index{ir.Var(s.loop.Var): ir.Var(s.gap)}).OfStmts(s.nest.renamed(s.choice.Else))
	return []ir.Stmt{&ir.For{Var: s.gap, Lo: lo, Hi: hi, Step: 1, Body: body, Note: "empty slots", Stage: s.loop.Stage}}
}
