package goasm_test

import (
	"math"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// The tests of this file have their own idea, in Go, of what three programs compute, so that a mistake that the interpreter and the
// back end share is seen. Values are small multiples of powers of two where a reference does not round as the program does.

// text returns the program of built of that name.
func text(name string) string {
	for _, b := range built {
		if b.name == name {
			return b.text
		}
	}
	panic("no program " + name)
}

// lane32 is a value of a few bits: sums and products of them are exact.
func lane32(i int) float32 { return float32(i%13-6) / 4 }

// TestDotReference: a dot of n elements, exact.
func TestDotReference(t *testing.T) {
	var jobs []job
	var wants []float32
	for _, f := range forms(t) {
		if f.typ != ir.F32 {
			continue
		}
		p := f.parse(t, "dot", text("dot"))
		for _, n := range []int{1, f.lanes - 1, f.lanes, 3*f.lanes + 1} {
			x, y, s := ir.NewArray(ir.F32, n), ir.NewArray(ir.F32, n), ir.NewArray(ir.F32, 1)
			var want float32
			for i := range n {
				x.F32[i], y.F32[i] = lane32(i), lane32(5*i+3)
				want += x.F32[i] * y.F32[i]
			}
			s.F32[0] = 99
			jobs = append(jobs, job{p, map[string]int64{"n": int64(n)}, ir.Args{"x": x, "y": y, "s": s}, false})
			wants = append(wants, want)
		}
	}
	scratch(t, jobs)
	for i, j := range jobs {
		if got := j.args["s"].F32[0]; got != wants[i] {
			t.Errorf("%s %s: got %v, want %v", j.p.Name, j.p.Target, got, wants[i])
		}
	}
}

// TestTreeReference: the order of every sum of a tree and of hsum, in float64, with values that round.
func TestTreeReference(t *testing.T) {
	add := func(v []float64, pairs bool) []float64 {
		half := make([]float64, len(v)/2)
		for k := range half {
			if pairs {
				half[k] = v[2*k] + v[2*k+1]
			} else {
				half[k] = v[k] + v[k+len(half)]
			}
		}
		return half
	}
	treeOf := func(v []float64) float64 {
		if len(v) == 8 {
			v = add(v, false)
		}
		v = add(v, true)
		return v[0] + v[1]
	}
	halves := func(v []float64) float64 {
		for len(v) > 1 {
			v = add(v, false)
		}
		return v[0]
	}
	var jobs []job
	for _, f := range forms(t) {
		if f.typ == ir.F64 && f.lanes >= 4 {
			src := `program tree T TARGET {
  in x: T[4, W]
  out s: T[2, 4]
  call tree()
}

func tree() {
  in x: T[4, W]
  out s: T[2, 4]
  s[0, 0:4] = tree(x[0, 0:W], x[1, 0:W], x[2, 0:W], x[3, 0:W])
  s[1, 0] = hsum(x[0, 0:W])
  s[1, 1] = hsum(x[1, 0:W])
  s[1, 2] = hsum(x[2, 0:W])
  s[1, 3] = hsum(x[3, 0:W])
}`
			p := f.parse(t, "order", src)
			jobs = append(jobs, job{p, nil, arguments(p, nil), false})
		}
	}
	scratch(t, jobs)
	for _, j := range jobs {
		x, s := j.args["x"].F64, j.args["s"].F64
		w := len(x) / 4
		for k := range 4 {
			row := x[k*w : (k+1)*w]
			if got, want := s[k], treeOf(row); got != want {
				t.Errorf("%s %s: tree of row %d = %x, want %x", j.p.Name, j.p.Target, k, got, want)
			}
			if got, want := s[4+k], halves(row); got != want {
				t.Errorf("%s %s: hsum of row %d = %x, want %x", j.p.Name, j.p.Target, k, got, want)
			}
		}
	}
}

// TestOperatorsReference: max and min with zeros, infinities and NaN; products and sums rounded once.
func TestOperatorsReference(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		if f.typ == ir.F64 {
			p := f.parse(t, "operators", text("operators"))
			sizes := map[string]int64{"n": 48}
			args := arguments(p, sizes)
			special(p, args)
			jobs = append(jobs, job{p, sizes, args, false})
		}
	}
	scratch(t, jobs)
	for _, j := range jobs {
		x, y, z := j.args["x"].F64, j.args["y"].F64, j.args["z"].F64
		for i := range x {
			greater, less := y[i], y[i]
			if x[i] > y[i] {
				greater = x[i]
			}
			if x[i] < y[i] {
				less = x[i]
			}
			for row, want := range []float64{x[i] + y[i], x[i] - y[i], x[i] * y[i], x[i] / y[i], greater, less, -x[i], 1 / x[i]} {
				got := z[row*len(x)+i]
				if math.Float64bits(got) != math.Float64bits(want) && (got == got || want == want) {
					t.Errorf("%s %s: row %d of %v and %v = %v, want %v", j.p.Name, j.p.Target, row, x[i], y[i], got, want)
				}
			}
		}
	}
}
