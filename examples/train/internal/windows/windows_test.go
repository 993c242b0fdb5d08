package windows

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pyragen/pyragen/examples/ett/series"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// ramp has the values 0, 1, 2 ...
func ramp(n int) series.Series {
	s := series.Series{Name: "ramp", Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Step: time.Hour, Values: make([]float64, n)}
	for i := range s.Values {
		s.Values[i] = float64(i)
	}
	return s
}

func TestParts(t *testing.T) {
	const history = 30
	w, err := New(ramp(500), history)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ got, want Part }{
		"train": {w.Train, Part{30, 277}}, "valid": {w.Valid, Part{300, 377}}, "test": {w.Test, Part{400, 477}},
	} {
		if c.got != c.want {
			t.Errorf("%s is %v, want %v", name, c.got, c.want)
		}
	}
	if last := w.Values(w.Test.To - 1); len(last) != Horizon || math.Abs(w.Unit(last[Horizon-1])-499) > 1e-9 {
		t.Errorf("the last test window ends with %v, want the last value", w.Unit(last[Horizon-1]))
	}
	var mean, squares float64
	for _, x := range w.values[:300] {
		mean += x / 300
		squares += x * x / 300
	}
	if math.Abs(mean) > 1e-12 || math.Abs(squares-1) > 1e-12 {
		t.Errorf("the values to train on have mean %v and mean square %v, want 0 and 1", mean, squares)
	}
	if got := w.Valid.Every(24); len(got) != 4 || got[0] != 300 || got[3] != 372 {
		t.Errorf("a window a day: %v", got)
	}
}

// TestMinRows: it is the length from which on every part has a window, and everything of it lies in the series.
func TestMinRows(t *testing.T) {
	for _, history := range []int{24, 48, 168, 1000} {
		n := MinRows(history)
		w, err := New(ramp(n), history)
		if err != nil || w.Train.Len() < 1 || w.Valid.Len() < 1 || w.Test.Len() < 1 || w.Valid.From < history {
			t.Errorf("history %d, %d rows: %v, %+v", history, n, err, w)
		}
		_, err = New(ramp(n-1), history)
		if err == nil {
			t.Errorf("history %d: %d rows are enough", history, n-1)
		}
	}
	_, err := New(ramp(100), 168)
	if want := "ramp: 100 rows, want at least 320 to train on histories of 168 steps"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestFill(t *testing.T) {
	const history = 48
	w, err := New(ramp(500), history)
	if err != nil {
		t.Fatal(err)
	}
	x, y := Fill(w, []int{100, 72}, tensor.Matrix[float64]{}, tensor.Matrix[float64]{})
	if x.Rows != 2*history || x.Cols != Features || y.Rows != 2 || y.Cols != Horizon {
		t.Fatalf("shapes %d x %d and %d x %d", x.Rows, x.Cols, y.Rows, y.Cols)
	}
	for b, start := range []int{100, 72} {
		for h := range history {
			row, before := x.Row(b*history+h), history-1-h
			if math.Abs(row[0]*w.Deviation+float64(before)) > 1e-9 {
				t.Fatalf("window %d, step %d: value %v, want %v before the last", start, h, row[0]*w.Deviation, before)
			}
			if want := w.Series.Calendar(start - 1 - before); row[1] != want[0] || row[4] != want[3] {
				t.Fatalf("window %d, step %d: calendar %v, want %v", start, h, row[1:], want)
			}
		}
		for h, d := range y.Row(b) {
			if math.Abs(d*w.Deviation-float64(h+1)) > 1e-9 {
				t.Fatalf("window %d: target %d is %v above the last value, want %v", start, h, d*w.Deviation, h+1)
			}
		}
	}
}

// TestDraw: windows to train on come from all of that part and from nowhere else.
func TestDraw(t *testing.T) {
	w, err := New(ramp(500), 30)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, start := range w.Draw(rand.New(rand.NewPCG(1, 2)), 5000) {
		if start < w.Train.From || start >= w.Train.To {
			t.Fatalf("drew %d, want %d to %d", start, w.Train.From, w.Train.To-1)
		}
		seen[start] = true
	}
	if len(seen) != w.Train.Len() {
		t.Errorf("drew %d windows, want all %d", len(seen), w.Train.Len())
	}
}

func TestScores(t *testing.T) {
	var s Score
	s.Add([]float64{1, 2}, []float64{0, 0})
	s.Add([]float64{-3}, []float64{0})
	if math.Abs(s.MSE-14./3) > 1e-12 || math.Abs(s.MAE-2) > 1e-12 {
		t.Errorf("got %+v, want 14/3 and 2", s)
	}
	w, err := New(ramp(500), 30)
	if err != nil {
		t.Fatal(err)
	}
	starts := w.Test.Every(1)
	if got := w.Baseline(SameAsLast, starts).MAE * w.Deviation; math.Abs(got-12.5) > 1e-9 {
		t.Errorf("%s: off by %v, want 12.5 on average", SameAsLast, got)
	}
	if got := math.Sqrt(w.Baseline(SameAsBefore, starts).MSE) * w.Deviation; math.Abs(got-24) > 1e-9 {
		t.Errorf("%s: off by %v, want 24 at every step", SameAsBefore, got)
	}
}
