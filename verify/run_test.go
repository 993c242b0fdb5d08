package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRunCompares lets the naive version play the oracle (it sums in the order of the fake) and the emulator.
func TestRunCompares(t *testing.T) {
	good, bad := fake(t, "none"), fake(t, "last-bit")
	good.ISAs = append(good.ISAs, "avx512") // which the fake cannot run
	h := newHarness(t, good, bad)
	naive := func(c Call) ([][]float64, error) {
		g, err := NewGraph(c.Package.Window, c.Package.Strides, c.Case.Sizes.Len)
		if err != nil {
			return nil, err
		}
		return c.Op.Naive(c.Type, g, c.Case.Sizes, c.Inputs, c.Scalar)
	}
	wrong := func(c Call) ([][]float64, error) {
		out, err := naive(c)
		out[0][len(out[0])-1]++
		return out, err
	}
	short := func(c Call) ([][]float64, error) { return [][]float64{{1}}, nil }
	broken := func(c Call) ([][]float64, error) { return nil, errors.New("no program") }
	text := "len=17 batch=2 heads=3 dim=9 seed=4"
	for _, c := range []struct {
		name string
		pkg  Package
		isa  string
		o    Options
		want string // part of Why; empty: passes
	}{
		{"same bits", good, "avx2", Options{Oracle: naive}, ""},
		{"other bits", bad, "avx2", Options{Oracle: naive}, "not the same bits"},
		{"within bounds without an oracle", bad, "avx2", Options{}, ""},
		{"oracle fails", good, "go", Options{Oracle: broken}, "oracle: no program"},
		{"oracle of another size", good, "go", Options{Oracle: short}, "elements, the oracle"},
		{"nothing ran", good, "avx512", Options{}, "nothing ran: this CPU or build has no avx512"},
		{"emulated", good, "avx512", Options{Emulate: naive}, ""},
		{"emulated wrongly", good, "avx512", Options{Emulate: wrong}, "bound"},
		{"emulator fails", good, "avx512", Options{Emulate: broken}, "emulation: no program"},
		{"emulator of another size", good, "avx512", Options{Emulate: short}, "has 1 elements"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Ops, c.o.Types, c.o.ISAs = []string{"context"}, []string{"f32"}, []string{c.isa}
			s, err := h.Run(t.Context(), []Case{mustParse(t, text, c.pkg)}, c.o, func(r Result) {
				if r.OK != (c.want == "") || !strings.Contains(r.Why, c.want) {
					t.Errorf("got %v, want %q", r, c.want)
				}
			})
			if err != nil || s.Checks != 1 {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

// TestMisuseNeedsNoEmulation asks for wrong calls with an instruction set that cannot run here: the portable code refuses them.
func TestMisuseNeedsNoEmulation(t *testing.T) {
	p := fake(t, "none")
	p.ISAs = append(p.ISAs, "avx512")
	o := Options{Ops: []string{"scores"}, Types: []string{"f64"}, ISAs: []string{"avx512"}}
	s, err := newHarness(t, p).Run(t.Context(), []Case{mustParse(t, "len=5 dim=2 misuse=first-short", p)}, o, func(r Result) {
		if !r.OK || r.ISA != "go" {
			t.Error(r)
		}
	})
	if want := (Summary{1, 1, 0}); err != nil || s != want {
		t.Errorf("got %+v, %v, want %+v", s, err, want)
	}
}

// TestRunReportsInOrder runs more cases than servers, with one kernel that dies on each, twice.
func TestRunReportsInOrder(t *testing.T) {
	p := fake(t, "exit")
	h := newHarness(t, p)
	var cases []Case
	for n := 1; n <= 30; n++ {
		cases = append(cases, mustParse(t, fmt.Sprintf("len=%d dim=2", n), p))
	}
	var texts []string
	given := 0
	o := Options{Ops: []string{"scores"}, Types: []string{"f32"}, ISAs: []string{"go"}}
	s, err := h.Run(t.Context(), cases, o, func(r Result) {
		texts = append(texts, r.Case)
		if strings.Contains(r.Why, "crashed or hung too often") {
			given++
		}
	})
	if want := (Summary{30, 30, 30}); err != nil || s != want {
		t.Errorf("got %+v, %v, want %+v", s, err, want)
	}
	for i, c := range cases {
		if texts[i] != c.Text(p) {
			t.Errorf("result %d is of case %q, want %q", i, texts[i], c.Text(p))
		}
	}
	if given == 0 || given > 30-mostStrikes {
		t.Errorf("%d checks were given up, want some of the last %d", given, 30-mostStrikes)
	}
}

// TestHangsAreGivenUp: a hang costs the whole timeout, so few of them end the trials of a kernel.
func TestHangsAreGivenUp(t *testing.T) {
	p := fake(t, "spin")
	h := newHarness(t, p)
	var cases []Case
	for range 8 {
		cases = append(cases, mustParse(t, "len=9 dim=2", p))
	}
	hung := 0
	o := Options{Ops: []string{"scores"}, Types: []string{"f32"}, ISAs: []string{"go"}, Timeout: 200 * time.Millisecond, Servers: 1}
	s, err := h.Run(t.Context(), cases, o, func(r Result) {
		if strings.Contains(r.Why, "hangs: no answer") {
			hung++
		}
	})
	if want := (Summary{8, 8, 8}); err != nil || s != want || hung != mostStrikes/timeoutStrikes {
		t.Errorf("got %+v, %v, %d hangs, want %+v and %d hangs", s, err, hung, want, mostStrikes/timeoutStrikes)
	}
}

func TestRunErrors(t *testing.T) {
	p := fake(t, "none")
	h := newHarness(t, p)
	good := mustParse(t, "len=5 dim=2", p)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	bad := good
	bad.Sizes.Heads = 0
	table := good
	for _, c := range []struct {
		name  string
		ctx   context.Context
		cases []Case
		o     Options
		want  string
	}{
		{"no cases", t.Context(), nil, Options{}, "no cases to run"},
		{"package", t.Context(), []Case{{Package: "other"}}, Options{}, "no package other was built"},
		{"size", t.Context(), []Case{bad}, Options{}, "heads = 0, want >= 1"},
		{"op", t.Context(), []Case{good}, Options{Ops: []string{"scone"}}, `op "scone" is unknown, want one of scores, context`},
		{"op not built", t.Context(), []Case{good}, Options{Ops: []string{"softmax"}}, "was built without softmax for f32"},
		{"type", t.Context(), []Case{good}, Options{Types: []string{"f8"}}, `type "f8" is unknown, want f32, f64, f16 or bf16`},
		{"stopped", stopped, []Case{good, table}, Options{}, "context canceled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := h.Run(c.ctx, c.cases, c.o, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestRunVectors runs every pyramid vector on a fake of its window and strides.
func TestRunVectors(t *testing.T) {
	pkgs := map[string]Package{}
	var list []Package
	var cases []Case
	for _, v := range readVectors(t) {
		if v.Table {
			continue
		}
		p := fakeFor(t, "none", v.Window, v.Strides)
		if _, ok := pkgs[p.Key]; !ok {
			pkgs[p.Key] = p
			list = append(list, p)
		}
		c, err := VectorCase(p, v)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	h := newHarness(t, list...)
	s, err := h.Run(t.Context(), cases, Options{ISAs: []string{"go"}}, func(r Result) {
		if !r.OK || !strings.HasPrefix(r.Repro, "pyragen verify --vectors "+filepath.Join(vectorsDir, strings.TrimPrefix(r.Case, "vector="))) {
			t.Error(r)
		}
	})
	if want := (Summary{28, 28 * 6, 0}); err != nil || s != want {
		t.Errorf("got %+v, %v, want %+v", s, err, want)
	}
}

// TestVectorsAreCompared changes one number of a vector: the run must not believe it.
func TestVectorsAreCompared(t *testing.T) {
	for _, v := range readVectors(t) {
		if v.Name != "l16-s5-3" {
			continue
		}
		p := fakeFor(t, "none", v.Window, v.Strides)
		c, err := VectorCase(p, v)
		if err != nil {
			t.Fatal(err)
		}
		op, err := FindOp("reverse")
		if err != nil {
			t.Fatal(err)
		}
		in, _, err := v.Inputs(op)
		if err != nil {
			t.Fatal(err)
		}
		truth, err := op.Truth(F64, v.Graph, v.Sizes, in, 0)
		if err != nil {
			t.Fatal(err)
		}
		v.Arrays["reverse"][7] += 1e-13
		before := truth[0].Bound[7]
		if err := v.replaceTruth(op, truth); err != nil || truth[0].Value[7] != v.Arrays["reverse"][7] || truth[0].Bound[7] <= before+1e-13 {
			t.Errorf("the vector's value is not taken with its tolerance: %v, value %v, bound %v", err, truth[0].Value[7], truth[0].Bound[7])
		}
		v.Arrays["reverse"][7] += 1e-6
		_, err = newHarness(t, p).Run(t.Context(), []Case{c}, Options{}, nil)
		if err == nil || !strings.Contains(err.Error(), "vector l16-s5-3: z[7] is ") {
			t.Errorf("got %v", err)
		}
		p.Window++
		if _, err := VectorCase(p, v); err == nil || !strings.Contains(err.Error(), "window 3 strides [5 3] dim 8, but package") {
			t.Errorf("a package of another window: %v", err)
		}
	}
}

func TestNewHarnessErrors(t *testing.T) {
	good := fake(t, "none")
	change := func(f func(*Package)) []Package {
		p := fake(t, "none")
		f(&p)
		return []Package{p}
	}
	for _, c := range []struct {
		name string
		pkgs []Package
		want string
	}{
		{"twice", []Package{good, good}, "two packages are called"},
		{"op", change(func(p *Package) { p.Ops = []string{"sums"} }), `op "sums" is unknown`},
		{"type", change(func(p *Package) { p.Types = []string{"f8"} }), `type "f8" is unknown`},
		{"nothing", change(func(p *Package) { p.Types = nil }), "no package has an op and a type"},
		{"name", change(func(p *Package) { p.Name = "a b" }), `"a b" is not a Go identifier`},
		{"no files", change(func(p *Package) { p.Files = nil }), "has no files"},
		{"path", change(func(p *Package) { p.Files["../x.go"] = nil }), `file name "../x.go", want a plain base name`},
		{"module", change(func(p *Package) { p.Files["go.mod"] = nil }), `file name "go.mod"`},
		{"does not compile", change(func(p *Package) { p.Files["x.go"] = []byte("package fake\n\nvar x int = nil\n") }), "p0/x.go:3:"},
		{"another spec", change(func(p *Package) { p.Window = 5 }), "says window 3 strides [4 2] dim 0, its spec has window 5"},
		{"another isa", change(func(p *Package) { p.ISAs = []string{"go"} }), "runs avx2, but its spec asks for [go] only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewHarness(filepath.Join(t.TempDir(), "scratch"), c.pkgs)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := NewHarness(".", []Package{good}); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("a folder with files: %v", err)
	}
}

// TestHarnessSetup passes a build tag and an environment variable on.
func TestHarnessSetup(t *testing.T) {
	p := fake(t, "none")
	p.Files["tag.go"] = []byte("//go:build purego\n\npackage fake\n\nimport \"os\"\n\nfunc init() { strides[0] = len(os.Getenv(\"FAKE\")) }\n")
	_, err := NewHarness(filepath.Join(t.TempDir(), "scratch"), []Package{p}, WithTags("purego"), WithEnv("FAKE=1234567"))
	if err == nil || !strings.Contains(err.Error(), "says window 3 strides [7 2]") {
		t.Errorf("got %v, want the strides that the variable makes", err)
	}
}

func TestResultJSON(t *testing.T) {
	r := Result{Package: "p", Case: "len=1", Op: "scores", Type: "f32", ISA: "go", MaxErr: 0.5, Bound: 1, OK: true, Repro: "pyragen verify"}
	text, err := json.Marshal(r)
	want := `{"package":"p","case":"len=1","op":"scores","type":"f32","isa":"go","max_err":0.5,"bound":1,"ok":true,"repro":"pyragen verify"}`
	if err != nil || string(text) != want {
		t.Errorf("got %s, %v", text, err)
	}
	text, err = json.Marshal(Summary{1, 2, 3})
	if err != nil || string(text) != `{"cases":1,"checks":2,"failed":3}` {
		t.Errorf("got %s, %v", text, err)
	}
}

func newHarness(t *testing.T, pkgs ...Package) *Harness {
	t.Helper()
	h, err := NewHarness(filepath.Join(t.TempDir(), "scratch"), pkgs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}
