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
	pkg  int
	size int // bytes of an element
	run  func(a arguments) error
}

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
func elements[T float32 | float64](a arguments, i int) []T {
	b := a.tensors[i]
	n := len(b) / int(unsafe.Sizeof(T(0)))
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}
