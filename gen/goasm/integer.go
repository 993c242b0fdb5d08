package goasm

import (
	"maps"
	"math/bits"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// integer computes an index expression in a register of its own.
func (e *emitter) integer(x ir.Index) reg.GPVirtual { return e.poly(ir.PolyOf(x)) }

// poly computes a sum of products.
func (e *emitter) poly(p ir.Poly) reg.GPVirtual {
	if len(p.Terms) == 1 && p.Const == 0 && p.Terms[0].Coef == 1 && p.Terms[0].Degree() == 1 {
		if _, v := p.Terms[0].Var(); !v { // then its register is nobody else's
			if r, ok := e.atom(p.Terms[0].Product).(reg.GPVirtual); ok {
				return r
			}
			fail("cannot compute %s", ir.FormatIndex(p.Index()))
		}
	}
	sum := e.ctx.GP64()
	started := false
	for _, t := range p.Terms {
		if c := t.Coef; t.Degree() == 1 && started && (c == 1 || c == -1) {
			x := e.atom(t.Product)
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
		e.ctx.MOVQ(e.atom(t.Atom(0)), product)
		for k := 1; k < t.Degree(); k++ {
			e.ctx.IMULQ(e.atom(t.Atom(k)), product)
		}
		e.scale(product, t.Coef)
		if started {
			e.ctx.ADDQ(product, sum)
		}
		started = true
	}
	switch c := p.Const; {
	case !started && c == 0:
		e.ctx.XORL(sum.As32(), sum.As32())
	case !started:
		e.ctx.MOVQ(immediate(c), sum)
	case c != 0 && int64(int32(c)) == c:
		e.ctx.ADDQ(imm32(c), sum)
	case c != 0:
		big := e.ctx.GP64()
		e.ctx.MOVQ(immediate(c), big)
		e.ctx.ADDQ(big, sum)
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
	case int64(int32(c)) == c:
		e.ctx.IMUL3Q(imm32(c), r, r)
	default:
		big := e.ctx.GP64()
		e.ctx.MOVQ(immediate(c), big)
		e.ctx.IMULQ(big, r)
	}
}

// immediate is a constant of as few bytes as hold it.
func immediate(c int64) operand.Constant {
	if int64(int32(c)) == c {
		return operand.I32(int32(c))
	}
	return operand.I64(c)
}

// imm32 is a constant that is added or compared; longer ones have no such instructions.
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
	case *ir.Gather:
		r := e.ctx.GP64()
		e.ctx.MOVLQSX(e.address(x.Table, x.At), r)
		return r
	case *ir.Pick:
		// A branch, not a conditional move: only the chosen side may be computed, the other one may divide by zero.
		no, end := e.label("pick"), e.label("picked")
		r := e.ctx.GP64()
		before := maps.Clone(e.loaded)
		e.unless(x.Cond, no)
		e.ctx.MOVQ(e.integer(x.X), r)
		e.ctx.JMP(operand.LabelRef(end))
		e.ctx.Label(no)
		e.ctx.MOVQ(e.integer(x.Y), r)
		e.ctx.Label(end)
		e.loaded = before
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

// quotient divides by a positive number, rounding towards minus infinity, or takes the remainder, which is then not negative. A
// shift and a mask do that for powers of two.
func (e *emitter) quotient(x *ir.Arith) operand.Op {
	c, constant := x.Y.(ir.Int)
	if constant && c <= 0 {
		fail("%s: divisor %d, want a positive one", ir.FormatIndex(x), c)
	}
	r := e.integer(x.X)
	switch {
	case c == 1 && x.Op == ir.Div:
		return r
	case constant && c&(c-1) == 0 && x.Op == ir.Div:
		e.ctx.SARQ(operand.U8(bits.TrailingZeros64(uint64(c))), r)
		return r
	case constant && c&(c-1) == 0 && int64(int32(c-1)) == int64(c-1):
		e.ctx.ANDQ(imm32(int64(c-1)), r)
		return r
	}
	by, fix := e.integer(x.Y), e.ctx.GP64()
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
