package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// view is a part of a tensor that was sliced, or an element that was loaded, ahead of the accesses to it. Slicing checks the
// bounds once; what the compiler then knows of the length of the slice and of the loops saves the checks of the accesses.
type view struct {
	kind  viewKind
	buf   *ir.Buffer
	name  string   // in Go
	start string   // wholeRow: key of the number of its first element
	at    *address // of its first element, or of an element of the row
	poly  ir.Poly  // number of its first element
	size  int64    // elements; 0 where the length is not a constant
	over  ir.Var   // stretch: the loop variable that runs over it
	step  int64    // stretch: elements that an iteration uses
	head  string   // stretch: the view whose length it has, "" for the first
	long  ir.Index // stretch: its length
}

type viewKind uint8

const (
	single   viewKind = iota // one element of an input, loaded
	window                   // elements at constants from an element on
	wholeRow                 // elements along the last dimension, all of them
	stretch                  // elements along the last dimension, as many as a loop runs over
)

// find returns the view that has the elements of an access, and the place of the first one in it.
func (e *emitter) find(a *address, width int64, load bool) (v *view, at ir.Index) {
	for i := len(e.scope.views) - 1; i >= 0; i-- {
		v := &e.scope.views[i]
		if v.buf.Name != a.buf.Name {
			continue
		}
		switch v.kind {
		case single:
			if d := sub(a.poly, v.poly); load && d.IsConst() && d.Const == 0 {
				return v, ir.Int(0)
			}
		case window:
			d := sub(a.poly, v.poly)
			if r, ok := e.rangeOf(d); ok && r.lo >= 0 && r.hi+width <= v.size {
				return v, d.Index()
			}
		case stretch:
			d := sub(a.poly, v.poly)
			if k := sub(d, ir.PolyOf(v.over)); k.IsConst() && k.Const >= 0 && k.Const+width <= v.step {
				return v, d.Index()
			}
		}
	}
	for i := len(e.scope.views) - 1; i >= 0; i-- {
		v := &e.scope.views[i]
		if v.kind == wholeRow && v.buf.Name == a.buf.Name && v.start == rowKey(a) {
			return v, a.last
		}
	}
	return nil, nil
}

func rowKey(a *address) string { return a.row.Key() }

// rangeOf returns the values of a polynomial, where its variables are those of loops between constants.
func (e *emitter) rangeOf(p ir.Poly) (interval, bool) {
	r := interval{p.Const, p.Const}
	for _, t := range p.Terms {
		v, ok := t.Var()
		if !ok {
			return r, false
		}
		of, ok := e.scope.ranges[v]
		if !ok {
			return r, false
		}
		if t.Coef < 0 {
			of.lo, of.hi = of.hi, of.lo
		}
		r.lo += t.Coef * of.lo
		r.hi += t.Coef * of.hi
	}
	return r, true
}

// open declares a view.
func (e *emitter) open(v view) string {
	switch v.kind {
	case single:
		v.name = e.names.make(v.buf.Name)
	case window:
		v.name = e.names.make(v.buf.Name + "Part")
	default:
		v.name = e.names.make(v.buf.Name + "Row")
	}
	e.declare(place, v.name, func() *jen.Statement {
		tensor := e.use(e.names.get(v.buf.Name))
		first := e.first(v)
		rest := from(tensor, first).code
		switch {
		case v.kind == single:
			return widened(v.buf.Type, element(tensor, first)).code
		case v.size > 0:
			return jen.Parens(jen.Op("*").Add(arrayType(v.size, v.buf.Type))).Parens(rest)
		case v.kind == stretch && v.head != "":
			return rest.Index(jen.Empty(), jen.Len(e.use(v.head).code))
		case v.kind == stretch:
			return rest.Index(jen.Empty(), e.index(v.long).code)
		}
		return rest.Index(jen.Empty(), e.index(rowLength(v.buf)).code)
	})
	e.scope.views = append(e.scope.views, v)
	return v.name
}

// first is the number of the first element of a view.
func (e *emitter) first(v view) operand {
	if v.kind == wholeRow {
		row := *v.at
		row.last = ir.Int(0)
		row.poly = row.row
		return e.number(&row)
	}
	a := *v.at
	a.last = ir.Facts(nil).Simplify(plus(a.last, sub(v.poly, a.poly).Index()))
	a.poly = v.poly
	return e.number(&a)
}
