package mutate

import "slices"

// Faults is the table of faults.
//
// What is left out makes no difference that a call could show: prefetches, the fence behind streaming stores, where a loop is cut in
// two, the alignment of code.
func Faults() []Fault {
	return slices.Concat(loopFaults(), maskFaults(), subscriptFaults(), arithmeticFaults(), laneFaults(), driverFaults(), goFaults(),
		instructionFaults(), offsetFaults(), abiFaults())
}
