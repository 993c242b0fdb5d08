package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var shrinkStep = Step{
	Name: "shrink",
	Args: "BUFFER",
	Doc: `keep of a temporary only what one iteration of the loops around all its uses needs; what has no dimension left is a register

	for h in 0..heads {
	  m[0, 0, h] = x[0, 0, h, 0]
	  z[0, 0, h, 0] = m[0, 0, h] + y[0, 0, h, 0]
	}
->
	for h in 0..heads {
	  alloc m: f32
	  m = x[0, 0, h, 0]
	  z[0, 0, h, 0] = m + y[0, 0, h, 0]
	}

Dimensions that are subscripted by the variables of these loops, or by the same constant, everywhere are dropped; of a subscript
such as block*8 + h only h is left. What stays has a constant extent where the loops or the pyramid bound it.`,
	Run: func(n *Nest, args []string) error {
		buf, err := n.temporary(args[0])
		if err != nil {
			return err
		}
		v := n.viewOf(buf)
		if v.whole {
			return fmt.Errorf("no dimension of %s has one subscript in all its uses, want one that has; fuse the loops around them first", buf.Name)
		}
		body := n.allocInside(n.Body, buf, v.small)
		n.Body = moved(buf, v.small, v.at).OfStmts(body)
		n.dropBuffer(buf)
		return nil
	},
}

// moved puts what is loaded from and stored to one buffer into another, at other subscripts.
func moved(from, to *ir.Buffer, at func([]ir.Index) []ir.Index) ir.Rewrite {
	r := movedWhere(from, to, func([]ir.Index) bool { return true }, at)
	stores := r.Stmt
	r.Stmt = func(s ir.Stmt) []ir.Stmt {
		if e, ok := s.(*ir.Alloc); ok && e.Buf == from {
			return []ir.Stmt{&ir.Alloc{Buf: to}}
		}
		return stores(s)
	}
	return r
}

// movedWhere does that for some of the elements, and leaves the alloc.
func movedWhere(from, to *ir.Buffer, where func([]ir.Index) bool, at func([]ir.Index) []ir.Index) ir.Rewrite {
	return ir.Rewrite{
		Expr: func(x ir.Expr) ir.Expr {
			if l, ok := x.(*ir.Load); ok && l.Buf == from && where(l.At) {
				return &ir.Load{Buf: to, At: at(l.At), Width: l.Width, Mask: l.Mask}
			}
			return x
		},
		Stmt: func(s ir.Stmt) []ir.Stmt {
			if e, ok := s.(*ir.Store); ok && e.Buf == from && where(e.At) {
				s = &ir.Store{Buf: to, At: at(e.At), Mask: e.Mask, Value: e.Value, Stream: e.Stream}
			}
			return []ir.Stmt{s}
		},
	}
}

// noTemporary says which temporaries there are.
func (n *Nest) noTemporary(name string) error {
	var names []string
	for _, b := range n.Buffers {
		if b.Role == ir.Temp {
			names = append(names, b.Name)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("got %q, want a temporary in memory, of which there is none; leave the step out", name)
	}
	return fmt.Errorf("got %q, want a temporary in memory: %s", name, strings.Join(names, ", "))
}

// view is what one iteration sees of a buffer: in each dimension the part of the subscript that the loops around fix is taken off.
type view struct {
	small *ir.Buffer
	fixed []ir.Poly // by dimension of the whole buffer
	keep  []int     // dimensions that stay
	whole bool      // nothing is saved
}

// viewOf returns the part of a buffer that one iteration of the loops around all its uses needs. Extents that are left are
// constants where they have a constant bound, as have slots.
func (n *Nest) viewOf(buf *ir.Buffer) view {
	around := map[ir.Var]bool{}
	block := n.Body
	for loop := onlyUser(block, buf); loop != nil; loop = onlyUser(block, buf) {
		around[ir.Var(loop.Var)] = true
		block = loop.Body
	}
	inside := rangesOf(block)
	v := view{fixed: make([]ir.Poly, len(buf.Dims)), whole: true}
	extents := make([]int64, len(buf.Dims)) // of what is not fixed; 0: no constant bound
	first := true
	eachAccess(block, func(b *ir.Buffer, at []ir.Index) {
		if b != buf {
			return
		}
		for d, x := range at {
			fixed, moving := fixedPart(x, around)
			if first {
				v.fixed[d], extents[d] = fixed, 1
			}
			if !ir.Same(fixed.Index(), v.fixed[d].Index()) {
				v.fixed[d], extents[d] = ir.Poly{}, 0 // not one part for all: the whole dimension stays
			}
			if least, most, ok := inside.of(moving); !ok || least < 0 {
				extents[d] = 0
			} else if extents[d] > 0 {
				extents[d] = max(extents[d], most+1)
			}
		}
		first = false
	})
	v.small = &ir.Buffer{Name: buf.Name, Type: buf.Type, Role: ir.Temp, Space: ir.Memory}
	for d, dim := range buf.Dims {
		switch {
		case extents[d] == 1:
			v.whole = false
			continue
		case extents[d] > 1:
			v.whole = v.whole && len(v.fixed[d].Terms) == 0
			dim = ir.Int(extents[d])
		case dim == ir.Index(ir.Var("slots")) && n.Graph.Kind == ir.Pyramid:
			dim = ir.Int(mostSlots(n.Graph))
		case dim == ir.Index(ir.Var("in_slots")) && n.Graph.Kind == ir.Pyramid:
			dim = ir.Int(mostQueries(n.Graph))
		default:
			v.fixed[d] = ir.Poly{}
		}
		v.keep = append(v.keep, d)
		v.small.Dims = append(v.small.Dims, dim)
	}
	if len(v.keep) == 0 {
		v.small.Space = ir.Register
	}
	return v
}

// fixedPart splits a subscript into multiples of the variables around and the rest. A single constant is fixed.
func fixedPart(x ir.Index, around map[ir.Var]bool) (fixed, moving ir.Poly) {
	p := ir.PolyOf(x)
	if p.IsConst() {
		return p, ir.Poly{}
	}
	moving = ir.Poly{Const: p.Const}
	for _, t := range p.Terms {
		if v, ok := t.Var(); ok && around[v] {
			fixed.Terms = append(fixed.Terms, t)
		} else {
			moving.Terms = append(moving.Terms, t)
		}
	}
	return fixed, moving
}

// mostSlots bounds the slots of a node of any length: its window, its children, of which the last node of a level has less than
// twice the stride, and its ancestors.
func mostSlots(g ir.Graph) int64 {
	most := 0
	for _, c := range g.Strides {
		most = max(most, 2*c-1)
	}
	return int64(g.Window + most + g.Up())
}

// mostQueries bounds the nodes that see a node, of any length: its window, those below it and its parent. The last node of a level has, t
// levels below, less than one in another multiple of its span: with n children at most, the last of them with n' children at most, less than
// n*n' nodes.
func mostQueries(g ir.Graph) int64 {
	sum := int64(g.Window) + 1
	for t := 1; t <= g.Up(); t++ {
		most := int64(0)
		for l := 0; l+t <= len(g.Strides); l++ {
			below := int64(1)
			for s := l + t - 1; s >= l; s-- { // the last one's children
				c := int64(g.Strides[s])
				below = (below-1)*c + 2*c - 1
			}
			most = max(most, below)
		}
		sum += most
	}
	return sum
}

// at is what the subscripts of the whole buffer are in the small one.
func (v view) at(whole []ir.Index) []ir.Index {
	var out []ir.Index
	for _, d := range v.keep {
		out = append(out, ir.PolyOf(whole[d]).Plus(v.fixed[d], -1).Index())
	}
	return out
}

// onlyUser returns the loop of a block in which all uses of a buffer are, or nil.
func onlyUser(block []ir.Stmt, buf *ir.Buffer) *ir.For {
	var user *ir.For
	for _, s := range block {
		if !touchesBuffer([]ir.Stmt{s}, buf) {
			continue
		}
		loop, ok := s.(*ir.For)
		if !ok || user != nil {
			return nil
		}
		user = loop
	}
	return user
}

// allocInside puts the alloc at the beginning of the innermost loop around all uses.
func (n *Nest) allocInside(block []ir.Stmt, buf, small *ir.Buffer) []ir.Stmt {
	loop := onlyUser(block, buf)
	if loop == nil {
		return append([]ir.Stmt{&ir.Alloc{Buf: small}}, block...)
	}
	out := append([]ir.Stmt(nil), block...)
	for i, s := range block {
		if s == ir.Stmt(loop) {
			c := *loop
			c.Body = n.allocInside(loop.Body, buf, small)
			out[i] = &c
		}
	}
	return out
}
