package schedule

import (
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// outliner turns what a block takes from outside into integer arguments.
type outliner struct {
	nest    *Nest
	inside  map[ir.Var]bool          // variables that the block binds
	params  map[string]string        // key of an outer value -> its argument's name
	values  map[string]ir.Index      // key of a value -> what stands in its place
	known   map[ir.Index]ir.Index    // the same of values themselves; most subscripts come again and again
	rows    map[[2]ir.Index]ir.Index // batch and node -> their row
	names   map[string]bool
	ints    []string
	args    []ir.Index
	buffers map[*ir.Buffer]*ir.Buffer
	scratch []*ir.Buffer // in memory, for the block alone; the driver allocates it

	registers map[*ir.Buffer]*ir.Buffer // with the names that the function has for them
	masks     map[string]string         // the same of masks
}

func (o *outliner) stmts(body []ir.Stmt) []ir.Stmt {
	out := make([]ir.Stmt, 0, len(body))
	for _, s := range body {
		if a, ok := s.(*ir.Alloc); ok && a.Buf.Space == ir.Memory {
			if o.buffers[a.Buf] == nil { // loops of several levels may have one array
				o.scratch = append(o.scratch, a.Buf)
				o.buffers[a.Buf] = a.Buf
				o.names[a.Buf.Name] = true
				for _, d := range a.Buf.Dims[1:] {
					o.value(d, "extent")
				}
			}
			continue
		}
		out = append(out, o.stmt(s))
	}
	return out
}

func (o *outliner) stmt(s ir.Stmt) ir.Stmt {
	switch e := s.(type) {
	case *ir.For:
		c := *e
		c.Lo, c.Hi = o.value(e.Lo, e.Var+"Lo"), o.end(e)
		c.Body = o.stmts(e.Body)
		c.Note = ""
		return &c
	case *ir.If:
		return &ir.If{Cond: o.cond(e.Cond), Then: o.stmts(e.Then), Else: o.stmts(e.Else), Note: e.Note}
	case *ir.Let:
		return &ir.Let{Var: e.Var, Value: o.value(e.Value, e.Var)}
	case *ir.LetMask:
		return &ir.LetMask{Name: o.masks[e.Name], Type: e.Type, Lanes: e.Lanes, Count: o.value(e.Count, "tail")}
	case *ir.Alloc:
		return &ir.Alloc{Buf: o.register(e.Buf)}
	case *ir.Store:
		buf, at := o.access(e.Buf, e.At)
		return &ir.Store{Buf: buf, At: at, Mask: o.masks[e.Mask], Value: o.expr(e.Value), Stream: e.Stream}
	case *ir.Prefetch:
		buf, at := o.access(e.Buf, e.At)
		return &ir.Prefetch{Buf: buf, At: at, Far: e.Far}
	case *ir.Assume:
		return &ir.Assume{Cond: o.cond(e.Cond)}
	}
	return s
}

func (o *outliner) cond(c ir.Cond) ir.Cond {
	switch e := c.(type) {
	case *ir.Compare:
		return &ir.Compare{Op: e.Op, X: o.value(e.X, "tail"), Y: o.value(e.Y, "tail")}
	case *ir.CompareValue:
		return &ir.CompareValue{Op: e.Op, X: o.expr(e.X), Y: o.expr(e.Y)}
	case *ir.And:
		return &ir.And{X: o.cond(e.X), Y: o.cond(e.Y)}
	}
	return c
}

// expr rewrites the loads and random numbers of a value; their subscripts are handled as wholes, before anything inside them.
func (o *outliner) expr(x ir.Expr) ir.Expr {
	return ir.Rewrite{Expr: func(y ir.Expr) ir.Expr {
		switch e := y.(type) {
		case *ir.Load:
			buf, at := o.access(e.Buf, e.At)
			return &ir.Load{Buf: buf, At: at, Width: e.Width, Mask: o.masks[e.Mask]}
		case *ir.Random:
			return o.random(e)
		}
		return y
	}}.OfExpr(x)
}

// register returns the function's register; one from outside stays what it is.
func (o *outliner) register(b *ir.Buffer) *ir.Buffer {
	if c := o.registers[b]; c != nil {
		return c
	}
	return b
}

// access returns the function's buffer and subscripts: batch and node as one row.
func (o *outliner) access(b *ir.Buffer, at []ir.Index) (*ir.Buffer, []ir.Index) {
	if b.Space == ir.Register {
		return o.register(b), at
	}
	merge := len(b.Dims) > 1 && b.Dims[0] == ir.Index(ir.Var("batch")) && b.Dims[1] == ir.Index(ir.Var("nodes")) &&
		(b.Steps == nil || b.Steps[0] == nil)
	if merge {
		row := o.rows[[2]ir.Index(at[:2])]
		if row == nil {
			row = ir.Plus(ir.Times(at[0], b.Dims[1]), at[1])
			o.rows[[2]ir.Index(at[:2])] = row
		}
		at = append([]ir.Index{row}, at[2:]...)
	}
	c := o.buffers[b]
	if c == nil {
		c = b
		if !slices.Contains(o.nest.tile, b) {
			copied := *b
			c = &copied
		}
		if merge {
			c.Dims = append([]ir.Index{ir.Var("rows")}, b.Dims[2:]...)
			c.Steps = b.Steps[min(1, len(b.Steps)):]
		}
		o.buffers[b] = c
		for _, d := range c.Dims[min(1, len(c.Dims)):] {
			o.value(d, "extent")
		}
		for _, d := range c.Steps {
			if d != nil {
				o.value(d, "step")
			}
		}
	}
	out := make([]ir.Index, len(at))
	for i, x := range at {
		hint := "at"
		switch {
		case b.Type == ir.I32:
			hint = "node"
		case i == 0:
			hint = "row"
		}
		out[i] = o.value(x, hint)
	}
	return c, out
}

// value splits x into what moves inside the block and what does not; the latter becomes an argument unless it is a constant, or
// a variable and a constant.
func (o *outliner) value(x ir.Index, hint string) ir.Index {
	switch v := x.(type) { // as most are
	case ir.Int:
		return x
	case ir.Var:
		if o.inside[v] {
			return x
		}
		return ir.Var(o.param(v, hint))
	}
	y, ok := o.known[x]
	if !ok {
		key := ir.Key(x)
		if y, ok = o.values[key]; !ok {
			y = o.split(x, hint)
			o.values[key] = y
		}
		o.known[x] = y
	}
	return y
}

// split is value for what is no constant and no variable.
func (o *outliner) split(x ir.Index, hint string) ir.Index {
	with, without := ir.PolyOf(x).Split(o.inside)
	constant := without.Const
	without.Const = 0
	name := ""
	if len(without.Terms) > 0 {
		name = o.sum(without, hint)
	}
	if !o.own(with) {
		with = ir.PolyOf(o.moving(with.Index(), hint))
	}
	with.Const += constant
	if name != "" {
		with = with.Plus(ir.PolyOf(ir.Var(name)), 1)
	}
	return with.Index()
}

// end is the value of the end of a loop. Of a block, such as one of heads, the constant that it is at most stays in sight of the steps that
// follow.
func (o *outliner) end(loop *ir.For) ir.Index {
	hint := loop.Var + "Hi"
	if e, ok := loop.Hi.(*ir.Arith); ok && e.Op == ir.Min && loop.Note == "" {
		if most, ok := e.X.(ir.Int); ok {
			return &ir.Arith{Op: ir.Min, X: most, Y: o.value(e.Y, hint)}
		}
	}
	return o.value(loop.Hi, hint)
}

// own reports whether a polynomial is one of variables that the block binds.
func (o *outliner) own(p ir.Poly) bool {
	for _, t := range p.Terms {
		for k := range t.Degree() {
			if v, ok := t.Atom(k).(ir.Var); !ok || !o.inside[v] {
				return false
			}
		}
	}
	return true
}

// moving rewrites what moves inside the block: of a minimum or a choice each side by itself, of anything else the variables.
func (o *outliner) moving(x ir.Index, hint string) ir.Index {
	switch e := x.(type) {
	case *ir.Pick:
		return &ir.Pick{Cond: o.cond(e.Cond), X: o.value(e.X, hint), Y: o.value(e.Y, hint)}
	case *ir.Arith:
		if e.Op == ir.Min || e.Op == ir.Max {
			return &ir.Arith{Op: e.Op, X: o.value(e.X, hint), Y: o.value(e.Y, hint)}
		}
	}
	return o.variables(x)
}

// variables rewrites the variables of an index expression, and the tables that it reads, as wholes.
func (o *outliner) variables(x ir.Index) ir.Index {
	switch e := x.(type) {
	case ir.Var:
		if !o.inside[e] {
			return ir.Var(o.param(e, ""))
		}
	case *ir.Arith:
		return &ir.Arith{Op: e.Op, X: o.variables(e.X), Y: o.variables(e.Y)}
	case *ir.Apply:
		if o.nest.open == nil && (e.Fn == ir.Nbr || e.Fn == ir.Rev || e.Fn == ir.RevSlot) {
			o.nest.open = e
		}
	case *ir.Gather:
		table, at := o.access(e.Table, e.At)
		return &ir.Gather{Table: table, At: at}
	case *ir.Pick:
		return &ir.Pick{Cond: o.cond(e.Cond), X: o.variables(e.X), Y: o.variables(e.Y)}
	}
	return x
}

// sum returns the name of the argument that has the value of p outside.
func (o *outliner) sum(p ir.Poly, hint string) string {
	if len(p.Terms) == 1 {
		return o.param(p.Index(), hint)
	}
	key := p.Key()
	if name, ok := o.params[key]; ok {
		return name
	}
	return o.argument(key, p.Index(), hint)
}

// param is sum for what is no sum.
func (o *outliner) param(x ir.Index, hint string) string {
	key := ir.Key(x)
	if name, ok := o.params[key]; ok {
		return name
	}
	return o.argument(key, x, hint)
}

// argument is a new one, for what has that key.
func (o *outliner) argument(key string, x ir.Index, hint string) string {
	if v, ok := x.(ir.Var); ok {
		hint = strings.TrimRight(string(v), "0123456789") // a level's number says nothing inside
	}
	name := unused(o.names, hint)
	o.params[key] = name
	o.ints = append(o.ints, name)
	o.args = append(o.args, x)
	return name
}
