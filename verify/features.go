package verify

import (
	"math"
	"slices"
)

// extras are what attention does beside its definition.
type extras struct {
	mask    []float64 // one number of every batch and node, added to the scores of that key; nil: none
	drops   bool
	dropout Dropout
}

// featured is an op that may have features.
type featured struct {
	single, double func(g *Graph, n Sizes, in [][]float64, scale float64, x extras) [][]float64
	truth          func(t Float, g *Graph, n Sizes, in [][]float64, scale float64, x extras) []Expected
}

// With is the op as a package with features has it: with one more input mask, with dropout. Other ops stay as they are.
func (op Op) With(features []string) Op {
	if op.featured == nil {
		return op
	}
	op.Features = features
	if op.Has("mask") {
		op.Inputs = slices.Insert(slices.Clone(op.Inputs), maskAt, Operand{"mask", PerKey})
	}
	return op.Dropping(Dropout{})
}

// maskAt is the place of the mask among the inputs: behind q, k and v.
const maskAt = 3

// Has reports whether the op has a feature.
func (op Op) Has(feature string) bool { return slices.Contains(op.Features, feature) }

// Dropping is the op with a rate and a seed, which do nothing where dropout is no feature of it.
func (op Op) Dropping(d Dropout) Op {
	if op.featured == nil {
		return op
	}
	op.Dropout = d
	f, hasMask, drops := op.featured, op.Has("mask"), op.Has("dropout")
	apart := func(in [][]float64) ([][]float64, extras) {
		x := extras{drops: drops, dropout: d}
		if hasMask {
			x.mask = in[maskAt]
			in = slices.Delete(slices.Clone(in), maskAt, maskAt+1)
		}
		return in, x
	}
	op.truth = func(t Float, g *Graph, n Sizes, in [][]float64, scale float64) []Expected {
		in, x := apart(in)
		return f.truth(t, g, n, in, scale, x)
	}
	op.naive = func(t Float, g *Graph, n Sizes, in [][]float64, scale float64) [][]float64 {
		in, x := apart(in)
		if t.Arith() == F32 {
			return f.single(g, n, in, scale, x)
		}
		return f.double(g, n, in, scale, x)
	}
	return op
}

// bias is what is added to the scores of a key.
func (x extras) bias(g *Graph, b, key int) float64 {
	if x.mask == nil {
		return 0
	}
	return x.mask[b*g.Nodes()+key]
}

// kept reports whether a weight stays.
func (x extras) kept(g *Graph, n Sizes, b, i, h, j int) bool {
	return !x.drops || x.dropout.draw(g, n, b, i, h, j) >= x.dropout.Rate
}

// fillMask fills a mask: most keys are there, some are hidden, some have a bias. In one case of four all keys of the first batch are
// hidden, in one the nodes from somewhere on, as in a short series.
func (c Case) fillMask(t Float, g *Graph, values []float64) {
	r := c.random(102)
	for i := range values {
		switch r.IntN(8) {
		case 0, 1:
			values[i] = math.Inf(-1)
		case 2:
			values[i] = t.Round(4*r.Float64() - 2)
		default:
			values[i] = 0
		}
	}
	from := g.Nodes()
	switch c.Seed % 4 {
	case 1:
		from = 0
	case 2:
		from = r.IntN(g.Nodes())
	}
	for i := from; i < g.Nodes(); i++ {
		values[i] = math.Inf(-1)
	}
}

// dropout is the rate and the seed of a case: rates of 0 and next to 1, and seeds of all ones and zeros, are among them.
func (c Case) dropout(t Float) Dropout {
	r := c.random(101)
	rates := [...]float64{0, 0.1, 0.1, 0.5, 0.25, 0.9, 1 - 0x1p-24}
	seeds := [...]uint64{0, math.MaxUint64, r.Uint64(), r.Uint64(), r.Uint64()}
	return Dropout{t.Arith().Round(rates[r.IntN(len(rates))]), seeds[r.IntN(len(seeds))]}
}
