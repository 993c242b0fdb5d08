package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// block is the body of the loop for all lanes at once; with v.mask set, for the active ones only.
func (v *vectoriser) block(body []ir.Stmt) ([]ir.Stmt, error) {
	var out []ir.Stmt
	for _, s := range body {
		t, err := v.stmt(s)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func (v *vectoriser) stmt(s ir.Stmt) (ir.Stmt, error) {
	switch e := s.(type) {
	case *ir.For:
		if v.depends(e.Lo) || v.depends(e.Hi) {
			return nil, fmt.Errorf("the loop %s inside runs over %s, want bounds that do not depend on %s; vectorise before tiling, or another loop", e.Var, span(e), v.loop.Var)
		}
		c := *e
		var err error
		c.Body, err = v.block(e.Body)
		return &c, err
	case *ir.If:
		if s := choice(e); s != nil {
			return v.store(s)
		}
		if cmp, ok := e.Cond.(*ir.Compare); !ok || v.depends(cmp.X) || v.depends(cmp.Y) {
			return nil, fmt.Errorf("the condition %s inside is not the same for all lanes, want one without %s; use `segments` first, or vectorise another loop", ir.FormatCond(e.Cond), v.loop.Var)
		}
		then, err := v.block(e.Then)
		if err != nil {
			return nil, err
		}
		els, err := v.block(e.Else)
		return &ir.If{Cond: e.Cond, Then: then, Else: els, Note: e.Note}, err
	case *ir.Let:
		if v.depends(e.Value) {
			return nil, fmt.Errorf("%s inside is %s, which is not the same for all lanes, want a let without %s; vectorise another loop", e.Var, ir.FormatIndex(e.Value), v.loop.Var)
		}
		return e, nil
	case *ir.Alloc:
		return &ir.Alloc{Buf: v.vector(e.Buf)}, nil
	case *ir.Store:
		return v.store(e)
	}
	return nil, fmt.Errorf("got %s inside, want loops, ifs, lets, allocs and stores only; vectorise before the step that brought it", kindOf(s))
}

// choice is a choice by a value between two stores to one element as one store of the chosen value, so that every lane can make
// its own; nil if the if is something else.
func choice(s *ir.If) *ir.Store {
	cmp, ok := s.Cond.(*ir.CompareValue)
	if !ok || len(s.Then) != 1 || len(s.Else) != 1 {
		return nil
	}
	x, ok := s.Then[0].(*ir.Store)
	y, ok2 := s.Else[0].(*ir.Store)
	if !ok || !ok2 || x.Buf != y.Buf || x.Mask != y.Mask || x.Stream != y.Stream || !sameSubscripts(x.At, y.At) {
		return nil
	}
	c := *x
	c.Value = &ir.Choose{Op: cmp.Op, A: cmp.X, B: cmp.Y, X: x.Value, Y: y.Value}
	return &c
}

func (v *vectoriser) store(s *ir.Store) (ir.Stmt, error) {
	value, err := v.expr(s.Value)
	if err != nil {
		return nil, err
	}
	if s.Buf.Space == ir.Register {
		if s.Buf == v.acc && !addsTo(s) {
			return nil, fmt.Errorf("got `%s`, want a sum, %s = %s + ...; vectorise another loop", strings.TrimSpace(ir.FormatStmts([]ir.Stmt{s})), s.Buf.Name, s.Buf.Name)
		}
		return &ir.Store{Buf: v.vector(s.Buf), At: s.At, Value: value}, nil
	}
	row, err := v.contiguous(s.Buf, s.At)
	if err != nil {
		return nil, err
	}
	if !row {
		return nil, fmt.Errorf("every iteration stores to the same element of %s, want one of its own; vectorise another loop", s.Buf.Name)
	}
	return &ir.Store{Buf: s.Buf, At: s.At, Mask: v.maskOf(s.Buf, s.At), Value: value}, nil
}

// maskOf is the mask of an access: none for a temporary whose rows are as long as a vector that begins with their first element: the last ones are
// there to be touched.
func (v *vectoriser) maskOf(b *ir.Buffer, at []ir.Index) string {
	last := len(b.Dims) - 1
	if b.Role == ir.Temp && last >= 0 && ir.Same(b.Dims[last], ir.Int(int64(v.lanes))) && ir.Same(at[last], ir.Var(v.loop.Var)) && ir.Same(v.loop.Lo, ir.Int(0)) {
		return ""
	}
	return v.mask
}

// kindOf is the kind of a statement or a value, for errors: "a select", "an if".
func kindOf(x any) string {
	kind := strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", x), "*ir."))
	if strings.ContainsRune("aeiou", rune(kind[0])) {
		return "an " + kind
	}
	return "a " + kind
}

// addsTo reports whether a store adds a value to what it stores to.
func addsTo(s *ir.Store) bool {
	reads := func(x ir.Expr) bool {
		l, ok := x.(*ir.Load)
		return ok && l.Buf == s.Buf
	}
	switch e := s.Value.(type) {
	case *ir.Binary:
		return e.Op == ir.FAdd && reads(e.X)
	case *ir.FMA:
		return reads(e.Z)
	}
	return false
}

// expr is a value for all lanes.
func (v *vectoriser) expr(x ir.Expr) (ir.Expr, error) {
	switch e := x.(type) {
	case *ir.Const:
		return v.broadcast(e), nil
	case *ir.Load:
		if e.Buf.Space == ir.Register {
			if vec := v.vec[e.Buf]; vec != nil {
				return &ir.Load{Buf: vec, At: e.At, Width: 1}, nil
			}
			return v.broadcast(e), nil
		}
		row, err := v.contiguous(e.Buf, e.At)
		if err != nil {
			return nil, err
		}
		if row {
			return &ir.Load{Buf: e.Buf, At: e.At, Width: v.lanes, Mask: v.maskOf(e.Buf, e.At)}, nil
		}
		return v.broadcast(e), nil
	case *ir.Binary:
		a, err := v.expr(e.X)
		if err != nil {
			return nil, err
		}
		b, err := v.expr(e.Y)
		return &ir.Binary{Op: e.Op, X: a, Y: b}, err
	case *ir.FMA:
		a, err := v.expr(e.X)
		if err != nil {
			return nil, err
		}
		b, err := v.expr(e.Y)
		if err != nil {
			return nil, err
		}
		c, err := v.expr(e.Z)
		return &ir.FMA{X: a, Y: b, Z: c}, err
	case *ir.Unary:
		a, err := v.expr(e.X)
		return &ir.Unary{Op: e.Op, X: a}, err
	case *ir.Random:
		return v.random(e)
	case *ir.Choose:
		c := *e
		for _, x := range []*ir.Expr{&c.A, &c.B, &c.X, &c.Y} {
			y, err := v.expr(*x)
			if err != nil {
				return nil, err
			}
			*x = y
		}
		return &c, nil
	}
	return nil, fmt.Errorf("got %s inside, want loads, constants and arithmetic only; vectorise before the step that brought it", kindOf(x))
}
