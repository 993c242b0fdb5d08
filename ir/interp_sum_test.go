package ir

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// The orders of summation, written out from the documentation of HSum and Tree.
func hsum4[T float](v []T) T  { return (v[0] + v[2]) + (v[1] + v[3]) }
func hsum8[T float](v []T) T  { return hsum4([]T{v[0] + v[4], v[1] + v[5], v[2] + v[6], v[3] + v[7]}) }
func hsum16[T float](v []T) T { return hsum8(halved(v)) }
func tree4f64(v []float64) float64 {
	return (v[0] + v[1]) + (v[2] + v[3])
}
func tree8f32(v []float32) float32 {
	return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]))
}

// halved is the lower half of v plus its upper half.
func halved[T float](v []T) []T {
	h := make([]T, len(v)/2)
	for k := range h {
		h[k] = v[k] + v[k+len(h)]
	}
	return h
}

// sums runs hsum and tree on 4 vectors of the given lanes and compares them with functions that have the documented order.
func sums[T float](t *testing.T, typ string, lanes int, hsum, tree func([]T) T) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, uint64(lanes)))
	body := fmt.Sprintf("z[0:4] = tree(x[0:%[1]d], x[%[1]d:%[1]d], x[%[2]d:%[1]d], x[%[3]d:%[1]d])\nz[4] = hsum(x[0:%[1]d])",
		lanes, 2*lanes, 3*lanes)
	for range 50 {
		v, x := make([]T, 4*lanes), make([]float64, 4*lanes)
		for k := range v {
			v[k] = T(r.NormFloat64())
			x[k] = float64(v[k])
		}
		z, err := probe(typ, body, "", x)
		if err != nil {
			t.Fatal(err)
		}
		for k := range 4 {
			if want := tree(v[k*lanes : (k+1)*lanes]); z[k] != float64(want) {
				t.Fatalf("%s x %d: tree lane %d is %v, want %v", typ, lanes, k, z[k], want)
			}
		}
		if want := hsum(v[:lanes]); z[4] != float64(want) {
			t.Fatalf("%s x %d: hsum is %v, want %v", typ, lanes, z[4], want)
		}
	}
}

func TestOrderOfSums(t *testing.T) {
	sums(t, "f32", 8, hsum8[float32], tree8f32)
	sums(t, "f32", 16, hsum16[float32], func(v []float32) float32 { return tree8f32(halved(v)) })
	sums(t, "f64", 4, hsum4[float64], tree4f64)
	sums(t, "f64", 8, hsum8[float64], func(v []float64) float64 { return tree4f64(halved(v)) })
}

// Values in 16-bit storage are computed in f32 and rounded once when stored, lane by lane as well as one by one.
func TestSixteenBitStorage(t *testing.T) {
	for typ, f := range map[Type]struct {
		widen  func(uint16) float32
		narrow func(float32) uint16
	}{F16: {F16ToF32, F32ToF16}, BF16: {BF16ToF32, F32ToBF16}} {
		p, err := ParseProgram(fmt.Sprintf(`program cube f32 avx2 {
  table
  in x: %[1]v[12]
  out z: %[1]v[12]

  z[0] = x[0] * x[0] * x[0]
  for i in 1..9 step 4 {
    z[i:4] = x[i:4] * x[i:4] * x[i:4]
  }
  mask k: f32x4 = 3
  z[9:4 if k] = x[9:4 if k] * x[9:4 if k] * x[9:4 if k]
}
`, typ))
		if err != nil {
			t.Fatal(err)
		}
		x, z := NewArray(typ, 12), NewArray(typ, 12)
		for k := range x.U16 {
			x.U16[k] = f.narrow(0.37 * float32(k+1))
		}
		if err := RunProgram(p, nil, Args{"x": x, "z": z}); err != nil {
			t.Fatal(err)
		}
		for k := range x.U16 {
			v := f.widen(x.U16[k])
			if want := f.narrow(v * v * v); z.U16[k] != want {
				t.Errorf("%v: z[%d] = %#x, want %#x", typ, k, z.U16[k], want)
			}
		}
	}
}
