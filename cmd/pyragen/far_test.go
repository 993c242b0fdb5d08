package main

import (
	"strings"
	"testing"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// farBatches before those of a call put them beyond every offset of 32 bits. What is aligned stays so, and so do the draws of dropout,
// which the lower 32 bits of a row decide.
const farBatches = 1 << 33

// TestFar is check R14: the last batches of tensors with 2^35 bytes and more, which exist only there. Results are the same bits as
// where nothing lies before them. Kernels see large results, and store them past the cache where operands are aligned.
func TestFar(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	h, packages := harnessFor(t, []verify.Package{
		{Name: "leftover", Window: 3, Strides: []int{4}, Dim: 9, Types: []string{"f32"}},
		{Name: "whole", Window: 4, Strides: []int{2, 3}, Dim: 8, Types: []string{"f32", "f64"}},
		{Name: "anydim", Window: 3, Strides: []int{5}, Dim: 0, Types: []string{"f64"}, Ops: []string{"scores", "context", "reverse"}},
		{Name: "table", Table: true, Dim: 8, Types: []string{"f32"}},
		{Name: "features", Window: 3, Strides: []int{4}, Dim: 8, Types: []string{"f32"}, Ops: []string{"attention", "attention-grad"}, With: spec.Features()},
		{Name: "narrow", Window: 3, Strides: []int{4}, Dim: 16, Types: []string{"f16", "bf16"}, Ops: []string{"scores", "context", "attention"}},
	}, verify.WithEnv("GODEBUG=cpu.all=off"))
	defer h.Close()
	programs := newInterpreter()
	oracle := remembered(programs.call)
	e, err := newEmulator(h.Server(), packages, programs)
	if err != nil {
		t.Fatal(err)
	}
	e.before = farBatches
	var cases []verify.Case
	for _, p := range packages {
		for _, text := range []string{"len=1 heads=5 seed=1", "len=9 batch=2 heads=3 seed=2", "len=33 heads=2 seed=3", "len=67 heads=1 seed=4"} {
			if p.Table {
				text = "graph=random " + strings.Replace(text, "len=", "nodes=", 1)
			}
			if p.Dim == 0 {
				text += " dim=12"
			}
			c, err := verify.ParseCase(text, p)
			if err != nil {
				t.Fatal(err)
			}
			cases = append(cases, c)
		}
	}
	for _, e.aligned = range []bool{false, true} {
		s := runGrid(t, h, cases, verify.Options{ISAs: spec.ISAs()[1:], Oracle: oracle, Emulate: e.call})
		t.Logf("aligned %v: %d cases, %d checks, %d failed", e.aligned, s.Cases, s.Checks, s.Failed)
		if s.Checks < 40 {
			t.Errorf("%d checks, want at least 40", s.Checks)
		}
	}
}
