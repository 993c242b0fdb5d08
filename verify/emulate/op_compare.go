package emulate

import "slices"

// compareForms compare floats, into vectors of ones and zeros, masks, or flags.
func compareForms() []form {
	return slices.Concat(
		compares("VEX", "V", "WIG", "WIG"), compares("EVEX", "K", "W0", "W1"),
		unmasked([]form{
			{op: "VUCOMISS", enc: "VEX.LIG.NP.0F.WIG 2E", args: "V,W", mem: mem4, run: compareFlags[uint32]},
			{op: "VUCOMISD", enc: "VEX.LIG.66.0F.WIG 2E", args: "V,W", mem: mem8, run: compareFlags[uint64]},
			{op: "VCOMISS", enc: "VEX.LIG.NP.0F.WIG 2F", args: "V,W", mem: mem4, run: compareFlags[uint32]},
			{op: "VCOMISD", enc: "VEX.LIG.66.0F.WIG 2F", args: "V,W", mem: mem8, run: compareFlags[uint64]},
			{op: "VUCOMISS", enc: "EVEX.LIG.NP.0F.W0 2E", args: "V,W", mem: mem4, run: compareFlags[uint32]},
			{op: "VUCOMISD", enc: "EVEX.LIG.66.0F.W1 2E", args: "V,W", mem: mem8, run: compareFlags[uint64]},
			{op: "VMOVMSKPS", enc: "VEX.128.256.NP.0F.WIG 50", args: "Gd,U", run: signBits[uint32]},
			{op: "VMOVMSKPD", enc: "VEX.128.256.66.0F.WIG 50", args: "Gd,U", run: signBits[uint64]},
			{op: "VPTEST", enc: "VEX.128.256.66.0F38.WIG 17", args: "V,W", run: testFlags(^uint64(0))},
			{op: "VTESTPS", enc: "VEX.128.256.66.0F38.W0 0E", args: "V,W", run: testFlags(0x80000000_80000000)},
			{op: "VTESTPD", enc: "VEX.128.256.66.0F38.W0 0F", args: "V,W", run: testFlags(1 << 63)},
		}...))
}

func compares(enc, dst, w32, w64 string) []form {
	lengths := map[string]string{"VEX": ".128.256.", "EVEX": ".128.256.512."}[enc]
	mem32, mem64 := full, full
	if enc == "EVEX" {
		mem32, mem64 = full32, full64
	}
	args := dst + ",H,W,Ib"
	compare32, compare64 := compareLanes(floatOrder[uint32], false), compareLanes(floatOrder[uint64], false)
	return []form{
		{op: "VCMPPS", enc: enc + lengths + "NP.0F." + w32 + " C2", args: args, mem: mem32, run: compare32},
		{op: "VCMPPD", enc: enc + lengths + "66.0F." + w64 + " C2", args: args, mem: mem64, run: compare64},
		{op: "VCMPSS", enc: enc + ".LIG.F3.0F." + w32 + " C2", args: args, mem: mem4, run: compareLanes(floatOrder[uint32], true)},
		{op: "VCMPSD", enc: enc + ".LIG.F2.0F." + w64 + " C2", args: args, mem: mem8, run: compareLanes(floatOrder[uint64], true)},
	}
}

// How two numbers compare: exactly one of these.
const (
	less = 1 << iota
	equal
	more
	unordered
)

// predicates lists, for the predicate imm8[3:0], the orders that satisfy it; imm8[4] only says which NaNs raise exceptions.
var predicates = [16]uint8{
	equal, less, less | equal, unordered,
	less | more | unordered, equal | more | unordered, more | unordered, less | equal | more,
	equal | unordered, less | unordered, less | equal | unordered, 0,
	less | more, equal | more, more, less | equal | more | unordered,
}

func floatOrder[T element](a, b T) uint8 {
	x, y := number(a), number(b)
	switch {
	case x < y:
		return less
	case x == y:
		return equal
	case x > y:
		return more
	}
	return unordered
}

// compareLanes sets, where the predicate of imm8 holds, the lane to ones or the bit of a mask register. A scalar comparison into
// a vector keeps the rest of the first source.
func compareLanes[T element](order func(a, b T) uint8, scalar bool) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		size := in.Vector
		if scalar {
			size = elem
		}
		active := m.active(in, size, elem)
		var buf Vec
		b, err := m.source(in, &in.Args[2], &buf, elem, active)
		if err != nil {
			return err
		}
		a := &m.V[in.Args[1].Reg]
		var hits uint64
		for i := range size / elem {
			if predicates[in.Args[3].Imm&15]&order(lane[T](a, i), lane[T](b, i)) != 0 {
				hits |= 1 << i & active
			}
		}
		if in.Args[0].Kind == MaskReg {
			m.K[in.Args[0].Reg] = hits
			return nil
		}
		out := *a
		for i := range size / elem {
			setLane(&out, i, -T(hits>>i&1))
		}
		m.write(in, &out, in.Vector, elem, active)
		return nil
	}
}

// compareFlags sets ZF, PF and CF as an unsigned comparison would, and all of them for NaNs.
func compareFlags[T element](m *Machine, in *Inst) error {
	var buf Vec
	b, err := m.source(in, &in.Args[1], &buf, 0, 1)
	if err != nil {
		return err
	}
	order := floatOrder(lane[T](&m.V[in.Args[0].Reg], 0), lane[T](b, 0))
	m.set(CF|PF|ZF|SF|OF, map[uint8]Flags{less: CF, equal: ZF, unordered: CF | ZF | PF}[order])
	return nil
}

// signBits collects the sign bits of all lanes.
func signBits[T element](m *Machine, in *Inst) error {
	return m.setInteger(in, 0, signs[T](&m.V[in.Args[1].Reg], in.Args[1].Size))
}

// testFlags sets ZF if a and b have no bit of mask in common, and CF if b has none that a lacks.
func testFlags(mask uint64) exec {
	return func(m *Machine, in *Inst) error {
		var buf Vec
		b, err := m.source(in, &in.Args[1], &buf, 0, 1)
		if err != nil {
			return err
		}
		a := &m.V[in.Args[0].Reg]
		var both, rest uint64
		for i := range in.Vector / 8 {
			both |= lane[uint64](a, i) & lane[uint64](b, i) & mask
			rest |= ^lane[uint64](a, i) & lane[uint64](b, i) & mask
		}
		m.set(CF|PF|ZF|SF|OF, flag(both == 0, ZF)|flag(rest == 0, CF))
		return nil
	}
}
