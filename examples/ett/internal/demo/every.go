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
	Scores, Softmax, Context, Reverse time.Duration
	check.Worst
}

// everyISA runs and checks the whole series in both types on each instruction set that this machine has.
func (d demo) everyISA() ([]row, error) {
	var rows []row
	for _, isa := range pam.ISAs() {
		if err := pam.SetISA(isa); err != nil {
			return nil, err
		}
		single, err := runLayer(d, "f32", layer(d, attention.F32(), 0))
		if err != nil {
			return nil, err
		}
		double, err := runLayer(d, "f64", layer(d, attention.F64(), 0))
		if err != nil {
			return nil, err
		}
		rows = append(rows, single, double)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.Type, b.Type) })
	return rows, nil
}

// runLayer times the four steps of a layer and checks all of their numbers, each step from the inputs that it really had.
func runLayer[T model.Float](d demo, typ string, l *attention.Layer[T]) (row, error) {
	r := row{Type: typ, ISA: pam.ISA()}
	d.Step("running %s on %s", typ, r.ISA)
	for _, step := range []struct {
		run  func() error
		took *time.Duration
	}{{l.Scores, &r.Scores}, {func() error { l.Softmax(); return nil }, &r.Softmax}, {l.Context, &r.Context}, {l.Reverse, &r.Reverse}} {
		var err error
		if *step.took, err = timed(step.run); err != nil {
			return r, err
		}
	}
	for _, c := range []struct {
		op     string
		inputs [][]T
		scalar float64
		got    []T
	}{
		{"scores", [][]T{l.In.Q, l.In.K}, math.Inf(-1), l.S},
		{"softmax", [][]T{l.S}, attention.Scale(), l.P},
		{"context", [][]T{l.P, l.In.V}, 0, l.Out},
		{"reverse", [][]T{l.P, l.Out}, 0, l.DV},
	} {
		d.Step("checking %s %s on %s", c.op, typ, r.ISA)
		w, err := check.Op(c.op, d.graph, d.truthSizes(), c.inputs, c.scalar, c.got)
		if err != nil {
			return r, &WrongNumber{r.ISA, err}
		}
		r.Add(w)
	}
	return r, nil
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
