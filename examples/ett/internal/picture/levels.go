package picture

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// levelPlot is the lower panel: a row of bars a level, the coarsest on top as in a pyramid.
func (p Picture) levelPlot(s scale) *plot.Plot {
	pl := chart.NewPlot(float64(p.From), float64(p.Series.Len()))
	pl.Y.Min, pl.Y.Max = 0, float64(len(p.Levels))
	pl.X.Tick.Marker = chart.TimeTicks(p.Series, p.From, p.Series.Len())
	var names plot.ConstantTicks
	for l, level := range p.Levels {
		names = append(names, plot.Tick{Value: float64(l) + 0.5, Label: level.Name})
	}
	pl.Y.Tick.Marker = names
	pl.Y.Tick.Length = 0
	pl.Y.LineStyle.Width = 0
	pl.X.LineStyle.Width = 0
	pl.Add(bars{p, s})
	return pl
}

// bars draws the nodes: as wide as what they cover, coloured by their share.
type bars struct {
	Picture
	scale scale
}

// gap is left free above and below a row of bars, as a part of its height.
const gap = 0.12

// Plot implements plot.Plotter.
func (p bars) Plot(c draw.Canvas, pl *plot.Plot) {
	x, y := pl.Transforms(&c)
	for l, level := range p.Levels {
		bottom, top := y(float64(l)+gap), y(float64(l+1)-gap)
		var frames [][]vg.Point
		for _, n := range level.Nodes {
			if n.Hi <= p.From {
				continue
			}
			left, right := x(float64(max(n.Lo, p.From))), x(float64(n.Hi))
			// The next bar is drawn over the half point more, which closes the seam between the two.
			chart.Fill(c, p.scale.colour(n.Share), left, bottom, min(right+0.5, c.Max.X), top)
			if right-left > 4 { // bars of one step touch each other: frames would cover them
				c.StrokeLines(chart.Line(chart.Border(), 0.6), frame(left, bottom, right, top))
			}
			if n.Asks {
				frames = append(frames, frame(left, bottom, right, top))
			}
		}
		c.StrokeLines(chart.Line(chart.Border(), 0.6), frame(c.Min.X, bottom, c.Max.X, top))
		if len(frames) > 0 {
			first, last := frames[0], frames[len(frames)-1]
			c.StrokeLines(chart.Line(chart.Accent(), 1.6), frame(first[0].X, bottom, last[2].X, top))
		}
	}
}

// drawNotes writes what each level gets to the right of its bars.
func (p Picture) drawNotes(c, rows draw.Canvas) {
	height := (rows.Max.Y - rows.Min.Y) / vg.Length(len(p.Levels))
	for l, level := range p.Levels {
		at := vg.Point{X: rows.Max.X + 8, Y: rows.Min.Y + (vg.Length(l)+0.5)*height + 2}
		c.FillText(chart.Style(10.5, false, draw.XLeft, draw.YCenter), at, level.Note)
	}
}

// frame is the outline of the rectangle between two corners.
func frame(x0, y0, x1, y1 vg.Length) []vg.Point {
	return []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}, {X: x0, Y: y0}}
}
