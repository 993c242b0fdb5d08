package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/pyragen/pyragen/examples/train/internal/forecast"
	"github.com/pyragen/pyragen/examples/train/internal/kernels"
	"github.com/pyragen/pyragen/examples/train/internal/nn"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// State is what a checkpoint has of a learner.
type State[T tensor.Float] struct {
	Kernels string
	Seed    uint64
	Weights [][]T
	Adam    nn.Adam[T]
	Losses  []float64    // of every step, on its batch
	Valid   []Validation // in order of time
	Best    [][]T        // weights with the least error so far; nil before the first validation
	Took    []Time       // of every step
}

// Validation is the mean squared error on windows that are not trained on.
type Validation struct {
	Step int
	MSE  float64
}

// Time is how long a step took, and how much of it attention and its gradient.
type Time struct{ Step, Attention time.Duration }

// Learner is a model that is being trained.
type Learner[T tensor.Float] struct {
	State[T]

	windows   *windows.Windows
	attention *kernels.Attention[T]
	model     *forecast.Model[T]
	params    []*nn.Param[T]

	features, targets, dy tensor.Matrix[T]
}

func newLearner[T tensor.Float](c Config, w *windows.Windows, name string, seed uint64) (*Learner[T], error) {
	a, err := kernels.New[T](name, c.History, c.Heads)
	if err != nil {
		return nil, err
	}
	shape := forecast.Shape{History: c.History, Features: windows.Features, Horizon: windows.Horizon, Layers: c.Layers, Heads: c.Heads}
	m := forecast.New(shape, a, seed)
	params := m.Params()
	adam := nn.NewAdam(c.Rate, params)
	l := &Learner[T]{State: State[T]{Kernels: name, Seed: seed, Adam: *adam}, windows: w, attention: a, model: m, params: params}
	for _, p := range params {
		l.Weights = append(l.Weights, p.Value.Data) // shared, so that the state is always that of the model
	}
	return l, nil
}

// Name tells learners apart.
func (l *Learner[T]) Name() string { return fmt.Sprintf("seed %d, %s", l.Seed, l.Kernels) }

// Size is the number of weights.
func (l *Learner[T]) Size() (n int) {
	for _, w := range l.Weights {
		n += len(w)
	}
	return n
}

// LeastError is that of the best weights in validation.
func (l *Learner[T]) LeastError() float64 {
	least := math.Inf(1)
	for _, v := range l.Valid {
		least = min(least, v.MSE)
	}
	return least
}

// step learns from a batch of windows that the seed and the number of the step decide.
func (l *Learner[T]) step(batch int) error {
	start, before := time.Now(), l.attention.Spent
	r := rand.New(rand.NewPCG(l.Seed, uint64(1+len(l.Losses))))
	y, err := l.forward(l.windows.Draw(r, batch))
	if err != nil {
		return err
	}
	l.dy = l.dy.Shaped(y.Rows, y.Cols)
	loss := forecast.Loss(l.dy, y, l.targets)
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return fmt.Errorf("%s: the loss of step %d is %v, want a number; a smaller -rate may help", l.Name(), len(l.Losses)+1, loss)
	}
	if err := l.model.Backward(l.dy); err != nil {
		return err
	}
	l.Adam.Step(l.params)
	l.Losses = append(l.Losses, loss)
	l.Took = append(l.Took, Time{time.Since(start), l.attention.Spent - before})
	return nil
}

func (l *Learner[T]) forward(starts []int) (y tensor.Matrix[T], err error) {
	l.features, l.targets = windows.Fill(l.windows, starts, l.features, l.targets)
	return l.model.Forward(l.features)
}

// validate notes the error on the windows of validation that are a day apart, and keeps the weights if none were better.
func (l *Learner[T]) validate(batch int) error {
	s, err := l.score(context.Background(), l.windows.Valid.Every(windows.Horizon), batch)
	if err != nil {
		return err
	}
	if l.Best == nil || s.MSE < l.LeastError() {
		l.Best = copied(l.Weights)
	}
	l.Valid = append(l.Valid, Validation{len(l.Losses), s.MSE})
	return nil
}

// Test is the score on every window of the part for tests, with the best weights.
func (l *Learner[T]) Test(ctx context.Context, batch int) (windows.Score, error) {
	defer l.load(copied(l.Weights))
	l.load(l.Best)
	return l.score(ctx, l.windows.Test.Every(1), batch)
}

// Forecast is that of one window with the best weights, standardised.
func (l *Learner[T]) Forecast(start int) ([]float64, error) {
	defer l.load(copied(l.Weights))
	l.load(l.Best)
	y, err := l.forward([]int{start})
	if err != nil {
		return nil, err
	}
	return l.absolute(start, y.Row(0)), nil
}

// load sets the weights of the model.
func (l *Learner[T]) load(weights [][]T) {
	for i, w := range weights {
		copy(l.Weights[i], w)
	}
}

// score is that of windows, a batch at a time, or [ErrStopped].
func (l *Learner[T]) score(ctx context.Context, starts []int, batch int) (s windows.Score, err error) {
	for len(starts) > 0 {
		if ctx.Err() != nil {
			return s, ErrStopped
		}
		now := starts[:min(batch, len(starts))]
		starts = starts[len(now):]
		y, err := l.forward(now)
		if err != nil {
			return s, err
		}
		for b, start := range now {
			s.Add(l.absolute(start, y.Row(b)), l.windows.Values(start))
		}
	}
	return s, nil
}

// absolute adds the value before a forecast to it.
func (l *Learner[T]) absolute(start int, y []T) []float64 {
	values := make([]float64, len(y))
	for i, x := range y {
		values[i] = float64(x) + l.windows.Last(start)
	}
	return values
}

func copied[T tensor.Float](weights [][]T) [][]T {
	all := make([][]T, len(weights))
	for i, w := range weights {
		all[i] = append([]T{}, w...)
	}
	return all
}
