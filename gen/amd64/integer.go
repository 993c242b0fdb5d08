package goasm

import (
	"math/bits"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// integer computes an index expression in a register of its own.
func (e *emitter) integer(x ir.Index) reg.GPVirtual { return e.poly(ir.PolyOf(x)) }

// poly computes a sum of products.
func (e *emitter) poly(p ir.Poly) reg.GPVirtual {
	sum := e.ctx.GP64()
	started := false
	for _, t := range p.Terms {
		if c := t.Coef; len(t.Atoms) == 1 && started && (c == 1 || c == -1) {
			x := e.atom(t.Atoms[0])
			if c == 1 {
				e.ctx.ADDQ(x, sum)
			} else {
				e.ctx.SUBQ(x, sum)
			}
			continue
		}
		product := sum
		if started {
			product = e.ctx.GP64()
		}
		e.ctx.MOVQ(e.atom(t.Atoms[0]), product)
		for _, a := range t.Atoms[1:] {
			e.ctx.IMULQ(e.atom(a), product)
		}
		e.scale(product, t.Coef)
		if started {
			e.ctx.ADDQ(product, sum)
		}
		started = true
	}
	switch {
	case !started && p.Const == 0:
		e.ctx.XORL(sum.As32(), sum.As32())
	case !started:
		e.ctx.MOVQ(imm32(p.Const), sum)
	case p.Const != 0:
		e.ctx.ADDQ(imm32(p.Const), sum)
	}
	return sum
}

// scale multiplies a register by a constant.
func (e *emitter) scale(r reg.GPVirtual, c int64) {
	switch {
	case c == 1:
	case c == -1:
		e.ctx.NEGQ(r)
	case c > 0 && c&(c-1) == 0:
		e.ctx.SHLQ(operand.U8(bits.TrailingZeros64(uint64(c))), r)
	default:
		e.ctx.IMUL3Q(imm32(c), r, r)
	}
}

func imm32(c int64) operand.Constant {
	if int64(int32(c)) != c {
		fail("constant %d does not fit 32 bits", c)
	}
	return operand.I32(int32(c))
}

// atom is an operand with the value of an expression that is no sum or product.
func (e *emitter) atom(x ir.Index) operand.Op {
	switch x := x.(type) {
	case ir.Var:
		op, ok := e.vars[string(x)]
		if !ok {
			fail("unknown variable %s", x)
		}
		return op
	case *ir.Arith:
		switch x.Op {
		case ir.Min, ir.Max:
			return e.extreme(x)
		case ir.Div, ir.Mod:
			return e.quotient(x)
		}
	case *ir.Pick:
		no, end := e.label("pick"), e.label("picked")
		r := e.ctx.GP64()
		e.unless(x.Cond, no)
		e.ctx.MOVQ(e.integer(x.X), r)
		e.ctx.JMP(operand.LabelRef(end))
		e.ctx.Label(no)
		e.ctx.MOVQ(e.integer(x.Y), r)
		e.ctx.Label(end)
		return r
	}
	fail("cannot compute %s", ir.FormatIndex(x))
	return nil
}

func (e *emitter) extreme(x *ir.Arith) operand.Op {
	a, b := e.integer(x.X), e.integer(x.Y)
	e.ctx.CMPQ(a, b)
	if x.Op == ir.Min {
		e.ctx.CMOVQGT(b, a)
	} else {
		e.ctx.CMOVQLT(b, a)
	}
	return a
}

// quotient divides by a positive constant, rounding towards minus infinity, or takes the remainder.
func (e *emitter) quotient(x *ir.Arith) operand.Op {
	c, ok := x.Y.(ir.Int)
	if !ok || c <= 0 {
		fail("cannot divide by %s, only by positive constants", ir.FormatIndex(x.Y))
	}
	r := e.integer(x.X)
	if c&(c-1) == 0 {
		if x.Op == ir.Div {
			e.ctx.SARQ(operand.U8(bits.TrailingZeros64(uint64(c))), r)
		} else {
			e.ctx.ANDQ(imm32(int64(c-1)), r)
		}
		return r
	}
	by, fix := e.ctx.GP64(), e.ctx.GP64()
	e.ctx.MOVQ(imm32(int64(c)), by)
	e.ctx.MOVQ(r, reg.RAX)
	e.ctx.CQO()
	e.ctx.IDIVQ(by)
	// A negative remainder moves both by one divisor.
	e.ctx.MOVQ(reg.RDX, fix)
	e.ctx.SARQ(operand.U8(63), fix)
	out := e.ctx.GP64()
	if x.Op == ir.Div {
		e.ctx.MOVQ(reg.RAX, out)
	} else {
		e.ctx.MOVQ(reg.RDX, out)
		e.ctx.ANDQ(by, fix)
	}
	e.ctx.ADDQ(fix, out)
	return out
}

// unless jumps to a label where a condition does not hold.
func (e *emitter) unless(c ir.Cond, label string) {
	switch c := c.(type) {
	case *ir.And:
		e.unless(c.X, label)
		e.unless(c.Y, label)
	case *ir.Compare:
		e.ctx.CMPQ(e.integer(c.X), e.comparand(c.Y))
		to := operand.LabelRef(label)
		switch c.Op {
		case ir.LT:
			e.ctx.JGE(to)
		case ir.LE:
			e.ctx.JGT(to)
		case ir.EQ:
			e.ctx.JNE(to)
		case ir.NE:
			e.ctx.JEQ(to)
		case ir.GE:
			e.ctx.JLT(to)
		case ir.GT:
			e.ctx.JLE(to)
		}
	default:
		fail("cannot branch on %s", ir.FormatCond(c))
	}
}

// comparand is an operand that a register can be compared with.
func (e *emitter) comparand(x ir.Index) operand.Op {
	switch y := x.(type) {
	case ir.Int:
		return imm32(int64(y))
	case ir.Var:
		return e.atom(y)
	}
	return e.integer(x)
}
