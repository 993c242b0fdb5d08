package gosrc

import "github.com/pyragen/pyragen/ir"

// use is an access to a tensor in a block or in the blocks in it.
type use struct {
	*address
	width int64           // elements from there on
	load  bool            // of one element
	stmt  int             // number of the statement of the block in which it stands
	must  bool            // it is executed whenever the block is
	inner map[ir.Var]bool // variables bound between the block and the access
	loops []*ir.For       // loops between the block and the access, outermost first
	local map[string]bool // buffers in memory allocated between the block and the access
}

// uses returns the accesses of a block, in order. Masked ones are left out: what they touch is not known.
func (e *emitter) uses(body []ir.Stmt) []use {
	w := walk{e: e}
	for i, s := range body {
		w.stmt, w.must = i, true
		w.statement(s)
	}
	return w.found
}

// walk collects the uses of the statements of a block.
type walk struct {
	e     *emitter
	stmt  int
	must  bool
	inner map[ir.Var]bool // not changed but replaced, as the uses have it
	loops []*ir.For
	local map[string]bool // neither is this
	found []use
}

func (w *walk) block(body []ir.Stmt) {
	inner, local := w.inner, w.local
	for _, s := range body {
		switch s := s.(type) {
		case *ir.Let:
			w.inner = with(w.inner, ir.Var(s.Var))
		case *ir.Alloc:
			if s.Buf.Space == ir.Memory {
				w.local = with(w.local, s.Buf.Name)
			}
		}
		w.statement(s)
	}
	w.inner, w.local = inner, local
}

func (w *walk) statement(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.For:
		outer := *w
		_, runs := constantRange(s)
		w.must = w.must && runs
		w.inner = with(w.inner, ir.Var(s.Var))
		w.loops = append(w.loops[:len(w.loops):len(w.loops)], s)
		w.block(s.Body)
		w.must, w.inner, w.loops = outer.must, outer.inner, outer.loops
	case *ir.If:
		must := w.must
		w.must = false
		w.block(s.Then)
		w.block(s.Else)
		w.must = must
	case *ir.Store:
		w.value(s.Value)
		if s.Buf.Space == ir.Memory && s.Mask == "" {
			w.add(s.Buf, s.At, int64(s.Value.Lanes()), false)
		}
	}
}

func (w *walk) value(x ir.Expr) {
	switch x := x.(type) {
	case *ir.Load:
		if x.Buf.Space == ir.Memory && x.Mask == "" && len(x.Buf.Dims) > 0 {
			w.add(x.Buf, x.At, int64(x.Lanes()), x.Lanes() == 1)
		}
	case *ir.Binary:
		w.value(x.X)
		w.value(x.Y)
	case *ir.Unary:
		w.value(x.X)
	case *ir.FMA:
		w.value(x.X)
		w.value(x.Y)
		w.value(x.Z)
	case *ir.Broadcast:
		w.value(x.X)
	case *ir.HSum:
		w.value(x.X)
	case *ir.Tree:
		for _, y := range x.Xs {
			w.value(y)
		}
	case *ir.Every:
		w.value(x.X)
	case *ir.Zip:
		w.value(x.X)
		w.value(x.Y)
	case *ir.Lane:
		w.value(x.X)
	case *ir.Choose:
		w.value(x.A)
		w.value(x.B)
		w.value(x.X)
		w.value(x.Y)
	case *ir.Select:
		must := w.must
		w.must = false
		w.value(x.X)
		w.value(x.Y)
		w.must = must
	}
}

func (w *walk) add(b *ir.Buffer, at []ir.Index, width int64, load bool) {
	a := w.e.addressOf(b, at)
	if affine(a.poly) {
		w.found = append(w.found, use{address: a, width: width, load: load, stmt: w.stmt, must: w.must, loops: w.loops, inner: w.inner, local: w.local})
	}
}

// with is a set with one element more.
func with[K comparable](set map[K]bool, k K) map[K]bool {
	c := copied(set)
	c[k] = true
	return c
}

// hasLoop reports whether a block holds a loop.
func hasLoop(body []ir.Stmt) bool {
	found := false
	ir.Each(body, func(s ir.Stmt) {
		_, ok := s.(*ir.For)
		found = found || ok
	})
	return found
}
