package ir

import "math"

// The centre of the intervals that [Mantissa] returns values of: the floats nearest to sqrt(1/2).
const (
	centreF32 = 0x3f3504f3
	centreF64 = 0x3fe6a09e667f3bcd
)

// What [Exponent] and [Mantissa] add to the bits of a value, so that those of an interval [2^k*c, 2^(k+1)*c) share an exponent.
const (
	shiftF32 = 0x3f800000 - centreF32
	shiftF64 = 0x3ff0000000000000 - centreF64
)

// exponent is [Exponent].
func exponent[T float](x T) T {
	switch x := any(x).(type) {
	case float32:
		return T(int32((math.Float32bits(x)+shiftF32)>>23) - 127)
	case float64:
		return T(int64((math.Float64bits(x)+shiftF64)>>52) - 1023)
	}
	return x
}

// mantissa is [Mantissa].
func mantissa[T float](x T) T {
	switch x := any(x).(type) {
	case float32:
		return T(math.Float32frombits((math.Float32bits(x)+shiftF32)&0x7fffff + centreF32))
	case float64:
		return T(math.Float64frombits((math.Float64bits(x)+shiftF64)&0xfffffffffffff + centreF64))
	}
	return x
}

// scale is [Scale]. A float32 is scaled exactly in float64, and float64 has its own function that rounds once.
func scale[T float](x, n T) T {
	if n != n {
		return n
	}
	const beyond = 1 << 12 // every result is zero or infinite
	return T(math.Ldexp(float64(x), int(max(-beyond, min(math.Floor(float64(n)), beyond)))))
}
