package goasm

import (
	"math"
	"slices"
	"sync"

	"github.com/mmcloughlin/avo/attr"
	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// pool has the constants of a file: one table a type for those that are read by themselves, and one for those that are read as a
// vector of equal lanes, which AVX2 has no broadcast in its arithmetic for.
type pool struct {
	sync.Mutex  // functions that are written again look their constants up side by side
	f32, wide32 []uint32
	f64, wide64 []uint64
}

// Names of the tables of a file.
const (
	tableF32  = "pyragenF32"
	tableF64  = "pyragenF64"
	tableF32s = "pyragenF32s"
	tableF64s = "pyragenF64s"
)

// wideBytes is the width of an equal vector in the pool: what AVX2 reads at most. Go's linker aligns the tables to as much.
const wideBytes = 32

// bitsOf is a constant as it is in memory.
func bitsOf(t ir.Type, v float64) uint64 {
	if t == ir.F32 {
		return uint64(math.Float32bits(float32(v)))
	}
	return math.Float64bits(v)
}

// place returns where a constant of the type is, given its bits.
func (p *pool) place(t ir.Type, bits uint64) operand.Mem {
	p.Lock()
	defer p.Unlock()
	if t == ir.F32 {
		var k int
		p.f32, k = indexOf(p.f32, uint32(bits))
		return operand.NewDataAddr(operand.NewStaticSymbol(tableF32), 4*k)
	}
	var k int
	p.f64, k = indexOf(p.f64, bits)
	return operand.NewDataAddr(operand.NewStaticSymbol(tableF64), 8*k)
}

// placeAll returns where a vector is that has a constant in each lane.
func (p *pool) placeAll(t ir.Type, bits uint64) operand.Mem {
	p.Lock()
	defer p.Unlock()
	if t == ir.F32 {
		var k int
		p.wide32, k = indexOf(p.wide32, uint32(bits))
		return operand.NewDataAddr(operand.NewStaticSymbol(tableF32s), wideBytes*k)
	}
	var k int
	p.wide64, k = indexOf(p.wide64, bits)
	return operand.NewDataAddr(operand.NewStaticSymbol(tableF64s), wideBytes*k)
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
	u32 := func(v uint32) operand.Constant { return operand.U32(v) }
	u64 := func(v uint64) operand.Constant { return operand.U64(v) }
	if len(p.f32) > 0 {
		out = append(out, table(tableF32, p.f32, u32))
	}
	if len(p.f64) > 0 {
		out = append(out, table(tableF64, p.f64, u64))
	}
	if len(p.wide32) > 0 {
		out = append(out, table(tableF32s, repeated(p.wide32, wideBytes/4), u32))
	}
	if len(p.wide64) > 0 {
		out = append(out, table(tableF64s, repeated(p.wide64, wideBytes/8), u64))
	}
	return out
}

// repeated has each value n times.
func repeated[T any](values []T, n int) []T {
	var out []T
	for _, v := range values {
		for range n {
			out = append(out, v)
		}
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
	if isZero(c) {
		e.ctx.VXORPS(r, r, r)
		return
	}
	m := e.pool.place(c.Type, bitsOf(c.Type, c.Value))
	if lanes > 1 {
		e.fill(m, r, lanes)
	} else {
		e.move(m, r, 1)
	}
}

// spread is a constant in memory that an instruction broadcasts to its lanes while it reads it, as those in EVEX can.
type spread struct{ operand.Mem }

// all is the memory operand that is a vector with the same bits in each lane, of at most the target's width.
func (e *emitter) all(bits uint64) operand.Op {
	if e.target.VectorBytes == 64 {
		return spread{e.pool.place(e.typ(), bits)}
	}
	return e.pool.placeAll(e.typ(), bits)
}

// constantOf returns the constant that a value is, or has in each lane; nil if it is none.
func constantOf(x ir.Expr) *ir.Const {
	if b, ok := x.(*ir.Broadcast); ok {
		x = b.X
	}
	c, _ := x.(*ir.Const)
	return c
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
	if l, ok := b.X.(*ir.Load); ok && l.Buf.Space == ir.Memory && l.Buf.Type.Narrow() {
		e.spreadNarrow(l, b.Width, r)
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
