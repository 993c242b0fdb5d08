package verify

import (
	"math"
	"testing"
)

// TestHalfBits: every pattern of 16 bits is a number that has this pattern, and is its own rounding; they are in order.
func TestHalfBits(t *testing.T) {
	for _, typ := range []Float{F16, BF16} {
		last := math.Inf(-1)
		for bits := range 1 << 16 {
			x := typ.fromHalf(uint16(bits))
			if math.IsNaN(x) {
				if !math.IsNaN(typ.fromHalf(typ.halfBits(x))) {
					t.Fatalf("%s: NaN becomes %#x", typ.Name, typ.halfBits(x))
				}
				continue
			}
			if got := typ.halfBits(x); got != uint16(bits) {
				t.Fatalf("%s: %#x is %v, which is %#x", typ.Name, bits, x, got)
			}
			if math.Abs(x) <= typ.Max && typ.Round(x) != x {
				t.Fatalf("%s: %v is rounded to %v", typ.Name, x, typ.Round(x))
			}
			if bits < 1<<15 && bits > 0 && !(x > last) {
				t.Fatalf("%s: %#x is %v, the one before %v", typ.Name, bits, x, last)
			}
			last = x
		}
	}
}

// TestRound has numbers on both sides of, and at, half way to the next one.
func TestRound(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		t       Float
		x, want float64
	}{
		{F16, 1 + 0x1p-11, 1}, {F16, 1 + 0x1.8p-10, 1 + 0x1p-9}, {F16, 1 + 0x1.001p-11, 1 + 0x1p-10}, {F16, 65519.99, 65504}, {F16, 65520, inf},
		{F16, -65520, -inf}, {F16, 0x1p-25, 0}, {F16, 0x1.001p-25, 0x1p-24}, {F16, 0x1.8p-24, 0x1p-23}, {F16, 0x1.ff8p-15, 0x1.ff8p-15}, {F16, inf, inf},
		{BF16, 1 + 0x1p-8, 1}, {BF16, 1 + 0x1.8p-7, 1 + 0x1p-6}, {BF16, -0x1.fefep127, -0x1.fep127}, {BF16, 0x1.ffp127, inf}, {BF16, 0x1p-134, 0},
		{BF16, 0x1.8p-133, 0x1p-132},
		{F32, 1 + 0x1p-24, 1}, {F64, 1 + 0x1p-52, 1 + 0x1p-52},
	} {
		if got := c.t.Round(c.x); got != c.want {
			t.Errorf("%s: %x is rounded to %x, want %x", c.t.Name, c.x, got, c.want)
		}
	}
}

// TestStoredElement: an element in 16 bits is right if a number within the bound is rounded to it.
func TestStoredElement(t *testing.T) {
	inf, place := math.Inf(1), 0x1p-10
	for _, c := range []struct {
		name        string
		want, bound float64
		got         float64
		right       bool
	}{
		{"rounded", 1 + 0.3*place, 1e-7, 1, true},
		{"to the other side", 1 + 0.3*place, 1e-7, 1 + place, false},
		{"next to half way, up", 1 + 0.5*place, 1e-7, 1 + place, true},
		{"next to half way, down", 1 + 0.5*place, 1e-7, 1, true},
		{"between the ends", 1, 5 * place, 1 + 3*place, true},
		{"past the end", 1, 5 * place, 1 + 6*place, false},
		{"less than the smallest", 0x1p-26, 1e-12, 0, true},
		{"the smallest", 0x1.8p-25, 1e-12, 0x1p-24, true},
		{"lost", 0x1.8p-25, 1e-12, 0, false},
		{"overflow", 65530, 1, inf, true},
		{"overflow missed", 65530, 1, 65504, false},
		{"early overflow", 65510, 1, inf, false},
		{"NaN", 1, 1, math.NaN(), false},
		{"infinite", inf, 1, inf, true},
		{"infinity lost", inf, 1, 65504, false},
	} {
		e := Expected{"z", []float64{c.want}, []float64{c.bound}, []float64{math.Abs(c.want)}}
		if math.IsInf(c.want, 0) {
			e.Sum[0] = 1
		}
		_, _, why := (&check{t: F16, truth: []Expected{e}}).element(0, 0, c.got)
		if (why == "") != c.right {
			t.Errorf("%s: %v for %v with a bound of %v: got %q, want right: %v", c.name, c.got, c.want, c.bound, why, c.right)
		}
	}
	lse := Expected{"lse", []float64{1}, []float64{1e-7}, []float64{1}}
	softmax, err := FindOp("softmax")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, why := (&check{op: softmax, t: F16, truth: []Expected{lse, lse}}).element(1, 0, 1+place); why == "" {
		t.Error("lse is stored in float32")
	}
}
