package figure

import (
	"fmt"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
	"github.com/pyragen/pyragen/examples/ett/series"
)

// Forecast is a picture of what models forecast, and what came.
type Forecast struct {
	Title, Subtitle string
	Unit            string // name and unit of the values
	Series          series.Series
	From, Start     int // first step that is shown, and first one of the forecasts
	Curves          []Forecasts
}

// Forecasts are those of one model.
type Forecasts struct {
	Name   string
	Values []float64
}

// PNG draws the picture.
func (p Forecast) PNG() ([]byte, error) {
	if len(p.Curves) == 0 || p.From < 0 || p.Start <= p.From || p.Start+len(p.Curves[0].Values) > p.Series.Len() {
		return nil, fmt.Errorf("figure: steps %d to %d of %d, %d curves: nothing to draw", p.From, p.Start, p.Series.Len(), len(p.Curves))
	}
	page := chart.NewPage(Width, Height, p.Title, p.Subtitle)
	canvas := draw.Crop(page.Canvas, 0, 0, 0, -legendHeight)
	end := p.Start + len(p.Curves[0].Values)
	pl := chart.NewPlot(float64(p.From), float64(end))
	pl.X.Tick.Marker = chart.TimeTicks(p.Series, p.From, end)
	pl.Add(span{float64(p.Start), float64(end)})
	grid(pl)
	var names legend
	names.line(pl, "measured", chart.Line(chart.Ink(), 1.4), p.points(p.From, p.Series.Values[p.From:end]))
	for n, c := range p.Curves {
		names.line(pl, "forecast, "+c.Name+" attention", curveStyle(n), p.points(p.Start, c.Values))
	}
	margin := 0.05 * (pl.Y.Max - pl.Y.Min)
	if margin == 0 {
		margin = 1
	}
	pl.Y.Min -= margin
	pl.Y.Max += margin
	pl.Draw(canvas)
	names.draw(canvas, pl.DataCanvas(canvas).Min.X, p.Unit)
	return page.PNG()
}

// points has one a step, in its middle.
func (p Forecast) points(from int, values []float64) plotter.XYs {
	points := make(plotter.XYs, len(values))
	for i, x := range values {
		points[i] = plotter.XY{X: float64(from+i) + 0.5, Y: x}
	}
	return points
}
