package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// Target is a kind of processor that kernels are scheduled for.
type Target struct {
	Name        string // go, avx2, avx512: also the name of the instruction set in the command and in PYRAGEN_ISA
	Doc         string
	VectorBytes int  // of one vector register; 0 without vectors
	VectorRegs  int  // that a kernel may use
	FMA         bool // multiply-add with one rounding
}

// Targets are the processors that pyragen knows, the most capable last.
var Targets = []Target{
	{Name: "go", Doc: "portable Go on every GOARCH: scalars, every product rounded"},
	// X15 is Go's zero register.
	{Name: "avx2", Doc: "amd64 with AVX2 and FMA", VectorBytes: 32, VectorRegs: 15, FMA: true},
	{Name: "avx512", Doc: "amd64 with AVX-512 F, DQ, VL and BW", VectorBytes: 64, VectorRegs: 31, FMA: true},
}

// FindTarget returns the target of that name.
func FindTarget(name string) (Target, error) {
	for _, t := range Targets {
		if t.Name == name {
			return t, nil
		}
	}
	return Target{}, fmt.Errorf("unknown target %q; use go, avx2 or avx512", name)
}

// Lanes returns the elements of type t in one vector register, 1 without vectors.
func (t Target) Lanes(typ ir.Type) int {
	if t.VectorBytes == 0 {
		return 1
	}
	return t.VectorBytes / typ.Arith().Size()
}
