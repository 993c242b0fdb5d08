package goasm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// form is a target and the vectors that a program is written for.
type form struct {
	target string
	typ    ir.Type
	lanes  int
}

func (f form) String() string { return fmt.Sprintf("%s %sx%d", f.target, f.typ, f.lanes) }

// forms are all widths of the targets that this processor can run.
func forms(t *testing.T) []form {
	var out []form
	for _, target := range targets(t) {
		most := map[string]int{"avx2": 32, "avx512": 64}[target]
		out = append(out, form{target, ir.F32, 2})
		for bytes := 16; bytes <= most; bytes *= 2 {
			out = append(out, form{target, ir.F32, bytes / 4}, form{target, ir.F64, bytes / 8})
		}
	}
	return out
}

// parse reads a program: T is the type, W the lanes, V the vector type, TARGET the target; 2W and 3W are multiples.
func (f form) parse(t *testing.T, name, text string) *ir.Program {
	t.Helper()
	text = strings.NewReplacer("TARGET", f.target, "3W", fmt.Sprint(3*f.lanes), "2W", fmt.Sprint(2*f.lanes), "W", fmt.Sprint(f.lanes),
		"T", f.typ.String(), "V", fmt.Sprintf("%sx%d", f.typ, f.lanes)).Replace(text)
	p, err := ir.ParseProgram(text)
	if err != nil {
		t.Fatalf("%s: %v in\n%s", name, err, text)
	}
	if err := p.VerifyScheduled(); err != nil {
		t.Fatalf("%s: %v in\n%s", name, err, text)
	}
	p.Name = fmt.Sprintf("%s%s%d_", name, f.typ, f.lanes)
	return p
}

// built are programs written by hand, each for one thing that the back end must get right, with the sizes to run them for. least is
// the least number of lanes.
var built = []struct {
	name, text string
	least      int
	sizes      []map[string]int64
}{
	{"dot", `program dot T TARGET {
  size n
  in x: T[n]
  in y: T[n]
  out s: T[1]
  call dot(n)
}

// a sum over a row with a masked tail
func dot(n) {
  in x: T[n]
  in y: T[n]
  out s: T[1]
  alloc acc: V
  acc = broadcast(0.0, W)
  let full = n/W*W
  for d in 0..full step W {
    acc = fma(x[d:W], y[d:W], acc)
  }
  mask k: V = n - full
  acc = fma(x[full:W if k], y[full:W if k], acc)
  s[0] = hsum(acc)
}`, 2, sizesOf("n", 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33)},

	{"axpy", `program axpy T TARGET {
  size n
  in x: T[n]
  in a: T
  out z: T[n]
  call axpy(n)
}

func axpy(n) {
  in x: T[n]
  in a: T
  out z: T[n]
  for d in 0..n/W*W step W {
    z[d:W] = fma(broadcast(a, W), x[d:W], broadcast(-0.5, W))
  }
  for d in n/W*W..n {
    z[d] = fma(a, x[d], -0.5)
  }
}`, 2, sizesOf("n", 1, 16, 37)},

	{"masks", `program masks T TARGET {
  size n
  in x: T[n, W]
  out z: T[n, W]
  for i in 0..n {
    call row(i, i%(W + 1))
  }
}

// each count of lanes, loaded at the end of a row and stored at its start
func row(i, count) {
  in x: T[rows, W]
  out z: T[rows, W]
  mask k: V = count
  z[i, 0:W if k] = x[i, W - count:W if k] + broadcast(1.0, W)
  mask none: V = 0
  mask all: V = W
  if i == 0 {
    z[i, 0:W if none] = x[i, 0:W if none]
    z[i, 0:W if all] = x[i, 0:W if all]
  }
}`, 2, sizesOf("n", 1, 40)},

	{"operators", `program operators T TARGET {
  size n
  in x: T[n]
  in y: T[n]
  out z: T[9, n]
  call operators(n)
}

func operators(n) {
  in x: T[n]
  in y: T[n]
  out z: T[9, n]
  for d in 0..n step W {
    z[0, d:W] = x[d:W] + y[d:W]
    z[1, d:W] = x[d:W] - y[d:W]
    z[2, d:W] = x[d:W]*y[d:W]
    z[3, d:W] = x[d:W]/y[d:W]
    z[4, d:W] = max(x[d:W], y[d:W])
    z[5, d:W] = min(x[d:W], y[d:W])
    z[6, d:W] = -x[d:W]
    z[7, d:W] = recip(x[d:W])
    z[8, d:W] = (x[d:W] - y[d:W])*(x[d:W] + y[d:W]) - x[d:W]
  }
}`, 2, []map[string]int64{{"n": 48}}},

	{"scalars", `program scalars T TARGET {
  size n
  in x: T[n]
  in y: T[n]
  in a: T
  out z: T[12, n]
  call scalars(n)
}

func scalars(n) {
  in x: T[n]
  in y: T[n]
  in a: T
  out z: T[12, n]
  for d in 0..n {
    alloc r: T
    z[0, d] = x[d] + y[d]
    z[1, d] = x[d] - a
    z[2, d] = a*y[d]
    z[3, d] = x[d]/y[d]
    z[4, d] = max(x[d], y[d])
    z[5, d] = min(a, y[d])
    z[6, d] = -x[d]
    r = recip(x[d])
    z[7, d] = r
    z[8, d] = x[d] < y[d] ? x[d] : -0.0
    z[9, d] = x[d] == y[d] ? 1.0 : x[d] != x[d] ? 2.0 : 3.0
    z[10, d] = x[d] <= a && d != 3 ? x[d] + 1.0 : inf
    if x[d] >= y[d] {
      z[11, d] = 1.0
    } else {
      if x[d] > 0.0 {
        z[11, d] = 2.0
      } else {
        z[11, d] = 3.0
      }
    }
  }
}`, 2, []map[string]int64{{"n": 29}}},

	{"fused", `program fused T TARGET {
  in x: T[4, W]
  out z: T[8, W]
  call fused()
}

// a product and sum into each of its operands, and into none
func fused() {
  in x: T[4, W]
  out z: T[8, W]
  alloc a, b, c: V
  a = x[0, 0:W]
  b = x[1, 0:W]
  c = x[2, 0:W]
  c = fma(a, b, c)
  z[0, 0:W] = c
  a = fma(a, b, c)
  z[1, 0:W] = a
  b = fma(a, b, c)
  z[2, 0:W] = b
  a = fma(a, a, a)
  z[3, 0:W] = a
  a = fma(x[3, 0:W], b, x[2, 0:W])
  z[4, 0:W] = a
  a = fma(b, x[3, 0:W] + a, a*a)
  z[5, 0:W] = a
  b = fma(x[0, 0:W], x[1, 0:W], x[2, 0:W])
  z[6, 0:W] = b
  c = (a + c)*(c - a)
  z[7, 0:W] = c
}`, 2, []map[string]int64{{}}},

	{"arrays", `program arrays T TARGET {
  in x: T[6, W]
  out z: T[6, W]
  call arrays()
}

func arrays() {
  in x: T[6, W]
  out z: T[6, W]
  alloc v: V[3, 2]
  v[0, 0] = x[0, 0:W]
  v[0, 1] = x[1, 0:W]
  v[1, 0] = x[2, 0:W]
  v[1, 1] = x[3, 0:W]
  v[2, 0] = x[4, 0:W]
  v[2, 1] = v[0, 0] - v[1, 1]
  z[0, 0:W] = v[2, 1]
  z[1, 0:W] = v[2, 0]
  z[2, 0:W] = v[1, 1]
  z[3, 0:W] = v[1, 0]
  z[4, 0:W] = v[0, 1]
  z[5, 0:W] = v[0, 0]
}`, 2, []map[string]int64{{}}},

	{"tree", `program tree T TARGET {
  in x: T[4, W]
  out s: T[3, 4]
  call tree()
}

func tree() {
  in x: T[4, W]
  out s: T[3, 4]
  alloc a, b: V
  alloc all: Tx4[2]
  a = x[0, 0:W]
  b = x[1, 0:W]
  all[0] = tree(a, b, x[2, 0:W], x[3, 0:W])
  s[0, 0:4] = all[0]
  all[1] = tree(a*b, b, b, b) + all[0]
  s[1, 0] = lane(all[1], 0)
  s[1, 1] = lane(all[1], 1)
  s[1, 2] = lane(all[1], 2)
  s[1, 3] = lane(all[1], 3)
  s[2, 0] = hsum(a)
  s[2, 1] = hsum(a + b)
  alloc top: T
  top = lane(all[1], 3)
  s[2, 2] = top + lane(all[0], 1)
  s[2, 3] = lane(a, W - 1)
}`, 0, []map[string]int64{{}}}, // the least lanes depend on the type

	{"lanes", `program lanes T TARGET {
  in x: T[W]
  out z: T[2, W]
  call lanes()
}

func lanes() {
  in x: T[W]
  out z: T[2, W]
  alloc a: V
  a = x[0:W]
LANES}`, 2, []map[string]int64{{}}},

	// A store past the cache faults where it is not aligned: at the end of a page z is not.
	{"streaming", `program streaming T TARGET {
  size n, m
  in x: T[m]
  out z: T[m]
  call copy(n)
}

func copy(n) {
  in x: T[m]
  out z: T[m]
  for i in 0..n {
    prefetch x[i*W + 640]
    prefetch far x[i*W + 650]
    if aligned(z, 64) {
      stream z[i*W:W] = x[i*W:W]
    } else {
      z[i*W:W] = x[i*W:W]
    }
  }
  fence
}`, 2, []map[string]int64{{"n": 1, "m": 65}, {"n": 3, "m": 49}}},
}

// sizesOf are the values of one size.
func sizesOf(name string, values ...int64) []map[string]int64 {
	var out []map[string]int64
	for _, v := range values {
		out = append(out, map[string]int64{name: v})
	}
	return out
}

// TestBuilt runs programs written by hand in assembly and in the interpreter.
func TestBuilt(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		for _, b := range built {
			least, text := max(b.least, 2), b.text
			if b.least == 0 {
				least = 32 / f.typ.Size()
			}
			if f.lanes < least {
				continue
			}
			text = strings.Replace(text, "LANES", lanesOf(f.lanes), 1)
			text = strings.Replace(text, "W - 1)", fmt.Sprint(f.lanes-1)+")", -1)
			p := f.parse(t, b.name, text)
			for _, sizes := range b.sizes {
				for _, start := range []bool{false, true} {
					args := arguments(p, sizes)
					special(p, args)
					jobs = append(jobs, job{p, sizes, args, start})
				}
			}
		}
	}
	scratch(t, jobs)
}

// lanesOf takes every lane of a out, to memory and into a register.
func lanesOf(n int) string {
	var s strings.Builder
	for k := range n {
		fmt.Fprintf(&s, "  z[0, %d] = lane(a, %d)\n  z[1, %d] = lane(a, %d) + 1.0\n", k, n-1-k, k, k)
	}
	return s.String()
}

// special puts zeros of both signs, infinities and NaN among the values of the programs that compare.
func special(p *ir.Program, args ir.Args) {
	if !strings.HasPrefix(p.Name, "operators") && !strings.HasPrefix(p.Name, "scalars") {
		return
	}
	for bi, b := range []string{"x", "y"} {
		for i, v := range specials() {
			a := args[b]
			i = (i*(1+3*bi) + bi) % a.Len()
			if p.Type == ir.F32 {
				a.F32[i] = float32(v)
			} else {
				a.F64[i] = v
			}
		}
	}
}
