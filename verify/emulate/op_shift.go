package emulate

import (
	"slices"
	"strconv"
)

// shiftForms shift lanes, by a constant, by one count for all, or each by its own, rotate them by a constant, and widen integers.
func shiftForms() []form {
	return slices.Concat(
		shifts("VPSLLD", "W0", "72", 6, "F2", full32, shiftLeft[uint32]),
		shifts("VPSRLD", "W0", "72", 2, "D2", full32, shiftRight[uint32]),
		shifts("VPSRAD", "W0", "72", 4, "E2", full32, shiftSigned[uint32]),
		shifts("VPSLLQ", "W1", "73", 6, "F3", full64, shiftLeft[uint64]),
		shifts("VPSRLQ", "W1", "73", 2, "D3", full64, shiftRight[uint64]),
		variable("VPSLLVD", "W0", "47", full32, shiftLeft[uint32]), variable("VPSLLVQ", "W1", "47", full64, shiftLeft[uint64]),
		variable("VPSRLVD", "W0", "45", full32, shiftRight[uint32]), variable("VPSRLVQ", "W1", "45", full64, shiftRight[uint64]),
		variable("VPSRAVD", "W0", "46", full32, shiftSigned[uint32]),
		[]form{
			{op: "VPROLD", enc: "EVEX.128.256.512.66.0F.W0 72 /1", args: "H,W,Ib", mem: full32, run: lanesImm(rotateLeft[uint32])},
			{op: "VPROLQ", enc: "EVEX.128.256.512.66.0F.W1 72 /1", args: "H,W,Ib", mem: full64, run: lanesImm(rotateLeft[uint64])},
		},
		widening("VPMOVSXDQ", "25", func(x uint32) uint64 { return uint64(int64(int32(x))) }),
		widening("VPMOVZXDQ", "35", func(x uint32) uint64 { return uint64(x) }))
}

func shifts[T element](op, w, immOpcode string, digit int, opcode string, mem tuple, f func(x, n T) T) []form {
	imm := lanesImm(func(x T, imm uint8) T { return f(x, T(imm)) })
	immOpcode += " /" + strconv.Itoa(digit)
	return []form{
		{op: op, enc: "VEX.128.66.0F.WIG " + immOpcode, args: "H,U,Ib", run: imm},
		{op: op, enc: "VEX.256.66.0F.WIG " + immOpcode, args: "H,U,Ib", feat: AVX2, run: imm},
		{op: op, enc: "VEX.128.66.0F.WIG " + opcode, args: "V,H,Wx", mem: mem16, run: byCount(f)},
		{op: op, enc: "VEX.256.66.0F.WIG " + opcode, args: "V,H,Wx", mem: mem16, feat: AVX2, run: byCount(f)},
		{op: op, enc: "EVEX.128.256.512.66.0F." + w + " " + immOpcode, args: "H,W,Ib", mem: mem, run: imm},
		{op: op, enc: "EVEX.128.256.512.66.0F." + w + " " + opcode, args: "V,H,Wx", mem: mem16, run: byCount(f)},
	}
}

func variable[T element](op, w, opcode string, mem tuple, f func(x, n T) T) []form {
	return []form{
		{op: op, enc: "VEX.128.256.66.0F38." + w + " " + opcode, args: "V,H,W", feat: AVX2, run: lanes2(f)},
		{op: op, enc: "EVEX.128.256.512.66.0F38." + w + " " + opcode, args: "V,H,W", mem: mem, run: lanes2(f)},
	}
}

func widening(op, opcode string, f func(x uint32) uint64) []form {
	return []form{
		{op: op, enc: "VEX.128.66.0F38.WIG " + opcode, args: "V,Wh", mem: half, run: convert(f)},
		{op: op, enc: "VEX.256.66.0F38.WIG " + opcode, args: "V,Wh", mem: half, feat: AVX2, run: convert(f)},
		{op: op, enc: "EVEX.128.256.512.66.0F38.W0 " + opcode, args: "V,Wh", mem: half, run: convert(f)},
	}
}

func shiftLeft[T element](x, n T) T  { return x << n }
func shiftRight[T element](x, n T) T { return x >> n }

// rotateLeft rotates by a count modulo the width.
func rotateLeft[T element](x T, imm uint8) T {
	width := 8 * sizeof[T]()
	n := int(imm) % width
	return x<<n | x>>(width-n)
}

// shiftSigned fills with the sign, for counts beyond the width too.
func shiftSigned[T element](x, n T) T {
	top := T(8*sizeof[T]() - 1)
	sign := -(x >> top) // all ones if negative
	return (x^sign)>>n ^ sign
}

// byCount shifts every lane by the low 64 bits of the second source.
func byCount[T element](f func(x, n T) T) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		var buf, out Vec
		b, err := m.source(in, &in.Args[2], &buf, 0, 1)
		if err != nil {
			return err
		}
		n := T(min(lane[uint64](b, 0), 255))
		for i := range in.Vector / elem {
			setLane(&out, i, f(lane[T](&m.V[in.Args[1].Reg], i), n))
		}
		m.write(in, &out, in.Vector, elem, m.active(in, in.Vector, elem))
		return nil
	}
}
