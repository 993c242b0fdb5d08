package emulate

import "slices"

// insertForms move parts of vectors in and out.
func insertForms() []form {
	w, z := "EVEX.256.512.66.0F3A.", "EVEX.512.66.0F3A."
	var all []form
	for _, k := range []struct {
		letter, insert16, insert32, extract16, extract32 string
		vex                                              Features
	}{{"F", "18", "1A", "19", "1B", AVX}, {"I", "38", "3A", "39", "3B", AVX2}} {
		in, ex := "VINSERT"+k.letter, "VEXTRACT"+k.letter
		all = append(all,
			form{op: in + "128", enc: "VEX.256.66.0F3A.W0 " + k.insert16, args: "V,H,Wx,Ib", mem: mem16, feat: k.vex, run: insert(16, 4)},
			form{op: ex + "128", enc: "VEX.256.66.0F3A.W0 " + k.extract16, args: "Wx,V,Ib", mem: mem16, feat: k.vex, run: extract(16, 4)},
			form{op: in + "32X4", enc: w + "W0 " + k.insert16, args: "V,H,Wx,Ib", mem: mem16, run: insert(16, 4)},
			form{op: in + "64X2", enc: w + "W1 " + k.insert16, args: "V,H,Wx,Ib", mem: mem16, feat: AVX512DQ, run: insert(16, 8)},
			form{op: in + "32X8", enc: z + "W0 " + k.insert32, args: "V,H,Wy,Ib", mem: mem32, feat: AVX512DQ, run: insert(32, 4)},
			form{op: in + "64X4", enc: z + "W1 " + k.insert32, args: "V,H,Wy,Ib", mem: mem32, run: insert(32, 8)},
			form{op: ex + "32X4", enc: w + "W0 " + k.extract16, args: "Wx,V,Ib", mem: mem16, run: extract(16, 4)},
			form{op: ex + "64X2", enc: w + "W1 " + k.extract16, args: "Wx,V,Ib", mem: mem16, feat: AVX512DQ, run: extract(16, 8)},
			form{op: ex + "32X8", enc: z + "W0 " + k.extract32, args: "Wy,V,Ib", mem: mem32, feat: AVX512DQ, run: extract(32, 4)},
			form{op: ex + "64X4", enc: z + "W1 " + k.extract32, args: "Wy,V,Ib", mem: mem32, run: extract(32, 8)})
	}
	return slices.Concat(all, elementForms("VEX.128.", ".WIG", 0), elementForms("EVEX.128.", ".W0", AVX512DQ))
}

// elementForms move one element between vectors, general registers and memory.
func elementForms(enc, w string, feat Features) []form {
	enc += "66.0F3A"
	return unmasked([]form{
		{op: "VINSERTPS", enc: enc + ".W0 21", args: "V,H,W,Ib", mem: mem4, run: insertSingle},
		{op: "VEXTRACTPS", enc: enc + w + " 17", args: "Ed,V,Ib", mem: mem4, run: extractElement[uint32]},
		{op: "VPEXTRD", enc: enc + ".W0 16", args: "Ed,V,Ib", mem: mem4, feat: feat, run: extractElement[uint32]},
		{op: "VPEXTRQ", enc: enc + ".W1 16", args: "Eq,V,Ib", mem: mem8, feat: feat, run: extractElement[uint64]},
		{op: "VPINSRD", enc: enc + ".W0 22", args: "V,H,Ed,Ib", mem: mem4, feat: feat, run: insertElement[uint32]},
		{op: "VPINSRQ", enc: enc + ".W1 22", args: "V,H,Eq,Ib", mem: mem8, feat: feat, run: insertElement[uint64]},
	}...)
}

// extract copies block imm8, of size bytes, of the source.
func extract(size, elem int) exec {
	return func(m *Machine, in *Inst) error {
		var out Vec
		at := int(in.Args[2].Imm) & (in.Vector/size - 1) * size
		copy(out[:size], m.V[in.Args[1].Reg][at:])
		active := m.active(in, size, elem)
		if in.Args[0].Kind == Memory {
			return m.store(in, &out, size, elem, active)
		}
		m.write(in, &out, size, elem, active)
		return nil
	}
}

// insert replaces block imm8, of size bytes, of the first source by the second source.
func insert(size, elem int) exec {
	return func(m *Machine, in *Inst) error {
		var buf Vec
		b, err := m.source(in, &in.Args[2], &buf, 0, 1)
		if err != nil {
			return err
		}
		out := m.V[in.Args[1].Reg]
		at := int(in.Args[3].Imm) & (in.Vector/size - 1) * size
		copy(out[at:at+size], b[:size])
		m.write(in, &out, in.Vector, elem, m.active(in, in.Vector, elem))
		return nil
	}
}

// insertSingle puts a float32 of the second source (lane imm8[7:6], or memory) into lane imm8[5:4] of the first and then clears
// the lanes of imm8[3:0].
func insertSingle(m *Machine, in *Inst) error {
	var buf Vec
	b, err := m.source(in, &in.Args[2], &buf, 0, 1)
	if err != nil {
		return err
	}
	imm := uint8(in.Args[3].Imm)
	from := int(imm >> 6)
	if in.Args[2].Kind == Memory {
		from = 0
	}
	out := m.V[in.Args[1].Reg]
	setLane(&out, int(imm>>4&3), lane[uint32](b, from))
	for i := range 4 {
		if imm>>i&1 == 1 {
			setLane[uint32](&out, i, 0)
		}
	}
	m.write(in, &out, 16, 0, 0)
	return nil
}

func extractElement[T element](m *Machine, in *Inst) error {
	i := int(in.Args[2].Imm) & (16/sizeof[T]() - 1)
	return m.setInteger(in, 0, uint64(lane[T](&m.V[in.Args[1].Reg], i)))
}

func insertElement[T element](m *Machine, in *Inst) error {
	v, err := m.integer(in, 2)
	if err != nil {
		return err
	}
	out := m.V[in.Args[1].Reg]
	setLane(&out, int(in.Args[3].Imm)&(16/sizeof[T]()-1), T(v))
	m.write(in, &out, 16, 0, 0)
	return nil
}
