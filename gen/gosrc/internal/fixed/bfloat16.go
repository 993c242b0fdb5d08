package fixed

import "math"

// BFloat16 is a number of 16 bits, the upper half of a float32: 8 significant bits, and the range of float32. Tensors are stored in it;
// arithmetic is in float32.
type BFloat16 uint16

// ToBFloat16 rounds to the nearest BFloat16, ties to even. A NaN is a quiet one.
func ToBFloat16(x float32) BFloat16 {
	bits := math.Float32bits(x)
	if x != x {
		return BFloat16(bits>>16) | 0x40
	}
	return BFloat16((bits + 0x7fff + bits>>16&1) >> 16)
}

// Float32 returns the same number as a float32.
func (b BFloat16) Float32() float32 { return math.Float32frombits(uint32(b) << 16) }

// ToBFloat16s rounds numbers of x to dst, as many as both have, and returns how many.
func ToBFloat16s(dst []BFloat16, x []float32) int {
	n := min(len(dst), len(x))
	for i, v := range x[:n] {
		dst[i] = ToBFloat16(v)
	}
	return n
}

// FromBFloat16s converts numbers of x to dst, as many as both have, and returns how many.
func FromBFloat16s(dst []float32, x []BFloat16) int {
	n := min(len(dst), len(x))
	for i, b := range x[:n] {
		dst[i] = b.Float32()
	}
	return n
}
