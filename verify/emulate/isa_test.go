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

// TestFeatures decodes instructions at the borders of the instruction sets.
func TestFeatures(t *testing.T) {
	for _, c := range []struct{ code, text, want string }{
		{"\xc5\xf4\x58\xd0", "VADDPS Y2, Y1, Y0", "AVX"},
		{"\xc5\xf1\xfe\xd0", "VPADDD X2, X1, X0", "AVX"},
		{"\xc5\xf5\xfe\xd0", "VPADDD Y2, Y1, Y0", "AVX2"},
		{"\xc4\xe2\x79\x18\x00", "VBROADCASTSS X0, [AX]", "AVX"},
		{"\xc4\xe2\x79\x18\xc0", "VBROADCASTSS X0, X0", "AVX2"},
		{"\xc4\xe2\x71\xb8\xd0", "VFMADD231PS X2, X1, X0", "FMA"},
		{"\xc4\xe2\x7d\x13\xc0", "VCVTPH2PS Y0, X0", "F16C"},
		{"\x62\xf1\x74\x48\x58\xd0", "VADDPS Z2, Z1, Z0", "AVX512F"},
		{"\x62\xf1\x74\x29\x58\xd0", "VADDPS Y2{K1}, Y1, Y0", "AVX512F AVX512VL"},
		{"\x62\xf1\x76\x09\x58\xd0", "VADDSS X2{K1}, X1, X0", "AVX512F"},
		{"\x62\xe1\x7d\x08\x6e\xc0", "VMOVD X16, AXd", "AVX512F"},
		{"\x62\xe1\xff\x08\x12\xc0", "VMOVDDUP X16, X0", "AVX512F AVX512VL"},
		{"\x62\xf1\x74\x48\x57\xd0", "VXORPS Z2, Z1, Z0", "AVX512F AVX512DQ"},
		{"\x62\xf1\x75\x48\xef\xd0", "VPXORD Z2, Z1, Z0", "AVX512F"},
		{"\xc5\xf8\x92\xc8", "KMOVW K1, AXd", "AVX512F"},
		{"\xc5\xf9\x92\xc8", "KMOVB K1, AXd", "AVX512DQ"},
		{"\xc4\xe1\xfb\x92\xc8", "KMOVQ K1, AX", "AVX512BW"},
		{"\xc4\xe2\xf8\xf5\xc1", "BZHI AX, CX, AX", "BMI2"},
		{"\xf3\x48\x0f\xbc\xc1", "TZCNT AX, CX", "BMI1"},
		{"\x48\x01\xc8", "ADD AX, CX", "baseline amd64"},
	} {
		in, err := emulate.Decode([]byte(c.code), 0)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if in.String() != c.text || in.Features.String() != c.want {
			t.Errorf("% x: got %v, which needs %v, want %s, which needs %s", c.code, in.String(), in.Features, c.text, c.want)
		}
	}
}
