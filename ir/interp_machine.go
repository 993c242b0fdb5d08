package ir

import (
	"fmt"
	"slices"
	"strings"
)

// float is the type that the interpreter computes in.
type float interface{ float32 | float64 }

// step is a compiled statement.
type step[T float] func(*machine[T])

// machine is the state of one run. The compiler gave every variable, mask, register and intermediate vector its own place.
// Functions do not call each other, so they need no stack.
type machine[T float] struct {
	ints    []int64     // sizes, lets, loop variables
	active  []int       // active lanes of each mask
	vals    []T         // register buffers and intermediate vectors
	defined []bool      // whether an element of a register buffer was written; one flag a vector
	mem     []memory[T] // memory buffers
	levels  *Levels     // of the pyramid; nil for a table graph
}

// memory is a bound memory buffer. Which slice is used depends on the buffer's type.
type memory[T float] struct {
	real    []T
	bits    []uint16
	ints    []int32
	seed    uint64
	defined []bool // temporaries: the elements that were written; nil for arguments
	size    int64  // elements
}

// bind makes s the storage of an argument.
func (s *memory[T]) bind(a *Array) {
	*s = memory[T]{bits: a.U16, ints: a.I32, size: int64(a.Len())}
	switch a.Type {
	case F32:
		s.real, _ = any(a.F32).([]T)
	case F64:
		s.real, _ = any(a.F64).([]T)
	case U64:
		s.seed = a.U64[0]
	}
}

// allocate makes s a temporary of n undefined elements of type t.
func (s *memory[T]) allocate(t Type, n int64) {
	switch t {
	case F16, BF16:
		s.bits = slices.Grow(s.bits[:0], int(n))[:n]
	case I32:
		s.ints = slices.Grow(s.ints[:0], int(n))[:n]
	default:
		s.real = slices.Grow(s.real[:0], int(n))[:n]
	}
	s.size = n
	s.defined = slices.Grow(s.defined[:0], int(n))[:n]
	clear(s.defined)
}

// fault stops a run. It is a panic inside the package only: closures that return errors would double the interpreter.
type fault struct{ text string }

func failf(format string, args ...any) { panic(fault{fmt.Sprintf(format, args...)}) }

// place says where in the program a closure comes from and which variables it reads, for the text of a fault.
type place struct {
	where string // kernel, target and function
	names []string
	slots []int
}

// fail stops the run with the place, the values of its variables and what was wrong.
func (at *place) fail(ints []int64, format string, args ...any) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", at.where)
	fmt.Fprintf(&b, format, args...)
	for n, name := range at.names {
		fmt.Fprintf(&b, "%s%s=%d", map[bool]string{true: " where ", false: ", "}[n == 0], name, ints[at.slots[n]])
	}
	panic(fault{b.String()})
}

// catch turns a fault into an error; any other panic goes on.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case fault:
		*err = fmt.Errorf("%s", r.text)
	default:
		panic(r)
	}
}
