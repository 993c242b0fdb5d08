package ir

import "slices"

// Simplify returns x in normal form, with what the facts decide folded away.
func (f Facts) Simplify(x Index) Index {
	return f.folding().OfIndex(x)
}

// folding simplifies bottom-up. The normal form of a sum holds those of the sums in it, so that one for the outermost is enough.
func (f Facts) folding() Rewrite { return Rewrite{Index: f.fold, outermost: true} }

// fold simplifies a node whose parts are simple.
func (f Facts) fold(x Index) Index {
	switch e := x.(type) {
	case *Arith:
		switch e.Op {
		case Add, Sub, Mul:
			if ordered(x) {
				return x
			}
			if y := PolyOf(x).Index(); !sameSum(x, y) {
				return y
			}
			return x // so that what holds it need not be made anew
		case Div, Mod:
			return f.foldQuotient(e)
		case Min, Max:
			d := minus(e.Y, e.X)
			if e.Op == Max {
				d = d.negative()
			}
			switch { // where the two are equal either will do
			case f.nonNegative(d):
				return e.X
			case f.nonNegative(d.negative()):
				return e.Y
			}
		}
	case *Pick:
		switch f.Decide(e.Cond) {
		case 1:
			return e.X
		case -1:
			return e.Y
		}
	}
	return x
}

// ordered reports whether x is, as most indices are, multiples of variables and a constant in the order that they have in normal form.
func ordered(x Index) bool {
	if e, ok := x.(*Arith); ok && e.Op <= Sub {
		if c, ok := e.Y.(Int); ok && c > 0 {
			x = e.X
		}
	}
	var behind Var
	for {
		e, ok := x.(*Arith)
		sum := ok && e.Op == Add
		last := x
		if sum {
			last = e.Y
		}
		v := multipleOf(last)
		if v == "" || behind != "" && v >= behind {
			return false
		}
		if !sum {
			return true
		}
		x, behind = e.X, v
	}
}

// multipleOf returns the variable of which x is a positive multiple, "" if it is none.
func multipleOf(x Index) Var {
	if e, ok := x.(*Arith); ok && e.Op == Mul {
		if c, ok := e.Y.(Int); !ok || c < 2 {
			return ""
		}
		x = e.X
	}
	v, _ := x.(Var)
	return v
}

// sameSum reports whether two sums of products are one and the same, with the same atoms.
func sameSum(x, y Index) bool {
	a, ok1 := x.(*Arith)
	b, ok2 := y.(*Arith)
	if !ok1 || !ok2 || a == b {
		return x == y
	}
	return a.Op == b.Op && sameSum(a.X, b.X) && sameSum(a.Y, b.Y)
}

// foldQuotient uses (a*c + b) / c = a + b/c and (a*c + b) mod c = b mod c, and b/c = 0 where 0 <= b < c.
func (f Facts) foldQuotient(e *Arith) Index {
	c, ok := e.Y.(Int)
	if !ok || c <= 0 {
		return e
	}
	p := PolyOf(e.X)
	var whole, rest Poly
	for _, t := range p.Terms {
		if t.Coef%int64(c) == 0 {
			t.Coef /= int64(c)
			whole.Terms = append(whole.Terms, t)
		} else {
			rest.Terms = append(rest.Terms, t)
		}
	}
	whole.Const = FloorDiv(p.Const, int64(c))
	rest.Const = p.Const - whole.Const*int64(c)
	small := rest.IsConst() || f.nonNegative(rest) && f.nonNegative(rest.negative().add(int64(c)-1))
	switch {
	case e.Op == Div && small:
		return whole.Index()
	case e.Op == Div:
		return PolyOf(Plus(whole.Index(), Quo(rest.Index(), c))).Index()
	case small:
		return rest.Index()
	}
	return Rem(rest.Index(), c)
}

// FloorDiv is x / y rounded down, the division of index expressions.
func FloorDiv(x, y int64) int64 {
	q := x / y
	if x%y != 0 && (x < 0) != (y < 0) {
		q--
	}
	return q
}

// SimplifyStmts simplifies every index of a block, drops loops that never run and branches never taken, and puts the body
// of a loop that runs once in its place. Facts come from loop bounds, conditions and assumptions. Names that thereby come into
// one block twice are made distinct.
func (f Facts) SimplifyStmts(body []Stmt) []Stmt { return distinct(slices.Clip(f).simplifyBlock(body)) }

func (f Facts) simplifyBlock(body []Stmt) []Stmt {
	var out []Stmt
	here := f.folding()
	for _, s := range body {
		switch e := s.(type) {
		case *For:
			out = append(out, f.simplifyFor(e)...)
		case *If:
			cond := f.simplifyCond(e.Cond)
			switch f.Decide(cond) {
			case 1:
				out = append(out, f.simplifyBlock(e.Then)...)
			case -1:
				out = append(out, f.simplifyBlock(e.Else)...)
			default:
				c := &If{cond, f.withCond(cond).simplifyBlock(e.Then), f.withCond(negate(cond)).simplifyBlock(e.Else), e.Note}
				if len(c.Then)+len(c.Else) > 0 {
					out = append(out, c)
				}
			}
		case *Assume:
			c := f.simplifyCond(e.Cond)
			f = f.withCond(c)
			here = f.folding()
			out = append(out, &Assume{c})
		case *Let:
			value := f.Simplify(e.Value)
			if c, ok := value.(Int); ok {
				f = f.equal(Var(e.Var), c)
			} else {
				f = f.defined(Var(e.Var), value)
			}
			here = f.folding()
			out = append(out, &Let{e.Var, value})
		default:
			out = append(out, here.parts(s))
		}
	}
	return out
}

// defined adds what a let says: a quotient lies in its interval, a minimum below both, anything else is equal.
func (f Facts) defined(v Var, value Index) Facts {
	e, ok := value.(*Arith)
	switch {
	case ok && e.Op == Div:
		rest := minus(e.X, Times(v, e.Y))
		return f.with(rest, minus(e.Y, Int(1)).Plus(rest, -1))
	case ok && e.Op == Min:
		return f.with(minus(e.X, v), minus(e.Y, v))
	case ok && e.Op == Max:
		return f.with(minus(v, e.X), minus(v, e.Y))
	}
	return f.equal(v, value)
}

// atLeast says that v is at least x: of a maximum, both sides.
func atLeast(v Var, x Index) []Poly {
	if e, ok := x.(*Arith); ok && e.Op == Max {
		return append(atLeast(v, e.X), atLeast(v, e.Y)...)
	}
	return []Poly{minus(v, x)}
}

// below says that v is less than x: of a minimum, than both sides.
func below(v Var, x Index) []Poly {
	if e, ok := x.(*Arith); ok && e.Op == Min {
		return append(below(v, e.X), below(v, e.Y)...)
	}
	return []Poly{minus(x, v).add(-1)}
}

func (f Facts) simplifyFor(e *For) []Stmt {
	lo, hi := f.Simplify(e.Lo), f.Simplify(e.Hi)
	trips := minus(hi, lo)
	if f.nonNegative(trips.negative()) {
		return nil
	}
	once := f.nonNegative(trips.add(-1)) && f.nonNegative(trips.negative().add(e.Step))
	if once && !e.Parallel && !sizes(e.Body, Var(e.Var)) {
		return f.simplifyBlock(Substitute(map[Var]Index{Var(e.Var): lo}).OfStmts(e.Body))
	}
	c := *e
	c.Lo, c.Hi = lo, hi
	c.Body = f.with(atLeast(Var(e.Var), lo)...).with(below(Var(e.Var), hi)...).simplifyBlock(e.Body)
	if len(c.Body) == 0 {
		return nil
	}
	return []Stmt{&c}
}

// sizes reports whether a variable is in the extent of a buffer that a block allocates; substitution leaves those alone.
func sizes(body []Stmt, v Var) bool {
	found := false
	Each(body, func(s Stmt) {
		if a, ok := s.(*Alloc); ok && usedIn(a.Buf.Dims, v) {
			found = true
		}
	})
	return found
}

func (f Facts) simplifyCond(c Cond) Cond {
	return f.folding().OfCond(c)
}

// negate returns a condition that holds where c, a comparison of integers, does not; nil for any other.
func negate(c Cond) Cond {
	e, ok := c.(*Compare)
	if !ok {
		return nil
	}
	return &Compare{[...]CmpOp{LT: GE, LE: GT, EQ: NE, NE: EQ, GE: LT, GT: LE}[e.Op], e.X, e.Y}
}
