package schedule

import "github.com/pyragen/pyragen/ir"

var beginPass = Pass{
	Name: "begin",
	Doc: `begin a sum with its first term instead of zero, where that term is known

	alloc v: f32x8
	v = broadcast(0.0, 8)
	v = fma(x[0, 0, 0, 0:8], y[0, 0, 0, 0:8], v)
	v = fma(x[0, 0, 0, 8:8], y[0, 0, 0, 8:8], v)
->
	alloc v: f32x8
	v = x[0, 0, 0, 0:8] * y[0, 0, 0, 0:8]
	v = fma(x[0, 0, 0, 8:8], y[0, 0, 0, 8:8], v)

A sum whose terms are all -0 is then -0.`,
	Run: func(n *Nest, _ Schedule) error {
		return n.eachBody(func(block []ir.Stmt) ([]ir.Stmt, error) {
			var out []ir.Stmt
			first := map[int]ir.Expr{} // by place in the block
			for i, s := range block {
				if e, ok := s.(*ir.Store); ok && isZero(e) {
					if at, term := firstTerm(block[i+1:], e.Buf); term != nil {
						first[i+1+at] = term
						continue
					}
				}
				if term := first[i]; term != nil {
					s = &ir.Store{Buf: s.(*ir.Store).Buf, Value: term}
				}
				out = append(out, s)
			}
			return out, nil
		})
	},
}

// isZero reports whether a statement sets a register to +0.
func isZero(s *ir.Store) bool {
	x := s.Value
	if b, ok := x.(*ir.Broadcast); ok {
		x = b.X
	}
	c, ok := x.(*ir.Const)
	return ok && c.Value == 0 && s.Buf.Space == ir.Register && s.Mask == ""
}

// firstTerm returns the place of the next statement that uses a register, and what it adds to it; nil if it does anything else.
func firstTerm(block []ir.Stmt, reg *ir.Buffer) (int, ir.Expr) {
	for i, s := range block {
		if _, ok := s.(*ir.Alloc); ok || !touchesBuffer([]ir.Stmt{s}, reg) {
			continue
		}
		e, ok := s.(*ir.Store)
		if !ok || e.Buf != reg {
			return 0, nil
		}
		switch x := e.Value.(type) {
		case *ir.FMA:
			if isRegister(x.Z, reg) && !readsRegister(x.X, reg) && !readsRegister(x.Y, reg) {
				return i, &ir.Binary{Op: ir.FMul, X: x.X, Y: x.Y}
			}
		case *ir.Binary:
			if x.Op == ir.FAdd && isRegister(x.X, reg) && !readsRegister(x.Y, reg) {
				return i, x.Y
			}
		}
		return 0, nil
	}
	return 0, nil
}

// isRegister reports whether x is what a register holds.
func isRegister(x ir.Expr, reg *ir.Buffer) bool {
	l, ok := x.(*ir.Load)
	return ok && l.Buf == reg
}

func readsRegister(x ir.Expr, reg *ir.Buffer) bool {
	return readsOf(&ir.Store{Buf: &ir.Buffer{}, Value: x}, reg) > 0
}
