package train

import (
	"context"
	"errors"
	"math"

	"github.com/pyragen/pyragen/examples/train/internal/tensor"
	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// ErrStopped says that a run was asked to stop, and did after a whole step.
var ErrStopped = errors.New("stopped")

// Run trains one learner for every seed and way to compute attention.
type Run[T tensor.Float] struct {
	Config   Config
	Learners []*Learner[T] // those of one seed together, in the order of Config.Kernels
}

// New has not learned anything yet.
func New[T tensor.Float](c Config, w *windows.Windows) (*Run[T], error) {
	r := &Run[T]{Config: c}
	for _, seed := range c.Seeds {
		for _, name := range c.Kernels {
			l, err := newLearner[T](c, w, name, seed)
			if err != nil {
				return nil, err
			}
			r.Learners = append(r.Learners, l)
		}
	}
	return r, nil
}

// Steps is how many steps there were.
func (r *Run[T]) Steps() int { return len(r.Learners[0].Losses) }

// Train goes on until there were so many steps, or ctx ends, which gives [ErrStopped]. It validates now and then. It calls save after
// each validation and at its end, and watch after every step.
func (r *Run[T]) Train(ctx context.Context, steps int, save func() error, watch func()) error {
	for r.Steps() < steps && ctx.Err() == nil {
		for _, l := range r.Learners {
			if err := l.step(r.Config.Batch); err != nil {
				return err
			}
		}
		if r.Steps()%r.Config.Validate == 0 {
			if err := errors.Join(r.validate(), save()); err != nil {
				return err
			}
		}
		watch()
	}
	if err := save(); err != nil {
		return err
	}
	if r.Steps() < steps {
		return ErrStopped
	}
	return nil
}

// Finish validates once more where the last step was not followed by that, so that what it learned can count. No checkpoint has
// this: a run that goes on is the same as one that never ended.
func (r *Run[T]) Finish() error {
	if r.Steps()%r.Config.Validate == 0 {
		return nil
	}
	return r.validate()
}

func (r *Run[T]) validate() error {
	for _, l := range r.Learners {
		if err := l.validate(r.Config.Batch); err != nil {
			return err
		}
	}
	return nil
}

// Disagreement is the largest relative difference between the losses of the learners of a seed, over the first steps.
func (r *Run[T]) Disagreement(steps int) (worst float64) {
	for i, l := range r.Learners {
		first := r.Learners[i-i%len(r.Config.Kernels)]
		for s, loss := range l.Losses[:min(steps, len(l.Losses))] {
			worst = max(worst, math.Abs(loss-first.Losses[s])/math.Abs(first.Losses[s]))
		}
	}
	return worst
}
