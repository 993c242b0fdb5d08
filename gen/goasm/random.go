package goasm

import (
	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
)

// laneTable has the numbers of lanes.
const laneTable = "pyragenLanes"

// random is [ir.Random]: a word in each 32 bits, of a vector with as many words as the result has lanes.
func (e *emitter) random(x *ir.Random, r reg.VecVirtual) {
	c, w := e.ctx, words{e, x.Lanes()}
	lower, upper := c.XMM(), c.XMM()
	c.VMOVQ(e.argument(x.Seed.Name), lower)
	c.VPSRLQ(operand.U8(32), lower, upper)
	key := [2]reg.VecVirtual{w.all(lower), w.all(upper)}
	counter := [2]reg.VecVirtual{w.integer(x.Row), w.integer(x.Col)}
	if w.lanes > 1 {
		c.VPADDD(operand.NewDataAddr(operand.NewStaticSymbol(laneTable), 0), counter[1], counter[1])
	}
	bits := ir.Threefry(w, key, counter)
	c.VPSRLD(operand.U8(8), bits, bits)
	if e.typ() == ir.F64 {
		c.VCVTDQ2PD(bits, r)
	} else {
		c.VCVTDQ2PS(bits, r)
	}
	e.binary(ir.FMul, w.lanes)(e.equal(&ir.Const{Type: e.typ(), Value: 0x1p-24}, w.lanes), r, r)
}

// words are vectors of 32-bit words. It implements [ir.Words].
type words struct {
	e     *emitter
	lanes int
}

func (w words) register() reg.VecVirtual { return w.e.register(ir.F32, w.lanes) }
func (w words) evex() bool               { return w.e.target.VectorBytes == 64 }

// all has the lowest word of a register in each lane.
func (w words) all(x reg.VecVirtual) reg.VecVirtual {
	if w.lanes == 1 {
		return x
	}
	r := w.register()
	w.e.ctx.VPBROADCASTD(x, r)
	return r
}

// integer has the lower half of an integer in each lane.
func (w words) integer(x ir.Index) reg.VecVirtual {
	r := w.e.ctx.XMM()
	w.e.ctx.VMOVD(w.e.integer(x).As32(), r)
	return w.all(r)
}

func (w words) Const(c uint32) reg.VecVirtual {
	r := w.register()
	w.e.ctx.VPBROADCASTD(w.e.pool.place(ir.F32, uint64(c)), r)
	return r
}

func (w words) Add(x, y reg.VecVirtual) reg.VecVirtual {
	w.e.ctx.VPADDD(y, x, x)
	return x
}

func (w words) AddConst(x reg.VecVirtual, c uint32) reg.VecVirtual {
	if w.evex() {
		w.e.ctx.VPADDD_BCST(w.e.pool.place(ir.F32, uint64(c)), x, x)
	} else {
		w.e.ctx.VPADDD(w.e.pool.placeAll(ir.F32, uint64(c)), x, x)
	}
	return x
}

func (w words) Xor(x, y reg.VecVirtual) reg.VecVirtual {
	if w.evex() {
		w.e.ctx.VPXORD(y, x, x)
	} else {
		w.e.ctx.VPXOR(y, x, x)
	}
	return x
}

func (w words) RotateXor(x reg.VecVirtual, left int, y reg.VecVirtual) reg.VecVirtual {
	if w.evex() {
		w.e.ctx.VPROLD(operand.U8(left), x, x)
		return w.Xor(x, y)
	}
	t := w.register()
	w.e.ctx.VPSLLD(operand.U8(left), x, t)
	w.e.ctx.VPSRLD(operand.U8(32-left), x, x)
	return w.Xor(w.Xor(x, t), y)
}

// laneNumbers is the table, for the widest vector.
func laneNumbers() *avo.Global {
	var numbers []uint32
	for k := range uint32(16) {
		numbers = append(numbers, k)
	}
	return table(laneTable, numbers, func(v uint32) operand.Constant { return operand.U32(v) })
}

// drawsVectors reports whether a function has a vector of random numbers.
func drawsVectors(programs []*ir.Program) bool {
	found := false
	look := ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		r, ok := x.(*ir.Random)
		found = found || ok && r.Lanes() > 1
		return x
	}}
	for _, p := range programs {
		for _, f := range p.Funcs {
			look.OfStmts(f.Body)
		}
	}
	return found
}
