package ir

import "math"

// expr checks a value and returns its type and lanes.
func (v *verifier) expr(e Expr) (Type, int) {
	switch e := e.(type) {
	case *Const:
		v.constant(e)
		return e.Type, 1
	case *Load:
		return v.load(e)
	case *Binary:
		if e.Op < FAdd || e.Op > Scale {
			v.fail("got binary operator %d, want one of +, -, *, /, max, min, scale", e.Op)
		}
		if e.Op == Scale {
			v.programOnly("scale")
		}
		return v.agree(e, e.X, e.Y)
	case *Unary:
		return v.unary(e)
	case *FMA:
		v.programOnly("fma")
		return v.agree(e, e.X, e.Y, e.Z)
	case *Broadcast:
		v.programOnly("broadcast")
		v.vector(e.Width)
		return v.scalar(e.X, "broadcast"), e.Width
	case *HSum:
		v.programOnly("hsum")
		t, lanes := v.expr(e.X)
		v.vectorOf(lanes, "hsum")
		return t, 1
	case *Tree:
		return v.tree(e)
	case *Every:
		return v.every(e)
	case *Zip:
		return v.zip(e)
	case *Lane:
		v.programOnly("lane")
		t, lanes := v.expr(e.X)
		v.vectorOf(lanes, "lane")
		if e.K < 0 || e.K >= lanes {
			v.fail("got lane %d of %s, want 0 to %d", e.K, FormatExpr(e.X), lanes-1)
		}
		return t, 1
	case *Select:
		v.cond(e.Cond)
		return v.agree(e, e.X, e.Y)
	case *Choose:
		v.programOnly("choose")
		v.comparison(e.Op)
		return v.agree(e, e.A, e.B, e.X, e.Y)
	case *Random:
		return v.random(e)
	case *Reduce:
		return v.reduce(e)
	}
	v.fail("got %T, want a value", e)
	return 0, 0
}

func (v *verifier) unary(e *Unary) (Type, int) {
	switch {
	case e.Op < Neg || e.Op > Mantissa:
		v.fail("got unary operator %d, want one of -, exp, log, recip, exponent, mantissa", e.Op)
	case e.Op == Exponent || e.Op == Mantissa:
		v.programOnly(unNames[e.Op])
	case v.scheduled && (e.Op == Exp || e.Op == Log):
		v.fail("got %s, want the polynomial that the pass intrinsics puts in its place", FormatExpr(e))
	}
	return v.expr(e.X)
}

// every checks every other lane of a vector. A back end has them of elements of 16 bits in memory, as the halves of the words in which they lie.
func (v *verifier) every(e *Every) (Type, int) {
	v.programOnly("evens or odds")
	t, lanes := v.expr(e.X)
	if v.vectorOf(lanes, "evens or odds"); lanes < 4 {
		v.fail("got every other one of %d lanes, want a vector of them", lanes)
	}
	if l, ok := e.X.(*Load); v.scheduled && !(ok && l.Buf.Space == Memory && l.Buf.Type == BF16 && l.Mask == "") {
		v.fail("got %s, want elements of bf16 in memory, without a mask", FormatExpr(e))
	}
	return t, lanes / 2
}

// zip checks the lanes of two vectors in turn. A back end stores them in 16 bits.
func (v *verifier) zip(e *Zip) (Type, int) {
	v.programOnly("zip")
	t, lanes := v.agree(e, e.X, e.Y)
	v.vectorOf(lanes, "zip")
	v.vector(2 * lanes)
	return t, 2 * lanes
}

// programOnly refuses in a kernel what only scheduling introduces.
func (v *verifier) programOnly(what string) {
	if v.kernel {
		v.fail("got %s in a kernel, want scalar values only; scheduling adds it", what)
	}
}

// constant checks a constant, which must be a number of its type.
func (v *verifier) constant(c *Const) {
	if c.Type != F32 && c.Type != F64 || v.typ != 0 && c.Type != v.typ {
		want := "f32 or f64"
		if v.typ != 0 {
			want = v.typ.String()
		}
		v.fail("got the constant %s of type %s, want %s", FormatExpr(c), c.Type, want)
	}
	if r := float64(float32(c.Value)); c.Type == F32 && r != c.Value && !math.IsNaN(c.Value) {
		v.fail("got the constant %v, want the f32 nearest to it, %v", c.Value, r)
	}
}

func (v *verifier) load(e *Load) (Type, int) {
	b := v.element(e.Buf, e.At)
	switch b.Type {
	case I32:
		v.fail("got the i32 table %s as a value, want it in an index", b.Name)
	case U64:
		v.fail("got the seed %s as a value, want it in random", b.Name)
	}
	if v.unread[b.Name] {
		v.fail("got %s before a stage defines it, want its stage first", b.Name)
	}
	lanes := max(e.Width, 1)
	switch {
	case b.Space == Register:
		if lanes > 1 {
			v.fail("got %d lanes of register buffer %s, want width 1: its elements are what is loaded", lanes, b.Name)
		}
		lanes = max(b.Lanes, 1)
	case lanes > 1:
		v.programOnly("a vector load")
		v.vector(lanes)
		if len(b.Dims) == 0 {
			v.fail("got %d lanes of the scalar %s, want one", lanes, b.Name)
		}
	}
	v.masked(b, e.Mask, lanes)
	return b.Type.Arith(), lanes
}

// agree checks that operands have one type and as many lanes, and returns them.
func (v *verifier) agree(whole Expr, parts ...Expr) (Type, int) {
	t, lanes := v.expr(parts[0])
	for _, e := range parts[1:] {
		u, n := v.expr(e)
		if t != u {
			v.fail("%s: got operands of %s and %s, want one type", FormatExpr(whole), t, u)
		}
		if lanes != n {
			v.fail("%s: got operands of %d and %d lanes, want one number of lanes", FormatExpr(whole), lanes, n)
		}
	}
	return t, lanes
}

// scalar checks that e is a scalar and returns its type.
func (v *verifier) scalar(e Expr, what string) Type {
	t, lanes := v.expr(e)
	if lanes != 1 {
		v.fail("%s of %s: got %d lanes, want a scalar", what, FormatExpr(e), lanes)
	}
	return t
}

func (v *verifier) vectorOf(lanes int, what string) {
	if lanes < 2 {
		v.fail("got %s of a scalar, want a vector", what)
	}
}

func (v *verifier) tree(e *Tree) (Type, int) {
	v.programOnly("tree")
	if len(e.Xs) != 4 {
		v.fail("got a tree of %d vectors, want 4", len(e.Xs))
	}
	t, lanes := v.agree(e, e.Xs...)
	least := 8
	if t == F64 {
		least = 4
	}
	if lanes < least {
		v.fail("got a tree of %s vectors of %d lanes, want at least %d", t, lanes, least)
	}
	return t, 4
}

func (v *verifier) reduce(e *Reduce) (t Type, lanes int) {
	if !v.kernel {
		v.fail("got the reduction %s, want a loop over an accumulator; reductions are for kernels", FormatExpr(e))
	}
	if e.Op != Sum && e.Op != MaxOf {
		v.fail("got reduction %d, want sum or max", e.Op)
	}
	v.index(e.Extent)
	v.block(func() {
		v.bind(e.Axis, integer{})
		if e.Where != nil {
			v.cond(e.Where)
		}
		t = v.scalar(e.Body, "reduction")
	})
	return t, 1
}
