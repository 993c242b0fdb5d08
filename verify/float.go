package verify

import (
	"encoding/binary"
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

// encode writes numbers of the type in the byte order of this machine, on which the kernel server runs too.
func (t Float) encode(values []float64) []byte {
	b := make([]byte, 0, len(values)*t.Bytes)
	for _, x := range values {
		if t.Bytes == 4 {
			b = binary.NativeEndian.AppendUint32(b, math.Float32bits(float32(x)))
		} else {
			b = binary.NativeEndian.AppendUint64(b, math.Float64bits(x))
		}
	}
	return b
}

func (t Float) decode(b []byte) []float64 {
	values := make([]float64, len(b)/t.Bytes)
	for i := range values {
		if t.Bytes == 4 {
			values[i] = float64(math.Float32frombits(binary.NativeEndian.Uint32(b[4*i:])))
		} else {
			values[i] = math.Float64frombits(binary.NativeEndian.Uint64(b[8*i:]))
		}
	}
	return values
}
