// Package picture draws the papers over time, what one of them cites and is cited by, and how many keys and queries papers have.
package picture

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// Width and Height of the picture in pixels.
const (
	Width  = 1800
	Height = 1100
)

// Picture is what is drawn.
type Picture struct {
	Title, Subtitle string
	Topics          int
	Papers          []Paper
	Chosen          int   // the paper whose edges are shown
	Keys, Queries   []End // those that it cites, and those that cite it
}

// Paper is a dot: as large as the attention that it gets.
type Paper struct {
	Year          float64
	Topic         int
	Received      float64
	Keys, Queries int // how many
}

// End is the other end of an edge, and its weight.
type End struct {
	Paper  int
	Weight float64
}

// Backward is the colour of edges to a paper; those from it have chart.Accent.
func Backward() color.Color { return color.RGBA{0xe0, 0x6c, 0x1b, 0xff} }

// Dot is the colour of papers.
func Dot() color.Color { return color.RGBA{0x9a, 0xa3, 0xae, 0xff} }

// PNG draws the picture.
func (p Picture) PNG() ([]byte, error) {
	if p.Chosen < 0 || p.Chosen >= len(p.Papers) || p.Topics < 1 {
		return nil, fmt.Errorf("picture: %d papers of %d topics, paper %d: nothing to draw", len(p.Papers), p.Topics, p.Chosen)
	}
	page := chart.NewPage(Width, Height, p.Title, p.Subtitle)
	left, right := page.Canvas, page.Canvas
	split := left.Min.X + 0.66*(left.Max.X-left.Min.X)
	left.Max.X, right.Min.X = split-12, split+12
	p.papers().Draw(below(left, "Papers over time, a lane a topic; a dot is as large as the attention that the paper gets",
		[]entry{{chart.Accent(), "its keys: the papers that it cites"}, {Backward(), "its queries: the papers that cite it"}}))
	p.degrees().Draw(below(right, "Papers from the most edges to the fewest",
		[]entry{{chart.Accent(), "keys, the length of a row"}, {Backward(), "queries, the way back"}}))
	return page.PNG()
}

// entry is a line of a legend.
type entry struct {
	colour color.Color
	text   string
}

// below writes a heading and a legend, and returns the canvas below them.
func below(c draw.Canvas, heading string, legend []entry) draw.Canvas {
	c.FillText(chart.Style(11, true, draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: c.Max.Y}, heading)
	for i, e := range legend {
		y := c.Max.Y - 24 - vg.Length(i)*15
		c.StrokeLine2(chart.Line(e.colour, 2.4), c.Min.X+2, y, c.Min.X+24, y)
		c.FillText(chart.Style(10.5, false, draw.XLeft, draw.YCenter), vg.Point{X: c.Min.X + 30, Y: y + 2}, e.text)
	}
	return draw.Crop(c, 0, 0, 0, -58)
}

// papers is the panel of the graph.
func (p Picture) papers() *plot.Plot {
	lo, hi := p.Papers[0].Year, p.Papers[0].Year
	for _, q := range p.Papers {
		lo, hi = min(lo, q.Year), max(hi, q.Year)
	}
	pl := chart.NewPlot(lo-1, hi+1)
	pl.Y.Min, pl.Y.Max = 0, float64(p.Topics)
	var names, years plot.ConstantTicks
	for t := range p.Topics {
		names = append(names, plot.Tick{Value: float64(t) + 0.5, Label: fmt.Sprintf("topic %d", t+1)})
	}
	for y := math.Ceil(lo/5) * 5; y <= hi; y += 5 {
		years = append(years, plot.Tick{Value: y, Label: fmt.Sprint(y)})
	}
	pl.Y.Tick.Marker, pl.X.Tick.Marker = names, years
	pl.Y.Tick.Length = 0
	pl.Add(dots{p})
	return pl
}

// dots draws papers and the edges of the chosen one.
type dots struct{ Picture }

// height is where in its lane a paper is: spread, and always the same.
func (p dots) height(i int) float64 {
	spread := math.Mod(float64(i)*0.618033988749895, 1)
	return float64(p.Papers[i].Topic) + 0.08 + 0.84*spread
}

// Plot implements plot.Plotter.
func (p dots) Plot(c draw.Canvas, pl *plot.Plot) {
	x, y := pl.Transforms(&c)
	at := func(i int) vg.Point { return vg.Point{X: x(p.Papers[i].Year), Y: y(p.height(i))} }
	for t := range p.Topics + 1 {
		c.StrokeLine2(chart.Line(chart.Faint(), 0.8), c.Min.X, y(float64(t)), c.Max.X, y(float64(t)))
	}
	most := 0.0
	for _, q := range p.Papers {
		most = max(most, q.Received)
	}
	dot := func(i int, clr color.Color) {
		radius := 1.2 + 11*math.Sqrt(p.Papers[i].Received/max(most, 1))
		c.DrawGlyph(draw.GlyphStyle{Color: clr, Radius: vg.Length(radius), Shape: draw.CircleGlyph{}}, at(i))
	}
	for i := range p.Papers {
		dot(i, Dot())
	}
	for _, side := range []struct {
		ends   []End
		colour color.Color
	}{{p.Queries, Backward()}, {p.Keys, chart.Accent()}} {
		for _, e := range side.ends {
			c.StrokeLines(chart.Line(side.colour, 0.6+3.4*e.Weight), []vg.Point{at(p.Chosen), at(e.Paper)})
			dot(e.Paper, side.colour)
		}
	}
	dot(p.Chosen, chart.Ink())
	name := vg.Point{X: at(p.Chosen).X, Y: at(p.Chosen).Y + 9}
	c.FillText(chart.Style(10.5, true, draw.XCenter, draw.YBottom), name, fmt.Sprintf("paper %d", p.Chosen))
}

// degrees is the panel of how many keys and queries papers have.
func (p Picture) degrees() *plot.Plot {
	pl := chart.NewPlot(1, max(10, float64(len(p.Papers))))
	pl.X.Scale, pl.Y.Scale = plot.LogScale{}, plot.LogScale{}
	pl.X.Tick.Marker, pl.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	pl.Y.Min, pl.Y.Max = 1, 10
	pl.X.Label.Text, pl.Y.Label.Text = "paper", "edges"
	pl.X.Label.TextStyle = chart.Style(10.5, false, draw.XCenter, draw.YTop)
	keys, queries := make([]int, len(p.Papers)), make([]int, len(p.Papers))
	for i, q := range p.Papers {
		keys[i], queries[i] = q.Keys, q.Queries
		pl.Y.Max = max(pl.Y.Max, 1.2*float64(q.Keys), 1.2*float64(q.Queries))
	}
	pl.Add(ranks{keys, chart.Accent()}, ranks{queries, Backward()})
	return pl
}

// ranks draws numbers from the largest to the last that is not 0, each as a step.
type ranks struct {
	numbers []int
	colour  color.Color
}

// Plot implements plot.Plotter.
func (r ranks) Plot(c draw.Canvas, pl *plot.Plot) {
	x, y := pl.Transforms(&c)
	slices.Sort(r.numbers)
	slices.Reverse(r.numbers)
	var points []vg.Point
	for i, n := range r.numbers {
		if n > 0 {
			points = append(points, vg.Point{X: x(float64(i + 1)), Y: y(float64(n))})
		}
	}
	if len(points) > 0 {
		c.StrokeLines(chart.Line(r.colour, 2), points)
	}
}
