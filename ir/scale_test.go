package ir

import (
	"fmt"
	"math"
	"testing"
)

// TestTakenApart: a positive normal value is its mantissa, from sqrt(1/2) to sqrt(2), times two to its exponent.
func TestTakenApart(t *testing.T) {
	for b := uint32(0x00800000); b < 0x7f800000; b += 0x4321 {
		x := math.Float32frombits(b)
		m, e := mantissa(x), exponent(x)
		if c := math.Float32frombits(centreF32); m < c || m >= 2*c || math.Ldexp(float64(m), int(e)) != float64(x) {
			t.Fatalf("%v = %v * 2^%v, want a mantissa in [%v, %v)", x, m, e, c, 2*c)
		}
	}
	for b := uint64(0x0010000000000000); b < 0x7ff0000000000000; b += 0x123456789abcd {
		x := math.Float64frombits(b)
		m, e := mantissa(x), exponent(x)
		if c := math.Float64frombits(centreF64); m < c || m >= 2*c || math.Ldexp(m, int(e)) != x {
			t.Fatalf("%v = %v * 2^%v, want a mantissa in [%v, %v)", x, m, e, c, 2*c)
		}
	}
	if m, e := mantissa(float32(1)), exponent(float32(1)); m != 1 || e != 0 {
		t.Errorf("1 = %v * 2^%v, want 1 * 2^0", m, e)
	}
}

// TestScaled: a value is scaled with one rounding, also into the subnormal numbers and beyond.
func TestScaled(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct{ x, n, want32, want64 float64 }{
		{1, 0, 1, 1}, {-1.5, 3, -12, -12}, {0, 5, 0, 0}, {1, -126, 0x1p-126, 0x1p-126},
		{1, -149, 0x1p-149, 0x1p-149}, {1, -150, 0, 0x1p-150}, {1.25, -150, 0x1p-149, 0x1.4p-150}, {1.5, 128, inf, 0x1.8p128},
		{0x1.000002p0, -127, 0x1p-127, 0x1.000002p-127}, {1, -1074, 0, 0x1p-1074}, {1, -1075, 0, 0}, {1.5, 1024, inf, inf},
		{0x1.5p0, 2.75, 0x1.5p2, 0x1.5p2}, {nan, 1, nan, nan}, {1, nan, nan, nan}, {1, inf, inf, inf}, {1, -inf, 0, 0},
	} {
		if got := scale(float32(c.x), float32(c.n)); !alike(float64(got), c.want32) {
			t.Errorf("float32: %v * 2^%v = %v, want %v", c.x, c.n, got, c.want32)
		}
		if got := scale(c.x, c.n); !alike(got, c.want64) {
			t.Errorf("float64: %v * 2^%v = %v, want %v", c.x, c.n, got, c.want64)
		}
	}
}

func alike(x, y float64) bool { return x == y || x != x && y != y }

// TestChoose: lanes and scalars choose by themselves, and NaN is unequal to all, itself included.
func TestChoose(t *testing.T) {
	ops := map[string]func(a, b float64) bool{
		"<": func(a, b float64) bool { return a < b }, "<=": func(a, b float64) bool { return a <= b },
		"==": func(a, b float64) bool { return a == b }, "!=": func(a, b float64) bool { return a != b },
		">=": func(a, b float64) bool { return a >= b }, ">": func(a, b float64) bool { return a > b },
	}
	a := []float64{1, 2, 3, math.NaN(), 5, math.Inf(1), 0, 8}
	b := []float64{2, 2, 1, 4, math.NaN(), math.Inf(1), math.Copysign(0, -1), 9}
	for op, holds := range ops {
		p, err := ParseProgram(fmt.Sprintf(`program choose f64 avx2 {
  in a: f64[8]
  in b: f64[8]
  out z: f64[2, 8]
  call all()
}

func all() {
  in a: f64[8]
  in b: f64[8]
  out z: f64[2, 8]
  z[0, 0:8] = choose(a[0:8] %[1]s b[0:8], a[0:8] + b[0:8], broadcast(7.0, 8))
  for i in 0..8 {
    z[1, i] = choose(a[i] %[1]s b[i], a[i] + b[i], 7.0)
  }
}
`, op))
		if err != nil {
			t.Fatal(err)
		}
		if err := p.VerifyScheduled(); err != nil {
			t.Fatal(err)
		}
		z := NewArray(F64, 16)
		if err := RunProgram(p, nil, Args{"a": {Type: F64, F64: a}, "b": {Type: F64, F64: b}, "z": z}); err != nil {
			t.Fatal(err)
		}
		for i := range a {
			want := 7.0
			if holds(a[i], b[i]) {
				want = a[i] + b[i]
			}
			if !alike(z.F64[i], want) || !alike(z.F64[8+i], want) {
				t.Errorf("%v %s %v: got %v and %v, want %v", a[i], op, b[i], z.F64[i], z.F64[8+i], want)
			}
		}
	}
}
