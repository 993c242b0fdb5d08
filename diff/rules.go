package diff

import (
	"math"

	"github.com/pyragen/pyragen/ir"
)

// contribution is what a load of a buffer, at subscripts in the variables of its stage, adds to the buffer's gradient. The term
// has a sum over every axis of the stage.
type contribution struct {
	stage *ir.Stage
	at    []ir.Index
	term  term
}

// spread passes the gradient t that arrives at e on to what e loads. root says that e is the value of the stage where all guards
// of t hold. The rules, for the gradient g of the result:
//
//	x + y, x - y        g;  g, -g              -x         -g
//	x * y               g * y;  x * g          exp(x)     exp(x) * g
//	x / y               g / y;  -x/y/y * g     log(x)     g / x, and 0 where x is 0 (the logarithm is -inf whatever x does near 0)
//	c ? x : y           c ? g : 0;  c ? 0 : g  recip(x)   -y * y * g, y = recip(x)
//	max(x, y)           as x > y ? x : y       min(x, y)  as x < y ? x : y
//	sum(j where c: x)   for each j, c ? g : 0
//
// A logarithm that is a whole stage y is differentiated through its result, as exp(-y): it is at hand, and exp(x) * exp(-y) merges
// to an exponential that does not overflow.
func (p *pass) spread(s *ir.Stage, e ir.Expr, t term, root bool) {
	if !p.depends(e) {
		return
	}
	switch e := e.(type) {
	case *ir.Load:
		p.contributions[e.Buf] = append(p.contributions[e.Buf], contribution{s, e.At, t})
	case *ir.Binary:
		p.spreadBinary(s, e, t)
	case *ir.Unary:
		p.spreadUnary(s, e, t, root)
	case *ir.Select:
		p.spread(s, e.X, t.guarded(guardsOf(e.Cond)...), root)
		p.spread(s, e.Y, t.guarded(otherwise(e.Cond)), root)
	case *ir.Reduce:
		if e.Op != ir.Sum {
			refuse("stage %s: got %s, whose gradient is not unique where two are equal; want a stage of its own for it, named in Hold"+
				" if the outputs do not depend on it", s.Out.Name, show(e))
		}
		t.sums = append(t.sums[:len(t.sums):len(t.sums)], sum{ir.Var(e.Axis), e.Extent})
		p.spread(s, e.Body, t.guarded(guardsOf(e.Where)...), false)
	default:
		refuse("stage %s: got %s, for which there is no rule; want sums, products, quotients, maxima, exp, log, recip and selections",
			s.Out.Name, show(e))
	}
}

func (p *pass) spreadBinary(s *ir.Stage, e *ir.Binary, t term) {
	switch e.Op {
	case ir.FAdd:
		p.spread(s, e.X, t, false)
		p.spread(s, e.Y, t, false)
	case ir.FSub:
		p.spread(s, e.X, t, false)
		p.spread(s, e.Y, t.negated(), false)
	case ir.FMul:
		p.spread(s, e.X, t.after(e.Y), false)
		p.spread(s, e.Y, t.before(e.X), false)
	case ir.FDiv:
		r := p.recip(e.Y)
		p.spread(s, e.X, t.after(r), false)
		p.spread(s, e.Y, t.before(r).before(r).before(e.X).negated(), false)
	case ir.FMax, ir.FMin:
		c := &ir.CompareValue{Op: ir.GT, X: e.X, Y: e.Y}
		if e.Op == ir.FMin {
			c.Op = ir.LT
		}
		p.spread(s, e.X, t.guarded(guard{cond: c}), false)
		p.spread(s, e.Y, t.guarded(otherwise(c)), false)
	default:
		refuse("stage %s: got %s, for whose operator there is no rule; want +, -, *, /, max or min", s.Out.Name, show(e))
	}
}

func (p *pass) spreadUnary(s *ir.Stage, e *ir.Unary, t term, root bool) {
	result := ir.Expr(e)
	if root {
		result = p.result(s)
	}
	switch e.Op {
	case ir.Neg:
		t = t.negated()
	case ir.Exp:
		t = t.before(e)
	case ir.Recip:
		t = t.before(result).before(result).negated()
	case ir.Log:
		if root {
			none := &ir.CompareValue{Op: ir.EQ, X: result, Y: p.constant(math.Inf(-1))}
			t = t.before(&ir.Unary{Op: ir.Exp, X: &ir.Unary{Op: ir.Neg, X: result}}).guarded(otherwise(none))
		} else {
			none := &ir.CompareValue{Op: ir.EQ, X: e.X, Y: p.constant(0)}
			t = t.before(&ir.Unary{Op: ir.Recip, X: e.X}).guarded(otherwise(none))
		}
	default:
		refuse("stage %s: got %s, for whose operator there is no rule; want -, exp, log or recip", s.Out.Name, show(e))
	}
	p.spread(s, e.X, t, false)
}

// recip is 1/e.
func (p *pass) recip(e ir.Expr) ir.Expr {
	if c, ok := e.(*ir.Const); ok && c.Value != 0 {
		return p.constant(rounded(p.kernel.Type, 1/c.Value))
	}
	return &ir.Unary{Op: ir.Recip, X: e}
}

// result is the load of what a stage defines.
func (p *pass) result(s *ir.Stage) ir.Expr {
	l := &ir.Load{Buf: s.Out}
	for _, a := range s.Axes {
		l.At = append(l.At, ir.Var(a.Name))
	}
	return l
}

// depends reports whether a value depends on what is differentiated by. Conditions do not count: where they change there is no
// gradient.
func (p *pass) depends(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Load:
		return p.active[e.Buf]
	case *ir.Binary:
		return p.depends(e.X) || p.depends(e.Y)
	case *ir.Unary:
		return p.depends(e.X)
	case *ir.Select:
		return p.depends(e.X) || p.depends(e.Y)
	case *ir.Reduce:
		return p.depends(e.Body)
	}
	return false // a constant; Verify lets nothing else into a kernel
}

func (p *pass) constant(v float64) ir.Expr { return &ir.Const{Type: p.kernel.Type, Value: v} }

// show is a value with the names that its writer gave.
func show(e ir.Expr) string { return ir.FormatExpr(written.OfExpr(settle(e, map[string]bool{}))) }
