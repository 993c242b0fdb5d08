package emulate

import "math"

// roundForms round to integers and fractions of them, and scale by powers of two.
func roundForms() []form {
	return []form{
		{op: "VROUNDPS", enc: "VEX.128.256.66.0F3A.WIG 08", args: "V,W,Ib", run: lanesImm(roundInteger[uint32])},
		{op: "VROUNDPD", enc: "VEX.128.256.66.0F3A.WIG 09", args: "V,W,Ib", run: lanesImm(roundInteger[uint64])},
		{op: "VROUNDSS", enc: "VEX.LIG.66.0F3A.WIG 0A", args: "V,H,W,Ib", mem: mem4, run: scalarImm(roundInteger[uint32])},
		{op: "VROUNDSD", enc: "VEX.LIG.66.0F3A.WIG 0B", args: "V,H,W,Ib", mem: mem8, run: scalarImm(roundInteger[uint64])},
		{op: "VRNDSCALEPS", enc: "EVEX.128.256.512.66.0F3A.W0 08", args: "V,W,Ib", mem: full32, run: lanesImm(roundScale[uint32])},
		{op: "VRNDSCALEPD", enc: "EVEX.128.256.512.66.0F3A.W1 09", args: "V,W,Ib", mem: full64, run: lanesImm(roundScale[uint64])},
		{op: "VRNDSCALESS", enc: "EVEX.LIG.66.0F3A.W0 0A", args: "V,H,W,Ib", mem: mem4, run: scalarImm(roundScale[uint32])},
		{op: "VRNDSCALESD", enc: "EVEX.LIG.66.0F3A.W1 0B", args: "V,H,W,Ib", mem: mem8, run: scalarImm(roundScale[uint64])},
		{op: "VSCALEFPS", enc: "EVEX.128.256.512.66.0F38.W0 2C", args: "V,H,W", mem: full32, run: lanes2(scale[uint32])},
		{op: "VSCALEFPD", enc: "EVEX.128.256.512.66.0F38.W1 2C", args: "V,H,W", mem: full64, run: lanes2(scale[uint64])},
		{op: "VSCALEFSS", enc: "EVEX.LIG.66.0F38.W0 2D", args: "V,H,W", mem: mem4, run: scalar(scale[uint32])},
		{op: "VSCALEFSD", enc: "EVEX.LIG.66.0F38.W1 2D", args: "V,H,W", mem: mem8, run: scalar(scale[uint64])},
		{op: "VGETEXPPS", enc: "EVEX.128.256.512.66.0F38.W0 42", args: "V,W", mem: full32, run: lanes1(exponent[uint32])},
		{op: "VGETEXPPD", enc: "EVEX.128.256.512.66.0F38.W1 42", args: "V,W", mem: full64, run: lanes1(exponent[uint64])},
	}
}

// rounding is the mode that imm8[2:0] names; bit 2 means MXCSR's, which is to nearest even.
func rounding(imm uint8) func(float64) float64 {
	if imm&4 != 0 {
		return math.RoundToEven
	}
	return [4]func(float64) float64{math.RoundToEven, math.Floor, math.Ceil, math.Trunc}[imm&3]
}

// roundInteger is ROUND: to an integer, ignoring imm8[7:4].
func roundInteger[T element](x T, imm uint8) T { return roundScale(x, imm&0xf) }

// roundScale is RNDSCALE: to a multiple of 2^-imm8[7:4].
func roundScale[T element](x T, imm uint8) T {
	if isNaN(x) {
		return quiet(x)
	}
	v := number(x)
	if math.Abs(v) >= 0x1p52 { // an integer, also an infinite one
		return x
	}
	m := int(imm >> 4)
	return pattern[T](math.Ldexp(rounding(imm)(math.Ldexp(v, m)), -m))
}

// scale is SCALEF: a * 2^floor(b), with the manual's table of special operands.
func scale[T element](a, b T) T {
	x, y := number(a), number(b)
	switch {
	case isNaN(a) && a == quiet(a) && math.IsInf(y, 1):
		return pattern[T](math.Inf(1))
	case isNaN(a) && a == quiet(a) && math.IsInf(y, -1):
		return 0
	case isNaN(a) || isNaN(b):
		return firstNaN(a, b)
	case math.IsInf(x, 0) && math.IsInf(y, -1), x == 0 && math.IsInf(y, 1):
		return defaultNaN[T]()
	}
	const limit = 5000 // beyond, every result is zero or infinite
	return pattern[T](math.Ldexp(x, int(math.Floor(max(-limit, min(y, limit))))))
}

// exponent is GETEXP: floor(log2(|x|)).
func exponent[T element](x T) T {
	v := number(x)
	switch {
	case isNaN(x):
		return quiet(x)
	case v == 0:
		return pattern[T](math.Inf(-1))
	case math.IsInf(v, 0):
		return pattern[T](math.Inf(1))
	}
	return pattern[T](float64(math.Ilogb(v)))
}
