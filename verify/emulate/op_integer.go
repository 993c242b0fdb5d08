package emulate

import "slices"

// integerForms are sums, products, extremes and comparisons of integer lanes.
func integerForms() []form {
	e := "EVEX.128.256.512.66."
	return slices.Concat(
		packed("VPADDD", "VPADDQ", "0F", "FE", "D4", plus[uint32], plus[uint64]),
		packed("VPSUBD", "VPSUBQ", "0F", "FA", "FB", minus[uint32], minus[uint64]),
		packed("", "VPMULUDQ", "0F", "", "F4", nil, func(a, b uint64) uint64 { return a & 0xffffffff * (b & 0xffffffff) }),
		packed("VPMULLD", "", "0F38", "40", "", times[uint32], nil),
		packed("VPMINSD", "", "0F38", "39", "", func(a, b uint32) uint32 { return uint32(min(int32(a), int32(b))) }, nil),
		packed("VPMINUD", "", "0F38", "3B", "", func(a, b uint32) uint32 { return min(a, b) }, nil),
		packed("VPMAXSD", "", "0F38", "3D", "", func(a, b uint32) uint32 { return uint32(max(int32(a), int32(b))) }, nil),
		packed("VPMAXUD", "", "0F38", "3F", "", func(a, b uint32) uint32 { return max(a, b) }, nil),
		integerCompares("VPCMPEQD", "0F", "76", "W0", full32, compareAll[uint32](equal)),
		integerCompares("VPCMPEQQ", "0F38", "29", "W1", full64, compareAll[uint64](equal)),
		integerCompares("VPCMPGTD", "0F", "66", "W0", full32, compareAll[uint32](more)),
		integerCompares("VPCMPGTQ", "0F38", "37", "W1", full64, compareAll[uint64](more)),
		[]form{
			{op: "VPMULLQ", enc: e + "0F38.W1 40", args: "V,H,W", mem: full64, feat: AVX512DQ, run: lanes2(times[uint64])},
			{op: "VPCMPD", enc: e + "0F3A.W0 1F", args: "K,H,W,Ib", mem: full32, run: compareInts(signedOrder[uint32])},
			{op: "VPCMPUD", enc: e + "0F3A.W0 1E", args: "K,H,W,Ib", mem: full32, run: compareInts(unsignedOrder[uint32])},
			{op: "VPCMPQ", enc: e + "0F3A.W1 1F", args: "K,H,W,Ib", mem: full64, run: compareInts(signedOrder[uint64])},
			{op: "VPCMPUQ", enc: e + "0F3A.W1 1E", args: "K,H,W,Ib", mem: full64, run: compareInts(unsignedOrder[uint64])},
			{op: "VPTESTMD", enc: e + "0F38.W0 27", args: "K,H,W", mem: full32, run: compareAll2(meet[uint32])},
			{op: "VPTESTMQ", enc: e + "0F38.W1 27", args: "K,H,W", mem: full64, run: compareAll2(meet[uint64])},
		},
		unmasked([]form{
			{op: "VPMOVM2D", enc: "EVEX.128.256.512.F3.0F38.W0 38", args: "V,q", feat: AVX512DQ, run: fromMask[uint32]},
			{op: "VPMOVM2Q", enc: "EVEX.128.256.512.F3.0F38.W1 38", args: "V,q", feat: AVX512DQ, run: fromMask[uint64]},
			{op: "VPMOVD2M", enc: "EVEX.128.256.512.F3.0F38.W0 39", args: "K,U", feat: AVX512DQ, run: toMask[uint32]},
			{op: "VPMOVQ2M", enc: "EVEX.128.256.512.F3.0F38.W1 39", args: "K,U", feat: AVX512DQ, run: toMask[uint64]},
		}...))
}

func plus[T element](a, b T) T    { return a + b }
func minus[T element](a, b T) T   { return a - b }
func times[T element](a, b T) T   { return a * b }
func meet[T element](a, b T) bool { return a&b != 0 }

// packed are the forms of a lanewise operation on 32-bit lanes, 64-bit lanes or both (an empty name: none).
func packed(d, q, mm, opcodeD, opcodeQ string, f32 func(a, b uint32) uint32, f64 func(a, b uint64) uint64) []form {
	var all []form
	add := func(op, opcode, w string, mem tuple, run exec) {
		all = append(all,
			form{op: op, enc: "VEX.128.66." + mm + ".WIG " + opcode, args: "V,H,W", run: run},
			form{op: op, enc: "VEX.256.66." + mm + ".WIG " + opcode, args: "V,H,W", feat: AVX2, run: run},
			form{op: op, enc: "EVEX.128.256.512.66." + mm + "." + w + " " + opcode, args: "V,H,W", mem: mem, run: run})
	}
	if d != "" {
		add(d, opcodeD, "W0", full32, lanes2(f32))
	}
	if q != "" {
		add(q, opcodeQ, "W1", full64, lanes2(f64))
	}
	return all
}

func integerCompares(op, mm, opcode, w string, mem tuple, run exec) []form {
	return []form{
		{op: op, enc: "VEX.128.66." + mm + ".WIG " + opcode, args: "V,H,W", run: run},
		{op: op, enc: "VEX.256.66." + mm + ".WIG " + opcode, args: "V,H,W", feat: AVX2, run: run},
		{op: op, enc: "EVEX.128.256.512.66." + mm + "." + w + " " + opcode, args: "K,H,W", mem: mem, run: run},
	}
}

func unsignedOrder[T element](a, b T) uint8 {
	switch {
	case a < b:
		return less
	case a == b:
		return equal
	}
	return more
}

func signedOrder[T element](a, b T) uint8 {
	top := T(1) << (8*sizeof[T]() - 1)
	return unsignedOrder(a^top, b^top)
}

// compareInts is a comparison into a mask by the predicate imm8[2:0]; without NaNs the float predicates of those numbers serve,
// but for 3 and 7, which are false and true.
func compareInts[T element](order func(a, b T) uint8) exec {
	return func(m *Machine, in *Inst) error {
		want := predicates[in.Args[3].Imm&7]
		return compareAll2(func(a, b T) bool { return want&order(a, b) != 0 })(m, in)
	}
}

// compareAll sets lanes, or bits of a mask, where signed numbers compare as want says.
func compareAll[T element](want uint8) exec {
	return compareAll2(func(a, b T) bool { return signedOrder(a, b) == want })
}

func compareAll2[T element](f func(a, b T) bool) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		active := m.active(in, in.Vector, elem)
		var buf, out Vec
		b, err := m.source(in, &in.Args[2], &buf, elem, active)
		if err != nil {
			return err
		}
		var hits uint64
		for i := range in.Vector / elem {
			if active>>i&1 == 1 && f(lane[T](&m.V[in.Args[1].Reg], i), lane[T](b, i)) {
				hits |= 1 << i
				setLane(&out, i, ^T(0))
			}
		}
		if in.Args[0].Kind == MaskReg {
			m.K[in.Args[0].Reg] = hits
			return nil
		}
		m.write(in, &out, in.Vector, elem, active)
		return nil
	}
}

// fromMask spreads the bits of a mask over lanes of ones and zeros.
func fromMask[T element](m *Machine, in *Inst) error {
	var out Vec
	for i := range in.Vector / sizeof[T]() {
		setLane(&out, i, -T(m.K[in.Args[1].Reg]>>i&1))
	}
	m.write(in, &out, in.Vector, 0, 0)
	return nil
}

// toMask collects the sign bits of lanes in a mask.
func toMask[T element](m *Machine, in *Inst) error {
	m.K[in.Args[0].Reg] = signs[T](&m.V[in.Args[1].Reg], in.Vector)
	return nil
}
