package fixed

import "math"

// Float16 is a number of 16 bits, IEEE 754 binary16: 11 significant bits, finite up to 65504. Tensors are stored in it; arithmetic is in
// float32.
type Float16 uint16

// ToFloat16 rounds to the nearest Float16, ties to even. From 65520 on that is an infinity, and a NaN is a quiet one.
func ToFloat16(x float32) Float16 {
	bits := math.Float32bits(x)
	sign, abs := Float16(bits>>31)<<15, bits&0x7fffffff
	switch {
	case abs > 0x7f800000: // NaN, with the upper bits of its payload
		return sign | 0x7e00 | Float16(abs>>13)&0x3ff
	case abs >= 0x47800000: // 2^16; what is rounded up from less carries into the infinity
		return sign | 0x7c00
	case abs < 0x38800000: // less than 2^-14: a multiple of 2^-24, which a sum with 1/2 is rounded to
		return sign | Float16(math.Float32bits(math.Float32frombits(abs)+0.5)-math.Float32bits(0.5))
	}
	abs -= (127 - 15) << 23
	return sign | Float16((abs+0xfff+abs>>13&1)>>13)
}

// Float32 returns the same number as a float32. It does not branch, so that the compiler converts once what is used often.
func (h Float16) Float32() float32 {
	// The product gives the exponent its other bias, that of subnormals too. Infinities and NaN come out from 2^16 on: they get an exponent of
	// all ones.
	abs := math.Float32bits(math.Float32frombits(uint32(h&0x7fff)<<13) * 0x1p112)
	special := uint32(int32(0x477fffff-abs)>>31) & 0x7f800000
	return math.Float32frombits(uint32(h&0x8000)<<16 | abs | special)
}

// ToFloat16s rounds numbers of x to dst, as many as both have, and returns how many.
func ToFloat16s(dst []Float16, x []float32) int {
	n := min(len(dst), len(x))
	for i, v := range x[:n] {
		dst[i] = ToFloat16(v)
	}
	return n
}

// FromFloat16s converts numbers of x to dst, as many as both have, and returns how many.
func FromFloat16s(dst []float32, x []Float16) int {
	n := min(len(dst), len(x))
	for i, h := range x[:n] {
		dst[i] = h.Float32()
	}
	return n
}
