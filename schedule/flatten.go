package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var flattenStep = Step{
	Name: "flatten",
	Args: "OUTER INNER",
	Doc: `make one loop of two, one in the other, whose iterations lie side by side in temporaries, so that a vector takes several of the outer one

	alloc memory e: f32[8, 3, 4]
	for i in 0..min(8, n0) {
	  for h in 0..4 {
	    for j in 0..3 {
	      e[i, j, h] = e[i, j, h] + 1.0
	    }
	  }
	}
->
	alloc memory e: f32[3, 32]
	for ih in 0..min(8, n0)*4 {
	  for j in 0..3 {
	    e[j, ih] = e[j, ih] + 1.0
	  }
	}

The temporaries change their layout, wherever they are used: the first dimension, of the outer loop, joins the last, of the inner
one, whose extent must be constant and that loop's. Nothing else may move with either loop. The new loop has both names.`,
	Run: func(n *Nest, args []string) error {
		f := &flattening{nest: n, outer: args[0], inner: args[1], moved: map[*ir.Buffer]*ir.Buffer{}}
		ir.Each(n.Body, func(s ir.Stmt) {
			if loop, inner := f.pair(s); loop != nil {
				f.take(loop, inner)
			}
		})
		if f.err != nil {
			return f.err
		}
		if !f.found {
			return missingf("got no loop %s that holds just the loop %s, from 0 to a constant, want some; use `distribute` and `pad` first", args[0], args[1])
		}
		body := n.Body
		for from, to := range f.moved {
			body = moved(from, to, f.at).OfStmts(body)
		}
		body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
			if loop, inner := f.pair(s); loop != nil {
				s = f.join(loop, inner)
			}
			return []ir.Stmt{s}
		}}.OfStmts(body)
		if f.err != nil {
			return f.err
		}
		n.Body = body
		return nil
	},
}

type flattening struct {
	nest         *Nest
	outer, inner string
	width        int64 // iterations of the inner loop
	moved        map[*ir.Buffer]*ir.Buffer
	found        bool
	err          error
}

// pair takes two loops of these names apart that are nested perfectly and begin at 0, the inner one of constant length.
func (f *flattening) pair(s ir.Stmt) (outer, inner *ir.For) {
	loop, ok := s.(*ir.For)
	if !ok || !named(loop, f.outer) || loop.Step != 1 || !ir.Same(loop.Lo, ir.Int(0)) || len(loop.Body) != 1 {
		return nil, nil
	}
	in, ok := loop.Body[0].(*ir.For)
	if !ok || !named(in, f.inner) || in.Step != 1 || !ir.Same(in.Lo, ir.Int(0)) {
		return nil, nil
	}
	width, constant := in.Hi.(ir.Int)
	if !constant || f.found && int64(width) != f.width {
		return nil, nil
	}
	f.found, f.width = true, int64(width)
	return loop, in
}

// take gives the temporaries that the loops use their new layout, unless they have it already.
func (f *flattening) take(outer, loop *ir.For) {
	inside := map[*ir.Buffer]bool{}
	ir.Each(loop.Body, func(s ir.Stmt) {
		if a, ok := s.(*ir.Alloc); ok {
			inside[a.Buf] = true
		}
	})
	eachAccess(loop.Body, func(b *ir.Buffer, at []ir.Index) {
		if b.Role != ir.Temp || b.Space != ir.Memory || inside[b] || f.moved[b] != nil || f.sideBySide(outer, loop, at) {
			return
		}
		last := len(b.Dims) - 1
		if last < 1 || !ir.Same(b.Dims[last], ir.Int(f.width)) {
			f.err = fmt.Errorf("the last dimension of %s is not the same as the loop %s, want %d elements; shrink or transpose it first", b.Name, f.inner, f.width)
			return
		}
		c := *b
		c.Dims = f.at(b.Dims)
		c.Dims[last-1] = ir.Facts(nil).Simplify(ir.Times(b.Dims[0], ir.Int(f.width)))
		f.moved[b] = &c
	})
}

// at joins the first subscript with the last.
func (f *flattening) at(xs []ir.Index) []ir.Index {
	last := len(xs) - 1
	out := append([]ir.Index(nil), xs[1:]...)
	out[last-1] = ir.PolyOf(ir.Plus(ir.Times(xs[0], ir.Int(f.width)), xs[last])).Index()
	return out
}

// asOne puts h = ih - i*width into indices, so that the sums i*width + h become ih.
func (f *flattening) asOne(outer, inner *ir.For) ir.Rewrite {
	h := ir.Minus(ir.Var(outer.Var+inner.Var), ir.Times(ir.Var(outer.Var), ir.Int(f.width)))
	return ir.Substitute(map[ir.Var]ir.Index{ir.Var(inner.Var): h})
}

// sideBySide reports whether subscripts move with both loops as one, or with neither.
func (f *flattening) sideBySide(outer, inner *ir.For, at []ir.Index) bool {
	for _, x := range f.asOne(outer, inner).Indices(at) {
		if !ir.FreeOf(ir.Facts(nil).Simplify(x), map[ir.Var]bool{ir.Var(outer.Var): true}) {
			return false
		}
	}
	return true
}

// join makes one loop.
func (f *flattening) join(outer, inner *ir.For) ir.Stmt {
	i, both := ir.Var(outer.Var), ir.Var(outer.Var+inner.Var)
	body := f.asOne(outer, inner).OfStmts(inner.Body)
	body = ir.Rewrite{Index: func(x ir.Index) ir.Index { return ir.Facts(nil).Simplify(x) }}.OfStmts(body)
	ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if !ir.FreeOf(x, map[ir.Var]bool{i: true}) {
			f.err = fmt.Errorf("got %s in the loops, want what moves with both or neither; flatten other loops", ir.FormatIndex(x))
		}
		return x
	}}.OfStmts(body)
	f.nest.used[string(both)] = true
	c := *inner
	c.Var, c.Body = string(both), body
	c.Hi = ir.Facts(nil).Simplify(ir.Times(outer.Hi, ir.Int(f.width)))
	return &c
}
