package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
	"github.com/pyragen/pyragen/verify/mutate"
)

// mutant is a package with a fault, or without one for the first check: that only faults are found.
type mutant struct {
	fault   mutate.Fault
	subject *mutate.Subject
	site    int
	files   []gen.File

	killer, why string // the check that found the fault, and what it said
}

func (m *mutant) key() string {
	return fmt.Sprintf("%s %d %s", m.fault.Name, m.site, m.subject.Name())
}

// runs reports whether a mutant's fault is ever reached: the CPU runs its instruction set, or the fault is in assembly, which the interpreter of
// instructions runs.
func (m *mutant) runs() bool {
	if slices.Contains(isasHere(), m.subject.ISA()) {
		return true
	}
	return !slices.EqualFunc(assembly(m.files), assembly(m.subject.Files), func(a, b gen.File) bool { return bytes.Equal(a.Content, b.Content) })
}

// assembly are the files of a package that the assembler reads.
func assembly(files []gen.File) []gen.File {
	return slices.DeleteFunc(slices.Clone(files), func(f gen.File) bool { return !strings.HasSuffix(f.Name, ".s") })
}

// TestMutants is check R13: faults seeded into generated code are found by verify, all that touch memory or break the ABI and 95 % of
// the others. Packages without a fault pass the same checks.
func TestMutants(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	testMutants(t, mutationSubjects(t), mutate.Faults(), 60)
}

// TestTableMutants is that for kernels of table graphs, with the faults that only they can have.
func TestTableMutants(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	var specs []spec.Spec
	for _, op := range []string{"scores", "context", "reverse", "attention", "attention-grad"} {
		for _, isa := range spec.ISAs() {
			specs = append(specs, spec.Spec{Package: "web", Graph: "table", Dim: 16, Types: []string{"f32"}, Ops: []string{op}, ISA: []string{isa}})
		}
	}
	subjects := subjectsOf(t, specs)
	faults := slices.DeleteFunc(mutate.Faults(), func(f mutate.Fault) bool { // those of pyramids alone
		return !slices.ContainsFunc(subjects, func(s *mutate.Subject) bool { return s.Sites(f) > 0 })
	})
	testMutants(t, subjects, append(faults, mutate.TableFaults()...), 60)
}

// TestNarrowMutants is that for kernels of tensors in 16 bits, of rows with a tail, with the faults that only they can have.
func TestNarrowMutants(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	var specs []spec.Spec
	for _, typ := range []string{"f16", "bf16"} {
		for _, op := range []string{"scores", "context"} {
			for _, isa := range spec.ISAs()[1:] {
				specs = append(specs, spec.Spec{Package: "pam", Window: 5, Strides: []int{6}, Dim: 13, Types: []string{typ}, Ops: []string{op}, ISA: []string{isa}})
			}
		}
	}
	testMutants(t, subjectsOf(t, specs), mutate.NarrowFaults(), 5)
}

func testMutants(t *testing.T, subjects []*mutate.Subject, faults []mutate.Fault, least int) {
	mutants := mutantsOf(t, subjects, faults)
	all := len(mutants)
	mutants = slices.DeleteFunc(mutants, func(m *mutant) bool { return !m.runs() })
	t.Logf("%d of %d mutants run here; the others have a fault in what calls kernels that this CPU lacks", len(mutants), all)
	if len(mutants) < least {
		t.Errorf("%d mutants, want at least %d", len(mutants), least)
	}
	for batch := range slices.Chunk(mutants, 200) {
		runMutants(t, subjects, batch)
	}
	killed := 0
	for _, m := range mutants {
		t.Logf("%-6s %-18s %-45s site %-3d %-9s %s", m.fault.Kind, m.fault.Name, m.subject.Name(), m.site, m.killer, m.why)
		if m.killer != "" {
			killed++
		} else if m.fault.Kind != mutate.Value {
			t.Errorf("survives: %s %s", m.fault.Kind, m.key())
		}
	}
	t.Logf("%d of %d mutants are killed", killed, len(mutants))
	if killed*100 < 95*len(mutants) {
		t.Errorf("%d of %d mutants are killed, want at least 95 %%", killed, len(mutants))
	}
}

// mutationSubjects generates packages in which every kind of loop runs: windows so wide that those cut off at an edge still have whole
// groups of slots, dimensions that are a multiple of the lanes and ones that are not, leftovers and interiors on each level.
func mutationSubjects(t *testing.T) []*mutate.Subject {
	t.Helper()
	modes, fused := []string{"scores", "context", "reverse", "softmax"}, []string{"attention", "attention-grad"}
	var specs []spec.Spec
	for _, s := range []spec.Spec{
		{Window: 11, Strides: []int{6}, Dim: 9, Types: []string{"f32"}, Ops: slices.Concat(modes, fused)},
		{Window: 10, Strides: []int{2, 5}, Dim: 16, Types: []string{"f64"}, Ops: modes},
		{Window: 10, Strides: []int{3}, Dim: 7, Types: []string{"f64"}, Ops: fused}, // no multiple of 16 bytes: gradients would be stored past the cache in calls larger than these
	} {
		for _, op := range s.Ops {
			for _, isa := range spec.ISAs() {
				one := s
				one.Package, one.Ops, one.ISA = "pam", []string{op}, []string{isa}
				specs = append(specs, one)
			}
		}
	}
	return subjectsOf(t, specs)
}

func subjectsOf(t *testing.T, specs []spec.Spec) []*mutate.Subject {
	t.Helper()
	subjects := make([]*mutate.Subject, len(specs))
	inParallel(t, len(specs), func(i int) (err error) {
		subjects[i], err = mutate.NewSubject(specs[i])
		return err
	})
	return subjects
}

// inParallel does n pieces of work on all cores; an error ends the test.
func inParallel(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	errs := make([]error, n)
	next := make(chan int)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				errs[i] = do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// mutantsOf seeds each fault once for each instruction set that can have it, in a subject and at a site that chance picks. The long
// run takes every subject.
func mutantsOf(t *testing.T, subjects []*mutate.Subject, faults []mutate.Fault) (mutants []*mutant) {
	t.Helper()
	r := rand.New(rand.NewPCG(13, 0))
	for _, f := range faults {
		found := false
		for _, isa := range spec.ISAs() {
			for _, i := range r.Perm(len(subjects)) {
				s := subjects[i]
				sites := s.Sites(f)
				if s.ISA() != isa || sites == 0 {
					continue
				}
				found = true
				mutants = append(mutants, &mutant{fault: f, subject: s, site: r.IntN(sites)})
				if os.Getenv("PYRAGEN_LONG") == "" {
					break
				}
			}
		}
		if !found {
			t.Errorf("%s has no site in any subject", f.Name)
		}
	}
	inParallel(t, len(mutants), func(i int) (err error) {
		m := mutants[i]
		m.files, err = m.subject.Mutant(m.fault, m.site)
		return err
	})
	return mutants
}

// mutationCases are few, but have what decides which code runs: batches, heads of each residue, lengths with and without leftovers,
// more than one tile, special values, wrong calls.
func mutationCases(p verify.Package, s stage) []string {
	if p.Table {
		cases := []string{
			"graph=random nodes=40 batch=2 heads=3 seed=4", "graph=full nodes=17 heads=5 seed=5", "graph=citations nodes=300 heads=2 seed=6",
			"graph=hub-in nodes=1100 heads=1 seed=7", "graph=causal nodes=65 batch=2 heads=4 seed=8", "graph=bigbird nodes=60 heads=8 seed=9",
			"graph=none nodes=3 heads=1 seed=10", "graph=random nodes=1 heads=2 seed=11", "graph=longformer nodes=33 heads=3 seed=12 gap=3",
			"graph=full nodes=137 batch=2 heads=3 seed=18 gap=3", "graph=random nodes=41 heads=5 seed=19 packed=true",
			"graph=full nodes=9 misuse=output-long", "graph=full nodes=9 misuse=output-short", "graph=full nodes=9 misuse=overlap-first",
			"graph=full nodes=9 misuse=overlap-second", "graph=full nodes=9 misuse=graph-nil",
		}
		if s.env == "" { // as below
			cases = append(cases, "graph=citations nodes=300 batch=4 heads=8 seed=13", "graph=citations nodes=300 batch=4 heads=8 seed=13 gap=16")
		}
		return cases
	}
	cases := []string{
		"len=23 batch=2 heads=3 seed=4", "len=41 batch=2 heads=5 seed=5", "len=9 batch=2 heads=2 seed=6", "len=77 heads=1 seed=7",
		"len=1 batch=3 heads=1 seed=8", "len=2 heads=4 seed=9", "len=3 heads=8 seed=10", "len=5 heads=1 seed=11", "len=137 heads=5 seed=12",
		"len=15 heads=2 seed=13 special=inf operand=0", "len=27 heads=3 seed=14 special=nan operand=0", "len=27 heads=3 seed=15 special=nan operand=1",
		"len=137 heads=3 seed=15 special=nan operand=1", "len=77 heads=5 seed=16 special=inf operand=1", "len=137 heads=3 seed=17 special=nan operand=0",
		"len=1 batch=2 heads=8 seed=16 special=minus-inf operand=0",
		"len=9 heads=3 seed=16 special=minus-inf-row operand=0", "len=9 heads=3 seed=17 special=huge operand=0",
		"len=137 batch=2 heads=3 seed=18 gap=3", "len=41 heads=5 seed=19 packed=true",
		"len=9 misuse=output-long", "len=9 misuse=output-short", "len=9 misuse=overlap-first", "len=9 misuse=overlap-second",
	}
	if p.Dim%8 == 0 && s.env == "" { // results of more than 512 KiB, but for gradients, are stored past the cache; the emulator sees them so where it is told to
		cases = append(cases, "len=137 batch=4 heads=8 seed=20")
	}
	return cases
}
