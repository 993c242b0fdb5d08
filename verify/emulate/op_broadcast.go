package emulate

import "slices"

// broadcastForms repeat an element or a block of elements in every lane.
func broadcastForms() []form {
	e := "EVEX.128.256.512.66.0F38."
	w := "EVEX.256.512.66.0F38."
	z := "EVEX.512.66.0F38."
	return slices.Concat(
		[]form{
			{op: "VBROADCASTSS", enc: "VEX.128.256.66.0F38.W0 18", args: "V,M", mem: mem4, run: repeat(4, 4)},
			{op: "VBROADCASTSS", enc: "VEX.128.256.66.0F38.W0 18", args: "V,Ux", mem: mem4, feat: AVX2, run: repeat(4, 4)},
			{op: "VBROADCASTSD", enc: "VEX.256.66.0F38.W0 19", args: "V,M", mem: mem8, run: repeat(8, 8)},
			{op: "VBROADCASTSD", enc: "VEX.256.66.0F38.W0 19", args: "V,Ux", mem: mem8, feat: AVX2, run: repeat(8, 8)},
			{op: "VBROADCASTF128", enc: "VEX.256.66.0F38.W0 1A", args: "V,M", mem: mem16, run: repeat(16, 8)},
			{op: "VBROADCASTI128", enc: "VEX.256.66.0F38.W0 5A", args: "V,M", mem: mem16, feat: AVX2, run: repeat(16, 8)},
			{op: "VPBROADCASTD", enc: "VEX.128.256.66.0F38.W0 58", args: "V,Wx", mem: mem4, feat: AVX2, run: repeat(4, 4)},
			{op: "VPBROADCASTQ", enc: "VEX.128.256.66.0F38.W0 59", args: "V,Wx", mem: mem8, feat: AVX2, run: repeat(8, 8)},
			{op: "VBROADCASTSS", enc: e + "W0 18", args: "V,Wx", mem: mem4, run: repeat(4, 4)},
			{op: "VBROADCASTSD", enc: w + "W1 19", args: "V,Wx", mem: mem8, run: repeat(8, 8)},
			{op: "VPBROADCASTD", enc: e + "W0 58", args: "V,Wx", mem: mem4, run: repeat(4, 4)},
			{op: "VPBROADCASTQ", enc: e + "W1 59", args: "V,Wx", mem: mem8, run: repeat(8, 8)},
			{op: "VPBROADCASTD", enc: e + "W0 7C", args: "V,Rd", run: repeatGeneral(4)},
			{op: "VPBROADCASTQ", enc: e + "W1 7C", args: "V,Rq", run: repeatGeneral(8)},
			{op: "VBROADCASTF32X2", enc: w + "W0 19", args: "V,Wx", mem: mem8, feat: AVX512DQ, run: repeat(8, 4)},
		},
		blocks("VBROADCASTF", w, z, "1A", "1B"), blocks("VBROADCASTI", w, z, "5A", "5B"))
}

// blocks are the broadcasts of 16 and of 32 bytes, as floats or integers.
func blocks(name, w, z, opcode16, opcode32 string) []form {
	return []form{
		{op: name + "32X4", enc: w + "W0 " + opcode16, args: "V,M", mem: mem16, run: repeat(16, 4)},
		{op: name + "64X2", enc: w + "W1 " + opcode16, args: "V,M", mem: mem16, feat: AVX512DQ, run: repeat(16, 8)},
		{op: name + "32X8", enc: z + "W0 " + opcode32, args: "V,M", mem: mem32, feat: AVX512DQ, run: repeat(32, 4)},
		{op: name + "64X4", enc: z + "W1 " + opcode32, args: "V,M", mem: mem32, run: repeat(32, 8)},
	}
}

// repeat fills the destination with the first block bytes of the source; elem is the granularity of the mask. Memory is not
// read if no lane is active.
func repeat(block, elem int) exec {
	return func(m *Machine, in *Inst) error {
		active := m.active(in, in.Vector, elem)
		var buf, out Vec
		a := &buf
		if active != 0 {
			var err error
			if a, err = m.source(in, &in.Args[1], &buf, 0, active); err != nil {
				return err
			}
		}
		for i := 0; i < in.Vector; i += block {
			copy(out[i:i+block], a[:block])
		}
		m.write(in, &out, in.Vector, elem, active)
		return nil
	}
}

func repeatGeneral(elem int) exec {
	return func(m *Machine, in *Inst) error {
		var out Vec
		for i := range in.Vector / elem {
			if elem == 4 {
				setLane(&out, i, uint32(m.R[in.Args[1].Reg]))
			} else {
				setLane(&out, i, m.R[in.Args[1].Reg])
			}
		}
		m.write(in, &out, in.Vector, elem, m.active(in, in.Vector, elem))
		return nil
	}
}
