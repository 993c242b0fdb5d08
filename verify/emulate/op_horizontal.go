package emulate

// horizontalForms add and subtract neighbouring lanes.
func horizontalForms() []form {
	return []form{
		{op: "VHADDPD", enc: "VEX.128.256.66.0F.WIG 7C", args: "V,H,W", run: neighbours(arithmetic[uint64](add))},
		{op: "VHADDPS", enc: "VEX.128.256.F2.0F.WIG 7C", args: "V,H,W", run: neighbours(arithmetic[uint32](add))},
		{op: "VHSUBPD", enc: "VEX.128.256.66.0F.WIG 7D", args: "V,H,W", run: neighbours(arithmetic[uint64](sub))},
		{op: "VHSUBPS", enc: "VEX.128.256.F2.0F.WIG 7D", args: "V,H,W", run: neighbours(arithmetic[uint32](sub))},
	}
}

// neighbours combines lanes 2i and 2i+1: in every block of 16 bytes, first those of a, then those of b.
func neighbours[T element](f func(x, y T) T) exec {
	return func(m *Machine, in *Inst) error {
		var buf, out Vec
		b, err := m.source(in, &in.Args[2], &buf, 0, 1)
		if err != nil {
			return err
		}
		source := [2]*Vec{&m.V[in.Args[1].Reg], b}
		per := 16 / sizeof[T]()
		for i := range in.Vector / sizeof[T]() {
			block, k := i&^(per-1), i&(per-1)
			s, at := source[k/(per/2)], block+k%(per/2)*2
			setLane(&out, i, f(lane[T](s, at), lane[T](s, at+1)))
		}
		m.write(in, &out, in.Vector, 0, 0)
		return nil
	}
}
