package emulate

import "math"

// fusedAdd is x*y + z, rounded once. Of NaNs it is the first in the order x, y, z.
func fusedAdd[T element](x, y, z T, negateProduct, negateAddend bool) T {
	a, b, c := number(x), number(y), number(z)
	if negateProduct {
		a = -a
	}
	if negateAddend {
		c = -c
	}
	var r T
	if sizeof[T]() == 4 {
		r = T(math.Float32bits(fma32(a, b, c)))
	} else {
		r = T(math.Float64bits(math.FMA(a, b, c)))
	}
	switch {
	case !isNaN(r): // no operand is one, either
		return r
	case isNaN(x):
		return quiet(x)
	case isNaN(y):
		return quiet(y)
	case isNaN(z):
		return quiet(z)
	}
	return defaultNaN[T]()
}

// fma32 is a*b + c for float32 values. The product is exact in float64. The sum is rounded to odd (the last bit set if anything
// was lost), which keeps rounding it to float32 from rounding twice.
func fma32(a, b, c float64) float32 {
	p := float64(a * b)
	s := float64(p + c)
	if math.IsInf(s, 0) || math.IsNaN(s) {
		return float32(s)
	}
	t := float64(s - p)
	lost := float64(p-float64(s-t)) + float64(c-t)
	if u := math.Float64bits(s); lost != 0 && u&1 == 0 {
		if (lost > 0) == (s > 0) { // away from zero
			u++
		} else {
			u--
		}
		s = math.Float64frombits(u)
	}
	return float32(s)
}
