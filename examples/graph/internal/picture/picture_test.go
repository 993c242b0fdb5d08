package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/pyragen/pyragen/examples/ett/chart"
)

// example has papers in a row, of which the middle one has a key on its left and a query on its right.
func example() Picture {
	p := Picture{Title: "Title", Subtitle: "below", Topics: 2, Chosen: 20, Keys: []End{{5, 1}}, Queries: []End{{35, 0.5}}}
	for i := range 40 {
		p.Papers = append(p.Papers, Paper{Year: 2000 + float64(i)/2, Topic: i % 2, Received: float64(40 - i), Keys: i, Queries: 40 - i})
	}
	return p
}

// extent is the rectangle of the pixels of a colour in the panel of papers, and how many there are.
func extent(img image.Image, c color.Color) (r image.Rectangle, n int) {
	want := color.RGBAModel.Convert(c)
	for y := 240; y < Height; y++ {
		for x := range Width * 6 / 10 {
			if color.RGBAModel.Convert(img.At(x, y)) == want {
				r, n = r.Union(image.Rect(x, y, x+1, y+1)), n+1
			}
		}
	}
	return r, n
}

// TestPNG: keys lie before the paper, queries behind it, each in its colour.
func TestPNG(t *testing.T) {
	b, err := example().PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil || img.Bounds().Size() != image.Pt(Width, Height) {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	keys, n := extent(img, chart.Accent())
	queries, m := extent(img, Backward())
	if n < 200 || m < 200 || keys.Min.X >= queries.Min.X || keys.Max.X >= queries.Max.X {
		t.Errorf("%d pixels of keys in %v, %d of queries in %v", n, keys, m, queries)
	}
	if _, n := extent(img, Dot()); n < 1000 {
		t.Errorf("%d pixels of papers", n)
	}
}

// TestPNGOfAnyKind: papers without edges, one paper, and none.
func TestPNGOfAnyKind(t *testing.T) {
	alone := Picture{Topics: 1, Papers: []Paper{{Year: 2000}}}
	if _, err := alone.PNG(); err != nil {
		t.Error(err)
	}
	for _, p := range []Picture{{}, {Topics: 1}, {Topics: 1, Chosen: 1, Papers: alone.Papers}, {Papers: alone.Papers}} {
		if b, err := p.PNG(); err == nil || b != nil {
			t.Errorf("%+v: got %d bytes, %v", p, len(b), err)
		}
	}
}
