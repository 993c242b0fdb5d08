package picture

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Colours by their use.
func ink() color.Color    { return color.RGBA{0x22, 0x26, 0x2b, 0xff} }
func faint() color.Color  { return color.RGBA{0xe3, 0xe6, 0xea, 0xff} }
func border() color.Color { return color.RGBA{0xb4, 0xba, 0xc2, 0xff} }
func accent() color.Color { return color.RGBA{0x1f, 0x5f, 0xa8, 0xff} }
func asking() color.Color { return color.RGBA{0xcf, 0xe3, 0xf8, 0xff} }

// style is text of a size in points.
func style(size float64, bold bool, x draw.XAlignment, y draw.YAlignment) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: ink(), Font: f, XAlign: x, YAlign: y, Handler: plot.DefaultTextHandler}
}

func line(c color.Color, width float64) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: vg.Length(width)}
}

// newPlot is an empty plot over the shown steps, with quiet axes.
func (p Picture) newPlot() *plot.Plot {
	pl := plot.New()
	pl.X.Min, pl.X.Max = float64(p.From), float64(p.Series.Len())
	pl.X.Tick.Label = style(10.5, false, draw.XCenter, draw.YTop)
	pl.Y.Tick.Label = style(10.5, false, draw.XRight, draw.YCenter)
	pl.Y.Label.TextStyle = style(10.5, false, draw.XCenter, draw.YBottom)
	for _, a := range []*plot.Axis{&pl.X, &pl.Y} {
		a.Padding = 0
		a.LineStyle = line(border(), 0.8)
		a.Tick.LineStyle = line(border(), 0.8)
		a.Tick.Length = 4
	}
	return pl
}

// frame is the outline of the rectangle between two corners.
func frame(x0, y0, x1, y1 vg.Length) []vg.Point {
	return []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}, {X: x0, Y: y0}}
}

// fill fills the rectangle between two corners.
func fill(c draw.Canvas, clr color.Color, x0, y0, x1, y1 vg.Length) {
	c.FillPolygon(clr, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}
