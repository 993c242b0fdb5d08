package emulate

// permuteForms move lanes across the whole vector.
func permuteForms() []form {
	l := "EVEX.128.256.512.66."
	w := "EVEX.256.512.66."
	return []form{
		{op: "VPERM2F128", enc: "VEX.256.66.0F3A.W0 06", args: "V,H,W,Ib", run: permuteHalves},
		{op: "VPERM2I128", enc: "VEX.256.66.0F3A.W0 46", args: "V,H,W,Ib", feat: AVX2, run: permuteHalves},
		{op: "VPERMQ", enc: "VEX.256.66.0F3A.W1 00", args: "V,W,Ib", feat: AVX2, run: shuffle[uint64](1, permpd)},
		{op: "VPERMPD", enc: "VEX.256.66.0F3A.W1 01", args: "V,W,Ib", feat: AVX2, run: shuffle[uint64](1, permpd)},
		{op: "VPERMPS", enc: "VEX.256.66.0F38.W0 16", args: "V,H,W", feat: AVX2, run: lookup[uint32]},
		{op: "VPERMD", enc: "VEX.256.66.0F38.W0 36", args: "V,H,W", feat: AVX2, run: lookup[uint32]},
		{op: "VPERMQ", enc: w + "0F3A.W1 00", args: "V,W,Ib", mem: full64, run: shuffle[uint64](1, permpd)},
		{op: "VPERMPD", enc: w + "0F3A.W1 01", args: "V,W,Ib", mem: full64, run: shuffle[uint64](1, permpd)},
		{op: "VPERMPS", enc: w + "0F38.W0 16", args: "V,H,W", mem: full32, run: lookup[uint32]},
		{op: "VPERMPD", enc: w + "0F38.W1 16", args: "V,H,W", mem: full64, run: lookup[uint64]},
		{op: "VPERMD", enc: w + "0F38.W0 36", args: "V,H,W", mem: full32, run: lookup[uint32]},
		{op: "VPERMQ", enc: w + "0F38.W1 36", args: "V,H,W", mem: full64, run: lookup[uint64]},
		{op: "VPERMI2D", enc: l + "0F38.W0 76", args: "V,H,W", mem: full32, run: lookup2[uint32](0, 1)},
		{op: "VPERMI2Q", enc: l + "0F38.W1 76", args: "V,H,W", mem: full64, run: lookup2[uint64](0, 1)},
		{op: "VPERMI2PS", enc: l + "0F38.W0 77", args: "V,H,W", mem: full32, run: lookup2[uint32](0, 1)},
		{op: "VPERMI2PD", enc: l + "0F38.W1 77", args: "V,H,W", mem: full64, run: lookup2[uint64](0, 1)},
		{op: "VPERMT2D", enc: l + "0F38.W0 7E", args: "V,H,W", mem: full32, run: lookup2[uint32](1, 0)},
		{op: "VPERMT2Q", enc: l + "0F38.W1 7E", args: "V,H,W", mem: full64, run: lookup2[uint64](1, 0)},
		{op: "VPERMT2PS", enc: l + "0F38.W0 7F", args: "V,H,W", mem: full32, run: lookup2[uint32](1, 0)},
		{op: "VPERMT2PD", enc: l + "0F38.W1 7F", args: "V,H,W", mem: full64, run: lookup2[uint64](1, 0)},
		{op: "VSHUFF32X4", enc: w + "0F3A.W0 23", args: "V,H,W,Ib", mem: full32, run: shuffle[uint32](2, blocksOf(4))},
		{op: "VSHUFF64X2", enc: w + "0F3A.W1 23", args: "V,H,W,Ib", mem: full64, run: shuffle[uint64](2, blocksOf(2))},
		{op: "VSHUFI32X4", enc: w + "0F3A.W0 43", args: "V,H,W,Ib", mem: full32, run: shuffle[uint32](2, blocksOf(4))},
		{op: "VSHUFI64X2", enc: w + "0F3A.W1 43", args: "V,H,W,Ib", mem: full64, run: shuffle[uint64](2, blocksOf(2))},
		{op: "VALIGND", enc: l + "0F3A.W0 03", args: "V,H,W,Ib", mem: full32, run: shuffle[uint32](2, align)},
		{op: "VALIGNQ", enc: l + "0F3A.W1 03", args: "V,H,W,Ib", mem: full64, run: shuffle[uint64](2, align)},
	}
}

// permpd picks any lane of a block of four, by two bits of imm8.
func permpd(i, _ int, imm uint8) (int, int) { return 0, i&^3 + int(imm>>(i%4*2)&3) }

// blocksOf picks blocks of 16 bytes, per lanes each: the lower half of them from the first source, the upper from the second.
func blocksOf(per int) pick {
	return func(i, n int, imm uint8) (int, int) {
		blocks, k := n/per, i/per
		width := blocks / 2 // bits of imm8 a block: 1 for two blocks, 2 for four
		return k / (blocks / 2), int(imm>>(k*width))&(blocks-1)*per + i%per
	}
}

// align shifts the second source, with the first above it, down by imm8 lanes.
func align(i, n int, imm uint8) (int, int) {
	l := i + int(imm)&(n-1)
	if l < n {
		return 1, l
	}
	return 0, l - n
}

// permuteHalves fills either half with any half of the sources, or with zeros.
func permuteHalves(m *Machine, in *Inst) error {
	var buf, out Vec
	b, err := m.source(in, &in.Args[2], &buf, 0, 1)
	if err != nil {
		return err
	}
	source := [2]*Vec{&m.V[in.Args[1].Reg], b}
	for i := range 2 {
		control := uint8(in.Args[3].Imm) >> (4 * i)
		if control&8 == 0 {
			copy(out[16*i:16*i+16], source[control>>1&1][control&1*16:])
		}
	}
	m.write(in, &out, in.Vector, 0, 0)
	return nil
}

// lookup is dst[i] = b[a[i]].
func lookup[T element](m *Machine, in *Inst) error {
	var buf, out Vec
	b, err := m.source(in, &in.Args[2], &buf, 0, 1)
	if err != nil {
		return err
	}
	n := in.Vector / sizeof[T]()
	for i := range n {
		setLane(&out, i, lane[T](b, int(lane[T](&m.V[in.Args[1].Reg], i))&(n-1)))
	}
	m.write(in, &out, in.Vector, sizeof[T](), m.active(in, in.Vector, sizeof[T]()))
	return nil
}

// lookup2 looks up in two tables, the second of which is operand 2; index and first table are operands 0 and 1 or vice versa.
func lookup2[T element](index, table int) exec {
	return func(m *Machine, in *Inst) error {
		var buf, out Vec
		b, err := m.source(in, &in.Args[2], &buf, 0, 1)
		if err != nil {
			return err
		}
		tables := [2]*Vec{&m.V[in.Args[table].Reg], b}
		n := in.Vector / sizeof[T]()
		for i := range n {
			x := int(lane[T](&m.V[in.Args[index].Reg], i)) & (2*n - 1)
			setLane(&out, i, lane[T](tables[x/n], x%n))
		}
		m.write(in, &out, in.Vector, sizeof[T](), m.active(in, in.Vector, sizeof[T]()))
		return nil
	}
}
