package check

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/verify"
)

// window3 is three nodes in a row, one head, dim 1: z_i = p_i . (y_i-1, y_i, y_i+1).
func window3(t *testing.T) (*verify.Graph, verify.Sizes, [][]float32, []float32) {
	g, err := verify.NewGraph(3, nil, 3)
	if err != nil {
		t.Fatal(err)
	}
	p := []float32{0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 0, 0}
	return g, verify.Sizes{Batch: 1, Len: 3, Heads: 1, Dim: 1}, [][]float32{p, {1, 10, 100}}, []float32{21, 543, 760}
}

func TestOpTakesWhatIsRight(t *testing.T) {
	g, n, in, z := window3(t)
	w, err := Op("context", g, n, in, 0, z)
	if err != nil || w.Numbers != 3 || w.Err != 0 {
		t.Errorf("got %+v, %v; want 3 numbers without error", w, err)
	}
	z[1] = math.Nextafter32(z[1], 1000)
	w, err = Op("context", g, n, in, 0, z)
	if err != nil || w.Err != 543*math.Pow(2, -23)*512/543 || !(w.Bound > w.Err) {
		t.Errorf("one step away: got %+v, %v", w, err)
	}
}

func TestOpRefusesWhatIsWrong(t *testing.T) {
	for _, bad := range []float32{760.01, 0, float32(math.NaN()), float32(math.Inf(1))} {
		g, n, in, z := window3(t)
		z[2] = bad
		if _, err := Op("context", g, n, in, 0, z); err == nil || !strings.HasPrefix(err.Error(), "context f32: z[2] = ") {
			t.Errorf("%v instead of 760: got %v", bad, err)
		}
	}
	g, n, in, z := window3(t)
	z[1] += 1.0 / (1 << 14)
	w, err := Op("context", g, n, in, 0, z)
	if err != nil {
		t.Fatal(err)
	}
	z[1] = 543 + float32(1.2*w.Bound)
	if _, err := Op("context", g, n, in, 0, z); err == nil {
		t.Errorf("an error of 1.2 times the bound of %v is accepted", w.Bound)
	}
	if _, err := Op("context", g, n, in, 0, z[:2]); err == nil {
		t.Error("a number too few is accepted")
	}
	if _, err := Op("scores", g, n, [][]float32{in[1], in[1]}, math.Inf(-1), make([]float32, 12)); err == nil ||
		!strings.Contains(err.Error(), "s[0] = 0, want -Inf") {
		t.Errorf("padding of 0 instead of -inf: got %v", err)
	}
	for _, got := range [][][]float32{nil, {z, z}} {
		if _, err := Op("context", g, n, in, 0, got...); err == nil || err.Error() !=
			fmt.Sprintf("context f32: %d outputs to compare, want 1 to 1", len(got)) {
			t.Errorf("%d outputs of context: got %v", len(got), err)
		}
	}
	if _, err := Op("conv", g, n, in, 0, z); err == nil {
		t.Error("an unknown op is accepted")
	}
}

// TestOpComparesEveryOutput: one that is wrong is found wherever it is, and one that is left out is not asked for.
func TestOpComparesEveryOutput(t *testing.T) {
	g, n, in, _ := window3(t)
	s := [][]float32{in[0]}
	p := []float32{0, 0.26894143, 0.7310586, 0, 0.09003057, 0.24472848, 0.66524094, 0, 0.26894143, 0.7310586, 0, 0}
	lse := []float32{2.3132617, 5.407606, 7.3132615}
	if w, err := Op("softmax", g, n, s, 0, p, lse); err != nil || w.Numbers != 15 {
		t.Errorf("got %+v, %v; want 15 numbers", w, err)
	}
	lse[2] += 0.001
	if _, err := Op("softmax", g, n, s, 0, p, lse); err == nil || !strings.HasPrefix(err.Error(), "softmax f32: lse[2] = ") {
		t.Errorf("a wrong lse: got %v", err)
	}
	if w, err := Op("softmax", g, n, s, 0, p); err != nil || w.Numbers != 12 {
		t.Errorf("p alone: got %+v, %v; want 12 numbers", w, err)
	}
}

func TestCompareNamesTheErrorClosestToItsBound(t *testing.T) {
	want := verify.Expected{Name: "z", Value: []float64{1000, 1, 1}, Bound: []float64{10, 1, 0}}
	w, err := compare(want, []float64{1002, 1.5, 1})
	if (err != nil || w != Worst{Numbers: 3, Err: 0.5, Bound: 1}) {
		t.Errorf("got %+v, %v", w, err)
	}
}

func TestWorst(t *testing.T) {
	var w Worst
	w.Add(Worst{Numbers: 5})
	w.Add(Worst{Numbers: 2, Err: 1, Bound: 4})
	w.Add(Worst{Numbers: 3, Err: 2, Bound: 20})
	w.Add(Worst{Numbers: 1})
	if (w != Worst{Numbers: 11, Err: 1, Bound: 4}) {
		t.Errorf("got %+v", w)
	}
	w.Add(Worst{Numbers: 1, Err: 3e-9, Bound: 4e-9})
	if (w != Worst{Numbers: 12, Err: 3e-9, Bound: 4e-9}) {
		t.Errorf("got %+v", w)
	}
}
