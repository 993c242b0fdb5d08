package fixed

import (
	"math"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// TestHalves compares the conversions with those of the IR: every element, and float32 all over their range, half way between two
// elements and next to that among them.
func TestHalves(t *testing.T) {
	same := func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b }
	for bits := range 1 << 16 {
		h := uint16(bits)
		if got, want := Float16(h).Float32(), ir.F16ToF32(h); !same(got, want) {
			t.Fatalf("Float16(%#x).Float32() = %v, want %v", h, got, want)
		}
		if got, want := BFloat16(h).Float32(), ir.BF16ToF32(h); !same(got, want) {
			t.Fatalf("BFloat16(%#x).Float32() = %v, want %v", h, got, want)
		}
	}
	const step = 0x1fff // prime to the places that count
	for bits := uint64(0); bits < 1<<32; bits += step {
		for _, b := range []uint32{uint32(bits), uint32(bits) &^ 0xfff, uint32(bits)&^0xffff | 0x8000, uint32(bits)&^0xffff | 0x7fff} {
			x := math.Float32frombits(b)
			if got, want := uint16(ToFloat16(x)), ir.F32ToF16(x); got != want {
				t.Fatalf("ToFloat16(%v) = %#x, want %#x", x, got, want)
			}
			if got, want := uint16(ToBFloat16(x)), ir.F32ToBF16(x); got != want {
				t.Fatalf("ToBFloat16(%v) = %#x, want %#x", x, got, want)
			}
		}
	}
}

// TestHalfSlices converts as many as both slices have.
func TestHalfSlices(t *testing.T) {
	x := []float32{1, -0.5, 65520}
	h, b := make([]Float16, 2), make([]BFloat16, 4)
	if n, m := ToFloat16s(h, x), ToBFloat16s(b, x); n != 2 || m != 3 || h[0] != 0x3c00 || h[1] != 0xb800 || b[0] != 0x3f80 || b[3] != 0 {
		t.Errorf("got %d of %x and %d of %x", n, h, m, b)
	}
	y := make([]float32, 3)
	if n := FromFloat16s(y, h); n != 2 || y[0] != 1 || y[1] != -0.5 || y[2] != 0 {
		t.Errorf("got %d of %v", n, y)
	}
	if n := FromBFloat16s(y[:1], b); n != 1 || y[0] != 1 {
		t.Errorf("got %d of %v", n, y)
	}
	if ToFloat16(65520) != 0x7c00 || ToFloat16(65519.996) != 0x7bff {
		t.Error("the largest Float16 ends half a place above 65504")
	}
}

// TestSourceOfHalves: types of 16 bits come into the text where they are asked for, and tensors may consist of them there.
func TestSourceOfHalves(t *testing.T) {
	plain, err := Source()
	if err != nil {
		t.Fatal(err)
	}
	with, err := Source("Float16", "BFloat16")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][2]int{
		"type Float16 uint16": {0, 1}, "type BFloat16 uint16": {0, 1}, "T float32 | float64]": {2, 0}, "T float32 | float64 | Float16 | BFloat16]": {0, 2},
	} {
		if got := [2]int{strings.Count(plain.Body, text), strings.Count(with.Body, text)}; got != want {
			t.Errorf("%q stands %v times in the texts without and with, want %v", text, got, want)
		}
	}
	if got := len(with.Decls) - len(plain.Decls); got != 10 {
		t.Errorf("got %d declarations more, want the type, two conversions and two of slices each", got)
	}
}
