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
	t.Parallel()
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
	programs := newInterpreter()
	s := runGrid(t, h, cases, verify.Options{Oracle: programs.call, Emulate: emulatorFor(t, h, packages, programs)})
	if s.Checks < want || s.Failed > 0 {
		t.Errorf("%d checks, %d failed, want at least %d and none failed", s.Checks, s.Failed, want)
	}
}

// TestVariantsAtTheLimits generates the largest gradients of variants: their code and their pointers fit on every instruction set (R20).
func TestVariantsAtTheLimits(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("generates large kernels")
	}
	a, _, _ := quiet()
	for _, s := range []spec.Spec{
		{Window: 129, Strides: []int{64, 64}, Causal: "last", Dim: 64},
		{Window: 129, Strides: []int{64, 64}, Causal: "last", Dim: 0, With: spec.Features()},
		{Window: 129, Strides: []int{64, 64}, Causal: "strict", Dilation: 3, Dim: 127, With: spec.Features()},
		{Windows: []int{33, 9, 27, 128}, Strides: []int{8, 5, 3}, Ancestors: 3, Dilation: 5, Dim: 0, With: spec.Features()},
		{Window: 9, Strides: []int{12, 7, 4}, Ancestors: 3, Dim: 0, Types: []string{"f16", "bf16"}, With: spec.Features()},
	} {
		s.Package, s.Ops = "large", []string{"attention-grad"}
		if s.Types == nil {
			s.Types = []string{"f32"}
		}
		if _, err := a.verifyPackage(s); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

// TestCausalVector runs the table that was cut from a pyramid as the causal pyramid: the closed form gives the reference's table, and all its
// results.
func TestCausalVector(t *testing.T) {
	t.Parallel()
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
	programs := newInterpreter()
	s := runGrid(t, h, []verify.Case{c}, verify.Options{Oracle: programs.call, Emulate: emulatorFor(t, h, packages, programs)})
	if want := 6 * 2 * len(spec.ISAs()); s.Checks != want || s.Failed > 0 {
		t.Errorf("%d checks, %d failed, want %d and none failed", s.Checks, s.Failed, want)
	}
	wrong := p
	wrong.Variant.Causal = "strict"
	if _, err := verify.VectorCase(wrong, closed); err == nil {
		t.Error("another cut is taken for it")
	}
}
