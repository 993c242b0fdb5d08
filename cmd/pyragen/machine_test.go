package main

import (
	"slices"
	"testing"

	"github.com/pyragen/pyragen/spec"
)

// TestEmittedNarrow: kernels of tensors in 16 bits are found by their type, and F16C is among what those of float16 need.
func TestEmittedNarrow(t *testing.T) {
	for typ, want := range map[string]bool{"f16": true, "bf16": false} {
		e, err := emittedBy(spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 16, Types: []string{typ}, Ops: []string{"scores"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, isa := range spec.ISAs()[1:] {
			if k := e.kernels[kernelKey("scores", typ, isa)]; k.functions == 0 || k.code == 0 {
				t.Errorf("%s %s: got %+v, want functions and their code", typ, isa, k)
			}
			if got := slices.ContainsFunc(e.features[isa], func(f feature) bool { return f.Name == "F16C" }); got != want {
				t.Errorf("%s %s: needs F16C: %v, want %v", typ, isa, got, want)
			}
		}
	}
}
