// Package picture draws a series and, level by level below it, how much of the attention of its last steps each node gets.
package picture

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
	"github.com/pyragen/pyragen/examples/ett/series"
)

// Width and Height of the picture in pixels.
const (
	Width  = 1800
	Height = 1230
)

// Picture is what is drawn.
type Picture struct {
	Title, Subtitle string
	Unit            string // name and unit of the values
	Asking          string // what asks, as the curve is marked with it
	Series          series.Series
	Last            int     // the last steps of the series, which ask
	From            int     // the first step that is shown
	Levels          []Level // leaves first
}

// Level is one row of heat bars.
type Level struct {
	Name, Note string // what a node is, and what is said of the level as a whole
	Nodes      []Node
}

// Node is one bar: it covers the steps from Lo up to before Hi, and gets the share of the attention.
type Node struct {
	Lo, Hi int
	Share  float64 // of 1
	Asks   bool    // it is one of those whose attention is shown
}

// PNG draws the picture.
func (p Picture) PNG() ([]byte, error) {
	if p.From < 0 || p.From >= p.Series.Len() || p.Last < 1 || p.Last > p.Series.Len() || len(p.Levels) == 0 {
		return nil, fmt.Errorf("picture: steps %d to %d, last %d, %d levels: nothing to draw", p.From, p.Series.Len(), p.Last, len(p.Levels))
	}
	page := chart.NewPage(Width, Height, p.Title, p.Subtitle)
	canvas := page.Canvas
	scale := newScale(p.Levels)

	head := canvas.Max.Y
	foot := canvas.Min.Y + 52
	split := foot + 0.6*(head-foot)
	curve, levels := p.curvePlot(), p.levelPlot(scale)
	top, below := band(canvas, split, head), band(canvas, foot+6, split-28)
	top, below = chart.Align(curve, levels, top, below)
	curve.Draw(top)
	levels.Draw(below)
	p.drawNotes(canvas, levels.DataCanvas(below))
	heading := "Each bar is a node, as wide as the time it averages. The framed ones ask: the darker a bar, the more they attend to it."
	canvas.FillText(chart.Style(10.5, true, draw.XLeft, draw.YBottom), vg.Point{X: levels.DataCanvas(below).Min.X, Y: below.Max.Y + 2}, heading)
	scale.draw(band(canvas, canvas.Min.Y, foot), below.Min.X)
	return page.PNG()
}

// notes is the width of the column on the right in which each level says what it gets.
const notes = 66

// band is the part of the canvas between two heights, without the column of notes.
func band(c draw.Canvas, bottom, top vg.Length) draw.Canvas {
	c.Min.Y, c.Max.Y = bottom, top
	c.Max.X -= notes
	return c
}
