package emulate_test

import (
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
)

// TestCheck checks instruction sets and VZEROUPPER without running anything.
func TestCheck(t *testing.T) {
	image := loadFaulty(t)
	for _, c := range []struct {
		name     string
		declared emulate.Features
		features string
		want     string // "" if legal
	}{
		{"copy8", emulate.AVX, "AVX", ""},
		{"copy8", 0, "AVX", "main.copy8: VMOVUPS Y0, [SI] at * needs AVX, declared are baseline amd64"},
		{"frame", emulate.AVX | emulate.AVX2, "AVX AVX2", ""},
		{"frame", emulate.AVX, "AVX AVX2", "VPBROADCASTD Y0, X0 at * needs AVX2, declared are AVX"},
		{"masked", emulate.AVX | emulate.AVX512F | emulate.AVX512VL, "AVX AVX512F AVX512VL AVX512DQ", "KMOVB K1, AX* needs AVX512DQ"},
		{"fma", emulate.AVX | emulate.AVX512F, "AVX AVX512F", ""},
		{"dirty", emulate.AVX, "AVX", "main.dirty: RET at * is not behind VZEROUPPER"},
		{"dirtyOnOneWay", emulate.AVX, "AVX", "RET at * is not behind VZEROUPPER"},
		{"divides", 0, "baseline amd64", ""},
	} {
		fn, err := image.Func("main." + c.name)
		if err != nil {
			t.Fatal(err)
		}
		if got := fn.Features().String(); got != c.features {
			t.Errorf("%s: Features() = %s, want %s", c.name, got, c.features)
		}
		err = fn.Check(c.declared)
		if (err == nil) != (c.want == "") || err != nil && !like(err.Error(), c.want) {
			t.Errorf("%s: Check(%v) = %v, want %q", c.name, c.declared, err, c.want)
		}
	}
}
