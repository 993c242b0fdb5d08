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
	s := sumOf(operands(x))
	s.add(x, 1)
	return s.Poly
}

// minus is PolyOf(x - y).
func minus(x, y Index) Poly {
	s := sumOf(operands(x) + operands(y))
	s.add(x, 1)
	s.add(y, -1)
	return s.Poly
}

// operands counts what is added and multiplied in x.
func operands(x Index) int {
	switch e := x.(type) {
	case Int:
		return 0
	case *Arith:
		if e.Op <= Mul {
			return operands(e.X) + operands(e.Y)
		}
	}
	return 1
}

// sum is a polynomial that is added up.
type sum struct {
	Poly
	atoms []Index // of the terms, one after the other
}

// sumOf is an empty sum with room for so many terms.
func sumOf(n int) sum { return sum{Poly: Poly{Terms: make([]Term, 0, n)}, atoms: make([]Index, 0, n)} }

// add adds scale*x.
func (s *sum) add(x Index, scale int64) {
	if e, ok := x.(*Arith); ok {
		switch e.Op {
		case Add:
			s.add(e.X, scale)
			s.add(e.Y, scale)
			return
		case Sub:
			s.add(e.X, scale)
			s.add(e.Y, -scale)
			return
		case Mul:
			if s.addFactors(e, scale) {
				return
			}
			if p, q := PolyOf(e.X), PolyOf(e.Y); len(q.Terms)*p.size()+len(p.Terms)*q.size() <= maxProduct {
				s.addProduct(p, q, scale)
				return
			}
		}
	}
	if c, ok := x.(Int); ok {
		s.Const += scale * int64(c)
		return
	}
	s.addAtoms(scale, x)
}

// addFactors adds scale*x where x is a product of atoms and constants alone, and not too long; it reports whether it is. Most products
// are, and addProduct would come to the same.
func (s *sum) addFactors(x Index, scale int64) bool {
	from := len(s.atoms)
	coef, ok := s.factors(x, scale)
	atoms := s.atoms[from:len(s.atoms):len(s.atoms)]
	if !ok || coef == 0 || len(atoms) == 0 {
		s.atoms = s.atoms[:from]
		s.Const += coef
		return ok
	}
	t := newTerm(coef, atoms)
	if len(atoms) > 1 && len(t.key) > maxProduct {
		s.atoms = s.atoms[:from]
		return false
	}
	s.addTerm(t)
	return true
}

// factors appends the atoms of a product to those of the terms and returns scale times its constants; ok is false where there is a sum
// among the factors.
func (s *sum) factors(x Index, scale int64) (coef int64, ok bool) {
	switch e := x.(type) {
	case Int:
		return scale * int64(e), true
	case *Arith:
		switch e.Op {
		case Add, Sub:
			return 0, false
		case Mul:
			if scale, ok = s.factors(e.X, scale); !ok {
				return 0, false
			}
			return s.factors(e.Y, scale)
		}
	}
	s.atoms = append(s.atoms, x)
	return scale, true
}

// addProduct adds scale*p*q, multiplied out.
func (s *sum) addProduct(p, q Poly, scale int64) {
	s.Const += scale * p.Const * q.Const
	for _, t := range p.Terms {
		s.addAtoms(scale*t.Coef*q.Const, t.Atoms...)
	}
	for _, u := range q.Terms {
		s.addAtoms(scale*p.Const*u.Coef, u.Atoms...)
		for _, t := range p.Terms {
			s.addAtoms(scale*t.Coef*u.Coef, append(t.Atoms[:len(t.Atoms):len(t.Atoms)], u.Atoms...)...)
		}
	}
}

// addAtoms adds a product.
func (s *sum) addAtoms(coef int64, atoms ...Index) {
	if coef == 0 {
		return
	}
	from := len(s.atoms)
	s.atoms = append(s.atoms, atoms...)
	s.addTerm(newTerm(coef, s.atoms[from:len(s.atoms):len(s.atoms)]))
}

// addTerm adds t at its place among the terms; where the factors of what is alike come to 0 there is no term.
func (s *sum) addTerm(t Term) {
	at, found := slices.BinarySearchFunc(s.Terms, t.key, func(u Term, key string) int { return strings.Compare(u.key, key) })
	switch {
	case !found:
		s.Terms = slices.Insert(s.Terms, at, t)
	case s.Terms[at].Coef+t.Coef == 0:
		s.Terms = slices.Delete(s.Terms, at, at+1)
	default:
		s.Terms[at].Coef += t.Coef
	}
}

// Plus returns p + scale*q.
func (p Poly) Plus(q Poly, scale int64) Poly {
	return p.plus(q, scale, make([]Term, 0, len(p.Terms)+len(q.Terms)))
}

// plus is Plus with its terms in an empty list.
func (p Poly) plus(q Poly, scale int64, terms []Term) Poly {
	sum := Poly{Const: p.Const + scale*q.Const, Terms: terms}
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

// add returns p + c.
func (p Poly) add(c int64) Poly { return Poly{p.Const + c, p.Terms} }

// negative returns -p.
func (p Poly) negative() Poly { return Poly{}.Plus(p, -1) }

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
	keys := make([]string, 0, 8) // on the stack
	for i, a := range atoms {
		keys = append(keys, Key(a))
		for j := i; j > 0 && keys[j] < keys[j-1]; j-- {
			keys[j], keys[j-1] = keys[j-1], keys[j]
			atoms[j], atoms[j-1] = atoms[j-1], atoms[j]
		}
	}
	return Term{Coef: coef, Atoms: atoms, key: strings.Join(keys, "*")}
}

// IsConst reports whether p is a constant.
func (p Poly) IsConst() bool { return len(p.Terms) == 0 }

// Key is a string that is equal for equal polynomials.
func (p Poly) Key() string {
	b := make([]byte, 0, keyRoom)
	for _, t := range p.Terms {
		b = append(append(append(strconv.AppendInt(b, t.Coef, 10), '*'), t.key...), '+')
	}
	return string(strconv.AppendInt(b, p.Const, 10))
}

// FreeOf reports whether none of the variables occurs in p.
func (p Poly) FreeOf(vars map[Var]bool) bool {
	for _, t := range p.Terms {
		if !allFree(t.Atoms, vars) {
			return false
		}
	}
	return true
}

// Split returns the terms in which one of the variables occurs, and the rest (with the constant).
func (p Poly) Split(vars map[Var]bool) (with, without Poly) {
	terms := make([]Term, len(p.Terms))
	n := 0 // of the rest, which comes first
	for k, t := range p.Terms {
		if allFree(t.Atoms, vars) {
			terms[n] = t
			n++
		} else {
			terms[len(terms)-1-k+n] = t
		}
	}
	slices.Reverse(terms[n:])
	return Poly{Terms: terms[n:]}, Poly{p.Const, terms[:n:n]}
}

// Coef returns the polynomial by which v is multiplied, and whether p is affine in v.
func (p Poly) Coef(v Var) (Poly, bool) {
	vars := map[Var]bool{v: true}
	var coef sum
	for _, t := range p.Terms {
		if allFree(t.Atoms, vars) {
			continue
		}
		k := slices.Index(t.Atoms, Index(v))
		if k < 0 {
			return Poly{}, false
		}
		rest := slices.Concat(t.Atoms[:k], t.Atoms[k+1:])
		if !allFree(rest, vars) {
			return Poly{}, false
		}
		if len(rest) == 0 {
			coef.Const += t.Coef
		} else {
			coef.addAtoms(t.Coef, rest...)
		}
	}
	return coef.Poly, true
}

func allFree(xs []Index, vars map[Var]bool) bool {
	for _, x := range xs {
		if !FreeOf(x, vars) {
			return false
		}
	}
	return true
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
	return string(appendKey(make([]byte, 0, keyRoom), x))
}

// keyRoom is enough for most keys. So long they grow on the stack.
const keyRoom = 128

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
