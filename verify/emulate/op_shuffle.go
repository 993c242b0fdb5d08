package emulate

import "slices"

// A pick says where lane i of n comes from: which source (0: the first source operand) and which of its lanes.
type pick func(i, n int, imm uint8) (source, lane int)

// shuffle moves lanes as a constant says. The sources are operands 1 to sources, imm8 comes after them, if there is one.
// Memory is read whole, whatever the mask, as the CPU may.
func shuffle[T laneBits](sources int, from pick) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		var buf, out Vec
		last, err := m.source(in, &in.Args[sources], &buf, 0, 1)
		if err != nil {
			return err
		}
		source := [2]*Vec{last, last}
		if sources == 2 {
			source[0] = &m.V[in.Args[1].Reg]
		}
		var imm uint8
		if len(in.Args) > sources+1 {
			imm = uint8(in.Args[sources+1].Imm)
		}
		n := in.Vector / elem
		for i := range n {
			s, l := from(i, n, imm)
			setLane(&out, i, lane[T](source[s], l))
		}
		m.write(in, &out, in.Vector, elem, m.active(in, in.Vector, elem))
		return nil
	}
}

// shuffleForms move lanes within blocks of 16 bytes.
func shuffleForms() []form {
	return slices.Concat(
		shuffles("VSHUF", "C6", ",Ib", shufps, shufpd),
		shuffles("VUNPCKL", "14", "", unpackps(0), unpackpd(0)),
		shuffles("VUNPCKH", "15", "", unpackps(1), unpackpd(1)),
		[]form{
			{op: "VMOVSHDUP", enc: "VEX.128.256.F3.0F.WIG 16", args: "V,W", run: shuffle[uint32](1, oddTwice)},
			{op: "VMOVSLDUP", enc: "VEX.128.256.F3.0F.WIG 12", args: "V,W", run: shuffle[uint32](1, evenTwice)},
			{op: "VMOVDDUP", enc: "VEX.128.F2.0F.WIG 12", args: "V,W", mem: mem8, run: shuffle[uint64](1, evenTwice)},
			{op: "VMOVDDUP", enc: "VEX.256.F2.0F.WIG 12", args: "V,W", run: shuffle[uint64](1, evenTwice)},
			{op: "VPERMILPS", enc: "VEX.128.256.66.0F3A.W0 04", args: "V,W,Ib", run: shuffle[uint32](1, permilps)},
			{op: "VPERMILPD", enc: "VEX.128.256.66.0F3A.W0 05", args: "V,W,Ib", run: shuffle[uint64](1, permilpd)},
			{op: "VPERMILPS", enc: "VEX.128.256.66.0F38.W0 0C", args: "V,H,W", run: within[uint32](0)},
			{op: "VPERMILPD", enc: "VEX.128.256.66.0F38.W0 0D", args: "V,H,W", run: within[uint64](1)},
			{op: "VPSHUFD", enc: "VEX.128.66.0F.WIG 70", args: "V,W,Ib", run: shuffle[uint32](1, permilps)},
			{op: "VPSHUFD", enc: "VEX.256.66.0F.WIG 70", args: "V,W,Ib", feat: AVX2, run: shuffle[uint32](1, permilps)},
			{op: "VMOVSHDUP", enc: "EVEX.128.256.512.F3.0F.W0 16", args: "V,W", run: shuffle[uint32](1, oddTwice)},
			{op: "VMOVSLDUP", enc: "EVEX.128.256.512.F3.0F.W0 12", args: "V,W", run: shuffle[uint32](1, evenTwice)},
			{op: "VMOVDDUP", enc: "EVEX.128.F2.0F.W1 12", args: "V,W", mem: mem8, run: shuffle[uint64](1, evenTwice)},
			{op: "VMOVDDUP", enc: "EVEX.256.512.F2.0F.W1 12", args: "V,W", run: shuffle[uint64](1, evenTwice)},
			{op: "VPERMILPS", enc: "EVEX.128.256.512.66.0F3A.W0 04", args: "V,W,Ib", mem: full32, run: shuffle[uint32](1, permilps)},
			{op: "VPERMILPD", enc: "EVEX.128.256.512.66.0F3A.W1 05", args: "V,W,Ib", mem: full64, run: shuffle[uint64](1, permilpd)},
			{op: "VPERMILPS", enc: "EVEX.128.256.512.66.0F38.W0 0C", args: "V,H,W", mem: full32, run: within[uint32](0)},
			{op: "VPERMILPD", enc: "EVEX.128.256.512.66.0F38.W1 0D", args: "V,H,W", mem: full64, run: within[uint64](1)},
			{op: "VPSHUFD", enc: "EVEX.128.256.512.66.0F.W0 70", args: "V,W,Ib", mem: full32, run: shuffle[uint32](1, permilps)},
		})
}

// shuffles are the PS and PD forms of a shuffle with two sources.
func shuffles(op, opcode, imm string, ps, pd pick) []form {
	args := "V,H,W" + imm
	return []form{
		{op: op + "PS", enc: "VEX.128.256.NP.0F.WIG " + opcode, args: args, run: shuffle[uint32](2, ps)},
		{op: op + "PD", enc: "VEX.128.256.66.0F.WIG " + opcode, args: args, run: shuffle[uint64](2, pd)},
		{op: op + "PS", enc: "EVEX.128.256.512.NP.0F.W0 " + opcode, args: args, mem: full32, run: shuffle[uint32](2, ps)},
		{op: op + "PD", enc: "EVEX.128.256.512.66.0F.W1 " + opcode, args: args, mem: full64, run: shuffle[uint64](2, pd)},
	}
}

// shufps takes lanes 0, 1 of a block from the first source and lanes 2, 3 from the second, as two bits of imm8 each say.
func shufps(i, _ int, imm uint8) (int, int) { return i % 4 / 2, i&^3 + int(imm>>(i%4*2)&3) }

// shufpd takes even lanes from the first source and odd ones from the second, as one bit of imm8 each says.
func shufpd(i, _ int, imm uint8) (int, int) { return i % 2, i&^1 + int(imm>>i&1) }

// unpackps interleaves the lower (half 0) or upper two lanes of every block of both sources.
func unpackps(half int) pick {
	return func(i, _ int, _ uint8) (int, int) { return i % 2, i&^3 + 2*half + i%4/2 }
}

// unpackpd interleaves the lower or upper lane of every block of both sources.
func unpackpd(half int) pick {
	return func(i, _ int, _ uint8) (int, int) { return i % 2, i&^1 + half }
}

func oddTwice(i, _ int, _ uint8) (int, int)  { return 0, i | 1 }
func evenTwice(i, _ int, _ uint8) (int, int) { return 0, i &^ 1 }

func permilps(i, _ int, imm uint8) (int, int) { return 0, i&^3 + int(imm>>(i%4*2)&3) }
func permilpd(i, _ int, imm uint8) (int, int) { return 0, i&^1 + int(imm>>i&1) }

// within permutes a's lanes within blocks of 16 bytes by the numbers in b, from bit shift on.
func within[T element](shift int) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		var buf, out Vec
		b, err := m.source(in, &in.Args[2], &buf, 0, 1)
		if err != nil {
			return err
		}
		per := 16 / elem
		for i := range in.Vector / elem {
			l := i&^(per-1) + int(lane[T](b, i)>>shift)&(per-1)
			setLane(&out, i, lane[T](&m.V[in.Args[1].Reg], l))
		}
		m.write(in, &out, in.Vector, elem, m.active(in, in.Vector, elem))
		return nil
	}
}
