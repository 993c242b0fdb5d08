package demo

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pyragen/pyragen/examples/ett/internal/attention"
	"github.com/pyragen/pyragen/examples/ett/internal/check"
	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// row is what is reported of one type on one instruction set.
type row struct {
	Type, ISA                         string
	Attention, Gradient               time.Duration // fused
	Scores, Softmax, Context, Reverse time.Duration // step by step
	check.Worst
}

// everyISA runs and checks the whole series in both types on each instruction set that this machine has.
func (d demo) everyISA() ([]row, error) {
	var rows []row
	for _, isa := range pam.ISAs() {
		if err := pam.SetISA(isa); err != nil {
			return nil, err
		}
		single, err := runLayer(d, "f32", attention.F32())
		if err != nil {
			return nil, err
		}
		double, err := runLayer(d, "f64", attention.F64())
		if err != nil {
			return nil, err
		}
		rows = append(rows, single, double)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.Type, b.Type) })
	return rows, nil
}

// runLayer times the fused ops and the steps of a layer on all cores, and checks all of their numbers, each op from the inputs that
// it really had.
func runLayer[T model.Float](d demo, typ string, k attention.Kernels[T]) (row, error) {
	r := row{Type: typ, ISA: pam.ISA()}
	d.Step("running %s on %s", typ, r.ISA)
	l := attention.NewLayer(k, embed[T](d), d.sizes(0))
	s := attention.NewSteps(k, l.In, d.sizes(0))
	for _, step := range []struct {
		run  func() error
		took *time.Duration
	}{
		{l.Attention, &r.Attention}, {l.Gradient, &r.Gradient},
		{s.Scores, &r.Scores}, {s.Softmax, &r.Softmax}, {s.Context, &r.Context}, {s.Reverse, &r.Reverse},
	} {
		var err error
		if *step.took, err = timed(step.run); err != nil {
			return r, err
		}
	}
	for _, c := range []struct {
		op     string
		inputs [][]T
		scalar float64
		got    [][]T
	}{
		{"attention", [][]T{l.In.Q, l.In.K, l.In.V}, attention.Scale(), [][]T{l.Out, l.LSE}},
		{"attention-grad", gradientInputs(l), attention.Scale(), [][]T{l.DQ, l.DK, l.DV}},
		{"scores", [][]T{s.Q, s.K}, math.Inf(-1), [][]T{s.S}},
		{"softmax", [][]T{s.S}, 0, [][]T{s.P, s.LSE}},
		{"context", [][]T{s.P, s.V}, 0, [][]T{s.Out}},
		{"reverse", [][]T{s.P, s.Out}, 0, [][]T{s.DV}},
	} {
		d.Step("checking %s %s on %s", c.op, typ, r.ISA)
		w, err := check.Op(c.op, d.graph, d.truthSizes(), c.inputs, c.scalar, c.got...)
		if err != nil {
			return r, &WrongNumber{r.ISA, err}
		}
		r.Add(w)
	}
	return r, nil
}

// gradientInputs are those of attention-grad in verify's order.
func gradientInputs[T model.Float](l *attention.Layer[T]) [][]T {
	return [][]T{l.In.Q, l.In.K, l.In.V, l.Out, l.LSE, l.Out}
}

// timed is the median time of some runs; the first one warms up and does not count.
func timed(run func() error) (time.Duration, error) {
	if err := run(); err != nil {
		return 0, err
	}
	var times []time.Duration
	for began := time.Now(); len(times) < 3 || len(times) < 15 && time.Since(began) < 100*time.Millisecond; {
		start := time.Now()
		if err := run(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}
