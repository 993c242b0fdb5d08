package train

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/examples/ett/series"
	"github.com/pyragen/pyragen/examples/train/internal/kernels"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// small is a run that takes a moment: 43 leaves below 10 and 2 nodes, so that the last parents have the most children.
func small(typ string) Config {
	return Config{Series: "embedded", Type: typ, Kernels: []string{kernels.Generated, kernels.Naive}, Seeds: []uint64{1},
		History: 43, Layers: 2, Heads: 1, Batch: 4, Rate: 0.003, Validate: 20}
}

func newRun[T tensor.Float](t *testing.T, c Config) *Run[T] {
	t.Helper()
	s, err := series.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	w, err := windows.New(s, c.History)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New[T](c, w)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func goOn[T tensor.Float](t *testing.T, r *Run[T], steps int) {
	t.Helper()
	if err := r.Train(context.Background(), steps, func() error { return nil }, func() {}); err != nil {
		t.Fatal(err)
	}
}

// TestSameLosses is what the example is for: in float64 the losses with generated and with naive attention agree step by step within
// 1e-9 for 200 steps, in which the model learns.
func TestSameLosses(t *testing.T) {
	const steps, within = 200, 1e-9
	r := newRun[float64](t, small("f64"))
	goOn(t, r, steps)
	if worst := r.Disagreement(steps); !(worst <= within) {
		t.Errorf("losses differ by %v, relative, want at most %v", worst, within)
	}
	for _, l := range r.Learners {
		first, last := mean(l.Losses[:20]), mean(l.Losses[steps-20:])
		if len(l.Losses) != steps || !(last < first/2) {
			t.Errorf("%s: %d losses, at first %v, at last %v, want %d that fall to less than half", l.Name(), len(l.Losses), first, last, steps)
		}
	}
}

// TestDisagreement: a weight of the attention that is off by a millionth is seen in the losses.
func TestDisagreement(t *testing.T) {
	r := newRun[float64](t, small("f64"))
	goOn(t, r, 5)
	for _, p := range r.Learners[1].params {
		if p.Name == "layer0.q.w" {
			p.Value.Data[0] *= 1 + 1e-6
		}
	}
	goOn(t, r, 10)
	if worst := r.Disagreement(10); !(worst > 1e-9) {
		t.Errorf("losses differ by %v, relative, want more than 1e-9", worst)
	}
	if worst := r.Disagreement(5); !(worst < 1e-12) {
		t.Errorf("losses differ by %v before the change", worst)
	}
}

// TestSpread: in float32 the mean test errors of the two ways differ by less than the spread over seeds.
func TestSpread(t *testing.T) {
	c := small("f32")
	c.Seeds = []uint64{1, 2, 3}
	r := newRun[float32](t, c)
	goOn(t, r, 60)
	var mse [2][]float64
	for i, l := range r.Learners {
		s, err := l.Test(context.Background(), 32)
		if err != nil {
			t.Fatal(err)
		}
		mse[i%2] = append(mse[i%2], s.MSE)
	}
	if d, spread := math.Abs(mean(mse[0])-mean(mse[1])), slices.Max(mse[0])-slices.Min(mse[0]); !(d < spread/10) || spread == 0 {
		t.Errorf("means differ by %v, want far less than %v: %v", d, spread, mse)
	}
}

func mean(x []float64) (m float64) {
	for _, v := range x {
		m += v / float64(len(x))
	}
	return m
}

// TestBestWeights: the weights of the least validation error are the ones that are tested, and training goes on from the last ones.
func TestBestWeights(t *testing.T) {
	c := small("f64")
	c.Kernels = c.Kernels[:1]
	r := newRun[float64](t, c)
	goOn(t, r, 20)
	l := r.Learners[0]
	good, err := l.Test(context.Background(), 32)
	if err != nil {
		t.Fatal(err)
	}
	clear(l.Weights[0]) // nothing of the series reaches the model now
	spoiled := copied(l.Weights)
	if err := l.validate(c.Batch); err != nil {
		t.Fatal(err)
	}
	if v := l.Valid; len(v) != 2 || v[1].MSE <= v[0].MSE || l.LeastError() != v[0].MSE {
		t.Fatalf("validation %v, least %v", v, l.LeastError())
	}
	again, err := l.Test(context.Background(), 7)
	if err != nil || math.Abs(again.MSE-good.MSE) > 1e-12 || math.Abs(again.MAE-good.MAE) > 1e-12 {
		t.Errorf("test %+v, %v, want %+v, for any batch", again, err, good)
	}
	if _, err := l.Forecast(500); err != nil {
		t.Fatal(err)
	}
	for i := range spoiled {
		if !slices.Equal(spoiled[i], l.Weights[i]) {
			t.Fatal("a test or a forecast changed the weights")
		}
	}
}

// TestForecast: the score of a test is that of the forecasts, in the unit of the standardised values.
func TestForecast(t *testing.T) {
	c := small("f64")
	c.Kernels = c.Kernels[:1]
	r := newRun[float64](t, c)
	goOn(t, r, 20)
	l := r.Learners[0]
	want, err := l.Test(context.Background(), 32)
	if err != nil {
		t.Fatal(err)
	}
	var got windows.Score
	for _, start := range l.windows.Test.Every(1) {
		y, err := l.Forecast(start)
		if err != nil {
			t.Fatal(err)
		}
		got.Add(y, l.windows.Values(start))
	}
	if math.Abs(got.MSE-want.MSE) > 1e-12 || math.Abs(got.MAE-want.MAE) > 1e-12 {
		t.Errorf("forecasts have %+v, the test %+v", got, want)
	}
}

// TestDivergence: a loss that is no number stops the run and is named.
func TestDivergence(t *testing.T) {
	c := small("f64")
	c.Rate = 1e200
	r := newRun[float64](t, c)
	err := r.Train(context.Background(), 10, func() error { return nil }, func() {})
	if err == nil || !strings.Contains(err.Error(), "seed 1, generated: the loss of step ") || !strings.Contains(err.Error(), "-rate") {
		t.Errorf("got %v, want what is wrong with which loss", err)
	}
}
