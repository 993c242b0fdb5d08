package goasm

import (
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// place is an access taken apart: stream + index*scale + displacement.
type place struct {
	stream *stream
	index  *scope // loop whose variable is the index, or nil
	offset string // argument that is the index, or ""
	scale  uint8
	disp   int
}

// access is an element and the loop in which it is accessed.
type access struct {
	element *element
	scope   *scope
}

// element is an element of a buffer, or what all those have in common of which the first subscripts are the same.
type element struct{ number ir.Poly }

// subscript is one more subscript of elements.
type subscript struct {
	buf    *ir.Buffer
	before *element // with those before it
	x      ir.Index
}

// elementAt returns an element. Most come again and again, and so do their first subscripts.
func (e *emitter) elementAt(b *ir.Buffer, at []ir.Index) *element {
	if len(at) != len(b.Dims) {
		fail("%s has %d dimensions and is used with %d subscripts", b.Name, len(b.Dims), len(at))
	}
	found := e.none
	for d, x := range at {
		key := subscript{b, found, x}
		next := e.known[key]
		if next == nil {
			next = &element{found.number.Plus(b.Offset(d, x), 1)}
			e.known[key] = next
		}
		found = next
	}
	return found
}

// placeIn is locate, once for the plan and for the instructions.
func (e *emitter) placeIn(b *ir.Buffer, at []ir.Index, s *scope) place {
	key := access{e.elementAt(b, at), s}
	p, known := e.places[key]
	if !known {
		p = e.locate(b, key.element.number, s)
		e.places[key] = p
	}
	return p
}

// locate takes an access to the element of that number apart.
func (e *emitter) locate(b *ir.Buffer, element ir.Poly, s *scope) place {
	size := b.Type.Size()
	var p place
	for in := s; in.loop != nil; in = in.parent {
		coef, affine := element.Coef(ir.Var(in.loop.Var))
		if bytes := coef.Const * int64(size); affine && coef.IsConst() && indexable(bytes) {
			p.index, p.scale = in, uint8(bytes)
			element = element.Plus(ir.PolyOf(ir.Var(in.loop.Var)), -coef.Const)
			break
		}
	}
	if p.index == nil {
		element = e.offset(&p, element, b, s)
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

// offset takes an argument, or a let of the loop, that is added to an element number as the index, so that what differs by it shares a stream. A step between
// rows is none: the row after has a stream of its own, at a distance, as the row before must; with an index its loads, which are many,
// would each take an operation more.
func (e *emitter) offset(p *place, element ir.Poly, b *ir.Buffer, s *scope) ir.Poly {
	for _, t := range element.Terms {
		v, ok := t.Var()
		bytes := t.Coef * int64(b.Type.Size())
		if ok && (slices.Contains(e.fn.Ints, string(v)) || s.loop != nil && s.lets[v]) && !slices.Contains(b.Steps, ir.Index(v)) && indexable(bytes) {
			p.offset, p.scale = string(v), uint8(bytes)
			return element.Plus(ir.PolyOf(v), -t.Coef)
		}
	}
	return element
}

// address is the memory operand of an access. Nothing may be written between it and the instruction that uses it but other
// operands.
func (e *emitter) address(b *ir.Buffer, at []ir.Index) operand.Mem {
	e.check(b)
	p := e.placeIn(b, at, e.scope)
	m := operand.Mem{Base: e.pointer(p.stream), Disp: p.disp}
	switch {
	case p.index != nil:
		m.Index, m.Scale = p.index.variable.(reg.GPVirtual), p.scale
	case p.offset != "":
		m.Index, m.Scale = e.offsetRegister(p.offset), p.scale
	}
	return m
}

// lineAddress is the address of a line that is asked for. Where it follows from a let it takes no pointer of its own.
func (e *emitter) lineAddress(b *ir.Buffer, at []ir.Index) operand.Mem {
	p := e.placeIn(b, at, e.scope)
	t := p.stream
	if t.apart == "" || t.rest == nil || p.index != nil || p.offset != "" || e.inRegister(t) != nil {
		return e.address(b, at)
	}
	return operand.Mem{Base: e.pointer(t.rest), Index: e.offsetRegister(t.apart), Scale: 1, Disp: p.disp}
}

// check refuses buffers whose elements are not computed in the type of the arithmetic, tables aside.
func (e *emitter) check(b *ir.Buffer) {
	if b.Type == ir.I32 {
		return
	}
	if b.Type.Arith() != e.prog.Type {
		fail("%s has elements of %s, want what is computed in %s", b.Name, b.Type, e.prog.Type)
	}
}

// offsetRegister returns an argument in a register.
func (e *emitter) offsetRegister(name string) reg.GPVirtual {
	if r, ok := e.loaded[name]; ok {
		return r
	}
	if r, ok := e.vars[name].(reg.GPVirtual); ok {
		return r
	}
	r := e.ctx.GP64()
	e.ctx.MOVQ(e.vars[name], r)
	if !e.frugal {
		e.loaded[name] = r
	}
	return r
}

// pointer returns a stream in a register.
func (e *emitter) pointer(t *stream) reg.GPVirtual { return e.pointerIn(e.scope, t) }

// pointerIn is pointer for the body of a loop that is about to be written.
func (e *emitter) pointerIn(s *scope, t *stream) reg.GPVirtual {
	if r, ok := t.home.(reg.GPVirtual); ok {
		return r
	}
	if r, ok := e.loaded[t]; ok {
		return r
	}
	r := e.copyOf(t)
	switch {
	case e.frugal:
	case !s.innermost || e.keeps(s, t) || t.still && t.scope == s:
		e.loaded[t] = r
	default:
		e.passing(t, r)
	}
	return r
}

// passing has a stream in a register until as many others have been loaded that do not stay: the pieces of a row come one after the other.
func (e *emitter) passing(t *stream, r reg.GPVirtual) {
	if e.recent == 0 {
		return
	}
	if len(e.passed) == e.recent {
		delete(e.loaded, e.passed[0])
		e.passed = e.passed[1:]
	}
	e.loaded[t], e.passed = r, append(e.passed, t)
}

// unload forgets what is in registers.
func (e *emitter) unload() { e.loaded, e.passed = map[any]reg.GPVirtual{}, nil }
