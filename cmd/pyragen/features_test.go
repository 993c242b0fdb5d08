package main

import (
	"testing"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
	"github.com/pyragen/pyragen/verify/mutate"
)

// featureSpecs are pyramids for attention and its gradient with a mask, a bias and dropout, together and by themselves.
func featureSpecs() []verify.Package {
	ops := []string{"attention", "attention-grad"}
	return []verify.Package{
		{Name: "both8", Window: 3, Strides: []int{4, 2}, Dim: 8, Ops: ops, With: []string{"mask", "dropout"}},
		{Name: "mask5", Window: 2, Strides: []int{3, 2}, Dim: 5, Ops: ops, With: []string{"mask"}},
		{Name: "drop16", Window: 5, Strides: []int{12}, Dim: 16, Ops: ops, With: []string{"dropout"}},
		{Name: "bias7", Window: 3, Strides: []int{4, 3}, Dim: 7, Ops: ops, With: []string{"bias"}},
		{Name: "allany", Window: 4, Strides: []int{2, 3}, Ops: ops, With: spec.Features()},
	}
}

// TestFeatures is the grid for a mask, a bias and dropout (R1, R3, R4, R6, R7, R8, R15): both types, every instruction set, on the CPU and to the
// bit as the interpreted schedule.
func TestFeatures(t *testing.T) {
	t.Parallel()
	specs, want := featureSpecs(), 6000
	if testing.Short() {
		specs, want = specs[:1], 1000
	}
	h, packages := harnessFor(t, specs)
	defer h.Close()
	var cases []verify.Case
	for _, p := range packages {
		cases = append(cases, verify.Grid(p, true)...)
	}
	programs := newInterpreter()
	o := verify.Options{Oracle: programs.call, Workers: []int{1, 2, 5}, Emulate: emulatorFor(t, h, packages, programs)}
	s := runGrid(t, h, cases, o)
	t.Logf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)
	if s.Checks < want {
		t.Errorf("%d checks, want at least %d", s.Checks, want)
	}
}

// TestEmulatedFeatures runs a part of it in the instruction interpreter, whatever the CPU has (R3, R9).
func TestEmulatedFeatures(t *testing.T) {
	t.Parallel()
	specs := featureSpecs()
	h, packages := harnessFor(t, []verify.Package{specs[0], specs[3], specs[4]}, verify.WithEnv("GODEBUG=cpu.all=off"))
	defer h.Close()
	programs := newInterpreter()
	e, err := newEmulator(h.Server(), packages, programs)
	if err != nil {
		t.Fatal(err)
	}
	var cases []verify.Case
	for _, p := range packages {
		for i, c := range verify.Grid(p, true) {
			if i%9 == 0 && c.Misuse == "" && c.Sizes.Len < 40 {
				cases = append(cases, c)
			}
		}
	}
	s := runGrid(t, h, cases, verify.Options{Oracle: programs.call, Emulate: e.call, Workers: []int{1}})
	t.Logf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)
	if s.Checks < 220 {
		t.Errorf("%d checks, want at least 220", s.Checks)
	}
}

// TestFeatureMutants is check R13 for features: faults in draws, in the mask and in the bias are found, all of them.
func TestFeatureMutants(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	var subjects []*mutate.Subject
	for _, op := range []string{"attention", "attention-grad"} {
		for _, isa := range spec.ISAs() {
			s, err := mutate.NewSubject(spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 6, Types: []string{"f32"}, Ops: []string{op},
				ISA: []string{isa}, With: spec.Features()})
			if err != nil {
				t.Fatal(err)
			}
			subjects = append(subjects, s)
		}
	}
	var mutants []*mutant
	for n, f := range mutate.FeatureFaults() {
		found := false
		for i, s := range subjects {
			sites := s.Sites(f)
			if sites == 0 || (n+i)%2 == 0 && found { // about half of them
				continue
			}
			found = true
			m := &mutant{fault: f, subject: s, site: (7*n + 3*i) % sites}
			var err error
			if m.files, err = s.Mutant(f, m.site); err != nil {
				t.Fatal(err)
			}
			mutants = append(mutants, m)
		}
		if !found {
			t.Errorf("%s has no site", f.Name)
		}
	}
	runMutants(t, subjects, mutants)
	for _, m := range mutants {
		t.Logf("%-20s %-45s site %-3d %-9s %s", m.fault.Name, m.subject.Name(), m.site, m.killer, m.why)
		if m.killer == "" {
			t.Errorf("survives: %s", m.key())
		}
	}
	if len(mutants) < 15 {
		t.Errorf("%d mutants, want at least 15", len(mutants))
	}
}
