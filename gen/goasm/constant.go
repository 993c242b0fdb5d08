package goasm

import (
	"math"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// pool has the constants of a file, one table a type.
type pool struct {
	f32 []uint32
	f64 []uint64
}

// Names of the tables of a file.
const (
	tableF32 = "pyragenF32"
	tableF64 = "pyragenF64"
)

// place returns where a constant of the type is.
func (p *pool) place(t ir.Type, v float64) operand.Mem {
	if t == ir.F32 {
		var k int
		p.f32, k = indexOf(p.f32, math.Float32bits(float32(v)))
		return operand.NewDataAddr(operand.NewStaticSymbol(tableF32), 4*k)
	}
	var k int
	p.f64, k = indexOf(p.f64, math.Float64bits(v))
	return operand.NewDataAddr(operand.NewStaticSymbol(tableF64), 8*k)
}

// indexOf finds v in a list, to which it is added where it is not there.
func indexOf[T comparable](list []T, v T) ([]T, int) {
	if k := slices.Index(list, v); k >= 0 {
		return list, k
	}
	return append(list, v), len(list)
}

// tables are the pool's tables as sections.
func (p *pool) tables() []*avo.Global {
	var out []*avo.Global
	if len(p.f32) > 0 {
		out = append(out, table(tableF32, p.f32, func(v uint32) operand.Constant { return operand.U32(v) }))
	}
	if len(p.f64) > 0 {
		out = append(out, table(tableF64, p.f64, func(v uint64) operand.Constant { return operand.U64(v) }))
	}
	return out
}

// table is a read-only table of a file.
func table[T any](name string, values []T, constant func(T) operand.Constant) *avo.Global {
	g := avo.NewStaticGlobal(name)
	g.Attributes = attr.RODATA | attr.NOPTR
	for _, v := range values {
		g.Append(constant(v))
	}
	return g
}

// isZero reports whether a value is the constant +0, which no table has: a register is cleared instead.
func isZero(c *ir.Const) bool { return math.Float64bits(c.Value) == 0 }

// constant fills all lanes with a constant.
func (e *emitter) constant(c *ir.Const, lanes int, r reg.VecVirtual) {
	e.checkConst(c)
	switch m := e.pool.place; {
	case isZero(c):
		e.ctx.VXORPS(r, r, r)
	case lanes > 1:
		e.fill(m(c.Type, c.Value), r, lanes)
	default:
		e.move(m(c.Type, c.Value), r, 1)
	}
}

func (e *emitter) checkConst(c *ir.Const) {
	if c.Type != e.typ() {
		fail("constant %v of %s in arithmetic of %s", c.Value, c.Type, e.typ())
	}
}

// broadcast fills all lanes with a scalar.
func (e *emitter) broadcast(b *ir.Broadcast, r reg.VecVirtual) {
	if c, ok := b.X.(*ir.Const); ok {
		e.constant(c, b.Width, r)
		return
	}
	e.fill(e.operand(b.X), r, b.Width)
}

func (e *emitter) fill(from operand.Op, r reg.VecVirtual, lanes int) {
	switch {
	case e.typ() == ir.F32:
		e.ctx.VBROADCASTSS(from, r)
	case lanes == 2:
		e.ctx.VMOVDDUP(from, r)
	default:
		e.ctx.VBROADCASTSD(from, r)
	}
}
