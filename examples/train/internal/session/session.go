package session

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pyragen/pyragen/examples/ett/atomic"
	"github.com/pyragen/pyragen/examples/ett/series"
	"github.com/pyragen/pyragen/examples/train/internal/pam"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
	"github.com/pyragen/pyragen/examples/train/internal/train"
	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// Differ says that the models of the two ways to compute attention are not the same.
type Differ struct{ Text string }

func (e *Differ) Error() string { return e.Text }

// Run trains, tests, and writes the report to stdout and the pictures to files. When ctx ends it writes a checkpoint and returns an
// error that is [train.ErrStopped].
func Run(ctx context.Context, o Options, stdout io.Writer, p *Progress) error {
	s, err := series.Open(o.Data, windows.MinRows(o.History))
	if err != nil {
		return err
	}
	if err := pam.ISAErr(); err != nil {
		return err
	}
	w, err := windows.New(s, o.History)
	if err != nil {
		return err
	}
	if o.Type == "f32" {
		return run[float32](ctx, o, w, stdout, p)
	}
	return run[float64](ctx, o, w, stdout, p)
}

func run[T tensor.Float](ctx context.Context, o Options, w *windows.Windows, stdout io.Writer, p *Progress) error {
	r, err := train.New[T](o.config(w), w)
	if err != nil {
		return err
	}
	if o.Resume {
		if err := r.Load(o.checkpoint()); err != nil {
			return err
		}
		if r.Steps() > o.Steps {
			return fmt.Errorf("%s: is after %d steps, want at most the %d of -steps", o.checkpoint(), r.Steps(), o.Steps)
		}
	}
	if err := learn(ctx, r, o, p); err != nil {
		return err
	}
	results, err := test(ctx, r, o, p)
	if err != nil {
		return err
	}
	for name, draw := range map[string]func() ([]byte, error){
		lossesName:   func() ([]byte, error) { return drawLosses(r, w) },
		forecastName: func() ([]byte, error) { return drawForecast(r, w) },
	} {
		png, err := draw()
		if err != nil {
			return err
		}
		if err := atomic.WriteFile(o.path(name), png); err != nil {
			return err
		}
	}
	p.Clear()
	return report(stdout, o, w, r, results)
}

// learn trains and shows the loss.
func learn[T tensor.Float](ctx context.Context, r *train.Run[T], o Options, p *Progress) error {
	p.begin(o.Steps - r.Steps())
	save := func() error { return r.Save(o.checkpoint()) }
	watch := func() {
		losses := r.Learners[len(r.Learners)-1].Losses
		p.done(fmt.Sprintf("step %d of %d, loss %.4f", r.Steps(), o.Steps, losses[len(losses)-1]))
	}
	err := r.Train(ctx, o.Steps, save, watch)
	p.Clear()
	if errors.Is(err, train.ErrStopped) {
		return fmt.Errorf("%w after step %d; -resume goes on from %s", err, r.Steps(), o.checkpoint())
	}
	return err
}

// test is the score of every learner on the part for tests.
func test[T tensor.Float](ctx context.Context, r *train.Run[T], o Options, p *Progress) (results []windows.Score, err error) {
	if err := r.Finish(); err != nil {
		return nil, err
	}
	p.begin(len(r.Learners))
	defer p.Clear()
	for _, l := range r.Learners {
		s, err := l.Test(ctx, o.Batch)
		if errors.Is(err, train.ErrStopped) {
			return nil, fmt.Errorf("%w in the tests; -resume goes on from %s", err, o.checkpoint())
		}
		if err != nil {
			return nil, err
		}
		p.done("testing")
		results = append(results, s)
	}
	return results, nil
}
