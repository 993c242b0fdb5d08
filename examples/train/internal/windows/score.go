package windows

import "math"

// Score is how far forecasts are from the values, which are standardised.
type Score struct {
	MSE, MAE float64 // mean squared and mean absolute error
	n        int
}

// Add takes in the forecasts of a window.
func (s *Score) Add(forecasts, values []float64) {
	for i, x := range values {
		s.n++
		d := forecasts[i] - x
		s.MSE += (d*d - s.MSE) / float64(s.n)
		s.MAE += (math.Abs(d) - s.MAE) / float64(s.n)
	}
}

// Naive forecasts, which a model must beat to be of use.
const (
	SameAsLast   = "the last value"    // for every step
	SameAsBefore = "the day before it" // step by step
)

// Baseline is the score of a naive forecast on some windows.
func (w *Windows) Baseline(name string, starts []int) (s Score) {
	for _, start := range starts {
		forecasts := make([]float64, Horizon)
		for h := range forecasts {
			forecasts[h] = w.Last(start)
			if name == SameAsBefore {
				forecasts[h] = w.values[start-Horizon+h]
			}
		}
		s.Add(forecasts, w.Values(start))
	}
	return s
}
