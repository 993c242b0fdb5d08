package fixed

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// tensor is an argument of an op: what it is called, its axes, and where it lies. It refers to nothing that must be allocated.
type tensor struct {
	name    string
	axes    [4]string
	order   int // of the tensor: how many axes it has
	written bool
	length  int
	size    uintptr // bytes of an element
	start   unsafe.Pointer
	field   string // of Sizes, which says how far the rows of nodes lie apart
	stride  int    // what it says, in elements; 0: there are no gaps between rows
}

// input describes a tensor that is read.
func input[T float32 | float64](name string, x []T, axes ...string) tensor {
	t := tensor{name: name, length: len(x), size: unsafe.Sizeof(T(0)), start: unsafe.Pointer(unsafe.SliceData(x))}
	t.order = copy(t.axes[:], axes)
	return t
}

// output describes a tensor that is written.
func output[T float32 | float64](name string, x []T, axes ...string) tensor {
	t := input(name, x, axes...)
	t.written = true
	return t
}

// spaced is the tensor with the rows of nodes as far apart as a field of Sizes says.
func (t tensor) spaced(field string, stride int) tensor {
	t.field, t.stride = field, stride
	return t
}

// layout is where the rows of a tensor lie, in elements.
type layout struct {
	rows, row int // how many, and the elements of each
	stride    int // from one to the next
}

// split returns the axes that count rows, which are those of nodes, and those of a row.
func (t *tensor) split() (nodes, row []string) {
	at := min(2, t.order)
	return t.axes[:at], t.axes[at:t.order]
}

// layout returns where rows lie, and whether the number of bytes fits in an int.
func (t *tensor) layout(n Sizes) (l layout, fits bool) {
	most := math.MaxInt / int(t.size)
	product := func(axes []string) int {
		x := 1
		for _, axis := range axes {
			extent := n.extent(axis)
			fits = fits && x <= most/extent
			x *= extent
		}
		return x
	}
	nodes, row := t.split()
	fits = true
	l.rows, l.row = product(nodes), product(row)
	if l.stride = t.stride; l.stride == 0 {
		l.stride = l.row
	}
	return l, fits && l.row <= most && (l.stride < 1 || l.rows-1 <= (most-l.row)/l.stride)
}

// length is the number of elements from the first to the last.
func (l layout) length() int { return (l.rows-1)*l.stride + l.row }

// checkLength compares the length with the product of the axes. Where rows lie apart the last one ends a tensor; what is left of its
// stride may be there.
func (t *tensor) checkLength(n Sizes) error {
	l, fits := t.layout(n)
	switch {
	case fits && l.stride < l.row:
		_, row := t.split()
		return fmt.Errorf("%s = %d, want 0 for rows without gaps, or >= %s = %d", t.field, t.stride, equation(n, row), l.row)
	case !fits:
		return fmt.Errorf("len(%s) = %d, want %s; that many elements of %d bytes overflow int", t.name, t.length, t.formula(n), t.size)
	case t.length < l.length() || t.length-l.length() > l.stride-l.row:
		return fmt.Errorf("len(%s) = %d, want %s = %d%s", t.name, t.length, t.formula(n), l.length(), t.slack(l))
	}
	return nil
}

// slack says how much longer than its rows a tensor may be.
func (t *tensor) slack(l layout) string {
	if l.stride == l.row {
		return ""
	}
	return fmt.Sprintf(" to %d", l.length()+l.stride-l.row)
}

// formula writes how the length follows from the axes, such as batch*nodes*heads = 2*5*1.
func (t *tensor) formula(n Sizes) string {
	if t.stride == 0 {
		return equation(n, t.axes[:t.order])
	}
	nodes, row := t.split()
	return fmt.Sprintf("(%s-1)*%s + %s = (%s-1)*%d + %s",
		strings.Join(nodes, "*"), t.field, strings.Join(row, "*"), numbers(n, nodes), t.stride, numbers(n, row))
}

// equation writes a product of axes by name and in numbers.
func equation(n Sizes, axes []string) string {
	return strings.Join(axes, "*") + " = " + numbers(n, axes)
}

// numbers writes a product of axes in numbers.
func numbers(n Sizes, axes []string) string {
	factors := make([]string, len(axes))
	for i, axis := range axes {
		factors[i] = strconv.Itoa(n.extent(axis))
	}
	return strings.Join(factors, "*")
}

// overlaps reports whether two tensors, whose lengths have been checked, share a byte. The rows of one may lie between those of the
// other, as far apart.
func (t *tensor) overlaps(u *tensor, n Sizes) bool {
	a, b := uintptr(t.start), uintptr(u.start)
	l, _ := t.layout(n)
	m, _ := u.layout(n)
	if a >= b+uintptr(m.length())*u.size || b >= a+uintptr(l.length())*t.size {
		return false
	}
	stride := uintptr(l.stride) * t.size
	if stride != uintptr(m.stride)*u.size {
		return true
	}
	if a > b {
		a, b, l, t, m, u = b, a, m, u, l, t
	}
	after := (b - a) % stride // from a row of t to the next of u
	return after < uintptr(l.row)*t.size || after+uintptr(m.row)*u.size > stride
}
