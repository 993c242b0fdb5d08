package main

// In a scratch module bench replaces this file by one that imports the packages to time and fills both tables.

var (
	packages []kernels
	calls    []call

	_ = random[float32]
	_ = failing
	_ = halves[uint16]
	_ = view[uint16]
)

// kernels is one generated package.
type kernels struct {
	nodes, slots func(len int) int
	isas         func() []string
	setISA       func(string) error
}

// call is one generated function, in one package or in several. Prepare makes operands of perDim elements (batch, node, head, dim),
// perSlot elements (batch, node, head, slot) and perRow elements (batch, node, head), and returns the call of each package, all on
// the same operands.
type call struct {
	packages []int
	prepare  func(q request, perDim, perSlot, perRow int) []func() error
}
