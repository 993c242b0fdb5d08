package figure

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// legendHeight is the room of a legend above a plot.
const legendHeight = 26

// legend says what is what, in one row above a plot.
type legend []entry

type entry struct {
	name   string
	sample plot.Thumbnailer
}

// line adds a line to a plot, and under its name to the legend.
func (l *legend) line(pl *plot.Plot, name string, style draw.LineStyle, points plotter.XYs) {
	line := &plotter.Line{XYs: points, LineStyle: style}
	pl.Add(line)
	*l = append(*l, entry{name, line})
}

// marks adds points to a plot, and under their name to the legend.
func (l *legend) marks(pl *plot.Plot, name string, style draw.GlyphStyle, points plotter.XYs) {
	marks := &plotter.Scatter{XYs: points, GlyphStyle: style}
	pl.Add(marks)
	*l = append(*l, entry{name, marks})
}

// draw writes a heading and the legend above a canvas, from a place on.
func (l legend) draw(above draw.Canvas, x vg.Length, heading string) {
	const sample, height, gap = 30, 12, 6
	text := chart.Style(10.5, false, draw.XLeft, draw.YCenter)
	bottom := above.Max.Y + 8
	if bold := chart.Style(10.5, true, draw.XLeft, draw.YCenter); heading != "" {
		above.FillText(bold, vg.Point{X: x, Y: bottom + height/2}, heading)
		x += bold.Width(heading) + 4*gap
	}
	for _, e := range l {
		c := above
		c.Min, c.Max = vg.Point{X: x, Y: bottom}, vg.Point{X: x + sample, Y: bottom + height}
		e.sample.Thumbnail(&c)
		c.FillText(text, vg.Point{X: c.Max.X + gap, Y: bottom + height/2}, e.name)
		x = c.Max.X + gap + text.Width(e.name) + 4*gap
	}
}

// grid draws faint lines across a plot at its labelled ticks.
func grid(pl *plot.Plot) {
	g := plotter.NewGrid()
	g.Vertical, g.Horizontal = chart.Line(chart.Faint(), 0.8), chart.Line(chart.Faint(), 0.8)
	pl.Add(g)
}
