package emulate

import "math"

// halfForms convert between float16 and float32.
func halfForms() []form {
	return []form{
		{op: "VCVTPH2PS", enc: "VEX.128.256.66.0F38.W0 13", args: "V,Wh", mem: half, feat: F16C, run: widenWords(halfToSingle)},
		{op: "VCVTPS2PH", enc: "VEX.128.256.66.0F3A.W0 1D", args: "Wh,V,Ib", mem: half, feat: F16C, run: narrowWords(toHalf)},
		{op: "VCVTPH2PS", enc: "EVEX.128.256.512.66.0F38.W0 13", args: "V,Wh", mem: half, run: widenWords(halfToSingle)},
		{op: "VCVTPS2PH", enc: "EVEX.128.256.512.66.0F3A.W0 1D", args: "Wh,V,Ib", mem: half, run: narrowWords(toHalf)},
	}
}

// halfToSingle is exact; a NaN is quieted.
func halfToSingle(h uint16) uint32 {
	sign, exponent, fraction := uint32(h>>15)<<31, int(h>>10&31), uint32(h&0x3ff)
	switch {
	case exponent == 31 && fraction != 0:
		return sign | 0x7fc00000 | fraction<<13
	case exponent == 31:
		return sign | 0x7f800000
	case exponent == 0:
		return sign | math.Float32bits(float32(fraction)*0x1p-24)
	}
	return sign | uint32(exponent+127-15)<<23 | fraction<<13
}

func toHalf(x uint32, in *Inst) uint16 { return singleToHalf(x, uint8(in.Args[2].Imm)) }

// singleToHalf rounds as imm8 says; subnormals are kept and a NaN keeps the top of its payload.
func singleToHalf(x uint32, imm uint8) uint16 {
	sign := uint16(x >> 16 & 0x8000)
	if isNaN(x) {
		return sign | 0x7e00 | uint16(x>>13&0x3ff)
	}
	v := number(x &^ (1 << 31))
	if math.IsInf(v, 0) {
		return sign | 0x7c00
	}
	round := rounding(imm)
	quantum := math.Ldexp(1, max(math.Ilogb(v), -14)-10) // of the last bit of v's binade, or of the subnormals
	if sign != 0 {
		v = -v
	}
	v = math.Abs(round(v/quantum)) * quantum
	if v > 65504 { // the largest finite float16; a directed rounding stays there unless it goes away from zero
		nearest := imm&4 != 0 || imm&3 == 0
		if away := round(math.Copysign(0.5, number(x))) != 0; nearest || away {
			return sign | 0x7c00
		}
		return sign | 0x7bff
	}
	if v < 0x1p-14 {
		return sign | uint16(v/0x1p-24)
	}
	e := math.Ilogb(v)
	return sign | uint16(e+15)<<10 | uint16(v/math.Ldexp(1, e-10))&0x3ff
}
