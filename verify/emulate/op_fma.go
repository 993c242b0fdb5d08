package emulate

import (
	"fmt"
	"slices"
)

// fmaForms are the fused multiply-adds. The digits say which operands are multiplied: 132 is d*b + a, 213 is a*d + b and
// 231 is a*b + d, where d is the destination and a, b are the second and third operand.
func fmaForms() []form {
	var all []form
	for order, row := range []int{0x90, 0xa0, 0xb0} {
		for _, k := range []struct {
			name              string
			low               int
			negProd, negAddnd bool
		}{{"FMADD", 8, false, false}, {"FMSUB", 0xa, false, true}, {"FNMADD", 0xc, true, false}, {"FNMSUB", 0xe, true, true}} {
			f32, f64 := fused[uint32](order, k.negProd, k.negAddnd), fused[uint64](order, k.negProd, k.negAddnd)
			all = slices.Concat(all, fusedForms("V"+k.name+[]string{"132", "213", "231"}[order], row|k.low, f32, f64))
		}
	}
	return all
}

// fused orders the operands of a fused multiply-add.
func fused[T element](order int, negateProduct, negateAddend bool) func(d, a, b T) T {
	switch order {
	case 0:
		return func(d, a, b T) T { return fusedAdd(d, b, a, negateProduct, negateAddend) }
	case 1:
		return func(d, a, b T) T { return fusedAdd(a, d, b, negateProduct, negateAddend) }
	}
	return func(d, a, b T) T { return fusedAdd(a, b, d, negateProduct, negateAddend) }
}

// fusedForms are the packed (opcode) and scalar (opcode + 1) forms of one operation and order.
func fusedForms(name string, opcode int, f32 func(d, a, b uint32) uint32, f64 func(d, a, b uint64) uint64) []form {
	packed, single := fmt.Sprintf(" %02X", opcode), fmt.Sprintf(" %02X", opcode+1)
	ss := scalarFused(f32)
	sd := scalarFused(f64)
	return []form{
		{op: name + "PS", enc: "VEX.128.256.66.0F38.W0" + packed, args: "V,H,W", feat: FMA, run: lanes3(f32)},
		{op: name + "PD", enc: "VEX.128.256.66.0F38.W1" + packed, args: "V,H,W", feat: FMA, run: lanes3(f64)},
		{op: name + "SS", enc: "VEX.LIG.66.0F38.W0" + single, args: "V,H,W", mem: mem4, feat: FMA, run: ss},
		{op: name + "SD", enc: "VEX.LIG.66.0F38.W1" + single, args: "V,H,W", mem: mem8, feat: FMA, run: sd},
		{op: name + "PS", enc: "EVEX.128.256.512.66.0F38.W0" + packed, args: "V,H,W", mem: full32, run: lanes3(f32)},
		{op: name + "PD", enc: "EVEX.128.256.512.66.0F38.W1" + packed, args: "V,H,W", mem: full64, run: lanes3(f64)},
		{op: name + "SS", enc: "EVEX.LIG.66.0F38.W0" + single, args: "V,H,W", mem: mem4, run: ss},
		{op: name + "SD", enc: "EVEX.LIG.66.0F38.W1" + single, args: "V,H,W", mem: mem8, run: sd},
	}
}
