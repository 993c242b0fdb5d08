// Package windows cuts a series into what a forecaster learns from and is tested on: histories, and the values that follow them.
package windows

import (
	"fmt"
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/ett/series"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// Horizon is the number of steps to forecast: a day of hours.
const Horizon = 24

// Features is the number of features of a step: its value, and its place in the day and in the week.
const Features = 1 + series.CalendarFeatures

// Windows are the windows of a series. A window is named by the first step of its forecast.
type Windows struct {
	Series  series.Series
	History int // steps before the forecast

	Mean, Deviation    float64 // of the part to train on, by which values are standardised
	Train, Valid, Test Part

	values   []float64 // standardised
	calendar [][series.CalendarFeatures]float64
}

// Part is the half-open range of the windows of one part of the series. The forecasts of a part lie in it as a whole; their histories
// may begin before it.
type Part struct{ From, To int }

// Len is the number of windows.
func (p Part) Len() int { return p.To - p.From }

// MinRows is how long a series must be for some windows in each part.
func MinRows(history int) int { return max(5*(Horizon+1), (5*(history+Horizon)+2)/3) }

// New splits a series as is usual for ETTh1: three fifths to train on, a fifth to validate and a fifth to test, in order of time.
func New(s series.Series, history int) (*Windows, error) {
	if want := MinRows(history); s.Len() < want {
		return nil, fmt.Errorf("%s: %d rows, want at least %d to train on histories of %d steps", s.Name, s.Len(), want, history)
	}
	train, valid := s.Len()*3/5, s.Len()*4/5
	w := &Windows{Series: s, History: history,
		Train: Part{history, train - Horizon + 1}, Valid: Part{train, valid - Horizon + 1}, Test: Part{valid, s.Len() - Horizon + 1}}
	w.Mean, w.Deviation = series.Moments(s.Values[:train])
	for i, x := range s.Values {
		w.values = append(w.values, (x-w.Mean)/w.Deviation)
		w.calendar = append(w.calendar, s.Calendar(i))
	}
	return w, nil
}

// Draw draws windows to train on.
func (w *Windows) Draw(r *rand.Rand, n int) []int {
	starts := make([]int, n)
	for i := range starts {
		starts[i] = w.Train.From + r.IntN(w.Train.Len())
	}
	return starts
}

// Every are the windows of a part, one in so many steps.
func (p Part) Every(steps int) (starts []int) {
	for t := p.From; t < p.To; t += steps {
		starts = append(starts, t)
	}
	return starts
}

// Last is the standardised value before the forecast. The model sees and forecasts differences from it, so that a series may rise
// above what there was to train on.
func (w *Windows) Last(start int) float64 { return w.values[start-1] }

// Values are the standardised values that the forecast of a window is compared with.
func (w *Windows) Values(start int) []float64 { return w.values[start : start+Horizon] }

// Unit turns a standardised value into the unit of the series.
func (w *Windows) Unit(x float64) float64 { return w.Mean + x*w.Deviation }

// Fill makes the inputs of a batch, (window and step, feature), and what the model is to forecast, (window, step).
func Fill[T tensor.Float](w *Windows, starts []int, features, targets tensor.Matrix[T]) (_, _ tensor.Matrix[T]) {
	features = features.Shaped(len(starts)*w.History, Features)
	targets = targets.Shaped(len(starts), Horizon)
	for b, start := range starts {
		last := w.Last(start)
		for h := range w.History {
			row, step := features.Row(b*w.History+h), start-w.History+h
			row[0] = T(w.values[step] - last)
			for f, x := range w.calendar[step] {
				row[1+f] = T(x)
			}
		}
		for h, x := range w.Values(start) {
			targets.Row(b)[h] = T(x - last)
		}
	}
	return features, targets
}
