package verify

import (
	"fmt"
	"math"
)

// Float describes an element type by the constants of its arithmetic.
type Float struct {
	Name  string
	Bytes int
	U     float64 // unit roundoff: half the distance from 1 to the next number
	Eta   float64 // smallest subnormal
	Max   float64 // largest finite number
}

// The element types. They are values, never changed.
var (
	F32 = Float{Name: "f32", Bytes: 4, U: 0x1p-24, Eta: math.SmallestNonzeroFloat32, Max: math.MaxFloat32}
	F64 = Float{Name: "f64", Bytes: 8, U: 0x1p-53, Eta: math.SmallestNonzeroFloat64, Max: math.MaxFloat64}
)

// FindFloat looks an element type up by name.
func FindFloat(name string) (Float, error) {
	switch name {
	case F32.Name:
		return F32, nil
	case F64.Name:
		return F64, nil
	}
	return Float{}, fmt.Errorf("type %q is unknown, want f32 or f64", name)
}

// Round rounds to the type.
func (t Float) Round(x float64) float64 {
	if t.Bytes == 4 {
		return float64(float32(x))
	}
	return x
}

// Gamma is gamma_k = k*u / (1 - k*u), the growth of relative error over k roundings (Higham, Accuracy and Stability, 3.1).
func (t Float) Gamma(k int) float64 {
	ku := float64(k) * t.U
	return ku / (1 - ku)
}
