package fixed

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// tensor is an argument of an op: what it is called, its axes, and where it lies.
type tensor struct {
	name    string
	axes    []string
	written bool
	length  int
	size    uintptr // bytes of an element
	start   unsafe.Pointer
}

// input describes a tensor that is read.
func input[T float32 | float64](name string, x []T, axes ...string) tensor {
	return tensor{name: name, axes: axes, length: len(x), size: unsafe.Sizeof(T(0)), start: unsafe.Pointer(unsafe.SliceData(x))}
}

// output describes a tensor that is written.
func output[T float32 | float64](name string, x []T, axes ...string) tensor {
	t := input(name, x, axes...)
	t.written = true
	return t
}

// checkLength compares the length with the product of the axes.
func (t tensor) checkLength(n Sizes) error {
	want, fits := 1, true
	for _, axis := range t.axes {
		extent := n.extent(axis)
		fits = fits && want <= math.MaxInt/int(t.size)/extent // bytes must fit, too
		want *= extent
	}
	switch {
	case !fits:
		return fmt.Errorf("len(%s) = %d, want %s; that many elements of %d bytes overflow int", t.name, t.length, t.product(n), t.size)
	case t.length != want:
		return fmt.Errorf("len(%s) = %d, want %s = %d", t.name, t.length, t.product(n), want)
	}
	return nil
}

// product writes the product of the axes, such as batch*nodes*heads = 2*5*1.
func (t tensor) product(n Sizes) string {
	factors := make([]string, len(t.axes))
	for i, axis := range t.axes {
		factors[i] = strconv.Itoa(n.extent(axis))
	}
	return strings.Join(t.axes, "*") + " = " + strings.Join(factors, "*")
}

// overlaps reports whether two tensors share a byte. Neither is empty.
func (t tensor) overlaps(u tensor) bool {
	a, b := uintptr(t.start), uintptr(u.start)
	return a < b+uintptr(u.length)*u.size && b < a+uintptr(t.length)*t.size
}
