package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"
	"time"

	"github.com/pyragen/pyragen/examples/ett/chart"
	"github.com/pyragen/pyragen/examples/ett/series"
)

// example is a picture of some hours below which one bar of four steps gets everything.
func example(hours int) Picture {
	s := series.Series{Start: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), Step: time.Hour, Values: make([]float64, hours)}
	leaves, coarse := Level{Name: "every 1 h", Note: "gets 0 %"}, Level{Name: "mean of 4 h", Note: "gets 100 %"}
	for i := range hours {
		s.Values[i] = math.Sin(float64(i))
		leaves.Nodes = append(leaves.Nodes, Node{Lo: i, Hi: i + 1})
	}
	for i := range hours / 4 {
		coarse.Nodes = append(coarse.Nodes, Node{Lo: 4 * i, Hi: 4*i + 4})
	}
	coarse.Nodes[hours/4-3].Share = 1
	return Picture{Title: "Title", Subtitle: "below", Unit: "°C", Asking: "the last 4 h", Series: s, Last: 4, Levels: []Level{leaves, coarse}}
}

func render(t *testing.T, p Picture) image.Image {
	t.Helper()
	b, err := p.PNG()
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

// extent is the rectangle of the pixels of a colour, and how many there are.
func extent(img image.Image, c color.Color) (r image.Rectangle, n int) {
	want := color.RGBAModel.Convert(c)
	for y := range Height {
		for x := range Width {
			if color.RGBAModel.Convert(img.At(x, y)) == want {
				r, n = r.Union(image.Rect(x, y, x+1, y+1)), n+1
			}
		}
	}
	return r, n
}

// TestBarsAreWhereTheyBelong: the bar that gets everything is dark, four of 24 steps wide, and ends eight steps before the end, where
// the shaded steps of the curve tell how wide four steps are.
func TestBarsAreWhereTheyBelong(t *testing.T) {
	img := render(t, example(24))
	shade, n := extent(img, chart.Shade())
	if n < 10000 {
		t.Fatalf("only %d pixels are shaded", n)
	}
	four := float64(shade.Dx())
	// The legend below has the dark colour too, so only the levels above it are looked at.
	bar, n := extent(crop{img, Height - 150}, newScale(example(24).Levels).colour(1))
	if n < 10000 {
		t.Fatalf("only %d pixels are dark", n)
	}
	if math.Abs(float64(bar.Dx())-four) > 4 || math.Abs(float64(shade.Max.X-bar.Max.X)-2*four) > 5 {
		t.Errorf("the bar is %v, want it as wide as %v and two of these before its end", bar, shade)
	}
	if bar.Min.Y < shade.Max.Y {
		t.Errorf("the bar %v is not below the curve %v", bar, shade)
	}
	if _, n := extent(img, chart.Accent()); n < 2000 {
		t.Errorf("the curve has only %d pixels", n)
	}
	if r, _ := extent(img, chart.Ink()); r.Dx() < Width/2 || r.Dy() < Height*3/4 {
		t.Errorf("text covers %v only", r)
	}
}

// crop hides what is below a line.
type crop struct {
	image.Image
	below int
}

func (c crop) At(x, y int) color.Color {
	if y >= c.below {
		return color.White
	}
	return c.Image.At(x, y)
}

func TestPNGOfAnySeries(t *testing.T) {
	for name, change := range map[string]func(*Picture){
		"constant":          func(p *Picture) { clear(p.Series.Values) },
		"large":             func(p *Picture) { p.Series.Values[3] = -series.MaxValue },
		"days":              func(p *Picture) { p.Series.Step = 24 * time.Hour },
		"years":             func(p *Picture) { p.Series.Step = 366 * 24 * time.Hour },
		"seconds":           func(p *Picture) { p.Series.Step = time.Second },
		"nobody gets share": func(p *Picture) { p.Levels = p.Levels[:1] },
		"part of it":        func(p *Picture) { p.From = 14 },
	} {
		t.Run(name, func(t *testing.T) {
			p := example(24)
			change(&p)
			if _, n := extent(render(t, p), chart.Shade()); n < 10000 {
				t.Errorf("only %d pixels are shaded", n)
			}
		})
	}
	if b, err := (Picture{}).PNG(); err == nil || b != nil {
		t.Errorf("an empty picture gives %d bytes, %v", len(b), err)
	}
}

func TestScale(t *testing.T) {
	s := newScale([]Level{{Nodes: []Node{{Share: 0.002}, {Share: 0.03}}}})
	if s.low != -5 || s.high != -1 {
		t.Errorf("from 10^%v to 10^%v, want 10^-5 to 10^-1", s.low, s.high)
	}
	dark := func(share float64) int { r, g, b, _ := s.colour(share).RGBA(); return -int(r + g + b) }
	last := math.MinInt
	for _, share := range []float64{0, 1.1e-5, 1e-4, 1e-3, 1e-2, 0.1} {
		if d := dark(share); d <= last {
			t.Errorf("share %v is not darker than the one before", share)
		} else {
			last = d
		}
	}
	if dark(0) != dark(1e-6) || dark(0.1) != dark(1) {
		t.Error("what is beyond the ends of the scale does not have their colours")
	}
}
