package ir

import (
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
	switch e := x.(type) {
	case Int:
		return Poly{Const: int64(e)}
	case *Arith:
		switch e.Op {
		case Add:
			return PolyOf(e.X).Plus(PolyOf(e.Y), 1)
		case Sub:
			return PolyOf(e.X).Plus(PolyOf(e.Y), -1)
		case Mul:
			p, q := PolyOf(e.X), PolyOf(e.Y)
			if len(q.Terms)*p.size()+len(p.Terms)*q.size() <= maxProduct {
				return p.times(q)
			}
		}
	}
	return Poly{Terms: []Term{newTerm(1, []Index{x})}}
}

// Plus returns p + scale*q.
func (p Poly) Plus(q Poly, scale int64) Poly {
	sum := Poly{Const: p.Const + scale*q.Const}
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

func (p Poly) times(q Poly) Poly {
	product := Poly{Const: p.Const * q.Const}
	for _, t := range p.Terms {
		product = product.Plus(Poly{Terms: []Term{t}}, q.Const)
	}
	for _, u := range q.Terms {
		product = product.Plus(Poly{Terms: []Term{u}}, p.Const)
		for _, t := range p.Terms {
			atoms := append(append([]Index(nil), t.Atoms...), u.Atoms...)
			product = product.Plus(Poly{Terms: []Term{newTerm(t.Coef*u.Coef, atoms)}}, 1)
		}
	}
	return product
}

// newTerm takes the atoms over and puts them into order.
func newTerm(coef int64, atoms []Index) Term {
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
	switch e := x.(type) {
	case Int:
		return strconv.FormatInt(int64(e), 10)
	case Var:
		return string(e)
	case *Arith:
		return "(" + Key(e.X) + [...]string{Add: "+", Sub: "-", Mul: "*", Div: "/", Mod: "%", Min: "<?", Max: ">?"}[e.Op] + Key(e.Y) + ")"
	case *Apply:
		return [...]string{Nbr: "nbr", Rev: "rev", RevSlot: "revslot", LevelN: "n", LevelAt: "off", StrideC: "C"}[e.Fn] + "(" + keys(e.Args) + ")"
	case *Gather:
		return e.Table.Name + "[" + keys(e.At) + "]" // unlike the map of that name
	case *Pick:
		return "pick(" + condKey(e.Cond) + "," + Key(e.X) + "," + Key(e.Y) + ")"
	}
	return "nil"
}

func keys(xs []Index) string {
	var b strings.Builder
	for _, x := range xs {
		b.WriteString(Key(x))
		b.WriteByte(',')
	}
	return b.String()
}

func condKey(c Cond) string {
	switch e := c.(type) {
	case *Compare:
		return Key(e.X) + [...]string{LT: "<", LE: "<=", EQ: "==", NE: "!=", GE: ">=", GT: ">"}[e.Op] + Key(e.Y)
	case *Aligned:
		return "aligned(" + e.Buf.Name + "," + strconv.FormatInt(e.Bytes, 10) + ")"
	case *And:
		return condKey(e.X) + "&" + condKey(e.Y)
	}
	return FormatCond(c)
}

// Same reports whether two index expressions are equal as polynomials.
func Same(x, y Index) bool {
	d := PolyOf(x).Plus(PolyOf(y), -1)
	return d.IsConst() && d.Const == 0
}
