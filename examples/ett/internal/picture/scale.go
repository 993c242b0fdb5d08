package picture

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// scale gives shares their colours: logarithmic over some powers of ten below the largest, since a few nodes get most.
type scale struct {
	low, high float64 // log10 of the shares at its ends
}

// decades is how many powers of ten the colours cover.
const decades = 4

// newScale ends at the power of ten at or above the largest share.
func newScale(levels []Level) scale {
	most := 0.0
	for _, l := range levels {
		for _, n := range l.Nodes {
			most = max(most, n.Share)
		}
	}
	high := 0.0
	if most > 0 {
		high = math.Ceil(math.Log10(most))
	}
	return scale{high - decades, high}
}

// stops are the colours of the scale at equal distances, from pale to dark.
func stops() []color.RGBA {
	return []color.RGBA{
		{0xff, 0xf4, 0xd6, 0xff}, {0xfd, 0xcc, 0x8a, 0xff}, {0xf4, 0x8b, 0x4a, 0xff}, {0xd0, 0x3a, 0x2b, 0xff}, {0x6e, 0x05, 0x24, 0xff},
	}
}

// colour of a share; what is below the scale is almost white.
func (s scale) colour(share float64) color.Color {
	at := (math.Log10(share) - s.low) / (s.high - s.low)
	if !(at >= 0) {
		return color.RGBA{0xf6, 0xf7, 0xf8, 0xff}
	}
	all := stops()
	at = min(at, 1) * float64(len(all)-1)
	i := min(int(at), len(all)-2)
	a, b, f := all[i], all[i+1], at-float64(i)
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x)*(1-f) + float64(y)*f)) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}

// draw puts the legend at the foot of the picture.
func (s scale) draw(c draw.Canvas, left vg.Length) {
	const steps, width, height = 200, 300, 11
	text := chart.Style(10.5, false, draw.XLeft, draw.YCenter)
	label := "share of the attention that one node gets"
	y := c.Min.Y + 20
	c.FillText(text, vg.Point{X: left, Y: y + height/2}, label)
	x0 := left + text.Width(label) + 14
	for i := range steps {
		share := math.Pow(10, s.low+(s.high-s.low)*(float64(i)+0.5)/steps)
		x := x0 + vg.Length(i)*width/steps
		chart.Fill(c, s.colour(share), x, y, min(x+2*width/steps, x0+width), y+height) // the next one covers what is too much
	}
	c.StrokeLines(chart.Line(chart.Border(), 0.6), frame(x0, y, x0+width, y+height))
	ticks := chart.Style(10, false, draw.XCenter, draw.YTop)
	for d := range decades + 1 {
		x := x0 + vg.Length(d)*width/decades
		c.StrokeLine2(chart.Line(chart.Border(), 0.8), x, y, x, y-3)
		c.FillText(ticks, vg.Point{X: x, Y: y - 5}, percent(s.low+float64(d)))
	}
	x := x0 + width + 22
	chart.Fill(c, s.colour(0), x, y, x+18, y+height)
	c.StrokeLines(chart.Line(chart.Border(), 0.6), frame(x, y, x+18, y+height))
	c.FillText(text, vg.Point{X: x + 24, Y: y + height/2}, "less, or not reached")
}

// percent writes 10^log10 in percent.
func percent(log10 float64) string { return fmt.Sprintf("%.3g %%", 100*math.Pow(10, log10)) }
