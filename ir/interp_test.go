package ir

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// programOf is a program over buffers x and z of n elements, a table t and a scalar f, with the given body.
func programOf(typ, body, funcs string) string {
	return fmt.Sprintf(`program probe %[1]s avx2 {
  pyramid window 3 strides 2, 2
  size n, len
  in x: %[1]s[n]
  in t: i32[4]
  in f: %[1]s
  out z: %[1]s[n]

%[2]s
}
%[3]s`, typ, body, funcs)
}

// probe runs a body on x, with t = 2, 0, -1, 3, f = 0.5 and a pyramid over 5 leaves, and returns z, whose elements were -7.
func probe(typ, body, funcs string, x []float64) ([]float64, error) {
	p, err := ParseProgram(programOf(typ, body, funcs))
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	if p.Type == F64 {
		z := make([]float64, len(x))
		for k := range z {
			z[k] = -7
		}
		err := RunProgram(p, map[string]int64{"n": int64(len(x)), "len": 5}, Args{
			"x": {Type: F64, F64: x}, "z": {Type: F64, F64: z}, "f": {Type: F64, F64: []float64{0.5}},
			"t": {Type: I32, I32: []int32{2, 0, -1, 3}},
		})
		return z, err
	}
	x32, z32, z := make([]float32, len(x)), make([]float32, len(x)), make([]float64, len(x))
	for k := range x {
		x32[k], z32[k] = float32(x[k]), -7
	}
	err = RunProgram(p, map[string]int64{"n": int64(len(x)), "len": 5}, Args{
		"x": {Type: F32, F32: x32}, "z": {Type: F32, F32: z32}, "f": {Type: F32, F32: []float32{0.5}},
		"t": {Type: I32, I32: []int32{2, 0, -1, 3}},
	})
	for k := range z {
		z[k] = float64(z32[k])
	}
	return z, err
}

// same reports whether a and b are the same numbers, signs of zeros included.
func same(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if math.Float64bits(a[k]) != math.Float64bits(b[k]) && !(math.IsNaN(a[k]) && math.IsNaN(b[k])) {
			return false
		}
	}
	return true
}

func TestStatementsAndExpressions(t *testing.T) {
	nan, inf, zero := math.NaN(), math.Inf(1), math.Copysign(0, -1)
	const ulp = 1.0 / (1 << 23)
	for _, c := range []struct {
		name, body, funcs string
		x, want           []float64
	}{
		{name: "loop with a step", body: "for i in 1..n step 2 {\nz[i] = x[i]\n}",
			x: []float64{1, 2, 3, 4}, want: []float64{-7, 2, -7, 4}},
		{name: "empty loop", body: "for i in n..1 {\nz[i] = 0.0\n}", x: []float64{1, 2, 3}, want: []float64{-7, -7, -7}},
		{name: "parallel loop", body: "parallel for i in 0..n {\nz[i] = x[n - 1 - i]\n}", x: []float64{1, 2}, want: []float64{2, 1}},
		{name: "if and else", body: "for i in 0..n {\nif i >= 1 && x[i] > 2.0 {\nz[i] = 1.0\n} else {\nz[i] = 0.0\n}\n}",
			x: []float64{9, 2, 3}, want: []float64{0, 0, 1}},
		{name: "let shadows in its block", body: "let k = 0\nif n == 2 {\nlet k = 1\nz[k] = x[k]\n}\nz[k] = 5.0",
			x: []float64{1, 2}, want: []float64{5, 2}},
		{name: "integer operators",
			body: "let a = 0 - 7\nz[a/2 + 4] = 1.0\nz[a%2] = 2.0\nz[min(n, 2)] = 3.0\nz[max(0 - n, 3)] = 4.0\nz[n*n - 21] = 5.0",
			x:    make([]float64, 5), want: []float64{1, 2, 3, 4, 5}},
		{name: "pick and gather", body: "for i in 0..4 {\nlet k = t[i] < 0 ? i : t[i]\nz[i] = x[k]\n}",
			x: []float64{1, 2, 3, 4}, want: []float64{3, 1, 3, 4}},
		{name: "index maps", // 5 leaves, 2 nodes, 1 node
			body: "z[0] = x[n(0)]\nz[1] = x[n(1)]\nz[2] = x[n(2)]\nz[3] = x[n(3)]\nz[4] = x[off(1)]\nz[5] = x[off(2)]\n" +
				"z[6] = x[off(3)]\nz[7] = x[C(1)]\nz[8] = x[nbr(6, 5)]\nz[9] = x[rev(0, 6) + revslot(3, 6)]\nz[10] = x[nodes]",
			x: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, want: []float64{5, 2, 1, 0, 5, 7, 8, 2, 4, 9, 8}},
		{name: "scalar operators",
			body: "z[0] = x[0] + x[1]\nz[1] = x[0] - x[1]\nz[2] = x[0] * x[1]\nz[3] = x[0] / x[1]\nz[4] = -x[0]\nz[5] = recip(x[1])\n" +
				"z[6] = max(x[0], x[1])\nz[7] = min(x[0], x[1])\nz[8] = exp(x[2])\nz[9] = log(x[3])\nz[10] = f",
			x:    []float64{3, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0},
			want: []float64{7, -1, 12, 0.75, -3, 0.25, 4, 3, 1, 0, 0.5}},
		{name: "max and min of zeros and NaN are the second operand",
			body: "z[0] = max(x[0], x[1])\nz[1] = max(x[1], x[0])\nz[2] = min(x[0], x[1])\nz[3] = min(x[1], x[0])\n" +
				"z[4] = max(x[2], x[0])\nz[5] = max(x[0], x[2])\nz[6] = min(x[2], x[0])\nz[7] = min(x[0], x[2])",
			x: []float64{0, zero, nan, 0, 0, 0, 0, 0}, want: []float64{zero, 0, zero, 0, 0, nan, 0, nan}},
		{name: "comparisons with NaN",
			body: "z[0] = x[0] == x[0] ? 1.0 : 0.0\nz[1] = x[0] != x[0] ? 1.0 : 0.0\nz[2] = x[0] <= x[1] ? 1.0 : 0.0\n" +
				"z[3] = x[0] >= x[1] ? 1.0 : 0.0\nz[4] = x[1] < x[0] ? 1.0 : 0.0",
			x: []float64{nan, 1, 0, 0, 0}, want: []float64{0, 1, 0, 0, 0}},
		{name: "select evaluates only the chosen operand", body: "z[0] = n == 1 ? x[0] : x[5]", x: []float64{3}, want: []float64{3}},
		{name: "and stops at the first that fails", body: "if n > 5 && x[5] > 0.0 {\nz[0] = 1.0\n}",
			x: []float64{3}, want: []float64{-7}},
		{name: "fma rounds once, a product and a sum twice", body: "z[0] = fma(x[0], x[0], x[1])\nz[1] = x[0] * x[0] + x[1]",
			x: []float64{1 + ulp, -1 - 2*ulp}, want: []float64{ulp * ulp, 0}},
		{name: "fma of vectors rounds once", body: "z[0:2] = fma(x[0:2], x[0:2], x[2:2])",
			x: []float64{1 + ulp, 1, -1 - 2*ulp, -1}, want: []float64{ulp * ulp, 0, -7, -7}},
		{name: "vectors", body: "z[0:4] = x[4:4] * broadcast(f, 4) - x[0:4]\nz[4:4] = fma(x[0:4], x[4:4], -x[0:4])",
			x: []float64{1, 2, 3, 4, 10, 20, 30, 40}, want: []float64{4, 8, 12, 16, 9, 38, 87, 156}},
		{name: "vector division, max and min",
			body: "z[0:2] = x[0:2] / x[2:2]\nz[2:2] = max(x[0:2], x[2:2])\nz[4:2] = min(x[0:2], x[2:2])",
			x:    []float64{8, 1, 2, 4, 0, 0}, want: []float64{4, 0.25, 8, 4, 2, 1}},
		{name: "lane and select of vectors", body: "z[0:2] = n > 2 ? x[2:2] : x[0:2]\nz[2] = lane(x[0:4], 3) + lane(x[0:4], 1)",
			x: []float64{1, 2, 3, 4}, want: []float64{3, 4, 6, -7}},
		{name: "registers", body: "alloc a: f32x2[2, 2]\nalloc s: f32\nfor i in 0..2 {\na[i, 1] = x[2*i:2]\n}\n" +
			"s = lane(a[1, 1], 0)\na[0, 1] = a[0, 1] + broadcast(s, 2)\nz[0:2] = a[0, 1]\nz[2:2] = a[1, 1]",
			x: []float64{1, 2, 3, 4}, want: []float64{4, 5, 3, 4}},
		{name: "masked tail", body: "mask k: f32x4 = n - 2\nz[2:4 if k] = x[2:4 if k] + broadcast(1.0, 4)",
			x: []float64{1, 2, 3, 4}, want: []float64{-7, -7, 4, 5}},
		{name: "inactive lanes are +0", body: "for i in 0..3 {\nmask k: f32x4 = 4 - i\nz[0:4] = x[i:4 if k]\n}",
			x: []float64{1, 2, 3, 4}, want: []float64{3, 4, 0, 0}},
		{name: "a mask without active lanes touches nothing", body: "mask k: f32x4 = 0\nz[9:4 if k] = x[9:4 if k]",
			x: []float64{1}, want: []float64{-7}},
		{name: "temporary in memory", body: "alloc memory m: f32[n, 2]\nfor i in 0..n {\nm[i, 1] = x[i]\n}\nfor i in 0..n {\n" +
			"z[i] = m[n - 1 - i, 1]\n}", x: []float64{1, 2, 3}, want: []float64{3, 2, 1}},
		{name: "stream, prefetch and fence", body: "prefetch x[99]\nstream z[0:2] = x[0:2]\nfence",
			x: []float64{1, 2}, want: []float64{1, 2}},
		{name: "a true assumption", body: "assume n == 1 && f > 0.0\nz[0] = x[0]", x: []float64{1}, want: []float64{1}},
		{name: "calls", body: "for i in 0..2 {\ncall half(i, 2*i + 1)\n}", funcs: `
func half(from, to) {
  in x: f32[n]
  in f: f32
  out z: f32[n]

  let n = to
  z[n] = x[from] * f
}`, x: []float64{2, 4, 0, 0}, want: []float64{-7, 1, -7, 2}},
		{name: "infinities", body: "z[0] = x[0] - x[0]\nz[1] = x[0] * x[1]\nz[2] = recip(x[1])", x: []float64{inf, zero, 0},
			want: []float64{nan, nan, -inf}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := probe("f32", c.body, c.funcs, c.x)
			if err != nil {
				t.Fatal(err)
			}
			if !same(got, c.want) {
				t.Errorf("f32: got %v, want %v", got, c.want)
			}
			if strings.Contains(c.name, "fma") { // rounding depends on the type
				return
			}
			to64 := strings.NewReplacer("f32", "f64")
			got, err = probe("f64", to64.Replace(c.body), to64.Replace(c.funcs), c.x)
			if err != nil {
				t.Fatal(err)
			}
			if !same(got, c.want) {
				t.Errorf("f64: got %v, want %v", got, c.want)
			}
		})
	}
}

// Every golden program and kernel of the text form compiles.
func TestGoldensCompile(t *testing.T) {
	files, err := filepath.Glob("testdata/*.pyr")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files, %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		form, err := parseForm(string(src))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		switch f := form.(type) {
		case *Kernel:
			_, err = CompileKernel(f)
		case *Program:
			_, err = CompileProgram(f)
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
