// Package emulate interprets amd64 machine code lane by lane, so that AVX2 and AVX-512 kernels can be checked, to the bit and
// to the byte of memory, on CPUs that cannot run them; its tables also say which instruction sets a function needs.
//
// It knows the instructions that the assembly back end may emit and refuses every other one. MXCSR is the default of Go:
// round to nearest even, subnormals kept, no exception unmasked.
package emulate
