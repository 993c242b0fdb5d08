package emulate

import (
	"math/bits"
	"strings"
)

// Features is a set of instruction sets. Its names are those of the fields of golang.org/x/sys/cpu.X86 without "Has".
type Features uint32

const (
	AVX Features = 1 << iota
	AVX2
	FMA
	F16C
	BMI1
	BMI2
	LZCNT
	POPCNT
	AVX512F
	AVX512VL
	AVX512DQ
	AVX512BW
)

var featureNames = []string{"AVX", "AVX2", "FMA", "F16C", "BMI1", "BMI2", "LZCNT", "POPCNT",
	"AVX512F", "AVX512VL", "AVX512DQ", "AVX512BW"}

// Names lists the instruction sets of f, oldest first.
func (f Features) Names() []string {
	var names []string
	for ; f != 0; f &= f - 1 {
		names = append(names, featureNames[bits.TrailingZeros32(uint32(f))])
	}
	return names
}

func (f Features) String() string {
	if f == 0 {
		return "baseline amd64"
	}
	return strings.Join(f.Names(), " ")
}
