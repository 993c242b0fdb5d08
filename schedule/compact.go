package schedule

import "github.com/pyragen/pyragen/ir"

// compaction is a layout of a temporary without the elements that are never used.
type compaction struct {
	dims  []ir.Index
	inner ranges
	far   []*ir.Poly // by dimension: what is subtracted from subscripts behind a gap of unknown length; nil where there is none
}

// compactionOf returns the layout for the uses of a buffer in a block. Subscripts with constant bounds stay where they are. Those that
// all lie the same unknown distance further, as the slot of the parent, slots - 1, does, come right behind.
func (n *Nest) compactionOf(block []ir.Stmt, buf *ir.Buffer) compaction {
	c := compaction{dims: append([]ir.Index(nil), buf.Dims...), inner: rangesOf(block), far: make([]*ir.Poly, len(buf.Dims))}
	for d := range buf.Dims {
		if d == len(buf.Dims)-1 && vectorsOf(block, buf) {
			continue
		}
		c.dimension(n, block, buf, d)
	}
	return c
}

func (c *compaction) dimension(n *Nest, block []ir.Stmt, buf *ir.Buffer, d int) {
	near, far := int64(0), int64(0) // ends of the two parts
	var base *ir.Poly
	bounded := true
	eachAccess(block, func(b *ir.Buffer, at []ir.Index) {
		if b != buf {
			return
		}
		unknown, moving := c.inner.split(ir.PolyOf(at[d]))
		least, most, ok := c.inner.of(moving)
		bounded = bounded && ok && least >= 0
		if len(unknown.Terms) == 0 {
			near = max(near, most+1)
			return
		}
		if base == nil {
			base = &unknown
		}
		bounded = bounded && ir.Same(base.Index(), unknown.Index())
		far = max(far, most+1)
	})
	if !bounded {
		return
	}
	if base != nil {
		apart := ir.Minus(base.Index(), ir.Int(near))
		if !n.slotFacts().NonNegative(apart) {
			return
		}
		gap := ir.PolyOf(apart)
		c.far[d] = &gap
	}
	c.dims[d] = ir.Int(near + far)
}

// split takes a sum apart: what has constant bounds, and the rest with the constant that goes with it.
func (r ranges) split(p ir.Poly) (unknown, moving ir.Poly) {
	for _, t := range p.Terms {
		v, ok := t.Var()
		if _, known := r[v]; ok && known {
			moving.Terms = append(moving.Terms, t)
		} else {
			unknown.Terms = append(unknown.Terms, t)
		}
	}
	if len(unknown.Terms) > 0 {
		unknown.Const = p.Const
	} else {
		moving.Const = p.Const
	}
	return unknown, moving
}

// slotFacts is what every pyramid has: a window and a slot for the parent.
func (n *Nest) slotFacts() ir.Facts {
	return ir.Facts(nil).With(ir.Minus(ir.Var("slots"), ir.Int(int64(n.Graph.Window+1))))
}

// at is where an element is in the compact layout.
func (c compaction) at(whole []ir.Index) []ir.Index {
	out := append([]ir.Index(nil), whole...)
	for d, x := range whole {
		if unknown, _ := c.inner.split(ir.PolyOf(x)); c.far[d] != nil && len(unknown.Terms) > 0 {
			out[d] = ir.PolyOf(x).Plus(*c.far[d], -1).Index()
		}
	}
	return out
}
