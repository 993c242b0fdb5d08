package main

import "fmt"

func mxcsr() uint32
func setMXCSR(v uint32)
func takeDirection() uint64

// state is what a kernel must leave as it found it, of what Go code does not notice at once (R9). The registers that Go reserves
// are checked in the emitted instructions instead: the compiler's wrapper restores them before this code could look.
type state struct{ mxcsr uint32 }

// control masks the exception flags out of MXCSR, which any float operation may set.
const control = 0xffc0

func readState() state { return state{mxcsr()} }

// changed says what differs from before, and puts it right again.
func (s state) changed() string {
	if takeDirection() != 0 {
		return "left the direction flag set"
	}
	if got := mxcsr(); got&control != s.mxcsr&control {
		setMXCSR(s.mxcsr)
		return fmt.Sprintf("left MXCSR control bits %#x, found %#x", got&control, s.mxcsr&control)
	}
	return ""
}
