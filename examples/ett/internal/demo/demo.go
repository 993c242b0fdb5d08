package demo

import (
	"fmt"
	"io"

	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
	"github.com/pyragen/pyragen/examples/ett/pyramid"
	"github.com/pyragen/pyragen/examples/ett/series"
	"github.com/pyragen/pyragen/verify"
)

// heads is the number of attention heads; pam.Dim is the size of each.
const heads = 4

// denseRows is the length up to which dense attention takes about a second.
const denseRows = 2016

// WrongNumber is a number that differs from the truth by more than its bound.
type WrongNumber struct {
	ISA string
	Err error
}

func (e *WrongNumber) Error() string { return "wrong number on " + e.ISA + ": " + e.Err.Error() }

// Unwrap is what check said.
func (e *WrongNumber) Unwrap() error { return e.Err }

// Run does everything but write the picture, whose PNG it returns. The table goes to w.
func Run(o Options, w io.Writer, p *Progress) ([]byte, error) {
	s, err := o.series()
	if err != nil {
		return nil, err
	}
	if err := pam.ISAErr(); err != nil {
		return nil, err
	}
	defer pam.SetISA(pam.ISA())
	d, err := newDemo(s, o.Seed, p)
	if err != nil {
		return nil, err
	}
	rows, err := d.everyISA()
	if err != nil {
		return nil, err
	}
	near, err := d.last(min(s.Len(), denseRows))
	if err != nil {
		return nil, err
	}
	against, err := near.againstDense()
	if err != nil {
		return nil, err
	}
	png, err := d.picture()
	if err != nil {
		return nil, err
	}
	p.Clear()
	return png, d.report(w, rows, near, against)
}

// demo is a series with its pyramid, and verify's own idea of the graph.
type demo struct {
	*Progress
	seed   uint64
	series series.Series
	shape  pyramid.Pyramid
	graph  *verify.Graph
}

func newDemo(s series.Series, seed uint64, p *Progress) (demo, error) {
	g, err := verify.NewGraph(pam.Window, pam.Strides(), s.Len())
	if err != nil {
		return demo{}, err
	}
	d := demo{p, seed, s, pyramid.New(pam.Strides(), s.Len()), g}
	if d.shape.Nodes() != g.Nodes() || pam.Nodes(s.Len()) != g.Nodes() || pam.Slots(s.Len()) != g.Slots {
		return d, fmt.Errorf("the pyramid over %d leaves has %d nodes, pam says %d of %d slots, verify %d of %d",
			s.Len(), d.shape.Nodes(), pam.Nodes(s.Len()), pam.Slots(s.Len()), g.Nodes(), g.Slots)
	}
	return d, nil
}

// last is the demo over the last rows only.
func (d demo) last(rows int) (demo, error) { return newDemo(d.series.Last(rows), d.seed, d.Progress) }

func (d demo) sizes(workers int) pam.Sizes {
	return pam.Sizes{Batch: 1, Len: d.series.Len(), Heads: heads, Workers: workers}
}

// truthSizes are the same sizes for verify.
func (d demo) truthSizes() verify.Sizes {
	return verify.Sizes{Batch: 1, Len: d.series.Len(), Heads: heads, Dim: pam.Dim}
}

func embed[T model.Float](d demo) model.Inputs[T] {
	return model.Embed[T](d.series, d.shape, heads, pam.Dim, d.seed)
}
