package figure

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/plotter"

	"github.com/pyragen/pyragen/examples/ett/chart"
	"github.com/pyragen/pyragen/examples/ett/series"
)

func render(t *testing.T, draw func() ([]byte, error)) image.Image {
	t.Helper()
	b, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.Bounds().Size(), image.Pt(Width, Height); got != want {
		t.Fatalf("size %v, want %v", got, want)
	}
	return img
}

// extent is the rectangle of the pixels of a colour below the heading and the legend, and how many there are.
func extent(img image.Image, c color.Color) (r image.Rectangle, n int) {
	const heading = 170
	want := color.RGBAModel.Convert(c)
	for y := heading; y < Height; y++ {
		for x := range Width {
			if color.RGBAModel.Convert(img.At(x, y)) == want {
				r, n = r.Union(image.Rect(x, y, x+1, y+1)), n+1
			}
		}
	}
	return r, n
}

// falling is a loss that falls from 1 to 0.01.
func falling(name string, steps int, off float64) Curve {
	c := Curve{Name: name}
	for i := range steps {
		c.Losses = append(c.Losses, math.Pow(100, -float64(i)/float64(steps))*(1+off))
		if i%50 == 49 {
			c.Valid = append(c.Valid, plotter.XY{X: float64(i + 1), Y: 0.5})
		}
	}
	return c
}

// TestLosses: both curves are there, over the whole width, the second in dashes over the first; the dots of their difference and the
// line that is wanted of it lie below.
func TestLosses(t *testing.T) {
	p := Losses{Title: "Title", Subtitle: "below", Curves: []Curve{falling("a", 400, 0), falling("b", 400, 1e-12)}, Limit: 1e-9, LimitSteps: 200}
	img := render(t, p.PNG)
	first, n := extent(img, chart.Accent())
	if n < 3000 || first.Dx() < Width*8/10 {
		t.Errorf("the first curve has %d pixels in %v", n, first)
	}
	dashes, n := extent(img, second())
	if n < 1000 || dashes.Dx() < Width*8/10 {
		t.Errorf("the second curve has %d pixels in %v", n, dashes)
	}
	one := Losses{Title: "Title", Curves: p.Curves[:1]}
	alone, _ := extent(render(t, one.PNG), chart.Accent())
	if alone.Dy() < Height*6/10 {
		t.Errorf("one curve alone lies in %v, want all of the height", alone)
	}
	if _, n := extent(render(t, one.PNG), second()); n != 0 {
		t.Errorf("one curve alone has %d pixels of the second", n)
	}
}

func TestLossesOfAnyKind(t *testing.T) {
	for name, p := range map[string]Losses{
		"equal":    {Curves: []Curve{falling("a", 60, 0), falling("b", 60, 0)}},
		"one step": {Curves: []Curve{falling("a", 1, 0), falling("b", 1, 1e-9)}, Limit: 1e-9, LimitSteps: 1},
		"zeros":    {Curves: []Curve{{Name: "a", Losses: make([]float64, 5), Valid: plotter.XYs{{X: 1, Y: 0}}}}},
		"zero":     {Curves: []Curve{{Name: "a", Losses: []float64{1, 0, 2}}, {Name: "b", Losses: []float64{1, 0, 2}}}},
		"constant": {Curves: []Curve{{Name: "a", Losses: []float64{3, 3, 3}}}},
	} {
		t.Run(name, func(t *testing.T) { render(t, p.PNG) })
	}
	if b, err := (Losses{}).PNG(); err == nil || b != nil {
		t.Errorf("no curves give %d bytes, %v", len(b), err)
	}
}

// example has a forecast that lies above what was measured in the last fifth of the time.
func example() Forecast {
	s := series.Series{Start: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), Step: time.Hour, Values: make([]float64, 100)}
	f := Forecasts{Name: "a"}
	for i := range s.Values {
		s.Values[i] = math.Sin(float64(i) / 4)
		if i >= 80 {
			f.Values = append(f.Values, 3)
		}
	}
	return Forecast{Title: "Title", Subtitle: "below", Unit: "°C", Series: s, Start: 80, Curves: []Forecasts{f}}
}

func TestForecast(t *testing.T) {
	img := render(t, example().PNG)
	shade, _ := extent(img, chart.Shade())
	line, n := extent(img, chart.Accent())
	measured, _ := extent(img, chart.Ink())
	if n < 500 || line.Min.X < shade.Min.X || line.Max.X > shade.Max.X || line.Dx() < shade.Dx()*9/10 {
		t.Errorf("the forecast has %d pixels in %v, want it in %v", n, line, shade)
	}
	if share := float64(shade.Dx()) / float64(measured.Union(shade).Dx()); share < 0.17 || share > 0.21 {
		t.Errorf("the shaded part has %v of the width, want a fifth", share)
	}
	if line.Max.Y >= Height/2 {
		t.Errorf("the forecast %v is not above what was measured %v", line, measured)
	}
	constant := example()
	clear(constant.Series.Values)
	clear(constant.Curves[0].Values)
	render(t, constant.PNG)
	for name, change := range map[string]func(p *Forecast){
		"no curve":          func(p *Forecast) { p.Curves = nil },
		"no history":        func(p *Forecast) { p.From = p.Start },
		"beyond the series": func(p *Forecast) { p.Start++ },
	} {
		p := example()
		change(&p)
		if b, err := p.PNG(); err == nil || b != nil {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
}

func TestLogTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		most      int
		want      string
	}{
		{0.08, 3, 8, "0.1 0.2 0.5 1 2"},
		{1e-16, 1e-9, 5, "- 1e-15 - 1e-13 - 1e-11 - 1e-09"},
		{1e-4, 1, 5, "0.0001 0.001 0.01 0.1 1"},
	} {
		var got []string
		for _, tick := range (logTicks{c.most}).Ticks(c.low, c.high) {
			if tick.Label == "" {
				tick.Label = "-"
			}
			got = append(got, tick.Label)
		}
		if text := fmt.Sprint(strings.Join(got, " ")); text != c.want {
			t.Errorf("%v to %v: %s, want %s", c.low, c.high, text, c.want)
		}
	}
}
