package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// Losses is a picture of how one or two models learned: their losses, and below, if there are two, how far these are from each other.
type Losses struct {
	Title, Subtitle string
	Curves          []Curve
	Limit           float64 // largest difference that is wanted in the first LimitSteps steps; 0: there is none
	LimitSteps      int
}

// Curve is what a model went through.
type Curve struct {
	Name   string
	Losses []float64   // of every step, from step 1 on
	Valid  plotter.XYs // steps and errors of validation
}

// PNG draws the picture.
func (p Losses) PNG() ([]byte, error) {
	if len(p.Curves) == 0 || len(p.Curves) > 2 || len(p.Curves[0].Losses) == 0 {
		return nil, fmt.Errorf("figure: %d curves: nothing to draw", len(p.Curves))
	}
	page := chart.NewPage(Width, Height, p.Title, p.Subtitle)
	canvas := draw.Crop(page.Canvas, 0, 0, 0, -legendHeight)
	above, names := p.lossPlot()
	top := canvas
	if len(p.Curves) == 1 {
		above.X.Label.Text = "step"
	} else {
		below := p.differencePlot()
		split := canvas.Min.Y + 0.38*(canvas.Max.Y-canvas.Min.Y)
		bottom := canvas
		top.Min.Y, bottom.Max.Y = split+4, split-22
		top, bottom = chart.Align(above, below, top, bottom)
		below.Draw(bottom)
		legend{}.draw(bottom, below.DataCanvas(bottom).Min.X, p.below())
	}
	above.Draw(top)
	names.draw(top, above.DataCanvas(top).Min.X, "Mean squared error of standardised values")
	return page.PNG()
}

// below is the heading of the lower plot.
func (p Losses) below() string {
	heading := "Relative difference of the two losses of a step"
	if p.Limit > 0 {
		heading += fmt.Sprintf("; the line is the most that is wanted of the first %d", p.LimitSteps)
	}
	return heading
}

func (p Losses) lossPlot() (*plot.Plot, legend) {
	pl := p.newPlot(8)
	var names legend
	for n, c := range p.Curves {
		names.line(pl, c.Name+", each step", curveStyle(n), positive(steps(c.Losses)))
	}
	for n, c := range p.Curves {
		style := draw.GlyphStyle{Color: chart.Ink(), Radius: 4.5, Shape: draw.RingGlyph{}}
		if n == 1 {
			style.Radius, style.Shape = 3, draw.CrossGlyph{}
		}
		names.marks(pl, c.Name+", validation", style, positive(c.Valid))
	}
	if len(p.Curves) == 2 {
		pl.X.Tick.Marker = unlabelled{pl.X.Tick.Marker}
	}
	widen(&pl.Y)
	return pl, names
}

func (p Losses) differencePlot() *plot.Plot {
	pl := p.newPlot(5)
	pl.X.Label.Text = "step (one without a dot: no difference)"
	differences := make([]float64, len(p.Curves[0].Losses))
	for i, loss := range p.Curves[0].Losses {
		differences[i] = math.Abs(loss-p.Curves[1].Losses[i]) / math.Abs(loss)
	}
	var names legend // not drawn: the heading says it
	names.marks(pl, "", draw.GlyphStyle{Color: chart.Accent(), Radius: 1.8, Shape: draw.CircleGlyph{}}, positive(steps(differences)))
	if p.Limit > 0 {
		names.line(pl, "", chart.Line(second(), 1.6), plotter.XYs{{X: 0, Y: p.Limit}, {X: float64(p.LimitSteps), Y: p.Limit}})
	}
	widen(&pl.Y)
	pl.Y.Min = math.Pow(10, math.Floor(math.Log10(pl.Y.Min)))
	pl.Y.Max = math.Pow(10, math.Ceil(math.Log10(pl.Y.Max)))
	return pl
}

// newPlot is a plot over all steps with a logarithmic axis of errors, with at most so many labels. It has no label on that axis, but a
// heading: plot.DataCanvas takes the middle of a logarithmic axis for that of a linear one, and would leave room for a label there.
func (p Losses) newPlot(labels int) *plot.Plot {
	pl := chart.NewPlot(0, float64(len(p.Curves[0].Losses)))
	pl.X.Label.TextStyle = chart.Style(10.5, false, draw.XCenter, draw.YBottom)
	pl.X.Label.Padding = 3
	pl.Y.Scale = plot.LogScale{}
	pl.Y.Tick.Marker = logTicks{labels}
	grid(pl)
	return pl
}

// steps has a point for every step.
func steps(numbers []float64) plotter.XYs {
	points := make(plotter.XYs, len(numbers))
	for i, x := range numbers {
		points[i] = plotter.XY{X: float64(i + 1), Y: x}
	}
	return points
}

// positive leaves out what a logarithmic axis cannot show.
func positive(points plotter.XYs) plotter.XYs {
	return slices.DeleteFunc(slices.Clone(points), func(p plotter.XY) bool { return !(p.Y > 0) || math.IsInf(p.Y, 1) })
}

// widen gives a logarithmic axis of no number, or of one, a range.
func widen(y *plot.Axis) {
	switch {
	case y.Min > y.Max:
		y.Min, y.Max = 1e-17, 1e-15
	case y.Min == y.Max:
		y.Min, y.Max = y.Min/2, y.Max*2
	}
}

// unlabelled leaves out the labels of ticks, but keeps the grid that needs them.
type unlabelled struct{ plot.Ticker }

// Ticks implements plot.Ticker.
func (u unlabelled) Ticks(low, high float64) []plot.Tick {
	ticks := u.Ticker.Ticks(low, high)
	for i, t := range ticks {
		if t.Label != "" {
			ticks[i].Label = " "
		}
	}
	return ticks
}
