package goasm

import (
	"github.com/mmcloughlin/avo/operand"

	"github.com/pyragen/pyragen/ir"
)

// unless jumps to a label where a condition does not hold.
func (e *emitter) unless(c ir.Cond, label string) {
	switch c := c.(type) {
	case *ir.And:
		e.unless(c.X, label)
		e.unless(c.Y, label)
	case *ir.Compare:
		e.unlessCompare(c, operand.LabelRef(label))
	case *ir.CompareValue:
		e.unlessValue(c, label)
	case *ir.Aligned:
		e.check(c.Buf)
		if c.Bytes < 1 || c.Bytes&(c.Bytes-1) != 0 || c.Bytes > 1<<30 {
			fail("%s: want a power of two", ir.FormatCond(c))
		}
		r := e.ctx.GP64()
		e.ctx.MOVQ(e.argument(c.Buf.Name), r)
		e.ctx.TESTQ(imm32(int64(c.Bytes-1)), r)
		e.ctx.JNE(operand.LabelRef(label))
	default:
		fail("cannot branch on %s", ir.FormatCond(c))
	}
}

// unlessCompare compares integers.
func (e *emitter) unlessCompare(c *ir.Compare, to operand.LabelRef) {
	if m, ok := e.inMemory(c.X); ok && isSmall(c.Y) {
		e.ctx.CMPQ(m, e.comparand(c.Y))
	} else {
		e.ctx.CMPQ(e.integer(c.X), e.comparand(c.Y))
	}
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
	default:
		fail("unknown comparison %d", c.Op)
	}
}

// unlessValue compares scalars. VUCOMISS sets the carry where its second operand in Go's order is less, and with it zero and parity
// where a NaN takes part, so `x > y` and `x >= y` are tests of one flag each that NaN fails; `<` is `>` the other way round.
func (e *emitter) unlessValue(c *ir.CompareValue, label string) {
	x, y, op := c.X, c.Y, c.Op
	switch op {
	case ir.LT:
		x, y, op = y, x, ir.GT
	case ir.LE:
		x, y, op = y, x, ir.GE
	}
	first := e.value(x)
	second := e.operand(y)
	if e.prog.Type == ir.F64 {
		e.ctx.VUCOMISD(second, first)
	} else {
		e.ctx.VUCOMISS(second, first)
	}
	to := operand.LabelRef(label)
	switch op {
	case ir.GT:
		e.ctx.JLS(to)
	case ir.GE:
		e.ctx.JCS(to)
	case ir.EQ:
		e.ctx.JNE(to)
		e.ctx.JPS(to)
	case ir.NE:
		unordered := e.label("differ")
		e.ctx.JPS(operand.LabelRef(unordered))
		e.ctx.JEQ(to)
		e.ctx.Label(unordered)
	default:
		fail("unknown comparison %d", c.Op)
	}
}

// inMemory returns the operand of a variable that is in memory.
func (e *emitter) inMemory(x ir.Index) (operand.Mem, bool) {
	v, ok := x.(ir.Var)
	if !ok {
		return operand.Mem{}, false
	}
	m, ok := e.vars[string(v)].(operand.Mem)
	return m, ok
}

func isSmall(x ir.Index) bool {
	c, ok := x.(ir.Int)
	return ok && int64(int32(c)) == int64(c)
}

// comparand is an operand that a register can be compared with.
func (e *emitter) comparand(x ir.Index) operand.Op {
	switch y := x.(type) {
	case ir.Int:
		if isSmall(y) {
			return imm32(int64(y))
		}
	case ir.Var:
		return e.atom(y)
	}
	return e.integer(x)
}
