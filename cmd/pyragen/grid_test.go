package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// harnessFor generates and builds the packages of some specs.
func harnessFor(t *testing.T, specs []verify.Package, setups ...verify.Setup) (*verify.Harness, []verify.Package) {
	t.Helper()
	packages := packagesFor(t, specs)
	return harnessOf(t, packages, setups...), packages
}

// packagesFor generates the packages of some specs.
func packagesFor(t *testing.T, specs []verify.Package) (packages []verify.Package) {
	t.Helper()
	a := &app{stdout: io.Discard, stderr: io.Discard}
	for _, p := range specs {
		made, err := a.verifyPackage(specOf(p))
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, made)
	}
	return packages
}

// harnessOf builds packages.
func harnessOf(t *testing.T, packages []verify.Package, setups ...verify.Setup) *verify.Harness {
	t.Helper()
	h, err := verify.NewHarness(filepath.Join(t.TempDir(), "scratch"), packages, setups...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// inEnv is a harness with its server in another environment.
func inEnv(t *testing.T, h *verify.Harness, env string) *verify.Harness {
	t.Helper()
	other, err := h.In(env)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// isasHere are the instruction sets that this CPU runs.
func isasHere() []string {
	return slices.DeleteFunc(spec.ISAs(), func(isa string) bool { return lacks(isa, features(isa)) != nil })
}

// runGrid runs cases and reports failures with what repeats them.
func runGrid(t *testing.T, h *verify.Harness, cases []verify.Case, o verify.Options) verify.Summary {
	t.Helper()
	shown := 0
	s, err := h.Run(t.Context(), cases, o, func(r verify.Result) {
		if !r.OK && shown < 10 {
			t.Errorf("%s", r)
			shown++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// emulatorFor interprets, instruction by instruction, what the CPU lacks of what packages need; nil if it lacks nothing.
func emulatorFor(t *testing.T, h *verify.Harness, packages []verify.Package, programs *interpreter) func(verify.Call) ([][]float64, error) {
	t.Helper()
	lacking := map[string]bool{}
	for _, isa := range spec.ISAs() {
		lacking[isa] = !h.Runs(packages[0].Name, isa)
	}
	if !lacking["avx2"] && !lacking["avx512"] {
		return nil
	}
	e, err := newEmulator(h.Server(), packages, programs)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("this CPU lacks %v: interpreted, instruction by instruction", lacking)
	return e.call
}

// TestGrid is checks R1, R3, R4, R6, R7, R8, R15 and R17 on the quick grid: every kernel between guard pages, against float64 truth
// and, to the bit, against its interpreted schedule; what the CPU lacks in the instruction interpreter.
func TestGrid(t *testing.T) {
	t.Parallel()
	specs, quick, want := slices.Concat(verify.NarrowSpecs(), verify.GridSpecs()), true, 20000
	switch {
	case testing.Short():
		specs, want = specs[2:6], 1500
	case os.Getenv("PYRAGEN_LONG") != "":
		quick, want = false, 500000
		for i := range specs {
			specs[i].Ops = nil
		}
	}
	h, packages := harnessFor(t, specs)
	defer h.Close()
	cases := gridCases(packages, quick)
	programs := newInterpreter()
	o := verify.Options{Oracle: programs.call, Workers: []int{1, 2, 3}, Emulate: emulatorFor(t, h, packages, programs)}
	s := runGrid(t, h, cases, o)
	t.Logf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)
	if s.Checks < want {
		t.Errorf("%d checks, want at least %d", s.Checks, want)
	}
}

// gridCases are those of all packages. In the quick grid packages with the same ops, where there are three and more, share the special values:
// each has a third of them.
func gridCases(packages []verify.Package, quick bool) (cases []verify.Case) {
	number := map[string]int{}
	for i, s := range verify.Specials() {
		number[s.Name] = i
	}
	alike := map[string]int{}
	for _, p := range packages {
		alike[strings.Join(p.Ops, " ")]++
	}
	turns := map[string]int{}
	for _, p := range packages {
		ops := strings.Join(p.Ops, " ")
		turn := turns[ops]
		turns[ops]++
		cases = append(cases, slices.DeleteFunc(verify.Grid(p, quick), func(c verify.Case) bool {
			return quick && alike[ops] >= 3 && c.Special != "" && (number[c.Special]+c.Operand+turn)%3 != 0
		})...)
	}
	return cases
}

// TestGridSpecials: every op meets each special value in each operand that the grid has for it, in tensors of 16 bits too (R8).
func TestGridSpecials(t *testing.T) {
	packages := slices.Concat(verify.NarrowSpecs(), verify.GridSpecs())
	met := func(of func(p verify.Package) []verify.Case) map[string]int {
		count := map[string]int{}
		for _, p := range packages {
			for _, c := range of(p) {
				for _, op := range p.Ops {
					if c.Special != "" && c.Package == p.Name {
						count[fmt.Sprint(op, p.Types, " ", c.Special, " ", c.Operand)]++
					}
				}
			}
		}
		return count
	}
	cases := gridCases(packages, true)
	got := met(func(verify.Package) []verify.Case { return cases })
	for what := range met(func(p verify.Package) []verify.Case { return verify.Grid(p, true) }) {
		if got[what] == 0 {
			t.Errorf("%s is in no package", what)
		}
	}
}

// TestEmulatedGrid runs a part of the grid in the instruction interpreter although the CPU may have what it needs (R3, R9): results
// within their bounds and to the bit as the interpreted schedule, and after every function the registers that Go relies on.
func TestEmulatedGrid(t *testing.T) {
	t.Parallel()
	specs := verify.GridSpecs()
	h, packages := harnessFor(t, []verify.Package{specs[0], specs[4], specs[len(specs)-2], verify.NarrowSpecs()[0]}, verify.WithEnv("GODEBUG=cpu.all=off"))
	defer h.Close()
	if h.Runs(packages[0].Name, "avx2") {
		t.Fatal("avx2 runs although GODEBUG turns it off")
	}
	programs := newInterpreter()
	e, err := newEmulator(h.Server(), packages, programs)
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
	s := runGrid(t, h, cases, verify.Options{Oracle: programs.call, Emulate: e.call})
	t.Logf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)
	if s.Checks < 200 {
		t.Errorf("%d checks, want at least 200", s.Checks)
	}
}

// neededFeature finds the features that the generated dispatch asks for.
var neededFeature = regexp.MustCompile(`cpu\.X86\.Has([A-Za-z0-9]+)`)

// needs returns the features, in lower case, of each vector instruction set, read from the generated file.
func needs(t *testing.T, p verify.Package) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	text := string(p.Files[p.Name+"_isa.go"])
	for _, isa := range []string{"avx2", "avx512"} {
		_, part, _ := strings.Cut(text, `"`+isa+`"`)
		part, _, _ = strings.Cut(part, `"avx`)
		for _, found := range neededFeature.FindAllStringSubmatch(part, -1) {
			out[isa] = append(out[isa], strings.ToLower(found[1]))
		}
		if len(out[isa]) == 0 {
			t.Fatalf("no features of %s were found in %s_isa.go", isa, p.Name)
		}
	}
	return out
}

// TestDispatch is check R10: with each feature turned off, and without assembly, the kernels that need it do not run, the others
// do and are right.
func TestDispatch(t *testing.T) {
	t.Parallel()
	p := verify.Package{Name: "pam", Window: 3, Strides: []int{4, 4}, Dim: 8}
	plain, packages := harnessFor(t, []verify.Package{p})
	defer plain.Close()
	need := needs(t, packages[0])
	for _, setting := range []struct {
		name string
		off  string // feature, "all", or "" for none
		env  string // of the server
		tag  string // of the build
	}{
		{"avx512f=off", "avx512f", "GODEBUG=cpu.avx512f=off", ""},
		{"avx512dq=off", "avx512dq", "GODEBUG=cpu.avx512dq=off", ""},
		{"avx2=off", "avx2", "GODEBUG=cpu.avx2=off", ""},
		{"fma=off", "fma", "GODEBUG=cpu.fma=off", ""},
		{"all=off", "all", "GODEBUG=cpu.all=off", ""},
		{"purego", "", "", "purego"},
		{"noasm", "", "", "noasm"},
		{"PYRAGEN_ISA=go", "", "PYRAGEN_ISA=go", ""},
		{"PYRAGEN_ISA=nonsense", "", "PYRAGEN_ISA=nonsense", ""},
	} {
		t.Run(setting.name, func(t *testing.T) {
			var h *verify.Harness
			if setting.tag != "" {
				h, _ = harnessFor(t, []verify.Package{p}, verify.WithTags(setting.tag))
				defer h.Close()
			} else {
				h = inEnv(t, plain, setting.env)
			}
			var isas []string
			for _, isa := range spec.ISAs() {
				turnedOff := setting.tag != "" || setting.off == "all" || slices.Contains(need[isa], setting.off)
				want := isa == "go" || plain.Runs("pam", isa) && !turnedOff
				if got := h.Runs("pam", isa); got != want {
					t.Errorf("%s runs: %v, want %v; it needs %v", isa, got, want, need[isa])
				}
				if want {
					isas = append(isas, isa)
				}
			}
			s := runGrid(t, h, verify.Grid(packages[0], true)[:20], verify.Options{ISAs: isas})
			if s.Checks < 20*len(isas) {
				t.Errorf("%d checks on %v, want at least %d", s.Checks, isas, 20*len(isas))
			}
		})
	}
}

// TestDispatchNarrow: F16C is asked for where float16 is converted, and nowhere else.
func TestDispatchNarrow(t *testing.T) {
	t.Parallel()
	specs := []verify.Package{
		{Name: "half", Window: 3, Strides: []int{4}, Dim: 8, Types: []string{"f16"}, Ops: []string{"scores", "context"}},
		{Name: "brain", Window: 3, Strides: []int{4}, Dim: 8, Types: []string{"bf16"}, Ops: []string{"scores", "context"}},
	}
	plain, packages := harnessFor(t, specs)
	defer plain.Close()
	off := inEnv(t, plain, "GODEBUG=cpu.f16c=off")
	for _, p := range packages {
		var isas []string
		for _, isa := range spec.ISAs() {
			want := isa == "go" || plain.Runs(p.Name, isa) && p.Name == "brain"
			if got := off.Runs(p.Name, isa); got != want {
				t.Errorf("%s of %s runs without F16C: %v, want %v; it needs %v", isa, p.Name, got, want, needs(t, p)[isa])
			}
			if off.Runs(p.Name, isa) {
				isas = append(isas, isa)
			}
		}
		runGrid(t, off, verify.Grid(p, true)[:10], verify.Options{ISAs: isas})
	}
}

// TestWorkers is check R17: the same bits for 1 to 8 workers, again and again.
func TestWorkers(t *testing.T) {
	t.Parallel()
	grid := verify.GridSpecs()
	specs := []verify.Package{grid[1], grid[len(grid)-3], featureSpecs()[0], verify.NarrowSpecs()[0]}
	for i := range specs {
		specs[i].ISAs = isasHere()
	}
	h, packages := harnessFor(t, specs)
	defer h.Close()
	var workers []int
	rounds := 6
	if os.Getenv("PYRAGEN_LONG") != "" {
		rounds = 125
	}
	for range rounds {
		workers = append(workers, 1, 2, 3, 4, 5, 6, 7, 8)
	}
	var cases []verify.Case
	for _, p := range packages {
		for i, c := range verify.Grid(p, true) {
			if i%2 == 1 && c.Misuse == "" && c.Special == "" {
				cases = append(cases, c)
			}
		}
	}
	s := runGrid(t, h, cases, verify.Options{Workers: workers})
	if shapes := s.Cases; shapes < 20 {
		t.Errorf("%d shapes, want at least 20", shapes)
	}
	t.Logf("%d shapes x %d calls", s.Cases, len(workers))
}
