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

// Term is Coef times the product of some atoms: an atom, or (a*b)*c and so on, in the order of their keys.
type Term struct {
	Coef    int64
	Product Index
	degree  int // the number of atoms
	key     string
}

// Var returns the variable that is the one atom of a term.
func (t *Term) Var() (v Var, ok bool) {
	v, ok = t.Product.(Var)
	return v, ok
}

// Degree is the number of atoms of a term.
func (t *Term) Degree() int { return t.degree }

// Atom returns the k-th atom of a term.
func (t *Term) Atom(k int) Index {
	x := t.Product
	for range t.degree - 1 - k {
		x = x.(*Arith).X
	}
	if k > 0 {
		return x.(*Arith).Y
	}
	return x
}

// maxProduct bounds what is multiplied out, by the size of the result: a product of n sums has 2^n terms, and multiplying out a
// sum with a minimum in it copies the minimum. Subscripts of a nest have some hundred; a product with more is an atom.
const maxProduct = 4 << 10

// PolyOf returns the normal form of x.
func PolyOf(x Index) Poly {
	s := sumOf(termsOf(x))
	s.add(x, 1)
	return s.Poly
}

// minus is PolyOf(x - y).
func minus(x, y Index) Poly {
	s := sumOf(termsOf(x) + termsOf(y))
	s.add(x, 1)
	s.add(y, -1)
	return s.Poly
}

// termsOf is how many terms x has as a rule: more where sums are multiplied, fewer where terms are alike.
func termsOf(x Index) int {
	switch e := x.(type) {
	case Int:
		return 0
	case *Arith:
		switch e.Op {
		case Add, Sub:
			return termsOf(e.X) + termsOf(e.Y)
		case Mul:
			return max(termsOf(e.X), termsOf(e.Y))
		}
	}
	return 1
}

// sum is a polynomial that is added up.
type sum struct{ Poly }

// sumOf is an empty sum with room for so many terms.
func sumOf(n int) sum { return sum{Poly{Terms: make([]Term, 0, n)}} }

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
			if c, ok := e.Y.(Int); ok {
				s.addMultiple(e.X, c, scale)
				return
			}
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
	s.addTerm(Term{scale, x, 1, Key(x)})
}

// addMultiple adds scale*x*c.
func (s *sum) addMultiple(x Index, c Int, scale int64) {
	if c != 0 {
		s.add(x, scale*int64(c))
	}
}

// addFactors adds scale*x where x is a product of atoms and constants alone, and not too long; it reports whether it is. Most products
// are, and addProduct would come to the same.
func (s *sum) addFactors(x Index, scale int64) bool {
	var room [8]Index // on the stack
	atoms, coef, ok := factors(x, scale, room[:0])
	if !ok {
		return false
	}
	if coef == 0 || len(atoms) == 0 {
		s.Const += coef
		return true
	}
	t := newTerm(coef, atoms, x)
	if t.degree > 1 && len(t.key) > maxProduct {
		return false
	}
	s.addTerm(t)
	return true
}

// factors appends the atoms of a product to a list and returns scale times its constants; ok is false where there is a sum among the
// factors.
func factors(x Index, scale int64, atoms []Index) (list []Index, coef int64, ok bool) {
	switch e := x.(type) {
	case Int:
		return atoms, scale * int64(e), true
	case *Arith:
		switch e.Op {
		case Add, Sub:
			return nil, 0, false
		case Mul:
			if atoms, scale, ok = factors(e.X, scale, atoms); !ok {
				return nil, 0, false
			}
			return factors(e.Y, scale, atoms)
		}
	}
	return append(atoms, x), scale, true
}

// addProduct adds scale*p*q, multiplied out.
func (s *sum) addProduct(p, q Poly, scale int64) {
	s.Const += scale * p.Const * q.Const
	for _, t := range p.Terms {
		s.addScaled(&t, scale*q.Const)
	}
	for _, u := range q.Terms {
		s.addScaled(&u, scale*p.Const)
		for _, t := range p.Terms {
			var room [8]Index // on the stack
			s.addTerm(newTerm(scale*t.Coef*u.Coef, u.atoms(t.atoms(room[:0])), nil))
		}
	}
}

// addScaled adds scale*t.
func (s *sum) addScaled(t *Term, scale int64) {
	if scale != 0 {
		s.addTerm(Term{scale * t.Coef, t.Product, t.degree, t.key})
	}
}

// atoms appends the atoms of a term to a list.
func (t *Term) atoms(list []Index) []Index {
	for k := range t.degree {
		list = append(list, t.Atom(k))
	}
	return list
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
	switch {
	case len(q.Terms) == 0:
		return p.add(scale * q.Const)
	case len(p.Terms) == 0 && scale == 1:
		return q.add(p.Const)
	}
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

// newTerm puts the atoms into order. Their product may be the one that they are in already.
func newTerm(coef int64, atoms []Index, in Index) Term {
	if len(atoms) == 1 {
		return Term{coef, atoms[0], 1, Key(atoms[0])}
	}
	keys := make([]string, 0, 8) // on the stack
	for i, a := range atoms {
		keys = append(keys, Key(a))
		for j := i; j > 0 && keys[j] < keys[j-1]; j-- {
			keys[j], keys[j-1] = keys[j-1], keys[j]
			atoms[j], atoms[j-1] = atoms[j-1], atoms[j]
		}
	}
	return Term{coef, product(atoms, in), len(atoms), strings.Join(keys, "*")}
}

// product is (a*b)*c and so on, the expression itself where it is that, or that times a constant.
func product(atoms []Index, in Index) Index {
	for e, ok := in.(*Arith); ok && e.Op == Mul; e, ok = in.(*Arith) {
		if _, constant := e.Y.(Int); !constant {
			break
		}
		in = e.X
	}
	if isProduct(in, atoms) {
		return in
	}
	x := atoms[0]
	for _, a := range atoms[1:] {
		x = Times(x, a)
	}
	return x
}

// isProduct reports whether x is (a*b)*c and so on.
func isProduct(x Index, atoms []Index) bool {
	for k := len(atoms) - 1; k > 0; k-- {
		e, ok := x.(*Arith)
		if !ok || e.Op != Mul || e.Y != atoms[k] {
			return false
		}
		x = e.X
	}
	return x == atoms[0]
}

// IsConst reports whether p is a constant.
func (p Poly) IsConst() bool { return len(p.Terms) == 0 }

// Key is a string that is equal for equal polynomials.
func (p Poly) Key() string {
	b := make([]byte, 0, 128) // on the stack
	for _, t := range p.Terms {
		b = append(append(append(strconv.AppendInt(b, t.Coef, 10), '*'), t.key...), '+')
	}
	return string(strconv.AppendInt(b, p.Const, 10))
}

// FreeOf reports whether none of the variables occurs in p.
func (p Poly) FreeOf(vars map[Var]bool) bool {
	for _, t := range p.Terms {
		if !FreeOf(t.Product, vars) {
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
		if FreeOf(t.Product, vars) {
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
	var coef sum
	for _, t := range p.Terms {
		if !occurs(v, t.Product) {
			continue
		}
		var room [8]Index // on the stack
		atoms := t.atoms(room[:0])
		k := slices.Index(atoms, Index(v))
		if k < 0 {
			return Poly{}, false
		}
		rest := slices.Delete(atoms, k, k+1)
		switch {
		case len(rest) == 0:
			coef.Const += t.Coef
		case slices.ContainsFunc(rest, func(x Index) bool { return occurs(v, x) }):
			return Poly{}, false
		default:
			coef.addTerm(newTerm(t.Coef, rest, nil))
		}
	}
	return coef.Poly, true
}

// Index returns p as an expression: positive terms first, then the constant and the negative ones. Where no term is positive a
// positive constant comes first.
func (p Poly) Index() Index {
	var x Index
	for k := range p.Terms {
		t := &p.Terms[k]
		if t.Coef > 0 {
			x = plus(x, scaled(t, t.Coef))
		}
	}
	if x == nil && p.Const > 0 || len(p.Terms) == 0 {
		x = Int(p.Const)
		p.Const = 0
	}
	for k := range p.Terms {
		t := &p.Terms[k]
		switch {
		case t.Coef > 0:
		case x == nil:
			x = scaled(t, t.Coef)
		default:
			x = Minus(x, scaled(t, -t.Coef))
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

func scaled(t *Term, coef int64) Index {
	if coef == 1 {
		return t.Product
	}
	return Times(t.Product, Int(coef))
}

// Key is a string that is equal for equal expressions. It is not the text form, which has precedence and is for readers.
func Key(x Index) string {
	if v, ok := x.(Var); ok {
		return string(v)
	}
	return string(appendKey(make([]byte, 0, 48), x)) // as long as most are
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
	case *Uncached:
		return append(appendKey(append(b, "uncached("...), e.Bytes), ')')
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
