package ir

import "slices"

// Rewrite is a bottom-up rewriting of statements, values, conditions and indices. Nodes are never changed in place: what a
// rewrite touches is copied, the rest is shared. A nil function leaves that kind of node alone. Index is asked once about a subscript
// that comes again, as most do: they are shared afterwards as they were before.
type Rewrite struct {
	Index  func(Index) Index
	Expr   func(Expr) Expr
	Stmt   func(Stmt) []Stmt // what stands in place of a statement, after its parts were rewritten
	Buffer func(*Buffer) *Buffer
	Mask   func(string) string
	Var    func(string) string // renames loop variables and lets where they are bound

	outermost bool             // of sums and products of each other Index is told of the outermost only
	done      map[*Arith]Index // what became of subscripts
}

// Substitute returns the rewriting that replaces variables by index expressions. Over all its uses it asks once about a subscript.
func Substitute(vars map[Var]Index) Rewrite {
	if len(vars) == 1 {
		for v, y := range vars {
			return substituteOne(v, y)
		}
	}
	return Rewrite{done: map[*Arith]Index{}, Index: func(x Index) Index {
		if v, ok := x.(Var); ok {
			if y, ok := vars[v]; ok {
				return y
			}
		}
		return x
	}}
}

func substituteOne(v Var, y Index) Rewrite {
	return Rewrite{done: map[*Arith]Index{}, Index: func(x Index) Index {
		if w, ok := x.(Var); ok && w == v {
			return y
		}
		return x
	}}
}

// Indices applies r to each of a list.
func (r Rewrite) Indices(xs []Index) []Index { return r.indices(xs) }

// OfIndex applies r to an index expression.
func (r Rewrite) OfIndex(x Index) Index { return r.index(x) }

// OfCond applies r to the parts of a condition.
func (r Rewrite) OfCond(c Cond) Cond { return r.cond(c) }

// OfExpr applies r to a value.
func (r Rewrite) OfExpr(x Expr) Expr { return r.expr(x) }

// OfStmts applies r to a block.
func (r Rewrite) OfStmts(body []Stmt) []Stmt { return r.stmts(body) }

func (r *Rewrite) indices(xs []Index) []Index {
	if r.keepsIndices() {
		return xs
	}
	out := xs
	for k, x := range xs {
		if y := r.subscript(x); y != x {
			out = set(out, xs, k, y)
		}
	}
	return out
}

// subscript is index for one that may come again.
func (r *Rewrite) subscript(x Index) Index {
	e, ok := x.(*Arith)
	if !ok {
		return r.index(x)
	}
	y, known := r.done[e]
	if !known {
		if r.done == nil {
			r.done = map[*Arith]Index{}
		}
		y = r.index(x)
		r.done[e] = y
	}
	return y
}

// set puts y into a list in place of its k-th element; it is a copy from the first such change on.
func set[T any](out, xs []T, k int, y T) []T {
	if identical(out, xs) {
		out = slices.Clone(xs)
	}
	out[k] = y
	return out
}

// keepsIndices reports whether index expressions stay as they are.
func (r *Rewrite) keepsIndices() bool { return r.Index == nil && r.Buffer == nil }

// keepsExprs reports whether values stay as they are.
func (r *Rewrite) keepsExprs() bool { return r.keepsIndices() && r.Expr == nil && r.Mask == nil }

// identical reports whether two lists are one and the same.
func identical[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

func (r *Rewrite) index(x Index) Index {
	if r.keepsIndices() {
		return x
	}
	switch e := x.(type) {
	case nil:
		return nil
	case *Arith:
		if a, b := r.part(e, e.X), r.part(e, e.Y); a != e.X || b != e.Y {
			x = &Arith{e.Op, a, b}
		}
	case *Apply:
		if args := r.indices(e.Args); !identical(args, e.Args) {
			x = &Apply{e.Fn, args}
		}
	case *Gather:
		if table, at := r.buffer(e.Table), r.indices(e.At); table != e.Table || !identical(at, e.At) {
			x = &Gather{table, at}
		}
	case *Pick:
		if c, a, b := r.cond(e.Cond), r.index(e.X), r.index(e.Y); c != e.Cond || a != e.X || b != e.Y {
			x = &Pick{c, a, b}
		}
	}
	if r.Index != nil {
		return r.Index(x)
	}
	return x
}

// part applies r to an operand of e.
func (r *Rewrite) part(e *Arith, x Index) Index {
	if y, ok := x.(*Arith); ok && r.outermost && e.Op <= Mul && y.Op <= Mul {
		if a, b := r.part(y, y.X), r.part(y, y.Y); a != y.X || b != y.Y {
			return &Arith{y.Op, a, b}
		}
		return y
	}
	return r.index(x)
}

func (r *Rewrite) cond(c Cond) Cond {
	switch e := c.(type) {
	case *Compare:
		if a, b := r.index(e.X), r.index(e.Y); a != e.X || b != e.Y {
			return &Compare{e.Op, a, b}
		}
	case *CompareValue:
		if a, b := r.expr(e.X), r.expr(e.Y); a != e.X || b != e.Y {
			return &CompareValue{e.Op, a, b}
		}
	case *Aligned:
		if buf := r.buffer(e.Buf); buf != e.Buf {
			return &Aligned{buf, e.Bytes}
		}
	case *Uncached:
		if bytes := r.index(e.Bytes); bytes != e.Bytes {
			return &Uncached{bytes}
		}
	case *And:
		if a, b := r.cond(e.X), r.cond(e.Y); a != e.X || b != e.Y {
			return &And{a, b}
		}
	}
	return c
}

func (r *Rewrite) expr(x Expr) Expr {
	if r.keepsExprs() {
		return x
	}
	switch e := x.(type) {
	case *Load:
		if buf, at, mask := r.buffer(e.Buf), r.indices(e.At), r.mask(e.Mask); buf != e.Buf || mask != e.Mask || !identical(at, e.At) {
			x = &Load{Buf: buf, At: at, Width: e.Width, Mask: mask}
		}
	case *Binary:
		if a, b := r.expr(e.X), r.expr(e.Y); a != e.X || b != e.Y {
			x = &Binary{e.Op, a, b}
		}
	case *Unary:
		if a := r.expr(e.X); a != e.X {
			x = &Unary{e.Op, a}
		}
	case *FMA:
		if a, b, c := r.expr(e.X), r.expr(e.Y), r.expr(e.Z); a != e.X || b != e.Y || c != e.Z {
			x = &FMA{a, b, c}
		}
	case *Broadcast:
		if a := r.expr(e.X); a != e.X {
			x = &Broadcast{a, e.Width}
		}
	case *HSum:
		if a := r.expr(e.X); a != e.X {
			x = &HSum{a}
		}
	case *Tree:
		xs := e.Xs
		for k, a := range e.Xs {
			if b := r.expr(a); b != a {
				xs = set(xs, e.Xs, k, b)
			}
		}
		if !identical(xs, e.Xs) {
			x = &Tree{xs}
		}
	case *Every:
		if a := r.expr(e.X); a != e.X {
			x = &Every{a, e.Odd}
		}
	case *Zip:
		if a, b := r.expr(e.X), r.expr(e.Y); a != e.X || b != e.Y {
			x = &Zip{a, b}
		}
	case *Lane:
		if a := r.expr(e.X); a != e.X {
			x = &Lane{a, e.K}
		}
	case *Select:
		if c, a, b := r.cond(e.Cond), r.expr(e.X), r.expr(e.Y); c != e.Cond || a != e.X || b != e.Y {
			x = &Select{c, a, b}
		}
	case *Choose:
		a, b, c, d := r.expr(e.A), r.expr(e.B), r.expr(e.X), r.expr(e.Y)
		if a != e.A || b != e.B || c != e.X || d != e.Y {
			x = &Choose{e.Op, a, b, c, d}
		}
	case *Random:
		if seed, row, col := r.buffer(e.Seed), r.index(e.Row), r.index(e.Col); seed != e.Seed || row != e.Row || col != e.Col {
			x = &Random{e.Type, seed, row, col, e.Width}
		}
	case *Reduce:
		extent, where, body := r.index(e.Extent), r.cond(e.Where), r.expr(e.Body)
		if extent != e.Extent || where != e.Where || body != e.Body {
			x = &Reduce{e.Op, e.Axis, extent, where, body}
		}
	}
	if r.Expr != nil {
		return r.Expr(x)
	}
	return x
}

func (r *Rewrite) stmts(body []Stmt) []Stmt {
	var out []Stmt
	changed := false // until then out is body up to the statement at hand
	for i, s := range body {
		t := r.parts(s)
		list := []Stmt{t}
		if r.Stmt != nil {
			list = r.Stmt(t)
		}
		if !changed && len(list) == 1 && list[0] == s {
			continue
		}
		if !changed {
			out = append(make([]Stmt, 0, len(body)), body[:i]...)
			changed = true
		}
		out = append(out, list...)
	}
	if !changed {
		return slices.Clip(body)
	}
	return out
}

func (r *Rewrite) parts(s Stmt) Stmt {
	switch e := s.(type) {
	case *For:
		v, lo, hi, body := r.name(e.Var), r.index(e.Lo), r.index(e.Hi), r.stmts(e.Body)
		if v != e.Var || lo != e.Lo || hi != e.Hi || !identical(body, e.Body) {
			c := *e
			c.Var, c.Lo, c.Hi, c.Body = v, lo, hi, body
			return &c
		}
	case *If:
		if c, then, els := r.cond(e.Cond), r.stmts(e.Then), r.stmts(e.Else); c != e.Cond || !identical(then, e.Then) || !identical(els, e.Else) {
			return &If{c, then, els, e.Note}
		}
	case *Let:
		if v, value := r.name(e.Var), r.index(e.Value); v != e.Var || value != e.Value {
			return &Let{v, value}
		}
	case *LetMask:
		if m, n := r.mask(e.Name), r.index(e.Count); m != e.Name || n != e.Count {
			return &LetMask{m, e.Type, e.Lanes, n}
		}
	case *Alloc:
		if buf := r.buffer(e.Buf); buf != e.Buf {
			return &Alloc{buf}
		}
	case *Store:
		buf, at, mask, value := r.buffer(e.Buf), r.indices(e.At), r.mask(e.Mask), r.expr(e.Value)
		if buf != e.Buf || mask != e.Mask || value != e.Value || !identical(at, e.At) {
			return &Store{buf, at, mask, value, e.Stream}
		}
	case *Assume:
		if c := r.cond(e.Cond); c != e.Cond {
			return &Assume{c}
		}
	case *Prefetch:
		if buf, at := r.buffer(e.Buf), r.indices(e.At); buf != e.Buf || !identical(at, e.At) {
			return &Prefetch{buf, at, e.Far}
		}
	case *Call:
		if args := r.indices(e.Args); !identical(args, e.Args) {
			return &Call{e.Func, args}
		}
	}
	return s
}

func (r *Rewrite) name(v string) string {
	if r.Var != nil {
		return r.Var(v)
	}
	return v
}

func (r *Rewrite) buffer(b *Buffer) *Buffer {
	if r.Buffer != nil {
		return r.Buffer(b)
	}
	return b
}

func (r *Rewrite) mask(m string) string {
	if r.Mask != nil && m != "" {
		return r.Mask(m)
	}
	return m
}

// Uses reports whether the variable occurs in an index expression of the block.
func Uses(body []Stmt, v Var) bool {
	found := false
	r := Rewrite{Index: func(x Index) Index {
		found = found || x == Index(v)
		return x
	}}
	for i := 0; i < len(body) && !found; i++ {
		r.parts(body[i])
	}
	return found
}

// FreeOf reports whether none of the variables occurs in x.
func FreeOf(x Index, vars map[Var]bool) bool {
	switch e := x.(type) {
	case Int:
		return true
	case Var:
		return !vars[e]
	case *Arith:
		return FreeOf(e.X, vars) && FreeOf(e.Y, vars)
	}
	free := true
	Rewrite{Index: func(y Index) Index {
		if v, ok := y.(Var); ok && vars[v] {
			free = false
		}
		return y
	}}.OfIndex(x)
	return free
}

// occurs reports whether the variable occurs in x.
func occurs(v Var, x Index) bool {
	switch e := x.(type) {
	case Int:
		return false
	case Var:
		return e == v
	case *Arith:
		return occurs(v, e.X) || occurs(v, e.Y)
	}
	return !FreeOf(x, map[Var]bool{v: true})
}
