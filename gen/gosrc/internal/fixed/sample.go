package fixed

// The declarations of this file stand for those that differ from one generated package to another.

// Window is the number of nodes of its own level that a node sees.
const Window = 3

// packageName begins errors.
const packageName = "fixed"

// Strides returns the numbers of children.
func Strides() []int { return []int{4, 3} }

// Sizes are the run-time sizes.
type Sizes struct {
	Batch, Len, Heads, Dim int
	RowStride, GradStride  int
	Workers                int
	Done                   <-chan struct{}
}

func (n Sizes) dim() int { return n.Dim }

// cpuid is a processor that describes nothing.
func cpuid(leaf, sub uint32) (eax, ebx, ecx, edx uint32) { return 0, 0, 0, 0 }

// kernels are the drivers for one instruction set.
type kernels struct {
	isa   string
	lacks string
}

// known are the kernels of the package.
var known = []kernels{{isa: "go"}, {isa: "slow"}, {isa: "fast", lacks: "this CPU lacks SPEED"}}
