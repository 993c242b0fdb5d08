package main

import "unsafe"

// kernels is one generated package.
type kernels struct {
	dim     int
	window  int // of a pyramid, as the next three
	strides []int
	nodes   func(len int) int
	slots   func(len int) int

	table              bool // of table graphs, as what follows
	fixedSlots         int
	newGraph           func(table []int32, slots int) (graph, error)
	noGraph, zeroGraph graph

	isas   func() []string
	setISA func(string) error
	isa    func() string
}

// call is one generated function.
type call struct {
	pkg      int
	elements []element // of the outputs, then of the inputs
	run      func(a arguments) error
}

// element is a type of elements. Marks are NaNs that no kernel computes: an element that still holds one was not written. What lies between
// rows are others, which show where they are read into a result. In 16 bits they are signalling, while a rounded NaN is quiet.
type element struct {
	size      int // in bytes
	mark, gap uint64
}

var (
	f32  = element{4, 0x7fe5c3d1, 0x7fdab0b5}
	f64  = element{8, 0x7ffc5c3dd15ea5e5, 0x7ffdab0b5eed5eed}
	f16  = element{2, 0x7d5a, 0x7ca5}
	bf16 = element{2, 0x7fa5, 0x7f9a}
)

// arguments are what a generated function is given.
type arguments struct {
	batch, len, heads, dim, workers int
	rowStride, gradStride           int
	scalar, dropout                 float64
	seed                            uint64
	graph                           graph
	tensors                         [][]byte // outputs, then inputs
}

// elements views tensor i as numbers. Its capacity ends with it, so that Go code cannot reach what lies behind.
func elements[T float32 | float64 | ~uint16](a arguments, i int) []T {
	b := a.tensors[i]
	n := len(b) / int(unsafe.Sizeof(T(0)))
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}
