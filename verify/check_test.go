package verify

import (
	"math"
	"strings"
	"testing"
)

// TestElement goes through the kinds of truth that an element can have.
func TestElement(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name             string
		want, bound, sum float64
		got              float64
		fails            string
	}{
		{"same", 1, 0.5, 1, 1, ""},
		{"at the bound", 1, 0.5, 1, 1.5, ""},
		{"past the bound", 1, 0.5, 1, 1.75, "= 1.75, want 1: off by 0.75, bound 0.5"},
		{"NaN from finite input", 1, 0.5, 1, nan, "= NaN, want 1"},
		{"infinity from finite input", 1, 0.5, 1, inf, "= +Inf"},
		{"infinite bound still wants a number", 1, inf, 1, nan, "= NaN, want 1"},
		{"padding", -1e9, 0, 0, -1e9, ""},
		{"padding off by a bit", -1e9, 0, 0, -1e9 + 64, "want exactly -1e+09"},
		{"padding NaN", nan, 0, 0, nan, ""},
		{"padding zero has a sign", 0, 0, 0, math.Copysign(0, -1), "want exactly 0"},
		{"infinity", inf, 0.5, 1, inf, ""},
		{"infinity of the other sign", inf, 0.5, 1, -inf, "= -Inf, want +Inf"},
		{"infinity lost", inf, 0.5, 1, 7, "= 7, want +Inf"},
		{"infinity to NaN", inf, 0.5, 1, nan, "= NaN, want +Inf"},
		{"NaN", nan, 0.5, 1, nan, ""},
		{"NaN lost", nan, 0.5, 1, 0, "= 0, want NaN"},
		{"overflow on the way", 1e38, 1e33, 5e38, nan, ""},
		{"overflow on the way, avoided", 1e38, 1e33, 5e38, 1e38, ""},
		{"overflow on the way, wrong", 1e38, 1e33, 5e38, 2e38, "off by"},
		{"overflow in the truth", inf, inf, inf, 3, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := Expected{"z", []float64{c.want}, []float64{c.bound}, []float64{c.sum}}
			_, _, why := (&check{t: F32, truth: []Expected{e}}).element(0, 0, c.got)
			if (why == "") != (c.fails == "") || !strings.Contains(why, c.fails) {
				t.Errorf("got %q, want %q", why, c.fails)
			}
		})
	}
}

// TestOverall counts zeros and compares with the naive error.
func TestOverall(t *testing.T) {
	const n = 200
	ones := func(first int, x float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = 1
		}
		for i := range first {
			v[i] = x
		}
		return v
	}
	loose := ones(n, 10)
	for _, c := range []struct {
		name       string
		op         Op
		got, naive []float64
		fails      string
	}{
		{"exact", Op{}, ones(0, 0), ones(0, 0), ""},
		{"1 % zeros", Op{}, ones(2, 0), ones(1, 0), ""},
		{"more zeros", Op{}, ones(3, 0), ones(1, 0), "3 of 200 elements of z are exactly 0"},
		{"twice naive", Op{}, ones(1, 1+2e-3), ones(1, 1-1e-3), ""},
		{"more than twice", Op{}, ones(1, 1+2.1e-3), ones(1, 1-1e-3), "more than 2 times the naive 0.001"},
		{"gradient", Op{Gradient: true}, ones(1, 1+2.9e-3), ones(1, 1-1e-3), ""},
		{"gradient, more than thrice", Op{Gradient: true}, ones(1, 1+3.1e-3), ones(1, 1-1e-3), "more than 3 times the naive 0.001"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := Expected{"z", ones(0, 0), loose, ones(0, 0)}
			v := (&check{op: c.op, t: F32, truth: []Expected{e}, naive: [][]float64{c.naive}, random: true}).judge([][]float64{c.got})
			if (v.why == "") != (c.fails == "") || !strings.Contains(v.why, c.fails) {
				t.Errorf("got %q, want %q", v.why, c.fails)
			}
		})
	}
}

// TestOverallOfChained lets one row of large scores, whose bound is as large, be unlucky, but not all rows.
func TestOverallOfChained(t *testing.T) {
	const rows, rowLen = 100, 16
	e := Expected{Name: "out", Value: make([]float64, rows*rowLen), Bound: make([]float64, rows*rowLen), Sum: make([]float64, rows*rowLen)}
	values := func(first, others float64) []float64 {
		v := make([]float64, rows*rowLen)
		for i := range v {
			e.Value[i], e.Bound[i] = 1, 1e-5
			v[i] = 1 + others
			if i < rowLen {
				e.Bound[i], v[i] = 1e-2, 1+first
			}
		}
		return v
	}
	naive := values(1e-4, 1e-6)
	for _, c := range []struct {
		name          string
		first, others float64
		fails         string
	}{
		{"one row", 9e-4, 1e-6, ""},
		{"all rows", 9e-4, 9e-6, "out is off by up to 0.0009, more than 2 times the naive 0.0001"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := values(c.first, c.others)
			v := (&check{op: Op{Name: "attention"}, t: F32, truth: []Expected{e}, naive: [][]float64{naive}, rows: rows, random: true}).judge([][]float64{got})
			if (v.why == "") != (c.fails == "") || !strings.Contains(v.why, c.fails) {
				t.Errorf("got %q, want %q", v.why, c.fails)
			}
		})
	}
}

// TestVerdictNamesTheWorst takes the element that is closest to its bound, not the one with the largest error.
func TestVerdictNamesTheWorst(t *testing.T) {
	e := Expected{"z", []float64{1, 100, 5}, []float64{0.5, 90, 1}, []float64{1, 1, 1}}
	v := (&check{t: F32, truth: []Expected{e}}).judge([][]float64{{1.25, 110, 5}})
	if v != (verdict{0.25, 0.5, ""}) {
		t.Errorf("got %+v", v)
	}
	if v := (&check{t: F32, truth: []Expected{e}}).judge([][]float64{{1}}); !strings.Contains(v.why, "z has 1 elements, want 3") {
		t.Errorf("got %+v", v)
	}
}

// TestDot checks the compensated sum where plain float64 loses everything.
func TestDot(t *testing.T) {
	var s dot
	for _, p := range [][2]float64{{1e16, 1}, {1, 1}, {-1e16, 1}, {1 + 0x1p-52, 1 - 0x1p-52}, {-1, 1}} {
		s.add(p[0], p[1])
	}
	if want := 1 - 0x1p-104; math.Abs(s.value()-want) > 0x1p-52 {
		t.Errorf("got %v, want %v", s.value(), want)
	}
	var inf dot
	inf.add(math.Inf(1), 2)
	inf.add(3, 4)
	if !math.IsInf(inf.value(), 1) || inf.abs != 12 {
		t.Errorf("infinity: %v, sum %v", inf.value(), inf.abs)
	}
	var large dot
	large.add(1e200, 1e200)
	large.add(1e200, -1e200)
	if !math.IsInf(large.abs, 1) {
		t.Errorf("finite terms overflow, but their sum is %v: a kernel that meets NaN would be blamed", large.abs)
	}
}
