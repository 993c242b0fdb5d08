package emulate

import (
	"math"
	"slices"
)

// wordForms move, widen, narrow and compute lanes of 16 bits, and move bytes.
func wordForms() []form {
	e := "EVEX.128.256.512."
	shift := lanesImm(func(x uint16, imm uint8) uint16 { return x >> imm })
	return slices.Concat([]form{
		{op: "VPMOVZXWD", enc: "VEX.128.66.0F38.WIG 33", args: "V,Wh", mem: half, run: widenWords(zeroExtend)},
		{op: "VPMOVZXWD", enc: "VEX.256.66.0F38.WIG 33", args: "V,Wh", mem: half, feat: AVX2, run: widenWords(zeroExtend)},
		{op: "VPMOVZXWD", enc: e + "66.0F38.WIG 33", args: "V,Wh", mem: half, run: widenWords(zeroExtend)},
		{op: "VPMOVDW", enc: e + "F3.0F38.W0 33", args: "Wh,V", mem: half, run: narrowWords(func(x uint32, _ *Inst) uint16 { return uint16(x) })},
		{op: "VPBROADCASTW", enc: "VEX.128.256.66.0F38.W0 79", args: "V,Wx", mem: mem2, feat: AVX2, run: repeat(2, 2)},
		{op: "VPBROADCASTW", enc: e + "66.0F38.W0 79", args: "V,Wx", mem: mem2, feat: AVX512BW, run: repeat(2, 2)},
		{op: "VPSHUFB", enc: "VEX.128.66.0F38.WIG 00", args: "V,H,W", run: shuffleBytes},
		{op: "VPSHUFB", enc: "VEX.256.66.0F38.WIG 00", args: "V,H,W", feat: AVX2, run: shuffleBytes},
		{op: "VPSLLDQ", enc: "VEX.128.66.0F.WIG 73 /7", args: "H,U,Ib", run: shiftBytes(-1)},
		{op: "VPSLLDQ", enc: "VEX.256.66.0F.WIG 73 /7", args: "H,U,Ib", feat: AVX2, run: shiftBytes(-1)},
		{op: "VPSRLDQ", enc: "VEX.128.66.0F.WIG 73 /3", args: "H,U,Ib", run: shiftBytes(1)},
		{op: "VPSRLDQ", enc: "VEX.256.66.0F.WIG 73 /3", args: "H,U,Ib", feat: AVX2, run: shiftBytes(1)},
		{op: "VPINSRW", enc: "VEX.128.66.0F.WIG C4", args: "V,H,Ew,Ib", mem: mem2, run: insertWord},
		{op: "VPSRLW", enc: "VEX.128.66.0F.WIG 71 /2", args: "H,U,Ib", run: shift},
		{op: "VPSRLW", enc: "VEX.256.66.0F.WIG 71 /2", args: "H,U,Ib", feat: AVX2, run: shift},
		{op: "VPSRLW", enc: e + "66.0F.WIG 71 /2", args: "H,W,Ib", feat: AVX512BW, run: shift},
		{op: "VPBLENDW", enc: "VEX.128.66.0F3A.WIG 0E", args: "V,H,W,Ib", run: shuffle[uint16](2, chosen)},
		{op: "VPBLENDW", enc: "VEX.256.66.0F3A.WIG 0E", args: "V,H,W,Ib", feat: AVX2, run: shuffle[uint16](2, chosen)},
	},
		packedWords("VPADDSW", "0F.WIG ED", func(a, b uint16) uint16 {
			return uint16(min(max(int32(int16(a))+int32(int16(b)), math.MinInt16), math.MaxInt16))
		}),
		packedWords("VPSUBUSW", "0F.WIG D9", func(a, b uint16) uint16 { return a - min(a, b) }),
		packedWords("VPMAXUW", "0F38.WIG 3E", func(a, b uint16) uint16 { return max(a, b) }), unmasked([]form{
			{op: "VPEXTRW", enc: "VEX.128.66.0F3A.WIG 15", args: "Rd,V,Ib", run: extractWord},
			{op: "VPEXTRW", enc: "VEX.128.66.0F3A.WIG 15", args: "M,V,Ib", mem: mem2, run: extractWord},
			{op: "VPEXTRW", enc: "EVEX.128.66.0F3A.WIG 15", args: "Rd,V,Ib", feat: AVX512BW, run: extractWord},
			{op: "VPEXTRW", enc: "EVEX.128.66.0F3A.WIG 15", args: "M,V,Ib", mem: mem2, feat: AVX512BW, run: extractWord},
		}...))
}

// packedWords are the forms of a lanewise operation on 16-bit lanes.
func packedWords(op, opcode string, f func(a, b uint16) uint16) []form {
	return []form{
		{op: op, enc: "VEX.128.66." + opcode, args: "V,H,W", run: lanes2(f)},
		{op: op, enc: "VEX.256.66." + opcode, args: "V,H,W", feat: AVX2, run: lanes2(f)},
		{op: op, enc: "EVEX.128.256.512.66." + opcode, args: "V,H,W", feat: AVX512BW, run: lanes2(f)},
	}
}

func zeroExtend(x uint16) uint32 { return uint32(x) }

// widenWords is dst[i] = f(src[i]), of words in half a vector.
func widenWords(f func(uint16) uint32) exec {
	return func(m *Machine, in *Inst) error {
		active := m.active(in, in.Vector, 4)
		var buf, out Vec
		a, err := m.source(in, &in.Args[1], &buf, 2, active)
		if err != nil {
			return err
		}
		for i := range in.Vector / 4 {
			setLane(&out, i, f(lane[uint16](a, i)))
		}
		m.write(in, &out, in.Vector, 4, active)
		return nil
	}
}

// narrowWords is dst[i] = f(src[i]), to words in half a vector or in memory.
func narrowWords(f func(uint32, *Inst) uint16) exec {
	return func(m *Machine, in *Inst) error {
		active := m.active(in, in.Vector, 4)
		var out Vec
		for i := range in.Vector / 4 {
			setLane(&out, i, f(lane[uint32](&m.V[in.Args[1].Reg], i), in))
		}
		if in.Args[0].Kind == Memory {
			return m.store(in, &out, in.Vector/2, 2, active)
		}
		m.write(in, &out, in.Vector/2, 2, active)
		return nil
	}
}

// shuffleBytes picks, in each block of 16 bytes, bytes of the first source by the second's; zero where the highest bit is set.
func shuffleBytes(m *Machine, in *Inst) error {
	var buf, out Vec
	b, err := m.source(in, &in.Args[2], &buf, 0, 1)
	if err != nil {
		return err
	}
	a := &m.V[in.Args[1].Reg]
	for i := range in.Vector {
		if b[i]&0x80 == 0 {
			out[i] = a[i&^15+int(b[i]&15)]
		}
	}
	m.write(in, &out, in.Vector, 0, 0)
	return nil
}

// shiftBytes takes bytes imm8 further up (direction 1) or down (-1) in each block of 16, zeros from outside.
func shiftBytes(direction int) exec {
	return func(m *Machine, in *Inst) error {
		var out Vec
		a, n := &m.V[in.Args[1].Reg], min(int(uint8(in.Args[2].Imm)), 16)
		for i := range in.Vector {
			if from := i%16 + direction*n; from >= 0 && from < 16 {
				out[i] = a[i&^15+from]
			}
		}
		m.write(in, &out, in.Vector, 0, 0)
		return nil
	}
}

func insertWord(m *Machine, in *Inst) error {
	v, err := m.integer(in, 2)
	if err != nil {
		return err
	}
	out := m.V[in.Args[1].Reg]
	setLane(&out, int(in.Args[3].Imm)&7, uint16(v))
	m.write(in, &out, 16, 0, 0)
	return nil
}

func extractWord(m *Machine, in *Inst) error {
	return m.setInteger(in, 0, uint64(lane[uint16](&m.V[in.Args[1].Reg], int(in.Args[2].Imm)&7)))
}
