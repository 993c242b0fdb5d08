package demo

import (
	"fmt"
	"time"

	"github.com/pyragen/pyragen/examples/ett/internal/attention"
	"github.com/pyragen/pyragen/examples/ett/internal/check"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
	"github.com/pyragen/pyragen/examples/ett/internal/picture"
	"github.com/pyragen/pyragen/examples/ett/series"
)

// What the picture shows.
const (
	askingSteps = 24      // the last steps, whose attention is followed
	layers      = 4       // through as many layers
	shownSteps  = 21 * 24 // three weeks of hours
)

// picture follows the attention of the last steps through some layers, on the best instruction set, and draws where it ends.
func (d demo) picture() ([]byte, error) {
	isas := pam.ISAs()
	if err := pam.SetISA(isas[len(isas)-1]); err != nil {
		return nil, err
	}
	s := attention.NewSteps(attention.F32(), embed[float32](d), d.sizes(0))
	if err := s.Forward(); err != nil {
		return nil, err
	}
	share, err := s.Reach(d.asking(), layers, func(dout, dv []float32) error {
		d.Step("following the attention of the last %d steps", askingSteps)
		if _, err := check.Op("reverse", d.graph, d.truthSizes(), [][]float32{s.P, dout}, 0, dv); err != nil {
			return &WrongNumber{pam.ISA(), err}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.Step("drawing")
	p := picture.Picture{
		Title: fmt.Sprintf("What the last %s attend to", d.span(askingSteps)),
		Subtitle: fmt.Sprintf("%s until %s; pyramid attention with window %d, strides %s and %d heads after %d layers, untrained weights of seed %d",
			d.series.ShortName(), d.series.Time(d.series.Len()-1).Format("Jan 2 2006 15:04"), pam.Window, joined(pam.Strides(), ","), heads, layers, d.seed),
		Unit:   "oil temperature OT (°C)",
		Asking: fmt.Sprintf("the last %s", d.span(askingSteps)),
		Series: d.series,
		Last:   askingSteps,
		From:   max(0, d.series.Len()-shownSteps),
	}
	for l := range d.shape.Levels {
		p.Levels = append(p.Levels, d.level(l, share))
	}
	return p.PNG()
}

// asking has the weight of every node that asks: those of every level that cover the last steps, as the forecast of the paper is
// made from the last nodes of all levels. Each level has the same weight in all.
func (d demo) asking() []float64 {
	weight := make([]float64, d.shape.Nodes())
	for l, size := range d.shape.Levels {
		first := size
		for first > 0 && d.asks(l, first-1) {
			first--
		}
		for i := first; i < size; i++ {
			weight[d.shape.Node(l, i)] = 1 / float64((size-first)*len(d.shape.Levels))
		}
	}
	return weight
}

// asks says whether node i of level l covers any of the last steps.
func (d demo) asks(l, i int) bool {
	_, hi := d.shape.Span(l, i)
	return hi > d.series.Len()-askingSteps
}

// level is the picture's row of a level of the pyramid.
func (d demo) level(l int, share []float64) picture.Level {
	level := picture.Level{Name: "mean of " + d.span(d.shape.Steps(l))}
	if l == 0 {
		level.Name = "every " + d.span(1)
	}
	sum := 0.0
	for i := range d.shape.Levels[l] {
		lo, hi := d.shape.Span(l, i)
		s := share[d.shape.Node(l, i)]
		level.Nodes = append(level.Nodes, picture.Node{Lo: lo, Hi: hi, Share: s, Asks: d.asks(l, i)})
		sum += s
	}
	level.Note = fmt.Sprintf("gets %.2g %%", 100*sum)
	return level
}

// span is the time that some steps take.
func (d demo) span(steps int) string { return series.Short(time.Duration(steps) * d.series.Step) }
