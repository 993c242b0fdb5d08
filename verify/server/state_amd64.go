package main

import (
	"fmt"

	"golang.org/x/sys/cpu"
)

func mxcsr() uint32
func setMXCSR(v uint32)
func takeDirection() uint64
func xsaveFeatures() uint32
func inUse() uint32
func soil()
func clean()

// state is what a kernel must leave as it found it, of what Go code does not notice at once (R9). The registers that Go reserves
// are checked in the emitted instructions instead: the compiler's wrapper restores them before this code could look.
type state struct{ mxcsr, upper uint32 }

const (
	control = 0xffc0      // MXCSR without the exception flags, which any float operation may set
	uppers  = 1<<2 | 1<<6 // in inUse: upper halves of YMM0-15 and ZMM0-15, which VZEROUPPER clears
)

// seesUppers is whether this CPU tells used upper halves from cleared ones: tried out, since it is allowed to report more than is used.
var seesUppers = func() bool {
	if !cpu.X86.HasAVX2 || xsaveFeatures()&(1<<2) == 0 {
		return false
	}
	soil()
	used := inUse() & uppers
	clean()
	return used != 0 && inUse()&uppers == 0
}()

func readState() state { return state{mxcsr(), usedUppers()} }

func usedUppers() uint32 {
	if !seesUppers {
		return 0
	}
	return inUse() & uppers
}

// changed says what differs from before, and puts it right again.
func (s state) changed() string {
	if takeDirection() != 0 {
		return "left the direction flag set"
	}
	upper := usedUppers()
	if got := mxcsr(); got&control != s.mxcsr&control {
		setMXCSR(s.mxcsr)
		return fmt.Sprintf("left MXCSR control bits %#x, found %#x", got&control, s.mxcsr&control)
	}
	if upper != 0 && s.upper == 0 {
		clean()
		return "left upper halves of vector registers in use: a return without VZEROUPPER"
	}
	return ""
}
