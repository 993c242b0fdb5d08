package verify

import "math"

// fractionBits is the width of the fraction of a type of 16 bits; what is left of them, but for the sign, is the exponent.
func (t Float) fractionBits() int { return -math.Ilogb(2 * t.U) }

// halfBits returns the bits of a number that is rounded to a type of 16 bits.
func (t Float) halfBits(x float64) uint16 {
	x = t.Round(x)
	fraction := t.fractionBits()
	var sign uint16
	if math.Signbit(x) {
		sign = 1 << 15
	}
	special := uint16(1<<15 - 1<<fraction) // all bits of the exponent
	switch x = math.Abs(x); {
	case math.IsNaN(x):
		return sign | special | 1<<(fraction-1)
	case math.IsInf(x, 0):
		return sign | special
	case x < t.smallestNormal():
		return sign | uint16(x/t.Eta)
	}
	// One in the exponent is one in the place above the fraction: the smallest normal number has exponent 1.
	e := math.Ilogb(x)
	place := math.Ldexp(1, e-fraction)
	return sign | uint16(e-math.Ilogb(t.smallestNormal()))<<fraction + uint16(x/place)
}

// fromHalf returns the number that 16 bits are.
func (t Float) fromHalf(bits uint16) float64 {
	fraction := t.fractionBits()
	exponent, rest := int(bits&0x7fff)>>fraction, float64(bits&(1<<fraction-1))
	x := rest * t.Eta
	switch {
	case exponent == 0x7fff>>fraction && rest != 0:
		return math.NaN()
	case exponent == 0x7fff>>fraction:
		x = math.Inf(1)
	case exponent > 0:
		x = math.Ldexp(float64(int(1)<<fraction)+rest, exponent-1+math.Ilogb(t.Eta))
	}
	if bits>>15 == 1 {
		x = -x
	}
	return x
}
