package model

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/pyragen/pyragen/examples/ett/pyramid"
	"github.com/pyragen/pyragen/examples/ett/series"
)

func hourly(values ...float64) series.Series {
	monday := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	return series.Series{Start: monday, Step: time.Hour, Values: values}
}

func TestFeatures(t *testing.T) {
	s := hourly(make([]float64, 7*24)...)
	for i := range s.Values {
		s.Values[i] = float64(3 + 4*(i%2)) // mean 5, deviation 2
	}
	rows := features(s)
	for _, c := range []struct {
		hour int
		want []float64 // value, day, week, 1
	}{
		{0, []float64{-1, 0, 1, math.Sin(2 * math.Pi / 7), math.Cos(2 * math.Pi / 7), 1}},
		{6*24 + 18, []float64{-1, -1, 0, math.Sin(1.5 * math.Pi / 7), math.Cos(1.5 * math.Pi / 7), 1}},
		{7, []float64{1, math.Sin(2 * math.Pi * 7 / 24), math.Cos(2 * math.Pi * 7 / 24), math.Sin(2 * math.Pi * 31 / 168), math.Cos(2 * math.Pi * 31 / 168), 1}},
	} {
		got := rows[c.hour*Features:][:Features]
		for f := range got {
			if math.Abs(got[f]-c.want[f]) > 1e-9 {
				t.Errorf("hour %d: %v, want %v", c.hour, got, c.want)
				break
			}
		}
	}
	if flat := features(hourly(5, 5, 5)); flat[0] != 0 {
		t.Errorf("a constant series has the value %v, want 0", flat[0])
	}
}

func TestEmbed(t *testing.T) {
	const heads, dim = 2, 3
	s := hourly(1, 2, 3, 5, 8, 13, 21, 34, 55)
	p := pyramid.New([]int{4}, s.Len())
	in := Embed[float64](s, p, heads, dim, 1)
	for name, x := range map[string][]float64{"q": in.Q, "k": in.K, "v": in.V} {
		if want := p.Nodes() * heads * dim; len(x) != want {
			t.Errorf("len(%s) = %d, want %d", name, len(x), want)
		}
	}
	again, other := Embed[float64](s, p, heads, dim, 1), Embed[float64](s, p, heads, dim, 2)
	if !slices.Equal(in.Q, again.Q) || !slices.Equal(in.K, again.K) || !slices.Equal(in.V, again.V) {
		t.Error("the same seed gives other numbers")
	}
	if slices.Equal(in.Q, other.Q) || slices.Equal(in.V, other.V) {
		t.Error("another seed gives the same numbers")
	}
	single := Embed[float32](s, p, heads, dim, 1)
	for i, x := range in.K {
		if single.K[i] != float32(x) {
			t.Fatalf("k[%d] = %v in float32, want %v rounded", i, single.K[i], x)
		}
	}
}

func TestNormalise(t *testing.T) {
	rows := []float64{0, 0, 0, 0, 0, 1, 3, -1, 2, 0, 1, 1}
	normalise(rows)
	for r := range 2 {
		squares := 0.0
		for _, x := range rows[r*Features:][:Features] {
			squares += x * x
		}
		if math.Abs(squares-Features) > 1e-12 {
			t.Errorf("row %d has mean square %v, want 1", r, squares/Features)
		}
	}
	if math.Abs(rows[7]*3+rows[6]) > 1e-12 {
		t.Errorf("the direction changed: %v", rows[6:])
	}
}
