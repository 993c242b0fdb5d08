package ir

import "math"

// FMA32 returns x*y + z rounded once to float32.
//
// The product of two float32 is exact in float64. The float64 sum is rounded to odd (Boldo and Melquiond, Emulation of FMA and
// correctly rounded sums, 2008): where it is inexact, its last bit is set, so that the second rounding, to float32, sees on
// which side of a tie the exact value lies. The error of the sum comes from Knuth's TwoSum.
func FMA32(x, y, z float32) float32 {
	p, c := float64(x)*float64(y), float64(z)
	s := p + c
	b := s - p
	e := (p - (s - b)) + (c - b)
	if e != 0 && e == e { // e is NaN where s is an infinity or a NaN, which need no correction
		bits := math.Float64bits(s)
		if bits&1 == 0 { // rounded to even: the odd neighbour is on the other side of the exact value
			if (e > 0) == (s > 0) {
				bits++
			} else {
				bits--
			}
			s = math.Float64frombits(bits)
		}
	}
	return float32(s)
}

// F16ToF32 returns the value of an IEEE-754 binary16; every one is exact in float32.
func F16ToF32(h uint16) float32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&0x3ff
	switch exp {
	case 0: // zero or subnormal: frac * 2^-24
		v := float32(frac) * (1.0 / (1 << 24))
		return math.Float32frombits(sign | math.Float32bits(v))
	case 31: // infinity, or NaN with its payload
		return math.Float32frombits(sign | 0x7f800000 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+127-15)<<23 | frac<<13)
}

// F32ToF16 rounds to the nearest binary16, ties to even. NaN stays a quiet NaN with the upper bits of its payload.
func F32ToF16(f float32) uint16 {
	bits := math.Float32bits(f)
	sign, abs := uint16(bits>>31)<<15, bits&0x7fffffff
	switch {
	case abs > 0x7f800000:
		return sign | 0x7e00 | uint16(abs>>13)&0x3ff
	case abs >= 0x47800000: // 2^16; below it, rounding up from the largest binary16 carries into the infinity
		return sign | 0x7c00
	case abs < 0x38800000: // below 2^-14 the result is subnormal: a multiple of 2^-24, which adding 1/2 rounds to
		v := math.Float32frombits(abs) + 0.5
		return sign | uint16(math.Float32bits(v)-math.Float32bits(0.5))
	}
	abs -= (127 - 15) << 23
	return sign | uint16((abs+0xfff+abs>>13&1)>>13)
}

// BF16ToF32 returns the value of a bfloat16, which is the upper half of a float32.
func BF16ToF32(b uint16) float32 { return math.Float32frombits(uint32(b) << 16) }

// F32ToBF16 rounds to the nearest bfloat16, ties to even. NaN stays a quiet NaN with the upper bits of its payload.
func F32ToBF16(f float32) uint16 {
	bits := math.Float32bits(f)
	if bits&0x7fffffff > 0x7f800000 {
		return uint16(bits>>16) | 0x40
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}

// fma64 returns x*y + z rounded once to float64.
func fma64(x, y, z float64) float64 { return math.FMA(x, y, z) }
