package schedule

import "github.com/pyragen/pyragen/ir"

// segment is a run of slots that hold nodes of one kind: iterations lo to hi of v.
type segment struct {
	v      ir.Var
	lo, hi ir.Index
	note   string
	from   ir.Index // first place in the row
	to     ir.Index // behind the last
	slot   ir.Index // place of an iteration
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
	return segment{j, lo, hi, "window", ir.Int(0), ir.Int(int64(g.Window)), j, ir.Plus(levelMap(ir.LevelAt, s.level), node), ir.Minus(back, j)}
}

// below is the segment of the children or, for rev, of those nodes so many levels below that see i.
func (s *segments) below(levels int) segment {
	g := s.nest.Graph
	links, down, c := g.Links, ir.Minus(s.level, ir.Int(int64(levels))), ir.Var(s.nest.fresh("c"))
	stride := s.span(down, levels)
	some := &ir.Pick{
		Cond: equal(ir.Plus(s.i, ir.Int(1)), levelMap(ir.LevelN, s.level)),
		X:    ir.Minus(levelMap(ir.LevelN, down), ir.Times(s.i, stride)),
		Y:    stride,
	}
	none := equal(s.level, ir.Int(0))
	if levels > 1 {
		none = &ir.Compare{Op: ir.LT, X: s.level, Y: ir.Int(int64(levels))}
	}
	var lo ir.Index = ir.Int(0)
	var hi ir.Index = &ir.Pick{Cond: none, X: ir.Int(0), Y: some}
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
	case s.fn == ir.Rev && s.causal(): // the last of them
		top := len(g.Strides)
		if g.Causal == ir.CausalStrict {
			top = g.Single() + levels
		}
		have := &ir.And{
			X: &ir.Compare{Op: ir.GE, X: s.level, Y: ir.Int(int64(levels))},
			Y: &ir.Compare{Op: ir.LE, X: s.level, Y: ir.Int(int64(top))},
		}
		lo, hi = when(have, ir.Minus(some, ir.Int(1))), when(have, some)
	}
	from, to := s.placesBelow(levels)
	node := ir.Plus(levelMap(ir.LevelAt, down), ir.Plus(ir.Times(s.i, stride), c))
	back := ir.Minus(ir.Var("slots"), ir.Int(int64(g.Up()+1-levels)))
	return segment{c, lo, hi, "children", from, to, ir.Plus(from, c), node, back}
}

// placesBelow are the places of the nodes so many levels below in a row, those of each level behind those of the one above it.
func (s *segments) placesBelow(levels int) (from, to ir.Index) {
	g := s.nest.Graph
	end := ir.Minus(ir.Var("slots"), ir.Int(int64(g.Up()))) // of the children
	if levels == 1 {
		return ir.Int(int64(g.Window)), end
	}
	from, to = end, ir.Plus(end, farBelow(2))
	for t := 3; t <= levels; t++ {
		from, to = to, ir.Plus(to, farBelow(t))
	}
	return from, to
}

// above is the segment of the ancestor so many levels above if i sees it, or, for rev, of the parent if it sees i.
func (s *segments) above(levels int) segment {
	g := s.nest.Graph
	w, links, up, u := ir.Int(int64(g.Window)), g.Links, ir.Plus(s.level, ir.Int(int64(levels))), ir.Var(s.nest.fresh("u"))
	stride, parents := s.span(s.level, levels), levelMap(ir.LevelN, up)
	parent := ancestor(s.i, stride, parents)
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
	from, to := s.placesAbove(levels)
	back := ir.Plus(w, ir.Minus(s.i, ir.Times(parent, stride)))
	return segment{u, ir.Int(0), hi, "parent", from, to, from, ir.Plus(levelMap(ir.LevelAt, up), parent), back}
}

// placesAbove is the place of the ancestor so many levels above in a row of slots, or of the parent in one of queries: the last.
func (s *segments) placesAbove(levels int) (from, to ir.Index) {
	row := s.row()
	behind := int64(s.nest.Graph.Up() - levels)
	if s.fn == ir.Rev {
		behind = 0
	}
	if behind == 0 {
		return ir.Minus(row, ir.Int(1)), row
	}
	return ir.Minus(row, ir.Int(behind+1)), ir.Minus(row, ir.Int(behind))
}

// row is how many places the row has.
func (s *segments) row() ir.Index {
	if s.fn == ir.Rev {
		return s.nest.queriesOf()
	}
	return ir.Var("slots")
}

// span is how many nodes of level l a node has below it that is so many levels above.
func (s *segments) span(l ir.Index, levels int) ir.Index {
	x := levelMap(ir.StrideC, l)
	for t := 1; t < levels; t++ {
		x = ir.Times(x, levelMap(ir.StrideC, ir.Plus(l, ir.Int(int64(t)))))
	}
	return x
}

// ancestor is the node above i, of a level with so many nodes, of which each has so many below it.
func ancestor(i, span, nodes ir.Index) ir.Index {
	return ir.Least(ir.Quo(i, span), ir.Minus(nodes, ir.Int(1)))
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
