package session

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pyragen/pyragen/examples/train/internal/kernels"
	"github.com/pyragen/pyragen/examples/train/internal/train"
	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// twoSeeds is a run as if it had trained, with these losses of the first seed and these test errors.
func twoSeeds(typ string, generated, naive []float64, tests ...float64) (Options, *train.Run[float64], []windows.Score) {
	r := &train.Run[float64]{Config: train.Config{Kernels: []string{kernels.Generated, kernels.Naive}}}
	for i := range 4 {
		l := &train.Learner[float64]{State: train.State[float64]{Losses: generated}}
		if i == 1 {
			l.Losses = naive
		}
		r.Learners = append(r.Learners, l)
	}
	var results []windows.Score
	for _, mse := range tests {
		results = append(results, windows.Score{MSE: mse})
	}
	return Options{Type: typ, Kernels: Both, Seeds: 2}, r, results
}

// TestVerdict: what the two ways may differ by, and what not.
func TestVerdict(t *testing.T) {
	same, near, far := []float64{1, 0.5}, []float64{1, 0.5 + 4e-10}, []float64{1, 0.5 + 6e-10}
	late := append(make([]float64, 0, 300), 1)
	for len(late) < 300 {
		late = append(late, 0.5)
	}
	laterOff := append([]float64{}, late...)
	laterOff[250] += 1e-3
	for name, c := range map[string]struct {
		typ               string
		generated, naive  []float64
		tests             []float64 // seed 1: generated, naive; seed 2: generated, naive
		want, differsWith string
	}{
		"near":           {"f64", same, near, []float64{1, 1.001, 2, 2.001}, "agree within 8.0e-10, relative, in the first 2 steps", ""},
		"far":            {"f64", same, far, []float64{1, 1, 2, 2}, "", "losses differ by 1.2e-09, relative, in the first 2 steps, want at most 1e-09"},
		"far in float32": {"f32", same, far, []float64{1, 1, 2, 2}, "agree within 1.2e-09", ""},
		"later":          {"f64", late, laterOff, []float64{1, 1, 2, 2}, "agree within 0.0e+00, relative, in the first 200 steps, and within 2.0e-03 in all 300", ""},
		"tests":          {"f32", same, same, []float64{1, 1.9, 2, 2.9}, "the means differ by 9.0e-01", "test errors differ by 9.0e-01 between the two ways, want less than 7.1e-01"},
		"tests cross":    {"f32", same, same, []float64{1, 2, 2, 1.1}, "the means differ by 5.0e-02, the two of one seed by at most 1.0e+00", ""},
		"not a number":   {"f64", same, []float64{1, nan()}, []float64{1, 1, 2, 2}, "", "losses differ by NaN"},
	} {
		var text strings.Builder
		o, r, results := twoSeeds(c.typ, c.generated, c.naive, c.tests...)
		err := compare(&text, o, r, results)
		if !strings.Contains(text.String(), c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, &text)
		}
		var differ *Differ
		switch {
		case c.differsWith == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.differsWith != "" && (!errors.As(err, &differ) || !strings.Contains(err.Error(), c.differsWith)):
			t.Errorf("%s: got %v, want %s", name, err, c.differsWith)
		}
	}
	o, r, _ := twoSeeds("f64", same, far)
	o.Kernels = kernels.Naive
	if err := compare(io.Discard, o, r, nil); err != nil {
		t.Errorf("one way alone: %v", err)
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestMedian(t *testing.T) {
	var took []train.Time
	for _, ms := range []int{5, 1, 100} {
		took = append(took, train.Time{Step: time.Duration(ms) * time.Millisecond, Attention: time.Duration(10-ms/10) * time.Millisecond})
	}
	if step, attention := median(took); fmt.Sprint(step, attention) != "5ms 10ms" {
		t.Errorf("median %v and %v, want 5ms and 10ms", step, attention)
	}
}

// TestProgress: what is done is seen on a terminal, and nothing is left of it or written elsewhere.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := NewProgress(&out, true)
	p.begin(4)
	p.done("step 1 of 4, loss 0.5")
	time.Sleep(110 * time.Millisecond) // it is shown ten times a second
	p.done("step 2 of 4, loss 0.4")
	if text := out.String(); !strings.Contains(text, "step 2 of 4, loss 0.4  25%") {
		t.Errorf("wrote %q", text)
	}
	p.Clear()
	written := out.Len()
	p.done("late")
	p.Clear()
	if out.Len() != written {
		t.Errorf("wrote %q after it was cleared", out.String()[written:])
	}
	if text := out.String(); text[strings.LastIndex(text, "\r"):] != "\r" {
		t.Errorf("%q is left on the line", text[strings.LastIndex(text, "\r"):])
	}
	out.Reset()
	off := NewProgress(&out, false)
	off.begin(1)
	off.done("x")
	off.Clear()
	if out.Len() > 0 {
		t.Errorf("wrote %q though it is off", &out)
	}
}
