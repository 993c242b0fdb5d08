package ir

import "strconv"

// Random is a number that a seed and a counter of two words determine: the upper 24 bits of Threefry(seed, (Row, Col)) as a multiple
// of 2^-24 in [0, 1), exact in f32 and f64. The key is the lower and the upper half of the seed; of Row and Col the lower 32 bits
// count. Lane k of a vector has Col + k.
type Random struct {
	Type     Type
	Seed     *Buffer // a u64
	Row, Col Index
	Width    int // lanes; 1 for a scalar
}

func (*Random) expr() {}

// Lanes implements Expr.
func (e *Random) Lanes() int { return max(e.Width, 1) }

// String returns e in the text form.
func (e *Random) String() string { return FormatExpr(e) }

// draw is [Random] of one lane.
func draw[T float](seed uint64, row, col int64) T {
	x := Threefry(numbers{}, [2]uint32{uint32(seed), uint32(seed >> 32)}, [2]uint32{uint32(row), uint32(col)})
	return T(x>>8) * 0x1p-24
}

// random writes random(seed, row, col) or random(seed, row, col, lanes).
func (p *printer) random(e *Random) {
	p.WriteString("random(" + bufferName(e.Seed) + ", ")
	p.index(e.Row, precPick)
	p.WriteString(", ")
	p.index(e.Col, precPick)
	if e.Lanes() > 1 {
		p.WriteString(", " + strconv.Itoa(e.Width))
	}
	p.WriteByte(')')
}

// toRandom turns random(seed, row, col) and random(seed, row, col, lanes).
func (p *parser) toRandom(n *syntax) Expr {
	if len(n.kids) != 4 {
		p.wantArgs(n, 3)
	}
	if n.kids[0].kind != synName {
		p.failAt(n.kids[0].at, "got an expression, want the name of a u64, the seed")
	}
	e := &Random{Type: p.typ, Seed: p.wantBuffer(n.kids[0].at), Row: p.toIndex(n.kids[1]), Col: p.toIndex(n.kids[2]), Width: 1}
	if len(n.kids) == 4 {
		e.Width = p.count(n.kids[3])
	}
	return e
}

// random checks a random number.
func (v *verifier) random(e *Random) (Type, int) {
	if b := v.use(e.Seed); b.Type != U64 {
		v.fail("got the seed %s %s, want a u64", b.Name, bufferType(b))
	}
	if e.Type != F32 && e.Type != F64 || v.typ != 0 && e.Type != v.typ {
		v.fail("got %s of type %s, want that of the arithmetic", FormatExpr(e), e.Type)
	}
	v.index(e.Row)
	v.index(e.Col)
	if e.Lanes() > 1 {
		v.programOnly("a vector of random numbers")
		v.vector(e.Width)
	}
	return e.Type, e.Lanes()
}

// drawing is a random number whose parts are compiled.
type drawing[T float] struct {
	seed     int // place in machine.mem
	row, col operand[T]
}

func (c *compiler[T]) drawing(e *Random) drawing[T] {
	if e.Type != c.prog.Type {
		c.failf("%s: it is %v, the arithmetic is in %v", FormatExpr(e), e.Type, c.prog.Type)
	}
	s := c.findBuffer(e.Seed)
	if s.Type != U64 {
		c.failf("%s: the seed %s is %v, want u64", FormatExpr(e), s.Name, s.Type)
	}
	return drawing[T]{s.mem, c.index(e.Row), c.index(e.Col)}
}

// lane draws the number of lane k.
func (d *drawing[T]) lane(m *machine[T], k int) T {
	return draw[T](m.mem[d.seed].seed, d.row.eval(m), d.col.eval(m)+int64(k))
}

func (c *compiler[T]) scalarRandom(e *Random) scalarFn[T] {
	d := c.drawing(e)
	return func(m *machine[T]) T { return d.lane(m, 0) }
}

func (c *compiler[T]) vectorRandom(e *Random) vectorFn[T] {
	d, result := c.drawing(e), c.lanes(e.Lanes())
	return func(m *machine[T]) []T {
		dst := result.of(m)
		for k := range dst {
			dst[k] = d.lane(m, k)
		}
		return dst
	}
}
