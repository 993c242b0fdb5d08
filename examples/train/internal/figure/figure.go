// Package figure draws what the example shows: the losses of training, and a forecast.
package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// Width and Height of a picture in pixels.
const (
	Width  = 1800
	Height = 1050
)

// second is the colour of the second of two curves, which is drawn in dashes over the first.
func second() color.Color { return color.RGBA{0xe0, 0x6c, 0x1b, 0xff} }

// curveStyle is that of the first or the second of two curves that lie on each other: dashes over a broad line.
func curveStyle(number int) draw.LineStyle {
	if number == 0 {
		return chart.Line(chart.Accent(), 2.6)
	}
	style := chart.Line(second(), 1.3)
	style.Dashes = []vg.Length{5, 4}
	return style
}
