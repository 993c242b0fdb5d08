package goasm

import (
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// scope is a loop, or the function around all loops.
type scope struct {
	loop      *ir.For // nil: the function
	parent    *scope
	innermost bool
	index     bool // the variable is an index register
	variable  operand.Op
	streams   []*stream // that move with this loop
	running   []*stream // of loops inside this one that go on where they stopped
	uses      []*stream // of any scope, by the accesses directly in this loop, in order
	offsets   []string  // arguments that index memory there
}

// stream is a pointer into a tensor that moves with the loops around an access: its element number, without what an index
// register and a displacement add, is a polynomial of loop variables and arguments. It lives in the innermost loop whose variable
// occurs in it, in a register if no loop is inside that one, else on the stack.
type stream struct {
	buf  *ir.Buffer
	poly ir.Poly
	home operand.Op
	runs bool // goes on where it stopped when its loop is entered again
}

// place is an access taken apart: stream + index*scale + displacement.
type place struct {
	stream *stream
	index  *scope // loop whose variable is the index, or nil
	offset string // argument that is the index, or ""
	scale  uint8
	disp   int
}

// plan finds the streams of all accesses of a block before anything is written.
func (e *emitter) plan(body []ir.Stmt, s *scope) {
	s.innermost = true
	for _, st := range body {
		e.planStmt(st, s)
	}
}

func (e *emitter) planStmt(st ir.Stmt, s *scope) {
	switch st := st.(type) {
	case *ir.For:
		s.innermost = false
		in := &scope{loop: st, parent: s}
		e.scopes[st] = in
		e.plan(st.Body, in)
	case *ir.If:
		inner := s.innermost
		for _, block := range [][]ir.Stmt{st.Then, st.Else} {
			for _, t := range block {
				e.planStmt(t, s)
			}
		}
		s.innermost = s.innermost && inner
	case *ir.Store:
		e.planAccess(st.Buf, st.At, s)
		ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
			if l, ok := x.(*ir.Load); ok {
				e.planAccess(l.Buf, l.At, s)
			}
			return x
		}}.OfExpr(st.Value)
	case *ir.Prefetch:
		e.planAccess(st.Buf, st.At, s)
	}
}

func (e *emitter) planAccess(b *ir.Buffer, at []ir.Index, s *scope) {
	if b.Space == ir.Register || len(b.Dims) == 0 {
		return
	}
	p := e.locate(b, at, s)
	if p.index != nil {
		p.index.index = true
	}
	if p.offset != "" && !slices.Contains(s.offsets, p.offset) {
		s.offsets = append(s.offsets, p.offset)
	}
	for _, u := range s.uses {
		if u == p.stream {
			return
		}
	}
	s.uses = append(s.uses, p.stream)
}

// locate takes an access apart.
func (e *emitter) locate(b *ir.Buffer, at []ir.Index, s *scope) place {
	element := ir.PolyOf(ir.Int(0))
	for d, x := range at {
		element = element.Plus(ir.PolyOf(ir.Times(x, extentBelow(b, d))), 1)
	}
	size := b.Type.Size()
	var p place
	for in := s; in.loop != nil; in = in.parent {
		coef, affine := element.Coef(ir.Var(in.loop.Var))
		if !affine {
			fail("%s is no polynomial of %s", b.Name, in.loop.Var)
		}
		if bytes := coef.Const * int64(size); coef.IsConst() && indexable(bytes) {
			p.index, p.scale = in, uint8(bytes)
			element = element.Plus(ir.PolyOf(ir.Var(in.loop.Var)), -coef.Const)
			break
		}
	}
	if p.index == nil {
		element = e.offset(&p, element, size)
	}
	p.disp = int(element.Const) * size
	if int(int32(p.disp)) != p.disp {
		fail("displacement %d into %s does not fit 32 bits", p.disp, b.Name)
	}
	element.Const = 0
	p.stream = e.stream(b, element, s)
	return p
}

// indexable reports whether an index register can be scaled by that many bytes.
func indexable(bytes int64) bool { return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 }

// offset takes an argument that is added to an element number as the index, so that what differs by it shares a stream.
func (e *emitter) offset(p *place, element ir.Poly, size int) ir.Poly {
	for _, t := range element.Terms {
		v, ok := t.Atoms[0].(ir.Var)
		if len(t.Atoms) == 1 && ok && slices.Contains(e.fn.Ints, string(v)) && indexable(t.Coef*int64(size)) {
			p.offset, p.scale = string(v), uint8(t.Coef*int64(size))
			return element.Plus(ir.PolyOf(v), -t.Coef)
		}
	}
	return element
}

// extentBelow is the number of elements of one step along dimension d.
func extentBelow(b *ir.Buffer, d int) ir.Index {
	var x ir.Index = ir.Int(1)
	for _, n := range b.Dims[d+1:] {
		x = ir.Times(x, n)
	}
	return x
}

// stream returns the stream of that polynomial; new ones are entered in the scope that they move with, and what they start from
// in the scopes around it.
func (e *emitter) stream(b *ir.Buffer, p ir.Poly, s *scope) *stream {
	for s.loop != nil && ir.FreeOf(p.Index(), map[ir.Var]bool{ir.Var(s.loop.Var): true}) {
		s = s.parent
	}
	for _, t := range s.streams {
		if t.buf == b && ir.Same(t.poly.Index(), p.Index()) {
			return t
		}
	}
	t := &stream{buf: b, poly: p}
	s.streams = append(s.streams, t)
	if s.loop == nil {
		return t
	}
	e.stride(t, s)
	if e.goesOn(t, s) {
		t.runs = true
		s.parent.running = append(s.parent.running, t)
		e.origin(t, s)
	} else {
		e.start(t, s)
	}
	return t
}

// goesOn reports whether a stream, after all iterations of its loop, stands where the next iteration of the loop around wants it.
func (e *emitter) goesOn(t *stream, s *scope) bool {
	lo, ok1 := s.loop.Lo.(ir.Int)
	hi, ok2 := s.loop.Hi.(ir.Int)
	if s.innermost || s.parent.loop == nil || !ok1 || !ok2 || lo >= hi {
		return false
	}
	trips := (int64(hi-lo) + s.loop.Step - 1) / s.loop.Step
	in, ok1 := t.poly.Coef(ir.Var(s.loop.Var))
	out, ok2 := t.poly.Coef(ir.Var(s.parent.loop.Var))
	return ok1 && ok2 && ir.Same(ir.Times(in.Index(), ir.Int(trips*s.loop.Step)), ir.Times(out.Index(), ir.Int(s.parent.loop.Step)))
}

// origin is what a stream that goes on is in the first iterations of its loop and of the one around.
func (e *emitter) origin(t *stream, s *scope) place {
	u := s.parent
	first := ir.Substitute(map[ir.Var]ir.Index{
		ir.Var(s.loop.Var): s.loop.Lo, ir.Var(u.loop.Var): u.loop.Lo,
	}).OfIndex(t.poly.Index())
	return e.placeOf(t.buf, first, u.parent)
}

// start is what a stream is in the first iteration of its loop, as a place in the scope around.
func (e *emitter) start(t *stream, s *scope) place {
	first := ir.Substitute(map[ir.Var]ir.Index{ir.Var(s.loop.Var): s.loop.Lo}).OfIndex(t.poly.Index())
	return e.placeOf(t.buf, first, s.parent)
}

// placeOf is an element number as a stream of a scope and a displacement.
func (e *emitter) placeOf(b *ir.Buffer, element ir.Index, s *scope) place {
	p := ir.PolyOf(element)
	disp := int(p.Const) * b.Type.Size()
	p.Const = 0
	return place{stream: e.stream(b, p, s), disp: disp}
}

// stride is the number of bytes by which a stream moves in one iteration: a constant, or a place on the stack.
func (e *emitter) stride(t *stream, s *scope) operand.Op {
	coef, affine := t.poly.Coef(ir.Var(s.loop.Var))
	if !affine {
		fail("%s is no polynomial of %s", t.buf.Name, s.loop.Var)
	}
	bytes := ir.PolyOf(ir.Times(coef.Index(), ir.Int(s.loop.Step*int64(t.buf.Type.Size()))))
	if bytes.IsConst() {
		return imm32(bytes.Const)
	}
	key := ir.Key(bytes.Index())
	if _, ok := e.strides[key]; !ok {
		e.strides[key] = operand.Mem{}
		e.order = append(e.order, bytes)
	}
	return e.strides[key]
}

// writeStrides computes the strides that depend on arguments, once.
func (e *emitter) writeStrides() {
	for _, bytes := range e.order {
		slot := e.ctx.AllocLocal(8)
		e.ctx.MOVQ(e.poly(bytes), slot)
		e.strides[ir.Key(bytes.Index())] = slot
	}
}

// startStreams gives the streams that move with a loop, or run on through it, their homes and first values. What no loop moves is
// computed where it is wanted.
func (e *emitter) startStreams(s *scope) {
	for _, t := range s.running {
		t.home = e.slot()
		e.ctx.MOVQ(e.first(e.origin(t, e.scopeOf(t, s))), t.home)
	}
	for _, t := range s.streams {
		if t.runs {
			continue
		}
		r := e.first(e.start(t, s))
		if s.keeps(t) {
			t.home = r
			continue
		}
		t.home = e.slot()
		e.ctx.MOVQ(r, t.home)
	}
}

// first is a place as a pointer in a register of its own.
func (e *emitter) first(p place) reg.GPVirtual {
	r := e.copyOf(p.stream)
	if p.disp != 0 {
		e.ctx.ADDQ(imm32(int64(p.disp)), r)
	}
	return r
}

// scopeOf finds the loop directly inside s whose stream t is.
func (e *emitter) scopeOf(t *stream, s *scope) *scope {
	for _, in := range e.scopes {
		if in.parent == s {
			for _, u := range in.streams {
				if u == t {
					return in
				}
			}
		}
	}
	fail("internal error: a stream of %s has no loop", t.buf.Name)
	return nil
}

// copyOf loads or computes a stream in a register of its own.
func (e *emitter) copyOf(t *stream) reg.GPVirtual {
	if t.home != nil {
		r := e.ctx.GP64()
		e.ctx.MOVQ(t.home, r)
		return r
	}
	r := e.poly(t.poly)
	e.scale(r, int64(t.buf.Type.Size()))
	e.ctx.ADDQ(e.argument(t.buf.Name), r)
	return r
}

// slot takes eight bytes of the stack frame, which what is done with gives back.
func (e *emitter) slot() operand.Mem {
	if n := len(e.free); n > 0 {
		m := e.free[n-1]
		e.free = e.free[:n-1]
		return m
	}
	return e.ctx.AllocLocal(8)
}

// release gives the slots among some operands back.
func (e *emitter) release(ops ...operand.Op) {
	for _, op := range ops {
		if m, ok := op.(operand.Mem); ok && m.Symbol.Name == "" {
			e.free = append(e.free, m)
		}
	}
}

// address is the memory operand of an access.
func (e *emitter) address(b *ir.Buffer, at []ir.Index) operand.Mem {
	p := e.locate(b, at, e.scope)
	m := operand.Mem{Base: e.pointer(p.stream), Disp: p.disp}
	switch {
	case p.index != nil:
		m.Index, m.Scale = p.index.variable.(reg.GPVirtual), p.scale
	case p.offset != "":
		m.Index, m.Scale = e.offsetRegister(p.offset), p.scale
	}
	return m
}

// offsetRegister returns an argument in a register.
func (e *emitter) offsetRegister(name string) reg.GPVirtual {
	if r, ok := e.loaded[name]; ok {
		return r
	}
	r := e.ctx.GP64()
	e.ctx.MOVQ(e.vars[name], r)
	e.loaded[name] = r
	return r
}

// pointer returns a stream in a register.
func (e *emitter) pointer(t *stream) reg.GPVirtual {
	if r, ok := t.home.(reg.GPVirtual); ok {
		return r
	}
	if r, ok := e.loaded[t]; ok {
		return r
	}
	r := e.copyOf(t)
	if !e.scope.innermost || e.scope.keeps(t) {
		e.loaded[t] = r
	}
	return r
}

// keeps reports whether a stream stays in a register through a loop.
func (s *scope) keeps(t *stream) bool {
	n := slices.Index(s.uses, t)
	return s.innermost && n >= 0 && n < maxPointers
}
