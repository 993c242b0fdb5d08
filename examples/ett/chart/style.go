// Package chart has what the pictures of the examples have in common: colours, text, lines, and an axis of time.
package chart

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Ink is the colour of text.
func Ink() color.Color { return color.RGBA{0x22, 0x26, 0x2b, 0xff} }

// Faint is the colour of lines behind the data.
func Faint() color.Color { return color.RGBA{0xe3, 0xe6, 0xea, 0xff} }

// Border is the colour of frames and axes.
func Border() color.Color { return color.RGBA{0xb4, 0xba, 0xc2, 0xff} }

// Accent is the colour of the data.
func Accent() color.Color { return color.RGBA{0x1f, 0x5f, 0xa8, 0xff} }

// Shade is the colour behind the part of the data that a picture is about.
func Shade() color.Color { return color.RGBA{0xcf, 0xe3, 0xf8, 0xff} }

// Style is text of a size in points.
func Style(size float64, bold bool, x draw.XAlignment, y draw.YAlignment) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: Ink(), Font: f, XAlign: x, YAlign: y, Handler: plot.DefaultTextHandler}
}

// Line is a line of a width in points.
func Line(c color.Color, width float64) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: vg.Length(width)}
}

// NewPlot is an empty plot from one end of the x axis to the other, with quiet axes.
func NewPlot(from, to float64) *plot.Plot {
	pl := plot.New()
	pl.X.Min, pl.X.Max = from, to
	pl.X.Tick.Label = Style(10.5, false, draw.XCenter, draw.YTop)
	pl.Y.Tick.Label = Style(10.5, false, draw.XRight, draw.YCenter)
	pl.Y.Label.TextStyle = Style(10.5, false, draw.XCenter, draw.YBottom)
	for _, a := range []*plot.Axis{&pl.X, &pl.Y} {
		a.Padding = 0
		a.LineStyle = Line(Border(), 0.8)
		a.Tick.LineStyle = Line(Border(), 0.8)
		a.Tick.Length = 4
	}
	return pl
}

// Fill fills the rectangle between two corners.
func Fill(c draw.Canvas, clr color.Color, x0, y0, x1, y1 vg.Length) {
	c.FillPolygon(clr, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// Align crops two canvases so that the data of both plots begin and end at the same place.
func Align(a, b *plot.Plot, ca, cb draw.Canvas) (draw.Canvas, draw.Canvas) {
	da, db := a.DataCanvas(ca), b.DataCanvas(cb)
	left, right := max(da.Min.X, db.Min.X), min(da.Max.X, db.Max.X)
	return draw.Crop(ca, left-da.Min.X, right-da.Max.X, 0, 0), draw.Crop(cb, left-db.Min.X, right-db.Max.X, 0, 0)
}
