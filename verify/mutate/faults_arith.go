package mutate

import (
	"math"

	"github.com/pyragen/pyragen/ir"
)

func arithmeticFaults() []Fault {
	binary := func(op ir.BinOp, change func(x, y ir.Expr) ir.Expr) func(ir.Expr) ir.Expr {
		return func(x ir.Expr) ir.Expr {
			if b, ok := x.(*ir.Binary); ok && b.Op == op {
				return change(b.X, b.Y)
			}
			return nil
		}
	}
	return []Fault{
		{Name: "swapped-difference", Doc: "the operands of a subtraction are swapped", Kind: Value,
			program: values(binary(ir.FSub, func(x, y ir.Expr) ir.Expr { return &ir.Binary{Op: ir.FSub, X: y, Y: x} }))},
		{Name: "lost-maximum", Doc: "the second operand stands for the maximum", Kind: Value,
			program: values(binary(ir.FMax, func(x, y ir.Expr) ir.Expr {
				_, left := constant(x)
				if _, right := constant(y); left || right { // a clamp, which only extremes reach
					return nil
				}
				return y
			}))},
		{Name: "lost-scale", Doc: "a score is not scaled", Kind: Value,
			program: values(binary(ir.FMul, func(x, y ir.Expr) ir.Expr {
				if !isLoad(x, "scale") {
					return nil
				}
				return y
			}))},
		{Name: "lost-reciprocal", Doc: "a sum stands for its reciprocal", Kind: Value,
			program: values(func(x ir.Expr) ir.Expr {
				if u, ok := x.(*ir.Unary); ok && u.Op == ir.Recip {
					return u.X
				}
				return nil
			})},
		{Name: "swapped-choice", Doc: "each value of a choice stands for the other", Kind: Value,
			program: values(func(x ir.Expr) ir.Expr {
				if c, ok := x.(*ir.Choose); ok {
					return &ir.Choose{Op: c.Op, A: c.A, B: c.B, X: c.Y, Y: c.X}
				}
				return nil
			})},
		{Name: "lost-coefficient", Doc: "a term of a polynomial is left out", Kind: Value,
			program: values(func(x ir.Expr) ir.Expr {
				f, ok := x.(*ir.FMA)
				if !ok {
					return nil
				}
				if c, ok := constant(f.Z); !ok || c.Value == 0 {
					return nil
				}
				return &ir.Binary{Op: ir.FMul, X: f.X, Y: f.Y}
			})},
		{Name: "wrong-coefficient", Doc: "a coefficient of a polynomial is off by a sixteenth", Kind: Value, program: values(wrongCoefficient)},
		{Name: "lost-sum", Doc: "a product stands for the sum that it is added to", Kind: Value,
			program: addends(func(f *ir.FMA) ir.Expr { return &ir.Binary{Op: ir.FMul, X: f.X, Y: f.Y} })},
		{Name: "unfused", Doc: "a product is rounded before it is added", Kind: Value,
			program: addends(func(f *ir.FMA) ir.Expr {
				return &ir.Binary{Op: ir.FAdd, X: &ir.Binary{Op: ir.FMul, X: f.X, Y: f.Y}, Y: f.Z}
			})},
	}
}

// isLoad reports whether a value is an element of an argument, in every lane.
func isLoad(x ir.Expr, name string) bool {
	if b, ok := x.(*ir.Broadcast); ok {
		x = b.X
	}
	l, ok := x.(*ir.Load)
	return ok && l.Buf.Name == name
}

// wrongCoefficient changes an operand of an FMA that is a constant. Small ones are the low parts of ln 2: too small to be seen.
func wrongCoefficient(x ir.Expr) ir.Expr {
	f, ok := x.(*ir.FMA)
	if !ok {
		return nil
	}
	changed := *f
	for _, operand := range []*ir.Expr{&changed.X, &changed.Y, &changed.Z} {
		c, ok := constant(*operand)
		if !ok || math.Abs(c.Value) < 1e-3 {
			continue
		}
		value := c.Value * 17 / 16
		if c.Type == ir.F32 {
			value = float64(float32(value))
		}
		var wrong ir.Expr = &ir.Const{Type: c.Type, Value: value}
		if b, ok := (*operand).(*ir.Broadcast); ok {
			wrong = &ir.Broadcast{X: wrong, Width: b.Width}
		}
		*operand = wrong
		return &changed
	}
	return nil
}

// addends is a fault in an FMA that adds a product of variables to a register to which another FMA of the same block has added before.
// A first one adds to zero, where it makes no difference whether it does; a constant may be so short, or so small, that a rounding more
// makes none.
func addends(change func(*ir.FMA) ir.Expr) func(*ir.Program, func() bool) {
	return inFunctions(func(_ *ir.Func, here func() bool) ir.Rewrite {
		added := map[string]bool{}
		return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
			t, ok := s.(*ir.Store)
			if !ok || t.Buf.Space != ir.Register {
				return []ir.Stmt{s}
			}
			register := ir.FormatExpr(&ir.Load{Buf: t.Buf, At: t.At})
			f, adds := t.Value.(*ir.FMA)
			if adds {
				_, left := constant(f.X)
				_, right := constant(f.Y)
				adds = !left && !right && ir.FormatExpr(f.Z) == register
			}
			if adds && added[register] && here() {
				s = &ir.Store{Buf: t.Buf, At: t.At, Value: change(f)}
			}
			added[register] = adds
			return []ir.Stmt{s}
		}}
	})
}

func laneFaults() []Fault {
	return []Fault{
		{Name: "wrong-lane", Doc: "another lane of a vector is taken", Kind: Value,
			program: values(func(x ir.Expr) ir.Expr {
				l, ok := x.(*ir.Lane)
				if !ok {
					return nil
				}
				if l.K == 0 {
					return &ir.Lane{X: l.X, K: l.X.Lanes() - 1}
				}
				return &ir.Lane{X: l.X}
			})},
		{Name: "swapped-sums", Doc: "the first two sums of a tree are swapped", Kind: Value,
			program: values(func(x ir.Expr) ir.Expr {
				t, ok := x.(*ir.Tree)
				if !ok {
					return nil
				}
				xs := append([]ir.Expr(nil), t.Xs...)
				xs[0], xs[1] = xs[1], xs[0]
				return &ir.Tree{Xs: xs}
			})},
	}
}
