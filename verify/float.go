package verify

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Float describes an element type by its constants.
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

	// Tensors are stored in these; arithmetic is in F32.
	F16  = Float{Name: "f16", Bytes: 2, U: 0x1p-11, Eta: 0x1p-24, Max: 65504}
	BF16 = Float{Name: "bf16", Bytes: 2, U: 0x1p-8, Eta: 0x1p-133, Max: 0x1.fep127}
)

// floats are all of them.
func floats() []Float { return []Float{F32, F64, F16, BF16} }

// FindFloat looks an element type up by name.
func FindFloat(name string) (Float, error) {
	for _, t := range floats() {
		if t.Name == name {
			return t, nil
		}
	}
	return Float{}, fmt.Errorf("type %q is unknown, want f32, f64, f16 or bf16", name)
}

// narrow reports whether elements are stored in fewer bits than they are computed in.
func (t Float) narrow() bool { return t.Bytes == 2 }

// Arith is the type of the arithmetic with elements of t, and of scalars.
func (t Float) Arith() Float {
	if t.narrow() {
		return F32
	}
	return t
}

// Of is the type of an operand's elements in a kernel of type t: what is one number of a row is in that of the arithmetic.
func (t Float) Of(o Operand) Float {
	if o.Extent == PerRow {
		return t.Arith()
	}
	return t
}

// smallestNormal is the smallest number with all significant bits.
func (t Float) smallestNormal() float64 { return t.Eta / (2 * t.U) }

// Round rounds to the type, to nearest even.
func (t Float) Round(x float64) float64 {
	switch {
	case t.Bytes == 4:
		return float64(float32(x))
	case t.Bytes == 8 || x == 0 || !finite(x):
		return x
	}
	place := max(math.Ldexp(2*t.U, math.Ilogb(x)), t.Eta) // of the last bit
	x = math.RoundToEven(x/place) * place
	if math.Abs(x) > t.Max {
		x = math.Inf(int(math.Copysign(1, x)))
	}
	return x
}

// Gamma is gamma_k = k*u / (1 - k*u), the growth of relative error over k roundings (Higham, Accuracy and Stability, 3.1).
func (t Float) Gamma(k int) float64 {
	ku := float64(k) * t.U
	return ku / (1 - ku)
}

// Encode writes numbers, rounded to the type, in the byte order of this machine, on which the kernel server runs too.
func (t Float) Encode(values []float64) []byte {
	b := make([]byte, 0, len(values)*t.Bytes)
	for _, x := range values {
		switch t.Bytes {
		case 2:
			b = binary.NativeEndian.AppendUint16(b, t.halfBits(x))
		case 4:
			b = binary.NativeEndian.AppendUint32(b, math.Float32bits(float32(x)))
		default:
			b = binary.NativeEndian.AppendUint64(b, math.Float64bits(x))
		}
	}
	return b
}

// Decode reads numbers of the type.
func (t Float) Decode(b []byte) []float64 {
	values := make([]float64, len(b)/t.Bytes)
	for i := range values {
		switch t.Bytes {
		case 2:
			values[i] = t.fromHalf(binary.NativeEndian.Uint16(b[2*i:]))
		case 4:
			values[i] = float64(math.Float32frombits(binary.NativeEndian.Uint32(b[4*i:])))
		default:
			values[i] = math.Float64frombits(binary.NativeEndian.Uint64(b[8*i:]))
		}
	}
	return values
}
