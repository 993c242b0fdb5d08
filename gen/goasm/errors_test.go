package goasm_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/ir"
)

// body is a program around the body of a function, with two vectors.
func body(target, text string) string {
	return `program k f32 ` + target + ` {
  size n
  in x: f32[n, 64]
  in a: f32
  out z: f32[n, 64]
  call f(n)
}

func f(n) {
  in x: f32[rows, 64]
  in a: f32
  out z: f32[rows, 64]
` + text + "\n}\n"
}

// vectors is a function that needs n vectors at once.
func vectors(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  alloc v: f32x8[%d]\n", n)
	for k := range n {
		fmt.Fprintf(&b, "  v[%d] = x[%d, 0:8]\n", k, k)
	}
	for k := range n {
		fmt.Fprintf(&b, "  z[%d, 0:8] = v[%d]\n", n-1-k, n-1-k)
	}
	return b.String()
}

// loops is a function with n loops in each other.
func loops(n int) string {
	var head, sum, tail strings.Builder
	for k := range n {
		fmt.Fprintf(&head, "%sfor i%d in 0..n*%d {\n", strings.Repeat(" ", k+2), k, k+1)
		fmt.Fprintf(&sum, "i%d*%d + ", k, k*k+3)
		tail.WriteString("}\n")
	}
	return head.String() + "z[" + sum.String() + "n, 0:8] = x[" + sum.String() + "1, 0:8]\n" + tail.String()
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{body("avx2", vectors(15)), ""},
		{body("avx2", vectors(16)), "k f32 w=0 s=- avx2: f: needs 16 vector registers at once, avx2 has 15; jam or unroll less"},
		{body("avx512", vectors(31)), ""},
		{body("avx512", vectors(40)), "k f32 w=0 s=- avx512: f: needs 40 vector registers at once, avx512 has 31; jam or unroll less"},
		{body("avx2", loops(20)), ""},
		{body("avx2", loops(40)), "f: 1232 bytes of pointers and bounds on the stack, at most 720 are there; jam or unroll less"},
		{body("avx2", strings.Repeat("  z[0, 0:8] = x[0, 0:8]\n", 4000)),
			"f: 8004 instructions may take 80030 bytes, at most 65536 are allowed; jam or unroll less"},
		{body("avx2", "  z[0, 0:16] = x[0, 0:16]"), "f: 16 lanes of f32 are no vector register of avx2, which have 128 to 256 bits"},
		{body("avx512", "  z[0, 0:32] = x[0, 0:32]"), "f: 32 lanes of f32 are no vector register of avx512, which have 128 to 512 bits"},
		{body("avx2", "  z[0, 0] = exp(x[0, 0])"), "f: cannot compute exp(x[0, 0]); schedule it to a polynomial"},
		{body("avx2", "  z[1000000000, 0] = a"), "f: displacement 256000000000 into z does not fit 32 bits"},
		{body("avx2", "  alloc memory m: f32[8]\n  m[0] = a"), "f: temporary m: memory in a function is not supported yet; use registers"},
		{body("avx2", "  alloc r: f32[2]\n  for i in 0..2 {\n    r[i] = a\n  }"),
			"f: register buffer r: subscript i, want a constant below 2; unroll the loop"},
		{strings.ReplaceAll(body("avx2", "  z[0, 0] = a"), "f(n)", "f(g)"), "f: argument g is a register to Go's assembler; want another name"},
		{strings.ReplaceAll(body("avx2", "  z[0, 0] = a"), "f(n)", "f(func)"), `f: argument "func" is no name in Go; want another one`},
		{body("go", "  z[0, 0] = a"), "k f32 w=0 s=- go: target go has no assembly; want avx2 or avx512"},
		{strings.ReplaceAll(body("avx2", "  z[0, 0] = a"), "in x: f32[", "in x: f64["),
			"f: x has elements of f64, want what is computed in f32"},
	} {
		p, err := ir.ParseProgram(test.src)
		if err != nil {
			t.Fatalf("%v in\n%.1000s", err, test.src)
		}
		_, err = goasm.Emit([]*ir.Program{p}, name)
		switch {
		case err == nil && test.want != "":
			t.Errorf("got no error, want %q", test.want)
		case err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)):
			t.Errorf("got %q, want %q", err, test.want)
		}
	}
}

// TestReserved: registers that Go keeps for itself are never used, and on AVX2 none that it has not.
func TestReserved(t *testing.T) {
	for _, test := range []struct{ src, not string }{
		{body("avx2", vectors(15)), `[XYZ]15|[XYZ](1[6-9]|2.|3.)|Z\d+|K\d|R14|R15|BP`},
		{body("avx512", vectors(31)), `[XYZ]15|K0|R14|R15|BP`},
		{body("avx2", loops(20)), `R14|R15|BP`},
	} {
		p, err := ir.ParseProgram(test.src)
		if err != nil {
			t.Fatal(err)
		}
		a, err := goasm.Emit([]*ir.Program{p}, name)
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(`\b(` + test.not + `)\b`).Find(a.Source); found != nil {
			t.Errorf("%s has %s", p.Target, found)
		}
	}
}

// TestHighRegisters: what is in EVEX only because of its registers needs the extensions that EVEX is in.
func TestHighRegisters(t *testing.T) {
	zero := strings.Replace(vectors(31), "v[20] = x[20, 0:8]", "v[20] = broadcast(0.0, 8)", 1)
	for _, test := range []struct {
		src  string
		want []string
	}{
		{body("avx512", vectors(15)), []string{"HasAVX"}},
		{body("avx512", vectors(31)), []string{"HasAVX", "HasAVX512F", "HasAVX512VL"}},
		{body("avx512", zero), []string{"HasAVX", "HasAVX512DQ", "HasAVX512F", "HasAVX512VL"}},
	} {
		p, err := ir.ParseProgram(test.src)
		if err != nil {
			t.Fatal(err)
		}
		a, err := goasm.Emit([]*ir.Program{p}, name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(test.want, a.Features["avx512"]); d != "" {
			t.Error(d)
		}
	}
}

// TestCrowded has horizontal adds, which are not in EVEX, where the first sixteen registers are taken.
func TestCrowded(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		if f.target != "avx512" || f.lanes*f.typ.Size() < 32 {
			continue
		}
		var b strings.Builder
		b.WriteString("program crowded T TARGET {\n  in x: T[22, W]\n  out z: T[22, W]\n  call f()\n}\n\n")
		b.WriteString("func f() {\n  in x: T[22, W]\n  out z: T[22, W]\n  alloc v: V[22]\n  alloc s: Tx4\n")
		for k := range 22 {
			fmt.Fprintf(&b, "  v[%d] = x[%d, 0:W]\n", k, k)
		}
		b.WriteString("  s = tree(v[18], v[19], v[20], v[21])\n")
		for k := range 21 {
			fmt.Fprintf(&b, "  z[%d, 0:W] = v[%d]\n", k, k)
		}
		b.WriteString("  z[21, 0:4] = s + tree(v[0], v[1], v[2], v[20])\n}\n")
		p := f.parse(t, "crowded", b.String())
		jobs = append(jobs, job{p, nil, arguments(p, nil), false})
	}
	if len(jobs) == 0 {
		t.Skip("this processor has no AVX-512")
	}
	scratch(t, jobs)
}
