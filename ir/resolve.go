package ir

import (
	"strconv"
	"strings"
)

// Turning a syntax into what stands at its place. Names that are not buffers become variables; the verifier knows whether they
// are defined.

func (p *parser) toIndex(n *syntax) Index {
	switch n.kind {
	case synNumber:
		v, err := strconv.ParseInt(n.text, 10, 64)
		if err != nil {
			p.failAt(n.at, "got %s, want a 64-bit integer", n.text)
		}
		return Int(v)
	case synName:
		if b := p.buffer(n.text); b != nil {
			p.failAt(n.at, "got the buffer %s, want an integer", n.text)
		}
		return Var(n.text)
	case synBinary:
		if op, ok := opNamed[ArithOp](arithText[:], n.text); ok {
			return &Arith{op, p.toIndex(n.kids[0]), p.toIndex(n.kids[1])}
		}
		p.failAt(n.at, "got a condition (%s), want an integer", n.text)
	case synCall:
		if op, ok := opNamed[ArithOp](arithText[:], n.text); ok {
			p.wantArgs(n, 2)
			return &Arith{op, p.toIndex(n.kids[0]), p.toIndex(n.kids[1])}
		}
		if fn, ok := opNamed[Fn](fnNames[:], n.text); ok {
			p.wantArgs(n, fn.args())
			return &Apply{fn, p.toIndices(n.kids)}
		}
		p.failAt(n.at, "got the function %s, want an integer function: min, max, nbr, rev, revslot, n, off or C", n.text)
	case synSub:
		b := p.wantBuffer(n.at)
		if b.Type != I32 {
			p.failAt(n.at, "got %s, whose elements are %s, want an integer or an i32 table", n.text, b.Type)
		}
		if n.width != 0 {
			p.failAt(n.at, "got %d lanes of the table %s, want one element", n.width, n.text)
		}
		return &Gather{b, p.toIndices(n.kids)}
	case synPick:
		return &Pick{p.toCond(n.kids[0]), p.toIndex(n.kids[1]), p.toIndex(n.kids[2])}
	case synNeg:
		p.failAt(n.at, "got the negative of an expression, want 0 - x or a constant")
	}
	p.failAt(n.at, "got a reduction, want an integer")
	return nil
}

func (p *parser) toIndices(kids []*syntax) []Index {
	var list []Index
	for _, k := range kids {
		list = append(list, p.toIndex(k))
	}
	return list
}

func (p *parser) toCond(n *syntax) Cond {
	if n.kind == synBinary {
		x, y := n.kids[0], n.kids[1]
		if n.text == "&&" {
			return &And{p.toCond(x), p.toCond(y)}
		}
		if op, ok := opNamed[CmpOp](cmpText[:], n.text); ok {
			if p.isValue(x) || p.isValue(y) {
				return &CompareValue{op, p.toExpr(x), p.toExpr(y)}
			}
			return &Compare{op, p.toIndex(x), p.toIndex(y)}
		}
	}
	if n.kind == synCall && n.text == "aligned" && len(n.kids) == 2 {
		bytes, ok := p.toIndex(n.kids[1]).(Int)
		if ok && n.kids[0].kind == synName {
			return &Aligned{p.valueBuffer(n.kids[0]), int64(bytes)}
		}
	}
	if n.kind == synCall && n.text == "uncached" && len(n.kids) == 1 {
		return &Uncached{p.toIndex(n.kids[0])}
	}
	p.failAt(n.at, "got no condition, want a comparison")
	return nil
}

// isValue reports whether n holds something that only a value can hold: a float, a tensor or one of their functions.
func (p *parser) isValue(n *syntax) bool {
	any := func() bool {
		for _, k := range n.kids {
			if p.isValue(k) {
				return true
			}
		}
		return false
	}
	switch n.kind {
	case synNumber:
		return strings.ContainsAny(n.text, ".eEn") // also inf and nan
	case synName, synSub:
		b := p.buffer(n.text)
		return b != nil && b.Type != I32
	case synCall:
		_, isFn := opNamed[Fn](fnNames[:], n.text)
		_, isArith := opNamed[ArithOp](arithText[:], n.text)
		return !isFn && (!isArith || any())
	case synPick:
		return p.isValue(n.kids[1]) || p.isValue(n.kids[2])
	case synReduce:
		return true
	}
	return any()
}

func (p *parser) toExpr(n *syntax) Expr {
	switch n.kind {
	case synNumber:
		return p.constant(p.typ, n)
	case synName:
		return &Load{Buf: p.valueBuffer(n), Width: 1}
	case synSub:
		b := p.valueBuffer(n)
		if n.width != 0 && b.Space == Register {
			p.failAt(n.at, "got %d lanes of %s, want none: it is a register buffer, whose elements are what is loaded", n.width, b.Name)
		}
		return &Load{Buf: b, At: p.toIndices(n.kids), Width: max(n.width, 1), Mask: n.mask}
	case synBinary:
		if op, ok := opNamed[BinOp](binText[:], n.text); ok {
			return &Binary{op, p.toExpr(n.kids[0]), p.toExpr(n.kids[1])}
		}
		if n.text == "%" {
			p.failAt(n.at, "got %%, want a value; there is no remainder of values")
		}
		p.failAt(n.at, "got a condition (%s), want a value", n.text)
	case synNeg:
		return &Unary{Neg, p.toExpr(n.kids[0])}
	case synPick:
		return &Select{p.toCond(n.kids[0]), p.toExpr(n.kids[1]), p.toExpr(n.kids[2])}
	case synReduce:
		return p.toReduce(n)
	}
	return p.toCall(n)
}

func (p *parser) toReduce(n *syntax) Expr {
	op, ok := opNamed[ReduceOp](redNames[:], n.text)
	if !ok {
		p.failAt(n.at, "got the reduction %s, want sum or max", n.text)
	}
	r := &Reduce{Op: op, Axis: n.axis, Extent: p.toIndex(n.kids[0]), Body: p.toExpr(n.kids[1])}
	if n.kids[2] != nil {
		r.Where = p.toCond(n.kids[2])
	}
	return r
}

// toCall turns a function of values.
func (p *parser) toCall(n *syntax) Expr {
	arg := func(i int) Expr { return p.toExpr(n.kids[i]) }
	if op, ok := opNamed[UnOp](unNames[:], n.text); ok {
		p.wantArgs(n, 1)
		return &Unary{op, arg(0)}
	}
	if op, ok := opNamed[BinOp](binText[:], n.text); ok {
		p.wantArgs(n, 2)
		return &Binary{op, arg(0), arg(1)}
	}
	if t, err := ParseType(n.text); err == nil {
		p.wantArgs(n, 1)
		return p.constant(t, n.kids[0])
	}
	switch n.text {
	case "fma":
		p.wantArgs(n, 3)
		return &FMA{arg(0), arg(1), arg(2)}
	case "broadcast":
		p.wantArgs(n, 2)
		return &Broadcast{arg(0), p.count(n.kids[1])}
	case "hsum":
		p.wantArgs(n, 1)
		return &HSum{arg(0)}
	case "evens", "odds":
		p.wantArgs(n, 1)
		return &Every{arg(0), n.text == "odds"}
	case "zip":
		p.wantArgs(n, 2)
		return &Zip{arg(0), arg(1)}
	case "lane":
		p.wantArgs(n, 2)
		return &Lane{arg(0), p.count(n.kids[1])}
	case "random":
		return p.toRandom(n)
	case "choose":
		p.wantArgs(n, 3)
		c, ok := p.toCond(n.kids[0]).(*CompareValue)
		if !ok {
			p.failAt(n.kids[0].at, "got a condition that compares no values, want one that does, such as x[i] < 0.0")
		}
		return &Choose{c.Op, c.X, c.Y, arg(1), arg(2)}
	case "tree":
		t := &Tree{}
		for i := range n.kids {
			t.Xs = append(t.Xs, arg(i))
		}
		return t
	}
	p.failAt(n.at, "got the function %s, want a function of values: exp, log, recip, min, max, fma, broadcast, hsum, tree, evens, odds, zip, lane,"+
		" choose, random, scale, exponent or mantissa", n.text)
	return nil
}

// constant turns a number, inf or nan into a constant of type t.
func (p *parser) constant(t Type, n *syntax) Expr {
	bits := 64
	if t == F32 {
		bits = 32
	}
	v, err := strconv.ParseFloat(n.text, bits)
	if n.kind != synNumber || err != nil {
		p.failAt(n.at, "got %s, want a constant of type %s", n.text, t)
	}
	return &Const{t, v}
}

// count turns a constant number of lanes or of a lane.
func (p *parser) count(n *syntax) int {
	v, err := strconv.Atoi(n.text)
	if n.kind != synNumber || err != nil || v < 0 || v > maxLanes {
		p.failAt(n.at, "got %s, want a constant from 0 to %d", n.at.text, maxLanes)
	}
	return v
}

func (p *parser) wantArgs(n *syntax, want int) {
	if len(n.kids) != want {
		p.failAt(n.at, "got %d arguments of %s, want %d", len(n.kids), n.text, want)
	}
}

// wantBuffer returns the buffer named by a token.
func (p *parser) wantBuffer(name token) *Buffer {
	b := p.buffer(name.text)
	if b == nil {
		p.failAt(name, "got %s, want a buffer; none of that name is declared here", name.text)
	}
	return b
}

// valueBuffer returns the buffer that n loads from.
func (p *parser) valueBuffer(n *syntax) *Buffer {
	b := p.wantBuffer(n.at)
	switch b.Type {
	case I32:
		p.failAt(n.at, "got the i32 table %s, want a value; tables are read in subscripts and conditions", n.text)
	case U64:
		p.failAt(n.at, "got the seed %s, want a value, such as random(%s, i, j)", n.text, n.text)
	}
	return b
}

// opNamed returns the operator that a printer table has the text for, spaces aside.
func opNamed[T ~uint8](table []string, text string) (T, bool) {
	for op, s := range table {
		if s != "" && strings.TrimSpace(s) == text {
			return T(op), true
		}
	}
	return 0, false
}

// args returns how many arguments an index map has.
func (f Fn) args() int {
	switch f {
	case Nbr, Rev, RevSlot:
		return 2
	}
	return 1
}
