package ir

// Rewrite is a bottom-up rewriting of statements, values, conditions and indices. Nodes are never changed in place: what a
// rewrite touches is copied, the rest is shared. A nil function leaves that kind of node alone.
type Rewrite struct {
	Index  func(Index) Index
	Expr   func(Expr) Expr
	Stmt   func(Stmt) []Stmt // what stands in place of a statement, after its parts were rewritten
	Buffer func(*Buffer) *Buffer
	Mask   func(string) string
	Var    func(string) string // renames loop variables and lets where they are bound

	outermost bool // of sums and products of each other Index is told of the outermost only
}

// Substitute returns the rewriting that replaces variables by index expressions.
func Substitute(vars map[Var]Index) Rewrite {
	return Rewrite{Index: func(x Index) Index {
		if v, ok := x.(Var); ok {
			if y, ok := vars[v]; ok {
				return y
			}
		}
		return x
	}}
}

// Indices applies r to each of a list.
func (r Rewrite) Indices(xs []Index) []Index {
	if r.keepsIndices() {
		return xs
	}
	return each(xs, r.OfIndex)
}

// keepsIndices reports whether index expressions stay as they are.
func (r Rewrite) keepsIndices() bool { return r.Index == nil && r.Buffer == nil }

// each applies f to the elements of a list; it is the list itself if none of them changes.
func each[T comparable](xs []T, f func(T) T) []T {
	out := xs
	for i, x := range xs {
		y := f(x)
		if y != x && &out[0] == &xs[0] {
			out = append([]T(nil), xs...)
		}
		if y != x {
			out[i] = y
		}
	}
	return out
}

// OfIndex applies r to an index expression.
func (r Rewrite) OfIndex(x Index) Index {
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
		x = &Apply{e.Fn, r.Indices(e.Args)}
	case *Gather:
		x = &Gather{r.buffer(e.Table), r.Indices(e.At)}
	case *Pick:
		x = &Pick{r.OfCond(e.Cond), r.OfIndex(e.X), r.OfIndex(e.Y)}
	}
	if r.Index != nil {
		return r.Index(x)
	}
	return x
}

// part applies r to an operand of e.
func (r Rewrite) part(e *Arith, x Index) Index {
	if y, ok := x.(*Arith); ok && r.outermost && e.Op <= Mul && y.Op <= Mul {
		if a, b := r.part(y, y.X), r.part(y, y.Y); a != y.X || b != y.Y {
			return &Arith{y.Op, a, b}
		}
		return y
	}
	return r.OfIndex(x)
}

// OfCond applies r to the parts of a condition.
func (r Rewrite) OfCond(c Cond) Cond {
	switch e := c.(type) {
	case *Compare:
		return &Compare{e.Op, r.OfIndex(e.X), r.OfIndex(e.Y)}
	case *CompareValue:
		return &CompareValue{e.Op, r.OfExpr(e.X), r.OfExpr(e.Y)}
	case *Aligned:
		return &Aligned{r.buffer(e.Buf), e.Bytes}
	case *And:
		return &And{r.OfCond(e.X), r.OfCond(e.Y)}
	}
	return c
}

// OfExpr applies r to a value. Values that are made often are shared where nothing in them changes.
func (r Rewrite) OfExpr(x Expr) Expr {
	switch e := x.(type) {
	case *Load:
		buf, at, mask := r.buffer(e.Buf), r.Indices(e.At), r.mask(e.Mask)
		if buf != e.Buf || mask != e.Mask || len(at) > 0 && &at[0] != &e.At[0] {
			x = &Load{Buf: buf, At: at, Width: e.Width, Mask: mask}
		}
	case *Binary:
		if a, b := r.OfExpr(e.X), r.OfExpr(e.Y); a != e.X || b != e.Y {
			x = &Binary{e.Op, a, b}
		}
	case *Unary:
		x = &Unary{e.Op, r.OfExpr(e.X)}
	case *FMA:
		if a, b, c := r.OfExpr(e.X), r.OfExpr(e.Y), r.OfExpr(e.Z); a != e.X || b != e.Y || c != e.Z {
			x = &FMA{a, b, c}
		}
	case *Broadcast:
		if a := r.OfExpr(e.X); a != e.X {
			x = &Broadcast{a, e.Width}
		}
	case *HSum:
		x = &HSum{r.OfExpr(e.X)}
	case *Tree:
		x = &Tree{each(e.Xs, r.OfExpr)}
	case *Lane:
		x = &Lane{r.OfExpr(e.X), e.K}
	case *Select:
		x = &Select{r.OfCond(e.Cond), r.OfExpr(e.X), r.OfExpr(e.Y)}
	case *Choose:
		x = &Choose{e.Op, r.OfExpr(e.A), r.OfExpr(e.B), r.OfExpr(e.X), r.OfExpr(e.Y)}
	case *Random:
		x = &Random{e.Type, r.buffer(e.Seed), r.OfIndex(e.Row), r.OfIndex(e.Col), e.Width}
	case *Reduce:
		x = &Reduce{e.Op, e.Axis, r.OfIndex(e.Extent), r.OfCond(e.Where), r.OfExpr(e.Body)}
	}
	if r.Expr != nil {
		return r.Expr(x)
	}
	return x
}

// OfStmts applies r to a block.
func (r Rewrite) OfStmts(body []Stmt) []Stmt {
	var out []Stmt
	for _, s := range body {
		s = r.parts(s)
		if r.Stmt != nil {
			out = append(out, r.Stmt(s)...)
		} else {
			out = append(out, s)
		}
	}
	return out
}

func (r Rewrite) parts(s Stmt) Stmt {
	switch e := s.(type) {
	case *For:
		c := *e
		c.Var, c.Lo, c.Hi, c.Body = r.name(e.Var), r.OfIndex(e.Lo), r.OfIndex(e.Hi), r.OfStmts(e.Body)
		return &c
	case *If:
		return &If{r.OfCond(e.Cond), r.OfStmts(e.Then), r.OfStmts(e.Else), e.Note}
	case *Let:
		return &Let{r.name(e.Var), r.OfIndex(e.Value)}
	case *LetMask:
		return &LetMask{r.mask(e.Name), e.Type, e.Lanes, r.OfIndex(e.Count)}
	case *Alloc:
		return &Alloc{r.buffer(e.Buf)}
	case *Store:
		return &Store{r.buffer(e.Buf), r.Indices(e.At), r.mask(e.Mask), r.OfExpr(e.Value), e.Stream}
	case *Assume:
		return &Assume{r.OfCond(e.Cond)}
	case *Prefetch:
		return &Prefetch{r.buffer(e.Buf), r.Indices(e.At)}
	case *Call:
		return &Call{e.Func, r.Indices(e.Args)}
	}
	return s
}

func (r Rewrite) name(v string) string {
	if r.Var != nil {
		return r.Var(v)
	}
	return v
}

func (r Rewrite) buffer(b *Buffer) *Buffer {
	if r.Buffer != nil {
		return r.Buffer(b)
	}
	return b
}

func (r Rewrite) mask(m string) string {
	if r.Mask != nil && m != "" {
		return r.Mask(m)
	}
	return m
}

// Each calls f for every statement of a block and of the blocks in it, outer ones first.
func Each(body []Stmt, f func(Stmt)) {
	for _, s := range body {
		f(s)
		switch e := s.(type) {
		case *For:
			Each(e.Body, f)
		case *If:
			Each(e.Then, f)
			Each(e.Else, f)
		}
	}
}

// Uses reports whether the variable occurs in an index expression of the block.
func Uses(body []Stmt, v Var) bool {
	found := false
	Rewrite{Index: func(x Index) Index {
		found = found || x == Index(v)
		return x
	}}.OfStmts(body)
	return found
}

// FreeOf reports whether none of the variables occurs in x.
func FreeOf(x Index, vars map[Var]bool) bool {
	free := true
	Rewrite{Index: func(y Index) Index {
		if v, ok := y.(Var); ok && vars[v] {
			free = false
		}
		return y
	}}.OfIndex(x)
	return free
}
