package chart

import (
	"bytes"
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// dpi makes a point half a millimetre on most screens: text of 11 points is easy to read at full size and still readable at half.
const dpi = 144

// Page is a picture with a heading.
type Page struct {
	Canvas draw.Canvas // below the heading
	image  *vgimg.Canvas
}

// NewPage is a page of a size in pixels, with a title and a line of text below it.
func NewPage(width, height int, title, subtitle string) Page {
	img := vgimg.NewWith(vgimg.UseWH(pixels(width), pixels(height)), vgimg.UseDPI(dpi))
	c := draw.Crop(draw.New(img), 14, -14, 10, -14)
	c.FillText(Style(17, true, draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: c.Max.Y}, title)
	c.FillText(Style(10.5, false, draw.XLeft, draw.YTop), vg.Point{X: c.Min.X, Y: c.Max.Y - 23}, subtitle)
	return Page{draw.Crop(c, 0, 0, 0, -46), img}
}

// pixels is a length on paper. It is rounded up to whole pixels, so half a pixel less keeps an inexact quotient from adding one.
func pixels(n int) vg.Length { return vg.Length(float64(n)-0.5) / dpi * vg.Inch }

// PNG is the file of the page.
func (p Page) PNG() ([]byte, error) {
	var out bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: p.image}).WriteTo(&out); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return out.Bytes(), nil
}
