package verify

import (
	"math"
	"slices"
)

// extras are what attention does beside its definition.
type extras struct {
	mask    []float64 // one number of every batch and node, added to the scores of that key; nil: none
	bias    []float64 // one of every batch, node, head and slot, added to the score of that edge; nil: none
	drops   bool
	dropout Dropout
}

// featured is an op that may have features.
type featured struct {
	single, double func(g *Graph, n Sizes, in [][]float64, scale float64, x extras) [][]float64
	truth          func(t Float, g *Graph, n Sizes, in [][]float64, scale float64, x extras) []Expected
}

// With is the op as a package with features has it: with inputs mask and bias, an output dbias of the gradient, with dropout. Other ops
// stay as they are.
func (op Op) With(features []string) Op {
	if op.featured == nil {
		return op
	}
	op.Features = features
	if op.Has("mask") {
		op.Inputs = slices.Insert(slices.Clone(op.Inputs), addedAt, Operand{"mask", PerKey})
	}
	if op.Has("bias") {
		op.Inputs = slices.Insert(slices.Clone(op.Inputs), op.biasAt(), Operand{"bias", PerSlot})
		if op.Gradient {
			op.Outputs = append(slices.Clone(op.Outputs), Operand{"dbias", PerSlot})
		}
	}
	return op.Dropping(Dropout{})
}

// addedAt is the place among the inputs of what is added to scores, the mask and then the bias: behind q, k and v.
const addedAt = 3

// biasAt is the place of the bias.
func (op Op) biasAt() int {
	if op.Has("mask") {
		return addedAt + 1
	}
	return addedAt
}

// Has reports whether the op has a feature.
func (op Op) Has(feature string) bool { return slices.Contains(op.Features, feature) }

// Dropping is the op with a rate and a seed, which do nothing where dropout is no feature of it.
func (op Op) Dropping(d Dropout) Op {
	if op.featured == nil {
		return op
	}
	op.Dropout = d
	f, hasMask, hasBias, drops := op.featured, op.Has("mask"), op.Has("bias"), op.Has("dropout")
	apart := func(in [][]float64) ([][]float64, extras) {
		x := extras{drops: drops, dropout: d}
		in = slices.Clone(in)
		take := func() []float64 {
			taken := in[addedAt]
			in = slices.Delete(in, addedAt, addedAt+1)
			return taken
		}
		if hasMask {
			x.mask = take()
		}
		if hasBias {
			x.bias = take()
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

// added is what is added to the score of slot j of a row, one after the other.
func (x extras) added(g *Graph, n Sizes, row, j, key int) (list []float64) {
	if x.bias != nil {
		list = append(list, x.bias[row*g.Slots+j])
	}
	if x.mask != nil {
		list = append(list, x.mask[row/n.Heads/g.Nodes()*g.Nodes()+key])
	}
	return list
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

// fillBias fills a bias: most edges have a number of about one, some are hidden, and in one case of three all those of some rows.
func (c Case) fillBias(t Float, g *Graph, values []float64) {
	r := c.random(103)
	for i := range values {
		if values[i] = t.Round(4*r.Float64() - 2); r.IntN(6) == 0 {
			values[i] = math.Inf(-1)
		}
	}
	if c.Seed%3 != 1 {
		return
	}
	for row := range len(values) / g.Slots {
		if r.IntN(4) > 0 {
			continue
		}
		for j := range g.Slots {
			values[row*g.Slots+j] = math.Inf(-1)
		}
	}
}

// dropout is the rate and the seed of a case: rates of 0 and next to 1, and seeds of all ones and zeros, are among them.
func (c Case) dropout(t Float) Dropout {
	r := c.random(101)
	rates := [...]float64{0, 0.1, 0.1, 0.5, 0.25, 0.9, 1 - 0x1p-24}
	seeds := [...]uint64{0, math.MaxUint64, r.Uint64(), r.Uint64(), r.Uint64()}
	return Dropout{t.Arith().Round(rates[r.IntN(len(rates))]), seeds[r.IntN(len(seeds))]}
}
