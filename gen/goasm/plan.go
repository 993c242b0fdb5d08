package goasm

import (
	"slices"

	"github.com/mmcloughlin/avo/operand"

	"github.com/pyragen/pyragen/ir"
)

// scope is a loop, or the function around all loops.
type scope struct {
	loop        *ir.For // nil: the function
	parent      *scope
	inner       []*scope
	innermost   bool
	conditional bool // the loop stands in an if of the loop around
	index       bool // the variable is an index register
	variable    operand.Op
	lets        map[ir.Var]bool // named in this loop
	streams     []*stream       // that move with this loop
	running     []*stream       // of loops inside this one that go on where they stopped
	still       []*stream       // computed where they are wanted in this loop
	uses        []*stream       // of any scope, by the accesses directly in this loop, in order
	offsets     []string        // arguments that index memory there
	apart       []offset        // what pointers add that follows from lets of this loop
}

// offset is a number of bytes that follows from lets.
type offset struct {
	name  string
	bytes ir.Poly
	let   string  // where it is a multiple of one, that
	by    ir.Poly // and by what it is multiplied
}

// offsetOf returns the name of an offset in elements of a size.
func (e *emitter) offsetOf(s *scope, elements ir.Poly, size int) string {
	bytes := ir.Poly{}.Plus(elements, int64(size))
	name := "offset of " + ir.Key(bytes.Index())
	for _, o := range s.apart {
		if o.name == name {
			return name
		}
	}
	o := offset{name: name, bytes: bytes}
	for v := range s.lets {
		by, affine := bytes.Coef(v)
		if affine && ir.Same(ir.Times(by.Index(), v), bytes.Index()) && e.fromArguments(by) {
			o.let, o.by = string(v), by
			if !by.IsConst() {
				e.amount(by)
			}
		}
	}
	s.apart = append(s.apart, o)
	return name
}

// known reports whether all lets of an offset have been written.
func (o offset) known(s *scope, vars map[string]operand.Op) bool {
	for _, t := range o.bytes.Terms {
		for k := range t.Degree() {
			if v, ok := t.Atom(k).(ir.Var); ok && s.lets[v] && vars[string(v)] == nil {
				return false
			}
		}
	}
	return true
}

// binds reports whether a polynomial has a variable that is another one in every iteration of the loop.
func (s *scope) binds(p ir.Poly) bool {
	return !s.free(p, s.lets) || s.loop != nil && !s.free(p, map[ir.Var]bool{ir.Var(s.loop.Var): true})
}

func (s *scope) free(p ir.Poly, vars map[ir.Var]bool) bool {
	if len(vars) == 0 {
		return true
	}
	for _, t := range p.Terms {
		for k := range t.Degree() {
			if v, ok := t.Atom(k).(ir.Var); ok && vars[v] {
				return false
			}
		}
	}
	return true
}

// keeps reports whether a stream stays in a register through a loop.
func (e *emitter) keeps(s *scope, t *stream) bool {
	n := slices.Index(s.uses, t)
	return s.innermost && n >= 0 && n < e.pointers
}

// plan finds the streams of all accesses of a block before anything is written. Those of the loops around, from which they start,
// are for settle to find.
func (e *emitter) plan(body []ir.Stmt, s *scope) {
	s.innermost = true
	s.lets = map[ir.Var]bool{}
	ir.Each(body, func(st ir.Stmt) {
		if l, ok := st.(*ir.Let); ok {
			s.lets[ir.Var(l.Var)] = true
		}
	})
	for _, st := range body {
		e.planStmt(st, s, false)
	}
}

func (e *emitter) planStmt(st ir.Stmt, s *scope, conditional bool) {
	switch st := st.(type) {
	case *ir.For:
		s.innermost = false
		in := &scope{loop: st, parent: s, conditional: conditional}
		s.inner = append(s.inner, in)
		e.scopes[st] = in
		e.plan(st.Body, in)
	case *ir.If:
		for _, block := range [][]ir.Stmt{st.Then, st.Else} {
			for _, t := range block {
				e.planStmt(t, s, true)
			}
		}
	case *ir.Let:
		ir.Rewrite{Index: func(x ir.Index) ir.Index {
			if g, ok := x.(*ir.Gather); ok {
				e.planAccess(g.Table, g.At, s)
			}
			return x
		}}.OfIndex(st.Value)
	case *ir.Store:
		e.planAccess(st.Buf, st.At, s)
		ir.EachPart(st.Value, func(x ir.Expr) {
			if l, ok := x.(*ir.Load); ok {
				e.planAccess(l.Buf, l.At, s)
			}
		})
	case *ir.Prefetch:
		e.planAccess(st.Buf, st.At, s)
	}
}

func (e *emitter) planAccess(b *ir.Buffer, at []ir.Index, s *scope) {
	if b.Space == ir.Register || len(b.Dims) == 0 {
		return
	}
	p := e.placeIn(b, at, s)
	if p.index != nil {
		p.index.index = true
	}
	if p.offset != "" && !s.lets[ir.Var(p.offset)] && !slices.Contains(s.offsets, p.offset) {
		s.offsets = append(s.offsets, p.offset)
	}
	for _, t := range []*stream{p.stream, p.stream.rest} {
		if t != nil && !slices.Contains(s.uses, t) {
			s.uses = append(s.uses, t)
		}
	}
}
