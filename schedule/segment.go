package schedule

import "github.com/pyragen/pyragen/ir"

// segment is a run of slots that hold nodes of one kind: iterations lo to hi of v.
type segment struct {
	v      ir.Var
	lo, hi ir.Index
	note   string
	slot   ir.Index
	node   ir.Index // in the slot
	back   ir.Index // for rev: the slot of i in the row of that node
}

// levelMap is an index map of a level.
func levelMap(fn ir.Fn, l ir.Index) ir.Index { return &ir.Apply{Fn: fn, Args: []ir.Index{l}} }

// when is x where c holds, else 0.
func when(c ir.Cond, x ir.Index) *ir.Pick { return &ir.Pick{Cond: c, X: x, Y: ir.Int(0)} }

func equal(x, y ir.Index) ir.Cond { return &ir.Compare{Op: ir.EQ, X: x, Y: y} }

func (s *segments) causal() bool { return s.nest.Graph.Causal != ir.CausalNone }

// window is the segment of the nodes of one level. Where the graph is causal, a query sees nothing behind itself, so that a key has no
// queries before itself: there is nothing to clip on that side.
func (s *segments) window() segment {
	g, j, size := s.nest.Graph, ir.Var(s.loop.Var), levelMap(ir.LevelN, s.level)
	w, back := s.byLevel(g.WindowAt), s.byLevel(func(l int) int { return g.WindowAt(l) - 1 })
	before := s.byLevel(func(l int) int { return g.WindowAt(l) / 2 }) // nodes on the left of a key's query; for rev of a query's key
	if s.fn == ir.Rev {
		before = s.byLevel(func(l int) int { return g.WindowAt(l) - 1 - g.WindowAt(l)/2 })
	}
	right := ir.Plus(ir.Minus(size, s.i), before) // behind the last slot whose node is in the level
	left := ir.Minus(before, s.i)
	node := ir.Minus(ir.Plus(s.i, j), before)
	if gap := ir.Int(int64(g.Gap())); gap > 1 {
		right = ir.Plus(ir.Quo(ir.Plus(ir.Minus(size, s.i), gap-1), gap), before)
		left = ir.Minus(before, ir.Quo(s.i, gap))
		node = ir.Plus(s.i, ir.Times(ir.Minus(j, before), gap))
	}
	lo, hi := ir.Most(ir.Int(0), left), ir.Least(w, right)
	switch {
	case s.causal() && s.fn == ir.Nbr:
		hi = s.byLevel(g.WindowSeen)
	case s.causal():
		lo = before
	}
	return segment{j, lo, hi, "window", j, ir.Plus(levelMap(ir.LevelAt, s.level), node), ir.Minus(back, j)}
}

// children is the segment of the children, or, for rev, of those children that see i.
func (s *segments) children() segment {
	g := s.nest.Graph
	w, links, down := ir.Int(int64(g.Window)), g.Links, ir.Minus(s.level, ir.Int(1))
	stride := levelMap(ir.StrideC, down)
	some := &ir.Pick{
		Cond: equal(ir.Plus(s.i, ir.Int(1)), levelMap(ir.LevelN, s.level)),
		X:    ir.Minus(levelMap(ir.LevelN, down), ir.Times(s.i, stride)),
		Y:    stride,
	}
	var lo ir.Index = ir.Int(0)
	var hi ir.Index = &ir.Pick{Cond: equal(s.level, ir.Int(0)), X: ir.Int(0), Y: some}
	switch {
	case s.fn == ir.Nbr && links == ir.LinksUp, s.fn == ir.Rev && links == ir.LinksDown:
		hi = ir.Int(0)
	case s.fn == ir.Nbr && g.Causal == ir.CausalStrict: // the first child, where it has a single leaf
		hi = s.byLevel(func(l int) int {
			if l > 0 && l-1 <= g.Single() {
				return 1
			}
			return 0
		})
	case s.fn == ir.Rev && s.causal(): // the last child
		top := len(g.Strides)
		if g.Causal == ir.CausalStrict {
			top = g.Single() + 1
		}
		levels := &ir.And{
			X: &ir.Compare{Op: ir.GE, X: s.level, Y: ir.Int(1)},
			Y: &ir.Compare{Op: ir.LE, X: s.level, Y: ir.Int(int64(top))},
		}
		lo, hi = when(levels, ir.Minus(some, ir.Int(1))), when(levels, some)
	}
	child := ir.Plus(levelMap(ir.LevelAt, down), ir.Plus(ir.Times(s.i, stride), s.child))
	return segment{s.child, lo, hi, "children", ir.Plus(w, s.child), child, ir.Minus(ir.Var("slots"), ir.Int(1))}
}

// parent is the segment of the parent if i sees it, or, for rev, if it sees i.
func (s *segments) parent() segment {
	g := s.nest.Graph
	w, links, up, last := ir.Int(int64(g.Window)), g.Links, ir.Plus(s.level, ir.Int(1)), ir.Minus(ir.Var("slots"), ir.Int(1))
	stride, parents := levelMap(ir.StrideC, s.level), levelMap(ir.LevelN, up)
	parent := ir.Least(ir.Quo(s.i, stride), ir.Minus(parents, ir.Int(1)))
	var one ir.Index = ir.Int(1)
	switch {
	case s.fn == ir.Nbr && s.causal():
		one = lastChild(s.i, parent, stride, levelMap(ir.LevelN, s.level), parents)
	case s.fn == ir.Rev && g.Causal == ir.CausalStrict:
		one = firstChild(s.i, parent, stride)
	}
	if g.Causal == ir.CausalStrict { // a parent's last leaf is its child's first if the child has no other
		one = when(&ir.Compare{Op: ir.LE, X: s.level, Y: ir.Int(int64(g.Single()))}, one)
	}
	var hi ir.Index = when(&ir.Compare{Op: ir.GT, X: parents, Y: ir.Int(0)}, one)
	if s.fn == ir.Nbr && links == ir.LinksDown || s.fn == ir.Rev && links == ir.LinksUp {
		hi = ir.Int(0)
	}
	back := ir.Plus(w, ir.Minus(s.i, ir.Times(parent, stride)))
	return segment{s.par, ir.Int(0), hi, "parent", last, ir.Plus(levelMap(ir.LevelAt, up), parent), back}
}

// firstChild is 1 if i is the first child of its parent, else 0.
func firstChild(i, parent, stride ir.Index) *ir.Pick {
	return &ir.Pick{Cond: equal(i, ir.Times(parent, stride)), X: ir.Int(1), Y: ir.Int(0)}
}

// lastChild is 1 if i, of a level of that size, is the last child of its parent, else 0. The last parent has what is left over.
func lastChild(i, parent, stride, size, parents ir.Index) *ir.Pick {
	next := ir.Plus(parent, ir.Int(1))
	end := &ir.Pick{Cond: equal(next, parents), X: size, Y: ir.Times(next, stride)}
	return &ir.Pick{Cond: equal(ir.Plus(i, ir.Int(1)), end), X: ir.Int(1), Y: ir.Int(0)}
}

// byLevel is a number that depends on the level: a choice by it, unless all levels have one.
func (s *segments) byLevel(of func(l int) int) ir.Index {
	top := len(s.nest.Graph.Strides)
	var x ir.Index = ir.Int(int64(of(top)))
	for l := top - 1; l >= 0; l-- {
		if of(l) != of(l+1) {
			x = &ir.Pick{Cond: &ir.Compare{Op: ir.LE, X: s.level, Y: ir.Int(int64(l))}, X: ir.Int(int64(of(l))), Y: x}
		}
	}
	return x
}
