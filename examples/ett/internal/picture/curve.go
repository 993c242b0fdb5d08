package picture

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// curvePlot is the upper panel: the values, and where the steps are whose attention is shown.
func (p Picture) curvePlot() *plot.Plot {
	pl := chart.NewPlot(float64(p.From), float64(p.Series.Len()))
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range p.Series.Values[p.From:] {
		lo, hi = min(lo, x), max(hi, x)
	}
	margin := 0.08 * (hi - lo)
	if margin == 0 {
		margin = 0.1 * max(1, math.Abs(hi))
	}
	pl.Y.Min, pl.Y.Max = lo-margin, hi+2.5*margin // room for a line of text above the curve
	pl.Y.Label.Text = p.Unit
	ticks := chart.TimeTicks(p.Series, p.From, p.Series.Len())
	pl.X.Tick.Marker = chart.Unlabelled(ticks)
	pl.Add(curve{p, ticks})
	return pl
}

// curve draws the values as a line that has one point a step, in the middle of the step.
type curve struct {
	Picture
	ticks plot.ConstantTicks
}

// Plot implements plot.Plotter.
func (p curve) Plot(c draw.Canvas, pl *plot.Plot) {
	x, y := pl.Transforms(&c)
	end := p.Series.Len()
	chart.Fill(c, chart.Shade(), x(float64(end-p.Last)), c.Min.Y, x(float64(end)), c.Max.Y)
	for _, t := range p.ticks {
		c.StrokeLine2(chart.Line(chart.Faint(), 0.8), x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
	}
	var points []vg.Point
	for i := p.From; i < end; i++ {
		points = append(points, vg.Point{X: x(float64(i) + 0.5), Y: y(p.Series.Values[i])})
	}
	c.StrokeLines(chart.Line(chart.Accent(), 1.4), points)

	at := vg.Point{X: x(float64(end-p.Last)) - 5, Y: c.Max.Y - 3}
	c.FillText(chart.Style(10.5, true, draw.XRight, draw.YTop), at, p.Asking)
}
