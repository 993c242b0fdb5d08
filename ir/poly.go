package ir

import (
	"slices"
	"strconv"
	"strings"
)

// Poly is an index expression as a sum of terms, each a constant times a product of atoms. Atoms are variables and the
// expressions that are no sums or products (quotients, minima, maps ...). It is the normal form in which indices are compared.
type Poly struct {
	Const int64
	Terms []Term // in the order of their keys, no zero coefficients
}

// Term is Coef times the product of Atoms, which are in the order of their keys.
type Term struct {
	Coef  int64
	Atoms []Index
	key   string
}

// maxProduct bounds what is multiplied out, by the size of the result: a product of n sums has 2^n terms, and multiplying out a
// sum with a minimum in it copies the minimum. Subscripts of a nest have some hundred; a product with more is an atom.
const maxProduct = 4 << 10

// PolyOf returns the normal form of x.
func PolyOf(x Index) Poly {
	var p Poly
	p.addIndex(x, 1)
	return p
}

// addIndex adds scale*x to a polynomial whose terms are its own.
func (p *Poly) addIndex(x Index, scale int64) {
	if e, ok := x.(*Arith); ok {
		switch e.Op {
		case Add:
			p.addIndex(e.X, scale)
			p.addIndex(e.Y, scale)
			return
		case Sub:
			p.addIndex(e.X, scale)
			p.addIndex(e.Y, -scale)
			return
		case Mul:
			if c, ok := e.Y.(Int); ok {
				p.addIndex(e.X, scale*int64(c))
				return
			}
			q, r := PolyOf(e.X), PolyOf(e.Y)
			if len(r.Terms)*q.size()+len(q.Terms)*r.size() <= maxProduct {
				p.addProduct(q, r, scale)
				return
			}
		}
	}
	if c, ok := x.(Int); ok {
		p.Const += scale * int64(c)
		return
	}
	p.addTerm(newTerm(scale, []Index{x}))
}

// addTerm adds t at its place among the terms, which are p's own; a sum of 0 is no term.
func (p *Poly) addTerm(t Term) {
	at, found := slices.BinarySearchFunc(p.Terms, t.key, func(u Term, key string) int { return strings.Compare(u.key, key) })
	switch {
	case t.Coef == 0:
	case !found:
		p.Terms = slices.Insert(p.Terms, at, t)
	case p.Terms[at].Coef+t.Coef == 0:
		p.Terms = slices.Delete(p.Terms, at, at+1)
	default:
		p.Terms[at].Coef += t.Coef
	}
}

// addProduct adds scale*q*r, multiplied out.
func (p *Poly) addProduct(q, r Poly, scale int64) {
	p.Const += scale * q.Const * r.Const
	for _, t := range q.Terms {
		t.Coef *= scale * r.Const
		p.addTerm(t)
	}
	for _, u := range r.Terms {
		for _, t := range q.Terms {
			p.addTerm(newTerm(scale*t.Coef*u.Coef, slices.Concat(t.Atoms, u.Atoms)))
		}
		u.Coef *= scale * q.Const
		p.addTerm(u)
	}
}

// Plus returns p + scale*q.
func (p Poly) Plus(q Poly, scale int64) Poly {
	sum := Poly{Const: p.Const + scale*q.Const, Terms: make([]Term, 0, len(p.Terms)+len(q.Terms))}
	i, j := 0, 0
	for i < len(p.Terms) || j < len(q.Terms) {
		switch {
		case j == len(q.Terms) || i < len(p.Terms) && p.Terms[i].key < q.Terms[j].key:
			sum.Terms = append(sum.Terms, p.Terms[i])
			i++
		case i == len(p.Terms) || q.Terms[j].key < p.Terms[i].key:
			t := q.Terms[j]
			t.Coef *= scale
			if t.Coef != 0 {
				sum.Terms = append(sum.Terms, t)
			}
			j++
		default:
			t := p.Terms[i]
			t.Coef += scale * q.Terms[j].Coef
			if t.Coef != 0 {
				sum.Terms = append(sum.Terms, t)
			}
			i++
			j++
		}
	}
	return sum
}

// size is the length of the keys, which grows with the atoms.
func (p Poly) size() int {
	n := 0
	for _, t := range p.Terms {
		n += len(t.key)
	}
	return n
}

// newTerm takes the atoms over and puts them into order.
func newTerm(coef int64, atoms []Index) Term {
	if len(atoms) == 1 {
		return Term{coef, atoms, Key(atoms[0])}
	}
	keys := make([]string, len(atoms))
	for i, a := range atoms {
		keys[i] = Key(a)
		for j := i; j > 0 && keys[j] < keys[j-1]; j-- {
			keys[j], keys[j-1] = keys[j-1], keys[j]
			atoms[j], atoms[j-1] = atoms[j-1], atoms[j]
		}
	}
	return Term{Coef: coef, Atoms: atoms, key: strings.Join(keys, "*")}
}

// IsConst reports whether p is a constant.
func (p Poly) IsConst() bool { return len(p.Terms) == 0 }

// Split returns the terms in which one of the variables occurs, and the rest (with the constant).
func (p Poly) Split(vars map[Var]bool) (with, without Poly) {
	without.Const = p.Const
	for _, t := range p.Terms {
		if FreeOf(product(t.Atoms), vars) {
			without.Terms = append(without.Terms, t)
		} else {
			with.Terms = append(with.Terms, t)
		}
	}
	return with, without
}

// Coef returns the polynomial by which v is multiplied, and whether p is affine in v.
func (p Poly) Coef(v Var) (Poly, bool) {
	var coef Poly
	for _, t := range p.Terms {
		if FreeOf(product(t.Atoms), map[Var]bool{v: true}) {
			continue
		}
		var rest []Index
		n := 0
		for _, a := range t.Atoms {
			if a == Index(v) {
				n++
			} else {
				rest = append(rest, a)
			}
		}
		if n != 1 || !FreeOf(product(rest), map[Var]bool{v: true}) {
			return Poly{}, false
		}
		if len(rest) == 0 {
			coef.Const += t.Coef
		} else {
			coef = coef.Plus(Poly{Terms: []Term{newTerm(t.Coef, rest)}}, 1)
		}
	}
	return coef, true
}

// Index returns p as an expression: positive terms first, then the constant and the negative ones. Where no term is positive a
// positive constant comes first.
func (p Poly) Index() Index {
	var x Index
	for _, t := range p.Terms {
		if t.Coef > 0 {
			x = plus(x, scaled(t.Atoms, t.Coef))
		}
	}
	if x == nil && p.Const > 0 || len(p.Terms) == 0 {
		x = Int(p.Const)
		p.Const = 0
	}
	for _, t := range p.Terms {
		switch {
		case t.Coef > 0:
		case x == nil:
			x = scaled(t.Atoms, t.Coef)
		default:
			x = Minus(x, scaled(t.Atoms, -t.Coef))
		}
	}
	switch {
	case p.Const > 0:
		return Plus(x, Int(p.Const))
	case p.Const < 0:
		return Minus(x, Int(-p.Const))
	}
	return x
}

func plus(x, y Index) Index {
	if x == nil {
		return y
	}
	return Plus(x, y)
}

func scaled(atoms []Index, coef int64) Index {
	if coef == 1 {
		return product(atoms)
	}
	return Times(product(atoms), Int(coef))
}

func product(atoms []Index) Index {
	if len(atoms) == 0 {
		return Int(1)
	}
	x := atoms[0]
	for _, a := range atoms[1:] {
		x = Times(x, a)
	}
	return x
}

// Key is a string that is equal for equal expressions. It is not the text form, which has precedence and is for readers.
func Key(x Index) string {
	if v, ok := x.(Var); ok {
		return string(v)
	}
	return string(appendKey(nil, x))
}

func appendKey(b []byte, x Index) []byte {
	switch e := x.(type) {
	case Int:
		return strconv.AppendInt(b, int64(e), 10)
	case Var:
		return append(b, e...)
	case *Arith:
		b = appendKey(append(b, '('), e.X)
		b = append(b, [...]string{Add: "+", Sub: "-", Mul: "*", Div: "/", Mod: "%", Min: "<?", Max: ">?"}[e.Op]...)
		return append(appendKey(b, e.Y), ')')
	case *Apply:
		b = append(b, [...]string{Nbr: "nbr", Rev: "rev", RevSlot: "revslot", LevelN: "n", LevelAt: "off", StrideC: "C"}[e.Fn]...)
		return append(appendKeys(append(b, '('), e.Args), ')')
	case *Gather:
		b = append(append(b, e.Table.Name...), '[') // unlike the map of that name
		return append(appendKeys(b, e.At), ']')
	case *Pick:
		b = append(appendCondKey(append(b, "pick("...), e.Cond), ',')
		b = append(appendKey(b, e.X), ',')
		return append(appendKey(b, e.Y), ')')
	}
	return append(b, "nil"...)
}

func appendKeys(b []byte, xs []Index) []byte {
	for _, x := range xs {
		b = append(appendKey(b, x), ',')
	}
	return b
}

func appendCondKey(b []byte, c Cond) []byte {
	switch e := c.(type) {
	case *Compare:
		b = appendKey(b, e.X)
		b = append(b, [...]string{LT: "<", LE: "<=", EQ: "==", NE: "!=", GE: ">=", GT: ">"}[e.Op]...)
		return appendKey(b, e.Y)
	case *Aligned:
		b = append(append(b, "aligned("...), e.Buf.Name...)
		return append(strconv.AppendInt(append(b, ','), e.Bytes, 10), ')')
	case *And:
		b = append(appendCondKey(b, e.X), '&')
		return appendCondKey(b, e.Y)
	}
	return append(b, FormatCond(c)...)
}

// Same reports whether two index expressions are equal as polynomials.
func Same(x, y Index) bool {
	d := PolyOf(x).Plus(PolyOf(y), -1)
	return d.IsConst() && d.Const == 0
}
