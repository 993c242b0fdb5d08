package emulate

import "slices"

// moveForms are loads, stores and moves of whole vectors and of single elements.
func moveForms() []form {
	return slices.Concat(
		vectorMoves("VMOVUPS", "NP", "W0", "10", "11", 0, 4), vectorMoves("VMOVUPD", "66", "W1", "10", "11", 0, 8),
		vectorMoves("VMOVAPS", "NP", "W0", "28", "29", 1, 4), vectorMoves("VMOVAPD", "66", "W1", "28", "29", 1, 8),
		integerMoves(),
		scalarMoves("VMOVSS", "F3", "W0", mem4, 4), scalarMoves("VMOVSD", "F2", "W1", mem8, 8),
		generalMoves("VEX"), generalMoves("EVEX"),
		unmasked([]form{
			{op: "VMOVNTPS", enc: "VEX.128.256.NP.0F.WIG 2B", args: "M,V", run: storeLanes(4, 1)},
			{op: "VMOVNTPD", enc: "VEX.128.256.66.0F.WIG 2B", args: "M,V", run: storeLanes(8, 1)},
			{op: "VMOVNTDQ", enc: "VEX.128.256.66.0F.WIG E7", args: "M,V", run: storeLanes(4, 1)},
			{op: "VMOVNTPS", enc: "EVEX.128.256.512.NP.0F.W0 2B", args: "M,V", run: storeLanes(4, 1)},
			{op: "VMOVNTPD", enc: "EVEX.128.256.512.66.0F.W1 2B", args: "M,V", run: storeLanes(8, 1)},
			{op: "VMOVNTDQ", enc: "EVEX.128.256.512.66.0F.W0 E7", args: "M,V", run: storeLanes(4, 1)},
			{op: "VMASKMOVPS", enc: "VEX.128.256.66.0F38.W0 2C", args: "V,H,M", run: maskLoad[uint32]},
			{op: "VMASKMOVPD", enc: "VEX.128.256.66.0F38.W0 2D", args: "V,H,M", run: maskLoad[uint64]},
			{op: "VMASKMOVPS", enc: "VEX.128.256.66.0F38.W0 2E", args: "M,H,V", run: maskStore[uint32]},
			{op: "VMASKMOVPD", enc: "VEX.128.256.66.0F38.W0 2F", args: "M,H,V", run: maskStore[uint64]},
			{op: "VPMASKMOVD", enc: "VEX.128.256.66.0F38.W0 8C", args: "V,H,M", feat: AVX2, run: maskLoad[uint32]},
			{op: "VPMASKMOVQ", enc: "VEX.128.256.66.0F38.W1 8C", args: "V,H,M", feat: AVX2, run: maskLoad[uint64]},
			{op: "VPMASKMOVD", enc: "VEX.128.256.66.0F38.W0 8E", args: "M,H,V", feat: AVX2, run: maskStore[uint32]},
			{op: "VPMASKMOVQ", enc: "VEX.128.256.66.0F38.W1 8E", args: "M,H,V", feat: AVX2, run: maskStore[uint64]},
		}...))
}

// vectorMoves are the load and the store form of a move of a whole vector; align is 1 if memory must be aligned to it.
func vectorMoves(op, pp, w, load, store string, align, elem int) []form {
	l, s := loadLanes(elem, align), storeLanes(elem, align)
	return []form{
		{op: op, enc: "VEX.128.256." + pp + ".0F.WIG " + load, args: "V,W", run: l},
		{op: op, enc: "VEX.128.256." + pp + ".0F.WIG " + store, args: "W,V", run: s},
		{op: op, enc: "EVEX.128.256.512." + pp + ".0F." + w + " " + load, args: "V,W", run: l},
		{op: op, enc: "EVEX.128.256.512." + pp + ".0F." + w + " " + store, args: "W,V", run: s},
	}
}

func integerMoves() []form {
	var all []form
	for _, k := range []struct {
		op, pp, w   string
		align, elem int
	}{
		{"VMOVDQA32", "66", "W0", 1, 4}, {"VMOVDQA64", "66", "W1", 1, 8},
		{"VMOVDQU32", "F3", "W0", 0, 4}, {"VMOVDQU64", "F3", "W1", 0, 8},
	} {
		enc := "EVEX.128.256.512." + k.pp + ".0F." + k.w
		all = append(all,
			form{op: k.op, enc: enc + " 6F", args: "V,W", run: loadLanes(k.elem, k.align)},
			form{op: k.op, enc: enc + " 7F", args: "W,V", run: storeLanes(k.elem, k.align)})
	}
	return append(all,
		form{op: "VMOVDQA", enc: "VEX.128.256.66.0F.WIG 6F", args: "V,W", run: loadLanes(8, 1)},
		form{op: "VMOVDQA", enc: "VEX.128.256.66.0F.WIG 7F", args: "W,V", run: storeLanes(8, 1)},
		form{op: "VMOVDQU", enc: "VEX.128.256.F3.0F.WIG 6F", args: "V,W", run: loadLanes(8, 0)},
		form{op: "VMOVDQU", enc: "VEX.128.256.F3.0F.WIG 7F", args: "W,V", run: storeLanes(8, 0)})
}

// loadLanes moves a vector from a register or memory into a register.
func loadLanes(elem, align int) exec {
	return func(m *Machine, in *Inst) error {
		if align != 0 && in.Args[1].Kind == Memory {
			if err := m.aligned(in, in.Vector); err != nil {
				return err
			}
		}
		active := m.active(in, in.Vector, elem)
		var buf Vec
		a, err := m.source(in, &in.Args[1], &buf, elem, active)
		if err != nil {
			return err
		}
		out := *a
		m.write(in, &out, in.Vector, elem, active)
		return nil
	}
}

// storeLanes moves a vector from a register into memory or a register.
func storeLanes(elem, align int) exec {
	load := loadLanes(elem, 0)
	return func(m *Machine, in *Inst) error {
		if in.Args[0].Kind == Vector {
			return load(m, in)
		}
		if align != 0 {
			if err := m.aligned(in, in.Vector); err != nil {
				return err
			}
		}
		return m.store(in, &m.V[in.Args[1].Reg], in.Vector, elem, m.active(in, in.Vector, elem))
	}
}

// signs is the set of lanes of mask whose sign bit is set, which is how VMASKMOV's mask works.
func signs[T element](mask *Vec, vector int) uint64 {
	var set uint64
	for i := range vector / sizeof[T]() {
		set |= uint64(lane[T](mask, i)>>(8*sizeof[T]()-1)) << i
	}
	return set
}

func maskLoad[T element](m *Machine, in *Inst) error {
	var out Vec
	if _, err := m.source(in, &in.Args[2], &out, sizeof[T](), signs[T](&m.V[in.Args[1].Reg], in.Vector)); err != nil {
		return err
	}
	m.write(in, &out, in.Vector, 0, 0)
	return nil
}

func maskStore[T element](m *Machine, in *Inst) error {
	return m.store(in, &m.V[in.Args[2].Reg], in.Vector, sizeof[T](), signs[T](&m.V[in.Args[1].Reg], in.Vector))
}
