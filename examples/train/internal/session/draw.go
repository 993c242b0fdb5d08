package session

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot/plotter"

	"github.com/pyragen/pyragen/examples/ett/series"
	"github.com/pyragen/pyragen/examples/train/internal/figure"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
	"github.com/pyragen/pyragen/examples/train/internal/train"
	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// drawLosses is the picture of how the models of the first seed learned.
func drawLosses[T tensor.Float](r *train.Run[T], w *windows.Windows) ([]byte, error) {
	p := figure.Losses{
		Title: "Losses with " + strings.Join(r.Config.Kernels, " and with ") + " attention",
		Subtitle: fmt.Sprintf("%s; %d steps of Adam in %s, batches of %d windows, seed %d", w.Series.ShortName(), r.Steps(), r.Config.Type,
			r.Config.Batch, r.Config.Seeds[0]),
	}
	if r.Config.Type == "f64" {
		p.Limit, p.LimitSteps = agreeWithin, min(agreeSteps, r.Steps())
	}
	for _, l := range r.Learners[:len(r.Config.Kernels)] {
		c := figure.Curve{Name: l.Kernels, Losses: l.Losses}
		for _, v := range l.Valid {
			c.Valid = append(c.Valid, plotter.XY{X: float64(v.Step), Y: v.MSE})
		}
		p.Curves = append(p.Curves, c)
	}
	return p.PNG()
}

// drawForecast is the picture of one window of the tests: the one whose error is the median of those that are a day apart.
func drawForecast[T tensor.Float](r *train.Run[T], w *windows.Windows) ([]byte, error) {
	type tested struct {
		start int
		mse   float64
	}
	var all []tested
	for _, start := range w.Test.Every(windows.Horizon) {
		y, err := r.Learners[0].Forecast(start)
		if err != nil {
			return nil, err
		}
		var s windows.Score
		s.Add(y, w.Values(start))
		all = append(all, tested{start, s.MSE})
	}
	slices.SortStableFunc(all, func(a, b tested) int { return cmp.Compare(a.mse, b.mse) })
	shown := all[len(all)/2]
	day := series.Short(windows.Horizon * w.Series.Step)
	p := figure.Forecast{
		Title: fmt.Sprintf("A forecast of %s from the %s before", day, series.Short(time.Duration(w.History)*w.Series.Step)),
		Subtitle: fmt.Sprintf("%s from %s on, a part that is not trained on; this forecast has the median error of its days: %.2g °C, root mean square",
			w.Series.ShortName(), w.Series.Time(w.Test.From).Format("Jan 2 2006"), w.Deviation*math.Sqrt(shown.mse)),
		Unit:   "Oil temperature OT (°C)",
		Series: w.Series, From: shown.start - w.History, Start: shown.start,
	}
	for _, l := range r.Learners[:len(r.Config.Kernels)] {
		y, err := l.Forecast(shown.start)
		if err != nil {
			return nil, err
		}
		for i, x := range y {
			y[i] = w.Unit(x)
		}
		p.Curves = append(p.Curves, figure.Forecasts{Name: l.Kernels, Values: y})
	}
	return p.PNG()
}
