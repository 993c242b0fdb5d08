package ir

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// sameFloat32 reports whether two results agree to the bit, NaN payloads excepted.
func sameFloat32(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// fmaBig is x*y + z for finite operands, from exact arithmetic.
func fmaBig(x, y, z float32) float32 {
	exact := func(v float32) *big.Float { return new(big.Float).SetPrec(700).SetFloat64(float64(v)) }
	r := exact(0).Mul(exact(x), exact(y))
	r.Add(r, exact(z))
	if r.Sign() == 0 { // big.Float and IEEE-754 differ in the sign of an exact zero sum
		return float32(float64(x)*float64(y) + float64(z))
	}
	f, _ := r.Float32()
	return f
}

// anyFloat32 draws from all finite float32, with many values near the ends of the range and near powers of two.
func anyFloat32(r *rand.Rand) float32 {
	for {
		bits := r.Uint32()
		switch r.IntN(4) {
		case 0: // few significant bits: exact results and ties
			bits &^= 1<<(8+r.UintN(15)) - 1
		case 1: // exponents close to each other: cancellation
			bits = bits&^(0xff<<23) | (120+bits%16)<<23
		case 2: // subnormals and the smallest normal numbers
			bits = bits&^(0xff<<23) | (bits%26)<<23
		}
		if f := math.Float32frombits(bits); !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) {
			return f
		}
	}
}

func TestFMA32Random(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		x, y, z := anyFloat32(r), anyFloat32(r), anyFloat32(r)
		if r.IntN(3) == 0 { // z close to -x*y, so that the low half of the product decides
			z = -x * y
			if n := r.IntN(3); n > 0 && !math.IsInf(float64(z), 0) {
				z = math.Nextafter32(z, float32(n)*4-6)
			}
		}
		if math.IsInf(float64(z), 0) {
			continue
		}
		if got, want := FMA32(x, y, z), fmaBig(x, y, z); !sameFloat32(got, want) {
			t.Fatalf("FMA32(%x, %x, %x) = %x, want %x", x, y, z, got, want)
		}
	}
}

// In each of these a float64 sum rounded to nearest lands on a float32 tie that the exact value is not, or the result is at an
// end of the range.
func TestFMA32Adversarial(t *testing.T) {
	const (
		ulp     = 1.0 / (1 << 23)
		tiny    = 0x1p-149
		largest = math.MaxFloat32
	)
	for _, c := range [][3]float32{
		{1 + ulp, 1 + ulp, 0x1p-60}, {1 + ulp, 1 + ulp, -0x1p-60},
		{0x1p-30, 0x1p-30, 1 + ulp}, {-0x1p-30, 0x1p-30, 1 + ulp},
		{0x1p-12, 0x1p-12, 1 + ulp}, {0x1.000002p-12, 0x1p-12, 1}, {0x1.fffffep-13, 0x1p-12, 1},
		{0x1p-12, 0x1p-12, 1}, {-0x1p-12, 0x1p-13, 1}, {-0x1.000002p-12, 0x1p-13, 1},
		{0x1.000002p0, 0x1.7ffffep-24, 0x1p0}, {0x1.000002p0, 0x1p-24, 0x1p0}, {-0x1.000002p0, 0x1p-25, 0x1p0},
		{0x1p-75, 0x1p-75, 0}, {0x1.8p-75, 0x1p-75, 0}, {0x1p-75, 0x1p-75, tiny}, {0x1.000002p-75, 0x1p-75, 0},
		{tiny, tiny, tiny}, {tiny, -tiny, tiny}, {tiny, 0.5, 0}, {tiny, 0.5, tiny}, {tiny, 0x1.000002p-1, 0}, {-tiny, 0.5, 0},
		{0x1p-100, 0x1p-26, 0x1p-126}, {-0x1p-100, 0x1p-50, 0x1p-126}, {-0x1p-125, 0x1p-25, 0x1p-126},
		{largest, 1, 0x1p103}, {largest, 1, 0x1.fffffep102}, {largest, 1 + ulp, -0x1p104}, {largest, largest, -largest},
		{largest, -2, largest}, {3, 5, -15}, {0, 3, 0}, {largest, 2, -largest},
	} {
		for signs := range 8 {
			x, y, z := c[0], c[1], c[2]
			if signs&1 != 0 {
				x = -x
			}
			if signs&2 != 0 {
				y = -y
			}
			if signs&4 != 0 {
				z = -z
			}
			if got, want := FMA32(x, y, z), fmaBig(x, y, z); !sameFloat32(got, want) {
				t.Errorf("FMA32(%x, %x, %x) = %x, want %x", x, y, z, got, want)
			}
		}
	}
}

func TestFMA32Special(t *testing.T) {
	inf, nan, zero := float32(math.Inf(1)), float32(math.NaN()), float32(math.Copysign(0, -1))
	for _, c := range []struct{ x, y, z, want float32 }{
		{inf, 1, 1, inf}, {-inf, 1, 1, -inf}, {inf, 0, 1, nan}, {inf, 1, -inf, nan}, {2, 3, inf, inf}, {2, 3, -inf, -inf},
		{nan, 1, 1, nan}, {1, nan, 1, nan}, {1, 1, nan, nan}, {0, inf, nan, nan},
		{zero, 1, zero, zero}, {zero, 1, 0, 0}, {1, 1, -1, 0}, {-1, 1, 1, 0}, {0x1p-100, -0x1p-100, 0, zero},
	} {
		if got := FMA32(c.x, c.y, c.z); !sameFloat32(got, c.want) {
			t.Errorf("FMA32(%v, %v, %v) = %v, want %v", c.x, c.y, c.z, got, c.want)
		}
	}
}

// valueOf16 is the value of a 16-bit float with the given exponent and fraction widths, from the definition.
func valueOf16(bits uint16, expBits, fracBits int) float64 {
	exp := int(bits>>fracBits) & (1<<expBits - 1)
	frac := float64(int(bits) & (1<<fracBits - 1))
	bias, scale := 1<<(expBits-1)-1, math.Ldexp(1, -fracBits)
	var v float64
	switch {
	case exp == 1<<expBits-1 && frac != 0:
		return math.NaN()
	case exp == 1<<expBits-1:
		v = math.Inf(1)
	case exp == 0:
		v = math.Ldexp(frac*scale, 1-bias)
	default:
		v = math.Ldexp(1+frac*scale, exp-bias)
	}
	if bits>>15 != 0 {
		v = -v
	}
	return v
}

// Each 16-bit value survives a round trip, and the float32 at, just below and just above the middle of each pair of neighbours
// goes to the right one of them.
func TestSixteenBitFormats(t *testing.T) {
	for _, f := range []struct {
		name              string
		expBits, fracBits int
		widen             func(uint16) float32
		narrow            func(float32) uint16
	}{{"f16", 5, 10, F16ToF32, F32ToF16}, {"bf16", 8, 7, BF16ToF32, F32ToBF16}} {
		infinity := uint16(1<<f.expBits-1) << f.fracBits
		for n := range 1 << 16 {
			h := uint16(n)
			want := float32(valueOf16(h, f.expBits, f.fracBits))
			if got := f.widen(h); !sameFloat32(got, want) {
				t.Fatalf("%s %#04x widens to %x, want %x", f.name, h, got, want)
			}
			if want != want {
				if got := f.widen(f.narrow(want)); got == got {
					t.Fatalf("%s NaN narrows to %v", f.name, got)
				}
				continue
			}
			if got := f.narrow(want); got != h {
				t.Fatalf("%s %x narrows to %#04x, want %#04x", f.name, want, got, h)
			}
			if h&0x7fff >= infinity {
				continue
			}
			// The neighbour away from zero; beyond the largest finite value IEEE-754 rounds as if the exponent went on.
			next := valueOf16(h+1, f.expBits, f.fracBits)
			if (h+1)&0x7fff == infinity {
				next = math.Copysign(math.Ldexp(1, 1<<(f.expBits-1)), float64(want))
			}
			middle := float32((float64(want) + next) / 2)
			if float64(middle) != (float64(want)+next)/2 {
				continue // below the float32 subnormals
			}
			even := h + h&1
			for _, c := range []struct {
				x    float32
				want uint16
			}{
				{middle, even}, {math.Nextafter32(middle, 0), h}, {math.Nextafter32(middle, float32(math.Inf(n>>15*-2+1))), h + 1},
			} {
				if got := f.narrow(c.x); got != c.want {
					t.Fatalf("%s: %x narrows to %#04x, want %#04x", f.name, c.x, got, c.want)
				}
			}
		}
	}
}

// A NaN whose payload is only in the low bits must not become an infinity.
func TestNarrowKeepsNaN(t *testing.T) {
	for _, bits := range []uint32{0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff, 0x7f801fff} {
		f := math.Float32frombits(bits)
		if h := F16ToF32(F32ToF16(f)); h == h {
			t.Errorf("F32ToF16(%#x) is not a NaN: %v", bits, h)
		}
		if h := BF16ToF32(F32ToBF16(f)); h == h {
			t.Errorf("F32ToBF16(%#x) is not a NaN: %v", bits, h)
		}
	}
}

// What is beyond the largest value becomes an infinity.
func TestNarrowOverflows(t *testing.T) {
	for _, f := range []float32{65520, 65536, 70000, 131071, 1e10, math.MaxFloat32, float32(math.Inf(1))} {
		if got := F32ToF16(f); got != 0x7c00 {
			t.Errorf("F32ToF16(%v) = %#x, want infinity", f, got)
		}
		if got := F32ToF16(-f); got != 0xfc00 {
			t.Errorf("F32ToF16(%v) = %#x, want -infinity", -f, got)
		}
	}
	if got := F32ToBF16(math.MaxFloat32); got != 0x7f80 {
		t.Errorf("F32ToBF16(%v) = %#x, want infinity", float32(math.MaxFloat32), got)
	}
}
