package emulate

// blendForms choose, lane by lane, between two sources.
func blendForms() []form {
	l := "EVEX.128.256.512.66.0F38."
	return []form{
		{op: "VBLENDPS", enc: "VEX.128.256.66.0F3A.WIG 0C", args: "V,H,W,Ib", run: shuffle[uint32](2, chosen)},
		{op: "VBLENDPD", enc: "VEX.128.256.66.0F3A.WIG 0D", args: "V,H,W,Ib", run: shuffle[uint64](2, chosen)},
		{op: "VPBLENDD", enc: "VEX.128.256.66.0F3A.W0 02", args: "V,H,W,Ib", feat: AVX2, run: shuffle[uint32](2, chosen)},
		{op: "VBLENDVPS", enc: "VEX.128.256.66.0F3A.W0 4A", args: "V,H,W,L", run: blendSigns[uint32]},
		{op: "VBLENDVPD", enc: "VEX.128.256.66.0F3A.W0 4B", args: "V,H,W,L", run: blendSigns[uint64]},
		{op: "VPBLENDMD", enc: l + "W0 64", args: "V,H,W", mem: full32, run: blendMask[uint32]},
		{op: "VPBLENDMQ", enc: l + "W1 64", args: "V,H,W", mem: full64, run: blendMask[uint64]},
		{op: "VBLENDMPS", enc: l + "W0 65", args: "V,H,W", mem: full32, run: blendMask[uint32]},
		{op: "VBLENDMPD", enc: l + "W1 65", args: "V,H,W", mem: full64, run: blendMask[uint64]},
	}
}

// chosen picks the second source where imm8 has a one.
func chosen(i, _ int, imm uint8) (int, int) { return int(imm >> (i & 7) & 1), i }

// blendSigns picks the second source where the fourth operand is negative.
func blendSigns[T element](m *Machine, in *Inst) error {
	var buf Vec
	b, err := m.source(in, &in.Args[2], &buf, 0, 1)
	if err != nil {
		return err
	}
	out := m.V[in.Args[1].Reg]
	second := signs[T](&m.V[in.Args[3].Reg], in.Vector)
	for i := range in.Vector / sizeof[T]() {
		if second>>i&1 == 1 {
			setLane(&out, i, lane[T](b, i))
		}
	}
	m.write(in, &out, in.Vector, 0, 0)
	return nil
}

// blendMask picks the second source where the mask has a one; elsewhere the first, or zero.
func blendMask[T element](m *Machine, in *Inst) error {
	elem := sizeof[T]()
	active := m.active(in, in.Vector, elem)
	var buf, out Vec
	b, err := m.source(in, &in.Args[2], &buf, elem, active)
	if err != nil {
		return err
	}
	for i := range in.Vector / elem {
		switch {
		case active>>i&1 == 1:
			setLane(&out, i, lane[T](b, i))
		case !in.Zeroing:
			setLane(&out, i, lane[T](&m.V[in.Args[1].Reg], i))
		}
	}
	m.write(in, &out, in.Vector, elem, ^uint64(0))
	return nil
}
