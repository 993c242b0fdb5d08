package schedule

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var handoverStep = Step{
	Name: "handover",
	Args: "BUFFERS",
	Doc: `keep for a tile what nodes compute of the edges between them and their parents, level by level, and have the parents read it

	let from0 = tile*50
	for f in f0..f1 { // level 0, interior
	  for leaf in 0..25 {
	    alloc memory p, pt: f32[8, 4]
	    for h in 0..4 {
	      p[slots - 1, h] = x[0, f*25 + leaf, h, 0] * y[0, off1 + f, h, 0]
	      pt[slots - 1, h] = x[0, off1 + f, h, 0] * y[0, f*25 + leaf, h, 0]
	    }
	  }
	}
	for i1 in first1..last1 { // level 1, interior
	  alloc memory p, pt: f32[8, 4]
	  for h in 0..4 {
	    for c in 0..25 { // children
	      p[c + 3, h] = x[0, off1 + i1, h, 0] * y[0, i1*25 + c, h, 0]
	    }
	  }
	  for h in 0..4 {
	    alloc acc: f32
	    acc = 0.0
	    for c in 0..25 { // children
	      acc = acc + p[c + 3, h]
	    }
	    z[0, off1 + i1, h, 0] = acc
	  }
	}
->
	alloc memory ptDown, pUp: f32[100, 4]
	let from0 = tile*50
	for f in f0..f1 { // level 0, interior
	  for leaf in 0..25 {
	    alloc memory p, pt: f32[8, 4]
	    for h in 0..4 {
	      p[slots - 1, h] = x[0, f*25 + leaf, h, 0] * y[0, off1 + f, h, 0]
	      pt[slots - 1, h] = x[0, off1 + f, h, 0] * y[0, f*25 + leaf, h, 0]
	    }
	    for h in 0..4 {
	      pUp[f*25 + leaf - from0, h] = p[slots - 1, h]
	    }
	    for h in 0..4 {
	      ptDown[f*25 + leaf - from0, h] = pt[slots - 1, h]
	    }
	  }
	}
	for i1 in first1..last1 { // level 1, interior
	  alloc memory p, pt: f32[8, 4]
	  for h in 0..4 {
	    alloc acc: f32
	    acc = 0.0
	    for c in 0..25 { // children
	      acc = acc + ptDown[c + i1*25 - from0, h]
	    }
	    z[0, off1 + i1, h, 0] = acc
	  }
	}

BUFFERS are gathered temporaries. What one of them has in a child for the edge to the parent is what the temporary that it was made of has in the
parent for that child, and the other way round. The copies are stages, ptDown and pUp, of every level whose parents are in the tile; their arrays are shared by all
functions of the tile. Other loops over children whose results nobody reads then go. It comes after families, in a walk by tiles.`,
	Run: func(n *Nest, args []string) error {
		if !everyChild(n.Graph) {
			return fmt.Errorf("got a graph in which not every child and its parent see each other, want one; leave the step out")
		}
		if len(n.Graph.Strides) > 0 && !wholeFamilies(n.Graph, 0) {
			return fmt.Errorf("got a window of %d for leaves and of %d for their parents, want a parent to be at the edge of its level where a child is; leave the step out", n.Graph.WindowAt(0), n.Graph.WindowAt(1))
		}
		h := &handover{nest: n}
		for _, name := range strings.Split(args[0], ",") {
			if n.gathered[name] == "" {
				return fmt.Errorf("got %q, want a temporary that gather has made; leave the step out", name)
			}
			if n.used[name+"Down"] {
				return fmt.Errorf("got %s, which is handed over already, want each once; leave the step out", name)
			}
			h.gathered = append(h.gathered, name)
		}
		body, err := eachBlock(n.Body, h.block)
		if err != nil {
			return err
		}
		if !h.found {
			return fmt.Errorf("got no families of nodes and of their parents in one tile, want some; use `tile`, `peel` and `families` first")
		}
		n.Body = n.inTask(h.allocs, body)
		return nil
	},
}

// everyChild reports whether every child and its parent see each other, and no ancestor above.
func everyChild(g ir.Graph) bool {
	return g.Kind == ir.Pyramid && g.Links == ir.LinksBoth && g.Causal == ir.CausalNone && g.Up() == 1
}

// wholeFamilies reports whether nodes of level l have parents, and all children of those that peel leaves in the interior are in that of level l.
func wholeFamilies(g ir.Graph, l int) bool {
	return l < len(g.Strides) && g.WindowAt(l+1)/2*g.Strides[l] >= g.WindowAt(l)/2
}

// parentSlot is the slot of a node's parent.
var parentSlot = ir.Minus(ir.Var("slots"), ir.Int(1))

// mostHanded is how many nodes of a level a tile may have, so that what is kept of their edges stays in a cache.
const mostHanded = 1024

// handover is one use of the step.
type handover struct {
	nest     *Nest
	gathered []string
	allocs   []ir.Stmt // of what is kept
	found    bool
}

// walker runs over the interior of a level: a loop over families and one in a family, or, on the highest level and where families are joined, one loop.
type walker struct {
	outer, inner *ir.For  // one and the same where there is one loop
	number       ir.Index // of the node in its level
	parent       ir.Var   // number of its parent
}

// walker finds the walk over the interior of a level in a block.
func (n *Nest) walker(block []ir.Stmt, level int) *walker {
	for _, s := range block {
		switch e := s.(type) {
		case *ir.If:
			if w := n.walker(e.Then, level); w != nil {
				return w
			}
		case *ir.For:
			if l, ok := interiorOf(e); !ok || l != level {
				continue
			}
			if level == len(n.Graph.Strides) || n.joined != "" {
				return &walker{e, e, ir.Var(e.Var), n.joined}
			}
			inner := onlyLoop(e.Body)
			if inner == nil {
				return nil
			}
			f := ir.Var(e.Var)
			return &walker{e, inner, ir.Plus(ir.Times(f, ir.Int(int64(n.Graph.Strides[level]))), ir.Var(inner.Var)), f}
		}
	}
	return nil
}

// onlyLoop returns the one loop that stands in a block, nil if there is none or more.
func onlyLoop(block []ir.Stmt) (only *ir.For) {
	for _, s := range block {
		if loop, ok := s.(*ir.For); ok {
			if only != nil {
				return nil
			}
			only = loop
		}
	}
	return only
}

// put puts another body into the inner loop, and statements before it.
func (w *walker) put(block, body []ir.Stmt, before ...ir.Stmt) []ir.Stmt {
	inner := *w.inner
	inner.Body = body
	with := append(slices.Clip(before), &inner)
	if w.outer == w.inner {
		return replaced(block, w.inner, with...)
	}
	outer := *w.outer
	outer.Body = replaced(w.outer.Body, w.inner, with...)
	return replaced(block, w.outer, &outer)
}

// replaced puts statements in place of another one, which stands in the block or under a condition in it.
func replaced(block []ir.Stmt, old ir.Stmt, with ...ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range block {
		if s == old {
			out = append(out, with...)
			continue
		}
		if e, ok := s.(*ir.If); ok {
			c := *e
			c.Then = replaced(e.Then, old, with...)
			s = &c
		}
		out = append(out, s)
	}
	return out
}

// block rewrites the block of a tile, level by level.
func (h *handover) block(block []ir.Stmt) ([]ir.Stmt, error) {
	for l := 0; wholeFamilies(h.nest.Graph, l); l++ {
		child, parent, tile := h.nest.walker(block, l), h.nest.walker(block, l+1), tileIn(block, l)
		if child == nil || parent == nil || tile == nil {
			break
		}
		var err error
		if block, err = h.level(block, l, child, parent, tile); err != nil {
			return nil, err
		}
	}
	return block, nil
}

// level rewrites the walks over the nodes of level l and over their parents.
func (h *handover) level(block []ir.Stmt, l int, child, parent *walker, tile *levelTile) ([]ir.Stmt, error) {
	if tile.nodes > mostHanded {
		return nil, fmt.Errorf("got tiles of %d nodes, want at most %d; take fewer nodes a tile", tile.nodes, mostHanded)
	}
	h.found = true
	place := ir.Minus(child.number, tile.from)
	children := ir.Minus(ir.Times(parent.number, ir.Int(int64(h.nest.Graph.Strides[l]))), tile.from)
	childBody, parentBody := child.inner.Body, parent.inner.Body
	for _, gathered := range h.gathered {
		own := h.nest.gathered[gathered]
		for _, way := range []struct{ at, from, to string }{{"Down", gathered, own}, {"Up", own, gathered}} {
			src, dst := allocated(childBody, way.from), allocated(parentBody, way.to)
			if src == nil || dst == nil {
				return nil, fmt.Errorf("got no %s of one child or no %s of one parent, want both; shrink them first", way.from, way.to)
			}
			kept := *src
			stage := src.Name + way.at
			kept.Name = h.nest.fresh(stage)
			kept.Dims = append([]ir.Index{ir.Int(2 * tile.nodes)}, src.Dims[1:]...) // the last tile takes what is left over
			var err error
			if childBody, err = h.copied(childBody, src, &kept, stage, place); err != nil {
				return nil, err
			}
			if parentBody, err = h.read(parentBody, dst, &kept, children); err != nil {
				return nil, err
			}
			h.nest.tile = append(h.nest.tile, &kept)
			h.allocs = append(h.allocs, &ir.Alloc{Buf: &kept})
		}
	}
	return parent.put(child.put(block, childBody), withoutDead(parentBody)), nil
}

// levelTile is a tile as the nodes of a level see it.
type levelTile struct {
	from   ir.Var   // the first node
	number ir.Index // of the tile
	nodes  int64    // of the level, in every tile but the last
}

// tileIn returns the tile of nodes of a level that a block walks over, nil if there is none.
func tileIn(block []ir.Stmt, level int) *levelTile {
	for _, s := range block {
		if let, ok := s.(*ir.Let); ok && let.Var == fmt.Sprint("from", level) {
			if p := ir.PolyOf(let.Value); len(p.Terms) == 1 && p.Const == 0 {
				return &levelTile{ir.Var(let.Var), p.Terms[0].Product, p.Terms[0].Coef}
			}
		}
	}
	return nil
}

// copied copies what a child has in a temporary for its parent, behind the loop that completes it.
func (h *handover) copied(body []ir.Stmt, src, kept *ir.Buffer, stage string, place ir.Index) ([]ir.Stmt, error) {
	for k, s := range slices.Backward(body) {
		loop, ok := s.(*ir.For)
		if !ok {
			continue
		}
		var at []ir.Index
		ir.Each(loop.Body, func(s ir.Stmt) {
			if e, ok := s.(*ir.Store); ok && e.Buf == src && ir.Same(e.At[0], parentSlot) {
				at = e.At
			}
		})
		if at == nil {
			continue
		}
		if len(at) != 2 || !ir.Same(at[1], ir.Var(loop.Var)) {
			return nil, fmt.Errorf("got %s in another order than slot and head, want a loop over heads around the slots; transpose it, before other steps change loops", src.Name)
		}
		c := *loop
		c.Stage = stage
		c.Body = []ir.Stmt{&ir.Store{Buf: kept, At: []ir.Index{place, at[1]}, Value: &ir.Load{Buf: src, At: at}}}
		return slices.Insert(slices.Clone(body), k+1, ir.Stmt(&c)), nil
	}
	return nil, fmt.Errorf("got no store to %s for the slot of a parent, want one at [slots - 1, h]; use `segments` and `transpose` first", src.Name)
}

// read has a parent read, in loops over its children, what they have left.
func (h *handover) read(body []ir.Stmt, buf, kept *ir.Buffer, children ir.Index) ([]ir.Stmt, error) {
	var err error
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		loop, ok := s.(*ir.For)
		if !ok || !isChildren(loop) {
			return []ir.Stmt{s}
		}
		child := map[ir.Var]bool{ir.Var(loop.Var): true}
		c := *loop
		c.Body = ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
			l, ok := x.(*ir.Load)
			if !ok || l.Buf != buf {
				return x
			}
			if ir.FreeOf(l.At[0], child) {
				err = fmt.Errorf("loop %s over children reads %s at %s, want the slot of the child; hand over before loops are changed", loop.Var, buf.Name, ir.FormatIndex(l.At[0]))
			}
			return &ir.Load{Buf: kept, At: append([]ir.Index{ir.PolyOf(ir.Plus(children, ir.Var(loop.Var))).Index()}, l.At[1:]...), Width: l.Width, Mask: l.Mask}
		}}.OfStmts(loop.Body)
		return []ir.Stmt{&c}
	}}.OfStmts(body), err
}

// isChildren reports whether a loop runs over the children of a node.
func isChildren(loop *ir.For) bool { return strings.HasPrefix(loop.Note, "children") }

// withoutDead drops loops over the children of a node that only store what nobody reads of the children's slots.
func withoutDead(body []ir.Stmt) []ir.Stmt {
	for {
		read := readOfChildren(body)
		dropped := false
		body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
			loop, ok := s.(*ir.For)
			switch {
			case !ok:
				return []ir.Stmt{s}
			case !slices.ContainsFunc(loop.Body, works): // held what has been dropped
				return nil
			case !isChildren(loop):
				return []ir.Stmt{s}
			}
			for b := range storedBeyond(loop.Body) {
				if b.Role != ir.Temp || b.Space == ir.Register || read[b] {
					return []ir.Stmt{s}
				}
			}
			dropped = true
			return nil
		}}.OfStmts(body)
		if !dropped {
			return body
		}
	}
}

// storedBeyond are the buffers that a block stores to and does not allocate.
func storedBeyond(block []ir.Stmt) map[*ir.Buffer]bool {
	stored := storedIn(block)
	ir.Each(block, func(s ir.Stmt) {
		if a, ok := s.(*ir.Alloc); ok {
			delete(stored, a.Buf)
		}
	})
	return stored
}

// readOfChildren are the buffers of which a node reads what may be the slot of a child: any but those of its window and its parent, or what the
// loop over children that stores it reads for itself.
func readOfChildren(body []ir.Stmt) map[*ir.Buffer]bool {
	read := map[*ir.Buffer]bool{}
	var visit func(block []ir.Stmt, window map[string]bool, own map[*ir.Buffer]bool)
	visit = func(block []ir.Stmt, window map[string]bool, own map[*ir.Buffer]bool) {
		for _, s := range block {
			if loop, ok := s.(*ir.For); ok {
				inner, stores := window, own
				if isWindow(loop) {
					inner = maps.Clone(window)
					inner[loop.Var] = true
				}
				if isChildren(loop) {
					stores = storedBeyond(loop.Body)
				}
				visit(loop.Body, inner, stores)
				continue
			}
			ir.EachValue([]ir.Stmt{s}, func(x ir.Expr) {
				l, ok := x.(*ir.Load)
				if !ok || len(l.At) == 0 || own[l.Buf] || ir.Same(l.At[0], parentSlot) {
					return
				}
				if v, ok := l.At[0].(ir.Var); !ok || !window[string(v)] {
					read[l.Buf] = true
				}
			})
		}
	}
	visit(body, map[string]bool{}, nil)
	return read
}

// inTask puts allocs at the beginning of every task of parallel loops, or of the program where there is none, so that tasks do not share them.
func (n *Nest) inTask(allocs, body []ir.Stmt) []ir.Stmt {
	found := false
	out := ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		if loop, ok := s.(*ir.For); ok && loop.Parallel {
			found = true
			c := *loop
			c.Body = slices.Concat(allocs, loop.Body)
			s = &c
		}
		return []ir.Stmt{s}
	}}.OfStmts(body)
	if !found {
		return slices.Concat(allocs, body)
	}
	return out
}
