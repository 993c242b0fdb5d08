package schedule

import "github.com/pyragen/pyragen/ir"

// ranges are the constant bounds of loop variables, where they have some: from lo up to, not including, hi.
type ranges map[ir.Var][2]int64

// rangesOf collects the loops of a block. Loops of one name together have the bounds of all of them.
func rangesOf(body []ir.Stmt) ranges {
	r, open := ranges{}, map[ir.Var]bool{}
	ir.Each(body, func(s ir.Stmt) {
		loop, ok := s.(*ir.For)
		if !ok {
			return
		}
		v := ir.Var(loop.Var)
		lo, fixed := loop.Lo.(ir.Int)
		hi, bounded := atMost(loop.Hi)
		if !fixed || !bounded {
			open[v] = true
			return
		}
		b, seen := r[v]
		if !seen {
			b = [2]int64{int64(lo), hi}
		}
		r[v] = [2]int64{min(b[0], int64(lo)), max(b[1], hi)}
	})
	for v := range open {
		delete(r, v)
	}
	return r
}

// atMost returns a constant that x never exceeds: of a minimum the smaller of its sides that have one.
func atMost(x ir.Index) (int64, bool) {
	switch e := x.(type) {
	case ir.Int:
		return int64(e), true
	case *ir.Arith:
		a, ok := atMost(e.X)
		b, ok2 := atMost(e.Y)
		factor, constant := e.Y.(ir.Int)
		switch e.Op {
		case ir.Min:
			switch {
			case ok && ok2:
				return min(a, b), true
			case ok:
				return a, true
			}
			return b, ok2
		case ir.Add:
			return a + b, ok && ok2
		case ir.Mul:
			return a * int64(factor), ok && constant && factor >= 0
		case ir.Div:
			if constant && factor > 0 {
				return ir.FloorDiv(a, int64(factor)), ok
			}
		}
	}
	return 0, false
}

// of returns the least and the largest value of a sum of variables with constant bounds.
func (r ranges) of(p ir.Poly) (least, most int64, ok bool) {
	least, most = p.Const, p.Const
	for _, t := range p.Terms {
		v, isVar := t.Var()
		b, known := r[v]
		if !isVar || !known {
			return 0, 0, false
		}
		x, y := t.Coef*b[0], t.Coef*(b[1]-1)
		least, most = least+min(x, y), most+max(x, y)
	}
	return least, most, true
}
