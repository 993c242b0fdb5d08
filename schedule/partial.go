package schedule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var partialStep = Step{
	Name: "partial",
	Args: "STAGES",
	Doc: `sum for parents what they need of their children while the leaves go by, whose rows are near then

	alloc memory pUp: f32[100, 4]
	let from0 = tile*50
	for f in f0..f1 { // level 0, interior
	  for leaf in 0..25 {
	    alloc memory p: f32[8, 4]
	    for h in 0..4 {
	      p[slots - 1, h] = x[0, f*25 + leaf, h, 0] * y[0, off1 + f, h, 0]
	    }
	    for h in 0..4 {
	      pUp[f*25 + leaf - from0, h] = p[slots - 1, h]
	    }
	  }
	}
	for i1 in first1..last1 { // level 1, interior
	  for h in 0..4 {
	    for d in 0..8 {
	      alloc acc: f32
	      acc = 0.0
	      for c in 0..25 { // children
	        acc = acc + pUp[c + i1*25 - from0, h] * x[0, c + i1*25, h, d]
	      }
	      z[0, off1 + i1, h, d] = acc
	    }
	  }
	}
->
	alloc memory zPart: f32[4, 4, 8]
	let from0 = tile*50
	for f in f0..f1 { // level 0, interior
	  for h in 0..4 {
	    for d in 0..8 {
	      zPart[f - tile*2, h, d] = 0.0
	    }
	  }
	  for leaf in 0..25 {
	    alloc memory p: f32[8, 4]
	    for h in 0..4 {
	      p[slots - 1, h] = x[0, f*25 + leaf, h, 0] * y[0, off1 + f, h, 0]
	    }
	    for h in 0..4 {
	      for d in 0..8 {
	        zPart[f - tile*2, h, d] = zPart[f - tile*2, h, d] + p[slots - 1, h] * x[0, f*25 + leaf, h, d]
	      }
	    }
	  }
	}
	for i1 in first1..last1 { // level 1, interior
	  for h in 0..4 {
	    for d in 0..8 {
	      alloc acc: f32
	      acc = 0.0
	      acc = acc + zPart[i1 - tile*2, h, d]
	      z[0, off1 + i1, h, d] = acc
	    }
	  }
	}

STAGES are stages of rows, each a sum over what children have handed over and a row of theirs. The sums are stages by the names of the new
arrays, which all functions of a tile share. What was handed over and nobody reads any more goes. It comes after handover.`,
	Run: func(n *Nest, args []string) error {
		p := &partial{nest: n, stages: strings.Split(args[0], ","), handed: map[*ir.Buffer]bool{}}
		body, err := eachBlock(n.Body, p.block)
		if err != nil {
			return err
		}
		if !p.found {
			return fmt.Errorf("got no families of leaves that hand over to their parents in one tile, want some; use `handover` first, and this step once")
		}
		body = p.withoutUnread(body)
		var allocs []ir.Stmt
		for _, b := range p.sums {
			allocs = append(allocs, &ir.Alloc{Buf: b})
		}
		n.Body, n.tile = n.inTask(allocs, body), append(p.sums, n.tile...)
		return nil
	},
}

// partial is one use of the step.
type partial struct {
	nest   *Nest
	stages []string
	sums   []*ir.Buffer
	handed map[*ir.Buffer]bool // what leaves hand over
	found  bool
}

// block rewrites the block of a tile.
func (p *partial) block(block []ir.Stmt) ([]ir.Stmt, error) {
	leaf, parent, tile := p.nest.walker(block, 0), p.nest.walker(block, 1), tileIn(block, 0)
	if leaf == nil || parent == nil || tile == nil {
		return block, nil
	}
	p.found = true
	sums := &partialSums{partial: p, leaf: leaf, parent: parent, tile: tile, leafBody: leaf.inner.Body, parentBody: parent.inner.Body}
	for _, stage := range p.stages {
		if err := sums.add(stage); err != nil {
			return nil, err
		}
	}
	return parent.put(leaf.put(block, sums.leafBody, sums.begin()...), sums.parentBody), nil
}

// partialSums are the sums of a tile.
type partialSums struct {
	*partial
	leaf, parent         *walker
	tile                 *levelTile
	leafBody, parentBody []ir.Stmt
	zeros                []ir.Stmt // what the sums of a family begin with
}

// add has a leaf add to the sum of a stage, and the parent read it.
func (p *partialSums) add(stage string) error {
	at := slices.IndexFunc(p.parentBody, func(s ir.Stmt) bool { return storesNamed(s, stage) })
	if at < 0 {
		return fmt.Errorf("got no stage %s of parents, want one; name another", stage)
	}
	sum := &partialSum{partialSums: p, name: p.nest.fresh(stage + "Part")}
	rows, err := sum.read(p.parentBody[at], nil)
	switch {
	case err != nil:
		return fmt.Errorf("stage %s: %v", stage, err)
	case sum.part == nil:
		return fmt.Errorf("got no loop over children in stage %s, want one; use it before loops are changed", stage)
	}
	p.parentBody = slices.Clone(p.parentBody)
	p.parentBody[at] = rows
	p.leafBody = slices.Insert(slices.Clone(p.leafBody), sum.behind, sum.stored(&ir.Binary{Op: ir.FAdd, X: &ir.Load{Buf: sum.part, At: sum.at}, Y: sum.term}))
	p.zeros = append(p.zeros, sum.stored(&ir.Const{Type: sum.part.Type}))
	p.sums = append(p.sums, sum.part)
	return nil
}

// begin stores what the sums begin with: those of a family, or of all families in one loop.
func (p *partialSums) begin() []ir.Stmt {
	if p.leaf.outer != p.leaf.inner {
		return p.zeros
	}
	lo, hi := familiesOf(p.leaf.inner, 0, ir.Int(int64(p.nest.Graph.Strides[0])))
	return []ir.Stmt{&ir.For{Var: string(p.leaf.parent), Lo: lo, Hi: hi, Step: 1, Body: p.zeros}}
}

// partialSum is the sum of one stage.
type partialSum struct {
	*partialSums
	name   string
	part   *ir.Buffer
	at     []ir.Index // of an element of the sum, as a leaf sees it
	loops  []*ir.For  // around it: over heads and over the elements of a row
	term   ir.Expr    // of one leaf
	behind int        // the statements of a leaf that compute what the term needs
}

// read returns the stage of a parent with what has been summed in place of a loop over children, and keeps what that computes.
func (p *partialSum) read(s ir.Stmt, around []*ir.For) (ir.Stmt, error) {
	loop, ok := s.(*ir.For)
	if !ok {
		return s, nil
	}
	if isChildren(loop) {
		return p.take(loop, around)
	}
	c := *loop
	c.Body = slices.Clone(loop.Body)
	for i, inner := range loop.Body {
		var err error
		if c.Body[i], err = p.read(inner, append(slices.Clip(around), loop)); err != nil {
			return nil, err
		}
	}
	return &c, nil
}

// take takes a loop over children for what adds up a term of each.
func (p *partialSum) take(loop *ir.For, around []*ir.For) (ir.Stmt, error) {
	acc, term := addedTo(loop.Body)
	switch {
	case acc == nil:
		return nil, fmt.Errorf("got more in loop %s over children than a term that is added to one sum, want that alone; use it before loops are changed", loop.Var)
	case p.part != nil:
		return nil, fmt.Errorf("got two loops over children, want one; use it before loops are changed")
	case len(around) != 2:
		return nil, fmt.Errorf("got loop %s over children in %d loops, want it in two, over heads and over the elements of a row; name a stage of rows", loop.Var, len(around))
	}
	elements, ok := around[1].Hi.(ir.Int)
	if !ok {
		return nil, fmt.Errorf("got rows of %s elements, want a number; leave the step out where the dimension is given at run time", ir.FormatIndex(around[1].Hi))
	}
	heads, err := p.ofLeaf(term, ir.Var(loop.Var))
	if err != nil {
		return nil, err
	}
	parents := p.tile.nodes / int64(p.nest.Graph.Strides[0])
	p.part = &ir.Buffer{Name: p.name, Type: acc.Type, Role: ir.Temp, Space: ir.Memory, Dims: []ir.Index{ir.Int(2 * parents), heads, elements}}
	place := func(parent ir.Index) []ir.Index {
		return []ir.Index{ir.Minus(parent, ir.Times(p.tile.number, ir.Int(parents))), ir.Var(around[0].Var), ir.Var(around[1].Var)}
	}
	p.loops, p.at = around, place(p.leaf.parent)
	return &ir.Store{Buf: acc, Value: &ir.Binary{Op: ir.FAdd, X: &ir.Load{Buf: acc}, Y: &ir.Load{Buf: p.part, At: place(p.parent.number)}}}, nil
}

// addedTo returns the register and the term of a body that does nothing but add a term to a register.
func addedTo(body []ir.Stmt) (*ir.Buffer, ir.Expr) {
	if len(body) != 1 {
		return nil, nil
	}
	store, ok := body[0].(*ir.Store)
	if !ok || store.Buf.Space != ir.Register || !addsTo(store) {
		return nil, nil
	}
	sum, ok := store.Value.(*ir.Binary) // no multiply-add yet
	if !ok {
		return nil, nil
	}
	return store.Buf, sum.Y
}

// ofLeaf finds the term of a leaf from that of a parent for a child: the rows are the leaf's, what has been handed over is where it came from.
// It returns how many heads that has.
func (p *partialSum) ofLeaf(term ir.Expr, child ir.Var) (heads ir.Index, err error) {
	const family, leaf = ir.Var("family'"), ir.Var("leaf'") // parents may walk with variables of the same names
	number := ir.Substitute(map[ir.Var]ir.Index{ir.Var(p.leaf.outer.Var): family, ir.Var(p.leaf.inner.Var): leaf}).OfIndex(p.leaf.number)
	number = ir.PolyOf(ir.Minus(number, ir.Times(p.parent.number, ir.Int(int64(p.nest.Graph.Strides[0]))))).Index()
	there := ir.Substitute(map[ir.Var]ir.Index{child: number})
	back := ir.Substitute(map[ir.Var]ir.Index{family: ir.Var(p.leaf.outer.Var), leaf: ir.Var(p.leaf.inner.Var)})
	moving := map[ir.Var]bool{child: true, ir.Var(p.parent.outer.Var): true, ir.Var(p.parent.inner.Var): true}
	p.term = ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		l, ok := x.(*ir.Load)
		if !ok {
			return x
		}
		at := slices.Clone(l.At)
		for d := range at {
			at[d] = ir.PolyOf(there.OfIndex(at[d])).Index()
			if !ir.FreeOf(at[d], moving) {
				err = fmt.Errorf("got %s at %s, want what is the child's alone; hand it over first, or name another stage", l.Buf.Name, ir.FormatIndex(l.At[d]))
			}
			at[d] = back.OfIndex(at[d])
		}
		if source := p.source(l.Buf, at); source != nil {
			heads = l.Buf.Dims[1]
			return source
		}
		return &ir.Load{Buf: l.Buf, At: at, Width: l.Width, Mask: l.Mask}
	}}.OfExpr(term)
	if err == nil && heads == nil {
		err = fmt.Errorf("got a sum over children of nothing that leaves hand over, want some; use `handover` first")
	}
	return heads, err
}

// source is what a leaf puts into an array that is handed over, nil if it is none.
func (p *partialSum) source(buf *ir.Buffer, at []ir.Index) ir.Expr {
	for k, s := range p.leafBody {
		loop, ok := s.(*ir.For)
		if !ok || buf.Role != ir.Temp || len(at) != 2 {
			continue
		}
		store, ok := loop.Body[0].(*ir.Store)
		if !ok || store.Buf != buf {
			continue
		}
		p.handed[buf] = true
		p.behind = max(p.behind, k+1)
		return ir.Substitute(map[ir.Var]ir.Index{ir.Var(loop.Var): at[1]}).OfExpr(store.Value)
	}
	return nil
}

// stored are the loops of a stage that stores the elements of the sum.
func (p *partialSum) stored(value ir.Expr) ir.Stmt {
	var s ir.Stmt = &ir.Store{Buf: p.part, At: p.at, Value: value}
	for _, around := range slices.Backward(p.loops) {
		loop := *around
		loop.Stage, loop.Body = p.name, []ir.Stmt{s}
		s = &loop
	}
	return s
}

// withoutUnread drops what was handed over and nobody reads any more.
func (p *partial) withoutUnread(body []ir.Stmt) []ir.Stmt {
	for _, b := range p.nest.tile {
		p.handed[b] = true
	}
	ir.EachValue(body, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok {
			delete(p.handed, l.Buf)
		}
	})
	p.nest.tile = slices.DeleteFunc(p.nest.tile, func(b *ir.Buffer) bool { return p.handed[b] })
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		switch e := s.(type) {
		case *ir.Alloc:
			if p.handed[e.Buf] {
				return nil
			}
		case *ir.Store:
			if p.handed[e.Buf] {
				return nil
			}
		case *ir.For:
			if len(e.Body) == 0 {
				return nil
			}
		}
		return []ir.Stmt{s}
	}}.OfStmts(body)
}
