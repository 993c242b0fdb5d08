package peak

import (
	"testing"

	"golang.org/x/sys/cpu"
)

// TestBandwidth: a copy takes time, and no memory of today moves a terabyte a second to one process of this module.
func TestBandwidth(t *testing.T) {
	if got := Bandwidth(); got < 1e8 || got > 1e14 {
		t.Errorf("got %g bytes a second", got)
	}
}

// TestFlops wants more from wider vectors and from narrower elements, where the machine has them: every lane counts.
func TestFlops(t *testing.T) {
	for _, bytes := range []int{4, 8} {
		goes := Flops("go", bytes)
		if goes < 1e8 || goes > 1e14 {
			t.Errorf("go, %d bytes: got %g operations a second", bytes, goes)
		}
		for isa, here := range map[string]bool{"avx2": cpu.X86.HasAVX2 && cpu.X86.HasFMA, "avx512": cpu.X86.HasAVX512F} {
			if !here {
				continue
			}
			if got := Flops(isa, bytes); got < goes {
				t.Errorf("%s, %d bytes: got %g operations a second, less than the %g of scalars", isa, bytes, got, goes)
			}
		}
	}
}
