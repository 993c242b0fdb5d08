package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// TestVariantGrid runs part of the grid over variants of the pyramid: every kernel against float64 truth of the brute-force graph and, to
// the bit, against its interpreted schedule.
func TestVariantGrid(t *testing.T) {
	if testing.Short() {
		t.Skip("builds kernels")
	}
	every, quick, want := 5, true, 1000
	if os.Getenv("PYRAGEN_LONG") != "" {
		every, quick, want = 1, false, 50_000
	}
	h, packages := harnessFor(t, verify.VariantSpecs())
	defer h.Close()
	var cases []verify.Case
	for k, p := range packages {
		for i, c := range verify.Grid(p, quick) {
			if (i+k)%every == 0 && c.Misuse == "" {
				cases = append(cases, c)
			}
		}
	}
	s := runGrid(t, h, cases, verify.Options{Oracle: newInterpreter().call, Emulate: emulatorFor(t, h, packages)})
	if s.Checks < want || s.Failed > 0 {
		t.Errorf("%d checks, %d failed, want at least %d and none failed", s.Checks, s.Failed, want)
	}
}

// TestCausalVector runs the table that was cut from a pyramid as the causal pyramid: the closed form gives the reference's table, and all its
// results.
func TestCausalVector(t *testing.T) {
	const vectors = "../../../shared/vectors" // beside the repository
	if _, err := os.Stat(vectors); err != nil {
		t.Skipf("no vectors: %v", err)
	}
	v, err := verify.ReadVector(filepath.Join(vectors, "table-causal-pyramid"))
	if err != nil {
		t.Fatal(err)
	}
	closed, err := v.Closed()
	if err != nil {
		t.Fatal(err)
	}
	p := verify.Package{Name: "causal", Window: v.Window, Strides: v.Strides, Variant: verify.Variant{Causal: "last"}, Dim: v.Sizes.Dim}
	h, packages := harnessFor(t, []verify.Package{p})
	defer h.Close()
	c, err := verify.VectorCase(packages[0], closed)
	if err != nil {
		t.Fatal(err)
	}
	s := runGrid(t, h, []verify.Case{c}, verify.Options{Oracle: newInterpreter().call, Emulate: emulatorFor(t, h, packages)})
	if want := 6 * 2 * len(spec.ISAs()); s.Checks != want || s.Failed > 0 {
		t.Errorf("%d checks, %d failed, want %d and none failed", s.Checks, s.Failed, want)
	}
	wrong := p
	wrong.Variant.Causal = "strict"
	if _, err := verify.VectorCase(wrong, closed); err == nil {
		t.Error("another cut is taken for it")
	}
}
