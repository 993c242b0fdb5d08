package ir

import "fmt"

// Type is the element type of a buffer or a value.
type Type uint8

// The element types. F16 and BF16 are storage types: values are converted to F32 when loaded.
const (
	F32  Type = iota + 1 // IEEE-754 binary32
	F64                  // IEEE-754 binary64
	F16                  // IEEE-754 binary16, storage only
	BF16                 // bfloat16, storage only
	I32                  // index tables
	U64                  // seeds of random numbers: scalar inputs that are no values
)

var typeNames = [...]string{F32: "f32", F64: "f64", F16: "f16", BF16: "bf16", I32: "i32", U64: "u64"}

// String returns the name of t in the text form.
func (t Type) String() string {
	if int(t) < len(typeNames) && typeNames[t] != "" {
		return typeNames[t]
	}
	return fmt.Sprintf("Type(%d)", uint8(t))
}

// ParseType returns the type of that name in the text form.
func ParseType(name string) (Type, error) {
	for t, n := range typeNames {
		if n == name && n != "" {
			return Type(t), nil
		}
	}
	return 0, fmt.Errorf("unknown type %q; use f32, f64, f16, bf16, i32 or u64", name)
}

// Size returns the bytes of one element.
func (t Type) Size() int {
	switch t {
	case F64, U64:
		return 8
	case F16, BF16:
		return 2
	}
	return 4
}

// Arith returns the type in which values loaded from a buffer of type t are computed.
func (t Type) Arith() Type {
	if t == F16 || t == BF16 {
		return F32
	}
	return t
}

// Narrow reports whether elements of t are stored in fewer bits than they are computed in, so that a load and a store convert.
func (t Type) Narrow() bool { return t != t.Arith() }

// storage is the type that tensors are stored in: a 16-bit one where an argument is, else that of the arithmetic.
func storage(arith Type, buffers []*Buffer) Type {
	for _, b := range buffers {
		if b.Role != Temp && b.Type.Narrow() {
			return b.Type
		}
	}
	return arith
}

// Storage is the type of a kernel's tensors. What is one number of a row, such as the logarithm of a normaliser, is in the type of the
// arithmetic, as are scalars.
func (k *Kernel) Storage() Type { return storage(k.Type, k.Buffers) }

// Storage is the type of a program's tensors, as that of its kernel.
func (p *Program) Storage() Type { return storage(p.Type, p.Buffers) }

// integer reports whether elements of t are no values: they are read in indices and seeds.
func (t Type) integer() bool { return t == I32 || t == U64 }
