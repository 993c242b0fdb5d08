package figure

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// span shades a part of the x axis.
type span struct{ from, to float64 }

// Plot implements plot.Plotter.
func (s span) Plot(c draw.Canvas, pl *plot.Plot) {
	x, _ := pl.Transforms(&c)
	chart.Fill(c, chart.Shade(), x(s.from), c.Min.Y, x(s.to), c.Max.Y)
}
