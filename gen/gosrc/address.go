package gosrc

import "github.com/pyragen/pyragen/ir"

// address is where an access to a tensor in memory starts.
type address struct {
	buf   *ir.Buffer
	at    []ir.Index
	start ir.Index // number of the first element of the row, which are those along the last dimension
	last  ir.Index // the last subscript
	node  ir.Poly  // the first subscript
	row   ir.Poly  // number of the first element of the row
	poly  ir.Poly  // number of the element
}

// rowLength is the length of a row; nil where it is not known (a tensor of one dimension).
func rowLength(b *ir.Buffer) ir.Index {
	if len(b.Dims) < 2 {
		return nil
	}
	return b.Dims[len(b.Dims)-1]
}

func newAddress(b *ir.Buffer, at []ir.Index) *address {
	if len(at) != len(b.Dims) || len(at) == 0 {
		fail("got %d subscripts of %s, want its %d dimensions", len(at), b.Name, len(b.Dims))
	}
	last := at[len(at)-1]
	start := rowStart(b, at)
	row := ir.PolyOf(start)
	return &address{buf: b, at: at, start: start, last: last, node: ir.PolyOf(at[0]), row: row, poly: row.Plus(ir.PolyOf(last), 1)}
}

// access is a buffer and the list of its subscripts, which stays where it is while a function is written.
type access struct {
	buf *ir.Buffer
	at  *ir.Index
}

// addressOf is newAddress of an access, which every block around it asks for.
func (e *emitter) addressOf(b *ir.Buffer, at []ir.Index) *address {
	if len(at) == 0 {
		return newAddress(b, at)
	}
	key := access{b, &at[0]}
	a, known := e.addresses[key]
	if !known {
		a = newAddress(b, at)
		e.addresses[key] = a
	}
	return a
}

// rowStart is the number of the first element of a row: all subscripts but the last, linearised, from one step between dimensions to
// the next.
func rowStart(b *ir.Buffer, at []ir.Index) ir.Index {
	var start, inside ir.Index = ir.Int(0), ir.Int(0)
	for k, x := range at[:len(at)-1] {
		inside = plus(inside, x)
		if b.Steps != nil && b.Steps[k] != nil {
			start, inside = plus(start, times(inside, b.Steps[k])), ir.Int(0)
		}
		inside = times(inside, b.Dims[k+1])
	}
	return plus(start, inside)
}

// affine reports whether the number of the element is a polynomial in variables, so that parts of it can be computed elsewhere.
func affine(p ir.Poly) bool {
	for _, t := range p.Terms {
		for k := range t.Degree() {
			if _, ok := t.Atom(k).(ir.Var); !ok {
				return false
			}
		}
	}
	return true
}

// sub is p - q.
func sub(p, q ir.Poly) ir.Poly { return p.Plus(q, -1) }

// plus is x + y without zeros.
func plus(x, y ir.Index) ir.Index {
	a, okA := x.(ir.Int)
	b, okB := y.(ir.Int)
	switch {
	case okA && okB:
		return a + b
	case okA && a == 0:
		return y
	case okB && b == 0:
		return x
	case okB && b < 0:
		return ir.Minus(x, -b)
	}
	if s, ok := y.(*ir.Arith); ok && s.Op == ir.Sub { // x + (a - b) is written (x + a) - b
		return ir.Minus(plus(x, s.X), s.Y)
	}
	if s, ok := y.(*ir.Arith); ok && s.Op == ir.Add {
		return plus(plus(x, s.X), s.Y)
	}
	return ir.Plus(x, y)
}

// times is x * y without ones and zeros.
func times(x, y ir.Index) ir.Index {
	a, okA := x.(ir.Int)
	b, okB := y.(ir.Int)
	switch {
	case okA && okB:
		return a * b
	case okA && a == 0, okB && b == 1:
		return x
	case okA && a == 1, okB && b == 0:
		return y
	}
	return ir.Times(x, y)
}
