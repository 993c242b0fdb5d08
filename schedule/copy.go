package schedule

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var copyStep = Step{
	Name: "copy",
	Args: "BUFFER LOOP",
	Doc: `copy the rows of an input that stay the same in LOOP where its iteration begins, and read them from the copy

	for f in 0..n1 {
	  for leaf in 0..25 {
	    for h in 0..4 {
	      for d in 0..64 step 8 {
	        z[0, f*25 + leaf, h, d:8] = x[0, off1 + f, h, d:8] + x[0, f*25 + leaf, h, d:8]
	      }
	    }
	  }
	}
->
	for f in 0..n1 {
	  alloc memory xs: f32[4, 64]
	  for head in 0..4 {
	    for col in 0..64 step 64 {
	      xs[head, col:8] = x[0, f + off1, head, col:8]
	      xs[head, col + 8:8] = x[0, f + off1, head, col + 8:8]
	      xs[head, col + 16:8] = x[0, f + off1, head, col + 16:8]
	      xs[head, col + 24:8] = x[0, f + off1, head, col + 24:8]
	      xs[head, col + 32:8] = x[0, f + off1, head, col + 32:8]
	      xs[head, col + 40:8] = x[0, f + off1, head, col + 40:8]
	      xs[head, col + 48:8] = x[0, f + off1, head, col + 48:8]
	      xs[head, col + 56:8] = x[0, f + off1, head, col + 56:8]
	    }
	  }
	  for leaf in 0..25 {
	    for h in 0..4 {
	      for d in 0..64 step 8 {
	        z[0, f*25 + leaf, h, d:8] = xs[h, d:8] + x[0, f*25 + leaf, h, d:8]
	      }
	    }
	  }
	}

So elements of 16 bits are converted once, not for each edge. All but the last two subscripts stay the same, and the last but one runs over one stretch
of heads. Rows of whole vectors are copied, where they are read as vectors without a mask, and neither in an if nor in a loop that runs where a
condition holds.`,
	Run: func(n *Nest, args []string) error {
		c := &copying{nest: n, name: args[0]}
		err := n.eachFor(args[1], func(loop *ir.For) ([]ir.Stmt, error) { return []ir.Stmt{c.iteration(loop)}, nil })
		switch {
		case err != nil:
			return err
		case c.copied:
			return nil
		case c.why != nil:
			return fmt.Errorf("loop %s: %w", args[1], c.why)
		}
		return missingf("got no vectors of an input %s in loop %s whose rows stay the same there, want some; vectorise first, or name another loop", args[0], args[1])
	},
}

// copying is one use of the step.
type copying struct {
	nest   *Nest
	name   string
	copied bool
	why    error // rows cannot be copied
}

// iteration copies what an iteration of a loop reads of rows that stay the same.
func (c *copying) iteration(loop *ir.For) *ir.For {
	inside := bound(loop.Body)
	copies := map[string]*rowCopy{}
	var order []*rowCopy
	visitValues(loop.Body, nil, func(x ir.Expr, around []*ir.For) ir.Expr {
		if r, ok := c.reads(x, around, inside); ok {
			if copies[r.key] == nil {
				copies[r.key] = &rowCopy{rowRead: r}
				order = append(order, copies[r.key])
			}
			copies[r.key].add(r.heads)
		}
		return x
	})
	var fill []ir.Stmt
	for _, p := range order {
		if err := p.place(c.nest); err != nil {
			c.why = err
			delete(copies, p.key)
			continue
		}
		fill = append(fill, p.fill(c.nest)...)
		c.copied = true
	}
	if len(copies) == 0 {
		return loop
	}
	out := *loop
	out.Body = append(fill, visitValues(loop.Body, nil, func(x ir.Expr, around []*ir.For) ir.Expr {
		r, ok := c.reads(x, around, inside)
		if !ok || copies[r.key] == nil {
			return x
		}
		return &ir.Load{Buf: copies[r.key].to, At: []ir.Index{r.head.Index(), r.col}, Width: x.Lanes()}
	})...)
	return &out
}

// visitValues rewrites the values of a block, each with the loops around it. Those in ifs, and in loops that run where a condition holds or never, are
// left out.
func visitValues(body []ir.Stmt, around []*ir.For, value func(ir.Expr, []*ir.For) ir.Expr) []ir.Stmt {
	out := make([]ir.Stmt, len(body))
	for k, s := range body {
		switch e := s.(type) {
		case *ir.For:
			_, choice := e.Hi.(*ir.Pick)
			lo, fixed := e.Lo.(ir.Int)
			if hi, bounded := e.Hi.(ir.Int); !choice && !(fixed && bounded && lo >= hi) {
				d := *e
				d.Body = visitValues(e.Body, append(around[:len(around):len(around)], e), value)
				s = &d
			}
		case *ir.Store:
			d := *e
			d.Value = ir.Rewrite{Expr: func(x ir.Expr) ir.Expr { return value(x, around) }}.OfExpr(e.Value)
			s = &d
		}
		out[k] = s
	}
	return out
}

// rowRead is a load of a vector, or of every other one of two, of a row that stays the same in a loop.
type rowRead struct {
	buf   *ir.Buffer
	pairs bool
	col   ir.Index   // where the copy has the vector; of two the even elements come first
	key   string     // equal for loads of the same row
	stays []ir.Index // of the subscripts but the last
	head  ir.Poly    // what moves in the last but one
	heads stretchOf  // and what it runs over
}

// stretchOf are the values from lo up to, not including, hi.
type stretchOf struct{ lo, hi ir.Poly }

// reads returns what a value reads of a row that stays the same where the variables inside move; false if it reads something else.
func (c *copying) reads(x ir.Expr, around []*ir.For, inside map[ir.Var]bool) (r rowRead, ok bool) {
	lanes, odd := x.Lanes(), 0
	if e, isEvery := x.(*ir.Every); isEvery {
		x, r.pairs = e.X, true
		if e.Odd {
			odd = lanes
		}
	}
	l, ok := x.(*ir.Load)
	if !ok || l.Buf.Name != c.name || l.Buf.Space != ir.Memory || l.Buf.Role != ir.In || lanes != c.nest.Target.Lanes(c.nest.Type) || l.Mask != "" || len(l.At) < 2 {
		return r, false
	}
	head := len(l.At) - 2
	r.buf, r.col = l.Buf, ir.PolyOf(ir.Plus(l.At[head+1], ir.Int(odd))).Index()
	r.key = fmt.Sprint(r.pairs)
	for d, x := range l.At[:head+1] {
		moves, stays := ir.PolyOf(x).Split(inside)
		if d == head {
			moves.Const, stays.Const = stays.Const, 0
			r.head = moves
		} else if !moves.IsConst() {
			return r, false
		}
		r.stays = append(r.stays, stays.Index())
		r.key += " " + stays.Key()
	}
	r.heads, ok = runsOver(r.head, around)
	return r, ok
}

// runsOver returns what a sum of a variable, if any, and a constant runs over in its loop.
func runsOver(p ir.Poly, around []*ir.For) (s stretchOf, ok bool) {
	if p.IsConst() {
		return stretchOf{p, ir.PolyOf(ir.Int(p.Const + 1))}, true
	}
	v, isVar := p.Terms[0].Var()
	k := len(around) - 1
	for k >= 0 && around[k].Var != string(v) {
		k--
	}
	if len(p.Terms) > 1 || !isVar || p.Terms[0].Coef != 1 || k < 0 {
		return s, false
	}
	loop := around[k]
	for _, t := range ir.PolyOf(ir.Minus(loop.Hi, loop.Lo)).Terms {
		if t.Coef%loop.Step != 0 { // the last value is not known
			return s, false
		}
	}
	last := ir.Minus(loop.Hi, ir.Int(loop.Step))
	return stretchOf{ir.PolyOf(ir.Plus(loop.Lo, ir.Int(p.Const))), ir.PolyOf(ir.Plus(last, ir.Int(p.Const+1)))}, true
}

// rowCopy is a copy of the row that loads read.
type rowCopy struct {
	rowRead
	parts []stretchOf // of heads that the loads read
	all   stretchOf
	to    *ir.Buffer
}

// add has a stretch of heads in the copy, as one with another one where both ends of the two lie a constant apart.
func (p *rowCopy) add(s stretchOf) {
	for k, t := range p.parts {
		if lo, hi := s.lo.Plus(t.lo, -1), s.hi.Plus(t.hi, -1); lo.IsConst() && hi.IsConst() {
			if lo.Const < 0 {
				p.parts[k].lo = s.lo
			}
			if hi.Const > 0 {
				p.parts[k].hi = s.hi
			}
			return
		}
	}
	p.parts = append(p.parts, s)
}

// whole returns the stretch that the parts make: each begins where another one ends, or is as long as all of them.
func (p *rowCopy) whole() (all stretchOf, ok bool) {
	for _, all = range p.parts {
		in := map[int]bool{}
		for k := 0; k < len(p.parts); k++ {
			s := p.parts[k]
			next := s.lo.Key() == all.hi.Key()
			if in[k] || !next && (s.lo.Key() != all.lo.Key() || s.hi.Key() != all.hi.Key()) {
				continue
			}
			if next {
				all.hi = s.hi
			}
			in[k], k = true, -1
		}
		if len(in) == len(p.parts) {
			return all, true
		}
	}
	return all, false
}

// mostCopied is how many elements a copy may have, so that tasks have it on their stack.
const mostCopied = 8 << 10

// place makes the array of a copy.
func (p *rowCopy) place(n *Nest) error {
	width, fixed := p.buf.Dims[len(p.buf.Dims)-1].(ir.Int)
	if lanes := n.Target.Lanes(n.Type); !fixed || int(width)%lanes != 0 {
		return fmt.Errorf("got rows of %s elements of %s, want whole vectors of %d; leave the step out", ir.FormatIndex(p.buf.Dims[len(p.buf.Dims)-1]), p.buf.Name, lanes)
	}
	var one bool
	p.all, one = p.whole()
	most, bounded := atMost(ir.Facts(nil).Simplify(p.all.hi.Index()))
	switch {
	case !one || !p.all.lo.IsConst() || p.all.lo.Const < 0 || !bounded:
		return fmt.Errorf("got rows of %s from %s to %s and others in the last dimension but one, want one stretch from a constant on of a bounded size; split the loop", p.buf.Name,
			ir.FormatIndex(p.all.lo.Index()), ir.FormatIndex(p.all.hi.Index()))
	case most*int64(width) > mostCopied:
		return fmt.Errorf("got a copy of %d elements of %s, want at most %d; leave the step out", most*int64(width), p.buf.Name, mostCopied)
	}
	p.to = &ir.Buffer{Name: n.fresh(p.buf.Name + "s"), Type: p.buf.Type.Arith(), Role: ir.Temp, Space: ir.Memory, Dims: []ir.Index{ir.Int(most), width}}
	return nil
}

// piecesCopied is how many vectors of a row are copied at once, at most.
const piecesCopied = 8

// fill copies the rows.
func (p *rowCopy) fill(n *Nest) []ir.Stmt {
	lanes, width := int64(n.Target.Lanes(n.Type)), int64(p.to.Dims[1].(ir.Int))
	group := int64(1)
	if p.pairs {
		group = 2
	}
	pieces := min(piecesCopied, width/lanes)
	for width/lanes%pieces != 0 || pieces%group != 0 {
		pieces--
	}
	head, col := ir.Var(n.fresh("head")), ir.Var(n.fresh("col"))
	from := slices.Clone(p.stays)
	from[len(from)-1] = ir.PolyOf(ir.Plus(from[len(from)-1], head)).Index()
	row := &ir.For{Var: string(col), Lo: ir.Int(0), Hi: ir.Int(width), Step: lanes * pieces, Stage: p.to.Name}
	for k := range pieces {
		at := ir.PolyOf(ir.Plus(col, ir.Int(k*lanes))).Index()
		of := ir.PolyOf(ir.Plus(col, ir.Int(k/group*group*lanes))).Index()
		var value ir.Expr = &ir.Load{Buf: p.buf, At: append(slices.Clone(from), of), Width: int(group * lanes)}
		if p.pairs {
			value = &ir.Every{X: value, Odd: k%2 != 0}
		}
		row.Body = append(row.Body, &ir.Store{Buf: p.to, At: []ir.Index{head, at}, Value: value})
	}
	rows := &ir.For{Var: string(head), Lo: p.all.lo.Index(), Hi: ir.Facts(nil).Simplify(p.all.hi.Index()), Step: 1, Stage: p.to.Name, Body: []ir.Stmt{row}}
	return []ir.Stmt{&ir.Alloc{Buf: p.to}, rows}
}
