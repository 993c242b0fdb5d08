package verify

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// Special is one kind of value that R8 puts into an operand.
type Special struct {
	Name, Doc string
	fill      func(t Float, rows int, values []float64, r *rand.Rand)
}

// Specials is the table of R8.
func Specials() []Special {
	return []Special{
		sprinkled("zero", "positive zeros", func(Float) float64 { return 0 }),
		sprinkled("minus-zero", "negative zeros", func(Float) float64 { return math.Copysign(0, -1) }),
		sprinkled("inf", "infinities", func(Float) float64 { return math.Inf(1) }),
		sprinkled("minus-inf", "negative infinities", func(Float) float64 { return math.Inf(-1) }),
		sprinkled("nan", "NaNs", func(Float) float64 { return math.NaN() }),
		sprinkled("smallest-subnormal", "the smallest subnormal", func(t Float) float64 { return t.Eta }),
		sprinkled("largest-subnormal", "the largest subnormal", func(t Float) float64 { return t.smallestNormal() - t.Eta }),
		sprinkled("smallest-normal", "the smallest normal number", func(t Float) float64 { return t.smallestNormal() }),
		sprinkled("max", "the largest finite number", func(t Float) float64 { return t.Max }),
		sprinkled("minus-max", "the largest finite number, negative", func(t Float) float64 { return -t.Max }),
		{"equal", "every element the same, so all scores of a row are equal where both operands are",
			func(t Float, _ int, v []float64, _ *rand.Rand) {
				for i := range v {
					v[i] = t.Round(0.3)
				}
			}},
		{"ties", "two values only, so that most maxima are shared",
			func(_ Float, _ int, v []float64, r *rand.Rand) {
				for i := range v {
					v[i] = float64(1 + 2*r.IntN(2))
				}
			}},
		{"huge", "logits of 1e4, where exp overflows unless the maximum is taken off first",
			func(_ Float, _ int, v []float64, r *rand.Rand) {
				for i := range v {
					v[i] = 1e4 * float64(2*r.IntN(2)-1)
				}
			}},
		{"minus-inf-row", "whole rows of negative infinities",
			func(_ Float, rows int, v []float64, r *rand.Rand) {
				width := len(v) / rows
				for row := range rows {
					if row == 0 || r.IntN(4) == 0 {
						for i := range width {
							v[row*width+i] = math.Inf(-1)
						}
					}
				}
			}},
	}
}

// sprinkled puts one value at an eighth of the places, and at least at one.
func sprinkled(name, doc string, value func(Float) float64) Special {
	return Special{name, doc, func(t Float, _ int, v []float64, r *rand.Rand) {
		v[r.IntN(len(v))] = value(t)
		for i := range v {
			if r.IntN(8) == 0 {
				v[i] = value(t)
			}
		}
	}}
}

func findSpecial(name string) (Special, error) {
	var names []string
	for _, s := range Specials() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Special{}, fmt.Errorf("special value %q is unknown, want one of %s", name, strings.Join(names, ", "))
}
