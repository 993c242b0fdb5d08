package emulate

import "slices"

// logicForms are bitwise operations, as floats, as integers and by truth table.
func logicForms() []form {
	return slices.Concat(
		bitwise("VAND", "54", "VPAND", "DB", func(a, b uint64) uint64 { return a & b }),
		bitwise("VANDN", "55", "VPANDN", "DF", func(a, b uint64) uint64 { return ^a & b }),
		bitwise("VOR", "56", "VPOR", "EB", func(a, b uint64) uint64 { return a | b }),
		bitwise("VXOR", "57", "VPXOR", "EF", func(a, b uint64) uint64 { return a ^ b }),
		[]form{
			{op: "VPTERNLOGD", enc: "EVEX.128.256.512.66.0F3A.W0 25", args: "V,H,W,Ib", mem: full32, run: truthTable[uint32]},
			{op: "VPTERNLOGQ", enc: "EVEX.128.256.512.66.0F3A.W1 25", args: "V,H,W,Ib", mem: full64, run: truthTable[uint64]},
		})
}

func bitwise(float, opcode, integer, intOpcode string, f func(a, b uint64) uint64) []form {
	q := lanes2(f)
	d := lanes2(func(a, b uint32) uint32 { return uint32(f(uint64(a), uint64(b))) })
	return []form{
		{op: float + "PS", enc: "VEX.128.256.NP.0F.WIG " + opcode, args: "V,H,W", run: q},
		{op: float + "PD", enc: "VEX.128.256.66.0F.WIG " + opcode, args: "V,H,W", run: q},
		{op: integer, enc: "VEX.128.66.0F.WIG " + intOpcode, args: "V,H,W", run: q},
		{op: integer, enc: "VEX.256.66.0F.WIG " + intOpcode, args: "V,H,W", feat: AVX2, run: q},
		{op: float + "PS", enc: "EVEX.128.256.512.NP.0F.W0 " + opcode, args: "V,H,W", mem: full32, feat: AVX512DQ, run: d},
		{op: float + "PD", enc: "EVEX.128.256.512.66.0F.W1 " + opcode, args: "V,H,W", mem: full64, feat: AVX512DQ, run: q},
		{op: integer + "D", enc: "EVEX.128.256.512.66.0F.W0 " + intOpcode, args: "V,H,W", mem: full32, run: d},
		{op: integer + "Q", enc: "EVEX.128.256.512.66.0F.W1 " + intOpcode, args: "V,H,W", mem: full64, run: q},
	}
}

// truthTable is, in every bit, the entry of imm8 that the bits of the three operands select.
func truthTable[T element](m *Machine, in *Inst) error {
	imm := uint8(in.Args[3].Imm)
	return lanes3(func(d, a, b T) T {
		var r T
		for i := T(0); i < 8; i++ {
			if imm>>i&1 == 1 {
				r |= agree(d, i>>2) & agree(a, i>>1) & agree(b, i)
			}
		}
		return r
	})(m, in)
}

// agree has the bits set in which x equals the last bit of want.
func agree[T element](x, want T) T {
	if want&1 == 1 {
		return x
	}
	return ^x
}
