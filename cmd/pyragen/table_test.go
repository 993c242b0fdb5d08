package main

import (
	"os"
	"slices"
	"testing"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// TestTables is TestGrid on table graphs: every kind of graph, directed ones and hubs among them, between guard pages as the lists of edges
// are, against float64 truth and, to the bit, against the interpreted schedule.
func TestTables(t *testing.T) {
	if testing.Short() {
		t.Skip("builds kernels")
	}
	quick := os.Getenv("PYRAGEN_LONG") == ""
	h, packages := harnessFor(t, verify.TableSpecs())
	defer h.Close()
	var cases []verify.Case
	for _, p := range packages {
		cases = append(cases, verify.Grid(p, quick)...)
	}
	o := verify.Options{Oracle: newInterpreter().call, Workers: []int{1, 2, 3}}
	if !h.Runs(packages[0].Name, "avx512") {
		e, err := newEmulator(h.Server(), packages)
		if err != nil {
			t.Fatal(err)
		}
		o.Emulate = e.call
	}
	s := runGrid(t, h, cases, o)
	t.Logf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)
	if s.Checks < 8000 {
		t.Errorf("%d checks, want at least 8000", s.Checks)
	}
}

// TestEmulatedTables runs a part of that in the instruction interpreter.
func TestEmulatedTables(t *testing.T) {
	if testing.Short() {
		t.Skip("builds kernels")
	}
	specs := verify.TableSpecs()
	h, packages := harnessFor(t, []verify.Package{specs[0], specs[2]}, verify.WithEnv("GODEBUG=cpu.all=off"))
	defer h.Close()
	e, err := newEmulator(h.Server(), packages)
	if err != nil {
		t.Fatal(err)
	}
	var cases []verify.Case
	for _, p := range packages {
		for i, c := range verify.Grid(p, true) {
			if i%6 == 0 && c.Misuse == "" && c.Sizes.Len < 60 {
				cases = append(cases, c)
			}
		}
	}
	s := runGrid(t, h, cases, verify.Options{ISAs: spec.ISAs()[1:], Oracle: newInterpreter().call, Emulate: e.call})
	t.Logf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)
	if s.Checks < 200 {
		t.Errorf("%d checks, want at least 200", s.Checks)
	}
}

// TestTableVectors runs the vectors of tables: all ops for which they have something, in both types, on every instruction set.
func TestTableVectors(t *testing.T) {
	const dir = "../../../shared/vectors"
	if _, err := os.Stat(dir); err != nil || testing.Short() {
		t.Skip("no vectors beside the repository, or builds kernels")
	}
	vectors, err := verify.ReadVectors(dir)
	if err != nil {
		t.Fatal(err)
	}
	vectors = slices.DeleteFunc(vectors, func(v *verify.Vector) bool { return !v.Table })
	h, packages := harnessFor(t, verify.VectorPackages(vectors))
	defer h.Close()
	var cases []verify.Case
	for _, v := range vectors {
		for _, p := range packages {
			if c, err := verify.VectorCase(p, v); err == nil {
				cases = append(cases, c)
			}
		}
	}
	var isas []string
	for _, isa := range spec.ISAs() {
		if h.Runs(packages[0].Name, isa) {
			isas = append(isas, isa)
		}
	}
	s := runGrid(t, h, cases, verify.Options{ISAs: isas, Oracle: newInterpreter().call})
	if want := (verify.Summary{Cases: 4, Checks: 4 * 6 * 2 * len(isas)}); s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
}
