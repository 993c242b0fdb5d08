// Package figure draws what the example shows: the losses of training, and a forecast.
package figure

import (
	"bytes"
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// Width and Height of a picture in pixels.
const (
	Width  = 1800
	Height = 1050
)

// second is the colour of the second of two curves, which is drawn in dashes over the first.
func second() color.Color { return color.RGBA{0xe0, 0x6c, 0x1b, 0xff} }

// curveStyle is that of the first or the second of two curves that lie on each other: a broad pale line below dashes.
func curveStyle(number int) draw.LineStyle {
	if number == 0 {
		return chart.Line(chart.Accent(), 2.6)
	}
	style := chart.Line(second(), 1.3)
	style.Dashes = []vg.Length{5, 4}
	return style
}

// page is a picture with a heading, and room for a legend below it.
type page struct {
	image  *vgimg.Canvas
	canvas draw.Canvas // for the plots
}

func newPage(title, subtitle string) page {
	img := vgimg.NewWith(vgimg.UseWH(chart.Pixels(Width), chart.Pixels(Height)), vgimg.UseDPI(chart.DPI))
	c := draw.Crop(draw.New(img), 14, -18, 10, -14)
	c.FillText(chart.Style(17, true, draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: c.Max.Y}, title)
	c.FillText(chart.Style(10.5, false, draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: c.Max.Y - 23}, subtitle)
	return page{img, draw.Crop(c, 0, 0, 0, -72)}
}

func (p page) png() ([]byte, error) {
	var out bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: p.image}).WriteTo(&out); err != nil {
		return nil, fmt.Errorf("figure: %w", err)
	}
	return out.Bytes(), nil
}
