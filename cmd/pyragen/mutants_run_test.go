package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pyragen/pyragen/verify"
	"github.com/pyragen/pyragen/verify/mutate"
)

// stage is one way to run mutants.
type stage struct {
	name    string
	env     string // of the server; "": as it is
	before  int64  // as in emulator
	aligned bool
}

func mutationStages() []stage {
	const emulated = "GODEBUG=cpu.all=off"
	return []stage{{"run", "", 0, false}, {"emulate", emulated, 0, false}, {"far", emulated, farBatches, false}, {"stream", emulated, farBatches, true}}
}

// runMutants builds mutants with packages without a fault among them, and runs the stages, each on what the ones before have not found.
func runMutants(t *testing.T, subjects []*mutate.Subject, mutants []*mutant) {
	t.Helper()
	programs := newInterpreter()
	oracle := remembered(programs.call)
	all := slices.Clone(mutants)
	for _, s := range subjects {
		if slices.ContainsFunc(mutants, func(m *mutant) bool { return m.subject == s }) {
			all = append(all, &mutant{subject: s, files: s.Files})
		}
	}
	h, packages := buildMutants(t, all)
	defer h.Close()
	for _, stage := range mutationStages() {
		left := func(m *mutant) bool { return m.killer == "" && (stage.env == "" || m.subject.ISA() != "go") }
		wanted := map[*mutate.Subject]bool{}
		for _, m := range mutants {
			wanted[m.subject] = wanted[m.subject] || left(m)
		}
		stage.run(t, h, packages, all, func(m *mutant) bool { return left(m) && wanted[m.subject] }, programs, oracle)
	}
	for _, m := range all[len(mutants):] {
		if m.killer != "" {
			t.Errorf("%s, without a fault: %s", m.subject.Name(), m.why)
		}
	}
}

// run checks the packages of the mutants that are left, and notes what is found.
func (s stage) run(t *testing.T, h *verify.Harness, packages []verify.Package, mutants []*mutant, left func(*mutant) bool, programs *interpreter, oracle verify.Oracle) {
	t.Helper()
	e, err := newEmulator(h.Server(), packages, programs)
	if err != nil {
		t.Fatal(err)
	}
	e.before, e.aligned = s.before, s.aligned
	if s.env != "" {
		h = inEnv(t, h, s.env)
	}
	var cases []verify.Case
	of := map[string]*mutant{}
	for i, p := range packages {
		if !left(mutants[i]) {
			continue
		}
		of[p.Key] = mutants[i]
		for _, text := range mutationCases(p, s) {
			c, err := verify.ParseCase(text, p)
			if err != nil {
				t.Fatal(err)
			}
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		return
	}
	if _, err := h.Run(t.Context(), cases, verify.Options{Oracle: oracle, Emulate: e.call}, func(r verify.Result) {
		if m := of[r.Package]; !r.OK && m.killer == "" {
			m.killer, m.why = s.name, r.Case+": "+r.Why
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func buildMutants(t *testing.T, mutants []*mutant) (*verify.Harness, []verify.Package) {
	t.Helper()
	var packages []verify.Package
	for _, m := range mutants {
		c := m.subject.Spec
		p := verify.Package{Name: c.Package, Key: m.key(), Table: c.IsTable(), Slots: c.Slots, Window: c.Window, Strides: c.Strides, Dim: c.Dim, Ops: c.Ops, Types: c.Types, With: c.With,
			ISAs: []string{m.subject.ISA()}, Files: map[string][]byte{}}
		for _, f := range m.files {
			p.Files[f.Name] = f.Content
		}
		packages = append(packages, p)
	}
	h, err := verify.NewHarness(filepath.Join(t.TempDir(), "scratch"), packages)
	if err != nil {
		for i, p := range packages {
			if strings.Contains(err.Error(), fmt.Sprintf("scratch/p%d\n", i)) {
				t.Logf("p%d is %s", i, p.Key)
			}
		}
		t.Fatal(err)
	}
	return h, packages
}

// remembered computes a call once for all packages of a spec.
func remembered(oracle verify.Oracle) verify.Oracle {
	type answer struct {
		once    sync.Once
		outputs [][]float64
		err     error
	}
	var mu sync.Mutex
	answers := map[string]*answer{}
	return func(c verify.Call) ([][]float64, error) {
		p := c.Package
		key := strings.Join([]string{p.Spec(), c.Op.Name, strings.Join(c.Op.Features, ","), c.Type.Name, c.ISA, c.Case.Text(p)}, " ")
		mu.Lock()
		a := answers[key]
		if a == nil {
			a = &answer{}
			answers[key] = a
		}
		mu.Unlock()
		a.once.Do(func() { a.outputs, a.err = oracle(c) })
		return a.outputs, a.err
	}
}
