package emulate

import "math"

// What floats do to the bit: NaNs pass through quieted, first operand first; an invalid operation gives the default NaN;
// everything else is IEEE 754 round-to-nearest-even, which Go's arithmetic on the same type is.

func isNaN[T element](x T) bool {
	if sizeof[T]() == 4 {
		return uint32(x)&0x7fffffff > 0x7f800000
	}
	return uint64(x)&0x7fffffffffffffff > 0x7ff0000000000000
}

func quiet[T element](x T) T {
	if sizeof[T]() == 4 {
		return x | 1<<22
	}
	return T(uint64(x) | 1<<51)
}

// defaultNaN is what an invalid operation gives: negative, quiet, no payload.
func defaultNaN[T element]() T {
	if sizeof[T]() == 4 {
		return T(uint32(0xffc00000))
	}
	x := uint64(0xfff8000000000000)
	return T(x)
}

// firstNaN is the quieted first NaN of a and b.
func firstNaN[T element](a, b T) T {
	if isNaN(a) {
		return quiet(a)
	}
	return quiet(b)
}

// number is the value of the pattern x, exact in float64 for either type; for signalling NaNs only NaN-ness is kept.
func number[T element](x T) float64 {
	if sizeof[T]() == 4 {
		return float64(math.Float32frombits(uint32(x)))
	}
	return math.Float64frombits(uint64(x))
}

// pattern rounds v to the type of T.
func pattern[T element](v float64) T {
	if sizeof[T]() == 4 {
		return T(math.Float32bits(float32(v)))
	}
	return T(math.Float64bits(v))
}

// arithmetic makes the instruction of a float64 operation: for float32, rounding the float64 result of +, -, *, / or sqrt of
// float32 operands once more gives the correctly rounded float32, since 53 >= 2*24 + 2.
func arithmetic[T element](op func(a, b float64) float64) func(a, b T) T {
	return func(a, b T) T {
		r := pattern[T](op(number(a), number(b)))
		switch {
		case !isNaN(r): // no operand is one, either
			return r
		case isNaN(a) || isNaN(b):
			return firstNaN(a, b)
		}
		return defaultNaN[T]()
	}
}

// lesser is MIN: the second operand if either is a NaN or both are zeros.
func lesser[T element](a, b T) T {
	if number(a) < number(b) {
		return a
	}
	return b
}

// greater is MAX, with the same rule.
func greater[T element](a, b T) T {
	if number(a) > number(b) {
		return a
	}
	return b
}

func squareRoot[T element](a T) T {
	return arithmetic[T](func(a, _ float64) float64 { return math.Sqrt(a) })(a, 0)
}
