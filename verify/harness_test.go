package verify

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// fake is the hand-written package of testdata/fake with a fault compiled in.
func fake(t *testing.T, fault string) Package { return fakeFor(t, fault, 3, []int{4, 2}) }

func fakeFor(t *testing.T, fault string, window int, strides []int) Package {
	t.Helper()
	files := map[string][]byte{"spec.go": fmt.Appendf(nil,
		"package fake\n\nconst (\n\tWindow = %d\n\tfault = %q\n)\n\nvar strides = %#v\n", window, fault, strides)}
	paths, err := filepath.Glob("testdata/fake/*")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fake package: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = text
	}
	return Package{
		Name: "fake", Key: fmt.Sprintf("fake-%s-%d-%v", fault, window, strides), Files: files, Window: window, Strides: strides,
		Ops: []string{"scores", "context", "reverse"}, Types: []string{"f32", "f64"}, ISAs: []string{"go", "avx2"},
	}
}

// faultTests says what every fault must look like: which op and case show it, and how the failure reads.
var faultTests = []struct {
	fault, op, typ string
	text           string // the case
	want           string // part of Result.Why
}{
	{"read-past-end", "context", "f32", "len=9 dim=5", "fault: access to byte 1 past the end of y (workers=1, operands at the end of memory)"},
	{"read-before-start", "scores", "f64", "len=9 dim=5", "fault: access to byte 8 before the start of x (workers=1, operands at the start of memory)"},
	{"read-far", "reverse", "f32", "len=9 dim=5", "past the end of p"},
	{"write-past-end", "context", "f64", "len=9 dim=5", "fault: access to byte 1 past the end of z"},
	{"write-before-start", "scores", "f32", "len=9 dim=5", "wrote byte 1 before the start of s (workers=1, operands at the end"},
	{"write-input", "reverse", "f64", "len=9 dim=5", "fault: access to byte 16, which is read-only, of y"},
	{"no-stride", "scores", "f32", "len=9 dim=5 gap=2", "= NaN, want"},
	{"no-stride", "context", "f64", "len=9 heads=2 dim=5 packed=true gap=1", "= NaN, want"},
	{"no-stride", "scores", "f64", "len=9 heads=2 dim=5 packed=true", "bound"},
	{"read-gap", "reverse", "f32", "len=9 dim=5 gap=1", "= NaN, want"},
	{"write-input-gap", "context", "f32", "len=9 heads=2 dim=5 gap=3", "fault: access to byte 40, which is read-only, of y"},
	{"unwritten", "context", "f32", "len=9 dim=5", "left 1 elements of z unwritten, the first at z[59] (workers"},
	{"padding", "scores", "f32", "len=9 dim=5", "s[0] = -2e+09, want exactly -1e+09"},
	{"window", "scores", "f64", "len=9 dim=5", "want"},
	{"lost-child", "reverse", "f32", "len=15 dim=3", "bound"},
	{"clamp", "context", "f32", "len=15 dim=3", "bound"},
	{"empty-slot", "context", "f64", "len=9 dim=5 seed=2", "= NaN, want"},
	{"panic", "context", "f32", "len=9 dim=5", "panic: runtime error: invalid memory address"},
	{"index", "context", "f32", "len=9 dim=5", "panic: runtime error: index out of range [60] with length 60"},
	{"exit", "scores", "f32", "len=9 dim=5", "crash: the kernel server died (exit status 3)"},
	{"fatal", "scores", "f32", "len=9 dim=5", "unexpected fault address"},
	{"deadlock", "reverse", "f32", "len=9 dim=5", "all goroutines are asleep"},
	{"spin", "reverse", "f32", "len=9 dim=5", "hangs: no answer within"},
	{"workers", "context", "f32", "len=9 dim=5", "z[0] has other bits with workers=3"},
	{"precision", "context", "f32", "len=9 dim=5", "bound"},
	{"noisy", "scores", "f32", "len=30 dim=64", "more than 2 times the naive"},
	{"single", "scores", "f64", "len=9 dim=5", "bound"},
	{"zeros", "context", "f32", "len=60 dim=5", "bound"},
	{"nodes", "context", "f32", "len=9 dim=5", "Nodes(9), Slots(9) = 13, 9, want 12, 9"},
	{"refuses", "scores", "f32", "len=3 dim=5", "refused: fake.Scores: len = 3, want >= 4"},
	{"ignores-isa", "scores", "f32", "len=9 dim=5", `after SetISA("avx2"), ISA() = "go"`},
	{"state", "scores", "f32", "len=9 dim=5", "left MXCSR control bits 0x9fc0"},
	{"accepts-short", "scores", "f32", "len=9 dim=5 misuse=output-short", "ScoresF32 accepts the wrong call output-short: panic: runtime error: index out of range"},
	{"accepts-overlap", "context", "f64", "len=9 dim=5 misuse=overlap-second", "ContextF64 accepts the wrong call overlap-second"},
	{"writes-early", "reverse", "f32", "len=9 dim=5 misuse=len-zero", "ReverseF32 accepts the wrong call len-zero: wrote to z, then refused: fake.ReverseF32: Len = 0"},
	{"names-other", "reverse", "f64", "len=9 dim=5 misuse=len-zero", `does not name ReverseF64`},
	{"names-none", "scores", "f32", "len=3 dim=5 misuse=first-long", `the error "fake.ScoresF32: wrong length" does not name the argument x`},
	{"direction", "scores", "f32", "len=1 dim=1", "left the direction flag set"},
	{"soil", "context", "f64", "len=9 dim=5", "a return without VZEROUPPER"},
	{"load-past-end", "context", "f32", "len=9 dim=5", "fault: access to byte 1 past the end of y (workers=1, operands at the end"},
}

// TestHarnessCatchesFaults builds the right package and all faulty ones into one server and runs each on a case: the right one must
// pass, every other must fail in the way expected, with a line that repeats the very check.
func TestHarnessCatchesFaults(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("guard pages on linux, MXCSR on amd64")
	}
	pkgs := []Package{fake(t, "none")}
	for _, f := range faultTests {
		if p := fake(t, f.fault); !slices.ContainsFunc(pkgs, func(o Package) bool { return o.Key == p.Key }) {
			pkgs = append(pkgs, p)
		}
	}
	h, err := NewHarness(filepath.Join(t.TempDir(), "scratch"), pkgs)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Timeout: 2 * time.Second, Workers: []int{1, 3}}

	t.Run("none", func(t *testing.T) {
		var cases []Case
		for _, text := range []string{"len=1 dim=1", "len=9 dim=5", "len=15 batch=2 heads=3 dim=17 seed=2", "len=60 dim=5", "len=3 dim=5",
			"len=9 dim=5 gap=1", "len=17 batch=2 heads=3 dim=4 packed=true", "len=30 batch=2 heads=2 dim=7 gap=5 packed=true"} {
			cases = append(cases, mustParse(t, text, pkgs[0]))
		}
		for _, s := range Specials() {
			for operand := range 2 {
				cases = append(cases, mustParse(t, fmt.Sprintf("len=17 batch=1 heads=2 dim=9 seed=3 special=%s operand=%d", s.Name, operand), pkgs[0]))
			}
		}
		for _, m := range Misuses() {
			if m.feature != "" || !m.fits(pkgs[0]) {
				continue // the fake ops have none
			}
			cases = append(cases, mustParse(t, "len=9 batch=2 heads=2 dim=5 seed=3 misuse="+m.Name, pkgs[0]))
		}
		s, err := h.Run(t.Context(), cases, o, func(r Result) {
			if !r.OK {
				t.Error(r)
			}
		})
		if want := (Summary{len(cases), len(cases) * 12, 0}); err != nil || s != want {
			t.Errorf("got %+v, %v, want %+v", s, err, want)
		}
	})
	for _, f := range faultTests {
		t.Run(f.fault, func(t *testing.T) {
			if f.fault == "soil" && !h.hello.SeesUppers {
				t.Skip("this CPU does not tell a return without VZEROUPPER")
			}
			p := fake(t, f.fault)
			one := o
			one.Ops, one.Types, one.ISAs = []string{f.op}, []string{f.typ}, []string{"avx2"}
			var got []Result
			if _, err := h.Run(t.Context(), []Case{mustParse(t, f.text, p)}, one, func(r Result) { got = append(got, r) }); err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || got[0].OK {
				t.Fatalf("not caught: %v", got)
			}
			if !strings.Contains(got[0].Why, f.want) {
				t.Errorf("caught as %q, want %q", got[0].Why, f.want)
			}
			want := fmt.Sprintf(`pyragen verify --window 3 --strides 4,2 --dim 0 --ops %s --types %s --isa avx2 --case "len=`, f.op, f.typ)
			if !strings.HasPrefix(got[0].Repro, want) {
				t.Errorf("reproducer %s, want %s...", got[0].Repro, want)
			}
			t.Log(got[0])
		})
	}
}

func mustParse(t *testing.T, text string, p Package) Case {
	t.Helper()
	c, err := ParseCase(text, p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
