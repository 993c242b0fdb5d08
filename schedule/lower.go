package schedule

import (
	"fmt"
	"math"

	"github.com/pyragen/pyragen/ir"
)

// Lower turns a kernel into a naive loop nest: one nest a stage, a loop an axis, every reduction a loop over an accumulator.
// Sizes fixed at generation are put in. On a pyramid, level sizes n0, n1, ..., level starts off0, off1, ..., nodes and slots
// come first, as lets from len.
func Lower(k *ir.Kernel, t Target) (*Nest, error) {
	if err := k.Verify(); err != nil {
		return nil, err
	}
	consts := map[ir.Var]ir.Index{}
	for _, c := range k.Consts {
		consts[ir.Var(c.Name)] = ir.Int(c.Value)
	}
	p := &ir.Program{Name: k.Name, Type: k.Type, Graph: k.Graph, Target: t.Name, Sizes: k.Sizes, Consts: k.Consts}
	l := &lowering{nest: emptyNest(p, t), fixed: ir.Substitute(consts), buffers: map[*ir.Buffer]*ir.Buffer{}}
	for _, s := range k.Sizes {
		l.nest.used[s] = true
	}
	for _, b := range k.Buffers {
		c := *b
		c.Dims, c.Steps = l.fixed.Indices(b.Dims), l.fixed.Indices(b.Steps)
		l.buffers[b] = &c
		l.nest.used[b.Name] = true
		p.Buffers = append(p.Buffers, &c)
	}
	l.fixed.Buffer = func(b *ir.Buffer) *ir.Buffer { return l.buffers[b] }
	if k.Graph.Kind == ir.Pyramid {
		p.Body = pyramidLets(k.Graph)
		for _, s := range p.Body {
			l.nest.used[s.(*ir.Let).Var] = true
		}
	}
	for _, s := range k.Stages {
		stmts, err := l.stage(s)
		if err != nil {
			return nil, &Error{Describe(p), Action{Step: "lower"}, fmt.Errorf("stage %s: %w", s.Out.Name, err)}
		}
		p.Body = append(p.Body, stmts...)
	}
	return l.nest, nil
}

type lowering struct {
	nest    *Nest
	fixed   ir.Rewrite // constants and the program's buffers in place of the kernel's
	buffers map[*ir.Buffer]*ir.Buffer
	name    string // of the stage that is lowered
}

// pyramidLets defines the sizes that follow from len (design section 1): n(l+1) = n(l) / C(l), off(l+1) = off(l) + n(l),
// slots = window + most children + ancestors, and, where there is more than the parent, in_slots = window + most nodes below, by level, + 1.
func pyramidLets(g ir.Graph) []ir.Stmt {
	lets := []ir.Stmt{&ir.Let{Var: "n0", Value: ir.Var("len")}, &ir.Let{Var: "off0", Value: ir.Int(0)}}
	var most ir.Index = ir.Int(0)
	for l, c := range g.Strides {
		below, size := levelN(l), levelN(l+1)
		lets = append(lets,
			&ir.Let{Var: string(size), Value: ir.Quo(below, ir.Int(c))},
			&ir.Let{Var: string(levelAt(l + 1)), Value: ir.Plus(levelAt(l), below)})
		last := ir.Minus(below, ir.Times(ir.Minus(size, ir.Int(1)), ir.Int(c)))
		kids := &ir.Pick{Cond: &ir.Compare{Op: ir.GT, X: size, Y: ir.Int(0)}, X: last, Y: ir.Int(0)}
		name := ir.Var(fmt.Sprintf("kids%d", l+1))
		if l == 0 {
			lets = append(lets, &ir.Let{Var: string(name), Value: kids})
		} else {
			lets = append(lets, &ir.Let{Var: string(name), Value: ir.Most(most, kids)})
		}
		most = name
	}
	top := len(g.Strides)
	lets = append(lets,
		&ir.Let{Var: "nodes", Value: ir.Plus(levelAt(top), levelN(top))},
		&ir.Let{Var: "slots", Value: ir.Plus(most, ir.Int(int64(g.Window+g.Up())))})
	if g.Up() == 1 {
		return lets
	}
	in := ir.Plus(most, ir.Int(int64(g.Window)+1))
	for t := 2; t <= g.Up(); t++ {
		var most ir.Index = ir.Int(0)
		for l := t; l <= top; l++ { // the last node of a level has most
			last := ir.Minus(levelN(l-t), ir.Times(ir.Minus(levelN(l), ir.Int(1)), ir.Int(g.Span(l-t, t))))
			most = ir.Most(most, &ir.Pick{Cond: &ir.Compare{Op: ir.GT, X: levelN(l), Y: ir.Int(0)}, X: last, Y: ir.Int(0)})
		}
		lets = append(lets, &ir.Let{Var: string(farBelow(t)), Value: most})
		in = ir.Plus(in, farBelow(t))
	}
	return append(lets, &ir.Let{Var: "in_slots", Value: in})
}

// farBelow names the let of how many nodes so many levels below a node has at most, for levels from 2 on.
func farBelow(levels int) ir.Var { return ir.Var(fmt.Sprintf("far%d", levels)) }

// levelN and levelAt name the lets of a level's size and of its first node.
func levelN(l int) ir.Var  { return ir.Var(fmt.Sprintf("n%d", l)) }
func levelAt(l int) ir.Var { return ir.Var(fmt.Sprintf("off%d", l)) }

func (l *lowering) stage(s *ir.Stage) ([]ir.Stmt, error) {
	at := make([]ir.Index, len(s.Axes))
	for i, a := range s.Axes {
		at[i] = ir.Var(a.Name)
		l.nest.used[a.Name] = true
	}
	l.name = s.Out.Name
	body, err := l.assign(l.buffers[s.Out], at, s.Value)
	if err != nil {
		return nil, err
	}
	if s.Where != nil {
		body = []ir.Stmt{&ir.If{Cond: l.fixed.OfCond(s.Where), Then: body}}
	}
	for i := len(s.Axes) - 1; i >= 0; i-- {
		a := s.Axes[i]
		body = []ir.Stmt{&ir.For{Var: a.Name, Lo: ir.Int(0), Hi: l.fixed.OfIndex(a.Extent), Step: 1, Body: body, Stage: l.name}}
	}
	return body, nil
}

// assign stores a value: a choice at its root becomes an if, so that what is not chosen costs nothing.
func (l *lowering) assign(out *ir.Buffer, at []ir.Index, value ir.Expr) ([]ir.Stmt, error) {
	if sel, ok := value.(*ir.Select); ok {
		then, err := l.assign(out, at, sel.X)
		if err != nil {
			return nil, err
		}
		els, err := l.assign(out, at, sel.Y)
		if err != nil {
			return nil, err
		}
		return []ir.Stmt{&ir.If{Cond: l.fixed.OfCond(sel.Cond), Then: then, Else: els}}, nil
	}
	stmts, x, err := l.value(value)
	if err != nil {
		return nil, err
	}
	return append(stmts, &ir.Store{Buf: out, At: at, Value: x}), nil
}

// value returns the statements that compute the reductions in x, and x with their results in place.
func (l *lowering) value(x ir.Expr) ([]ir.Stmt, ir.Expr, error) {
	var stmts []ir.Stmt
	var err error
	r := l.fixed
	r.Expr = func(e ir.Expr) ir.Expr {
		red, ok := e.(*ir.Reduce)
		if !ok {
			return e
		}
		if len(stmts) > 0 && readsAny(red.Body, stmts) {
			err = fmt.Errorf("got a reduction over %s with a reduction inside, want one at a time; give the inner one a stage of its own", red.Axis)
		}
		s, acc := l.reduce(red)
		stmts = append(stmts, s...)
		return acc
	}
	x = r.OfExpr(x)
	return stmts, x, err
}

// readsAny reports whether x reads a buffer that one of the statements allocates.
func readsAny(x ir.Expr, stmts []ir.Stmt) bool {
	found := false
	ir.Rewrite{Buffer: func(b *ir.Buffer) *ir.Buffer {
		for _, s := range stmts {
			if a, ok := s.(*ir.Alloc); ok && a.Buf == b {
				found = true
			}
		}
		return b
	}}.OfExpr(x)
	return found
}

// reduce computes a reduction whose parts are lowered already.
func (l *lowering) reduce(red *ir.Reduce) ([]ir.Stmt, ir.Expr) {
	acc := &ir.Buffer{Name: l.nest.fresh("acc"), Type: l.nest.Type, Role: ir.Temp, Space: ir.Register}
	read := &ir.Load{Buf: acc, Width: 1}
	start, op := 0.0, ir.FAdd
	if red.Op == ir.MaxOf {
		start, op = math.Inf(-1), ir.FMax
	}
	body := []ir.Stmt{&ir.Store{Buf: acc, Value: &ir.Binary{Op: op, X: read, Y: red.Body}}}
	if red.Where != nil {
		body = []ir.Stmt{&ir.If{Cond: red.Where, Then: body}}
	}
	l.nest.used[red.Axis] = true
	return []ir.Stmt{
		&ir.Alloc{Buf: acc},
		&ir.Store{Buf: acc, Value: &ir.Const{Type: l.nest.Type, Value: start}},
		&ir.For{Var: red.Axis, Lo: ir.Int(0), Hi: red.Extent, Step: 1, Body: body, Stage: l.name},
	}, read
}
