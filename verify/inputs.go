package verify

import (
	"math"
	"math/rand/v2"
	"slices"
)

// inputs makes the operands of an op for a case: values of type t, the same on every machine.
//
// What stands in empty slots must never be read into a result, so it is poison: NaN or a huge number.
func (c Case) inputs(op Op, t Float, g *Graph) (in [][]float64, scalar float64, err error) {
	if c.Vector != nil {
		return c.vectorInputs(op, t, g)
	}
	for pos, o := range op.Inputs {
		r := c.random(uint64(pos))
		values := make([]float64, o.Len(g, c.Sizes))
		switch o.Name {
		case "mask":
			c.fillMask(t, g, values)
		case "bias":
			c.fillBias(t.Of(o), g, values)
		default:
			fillRandom(t.Of(o), values, r)
		}
		if c.Special != "" && c.Operand == pos {
			s, err := findSpecial(c.Special)
			if err != nil {
				return nil, 0, err
			}
			s.fill(t.Of(o), c.Sizes.Batch*g.Nodes()*c.Sizes.Heads, values, r)
			t.Of(o).roundAll(values)
		}
		if o.Extent == PerSlot {
			c.poison(g, values)
		}
		in = append(in, values)
	}
	switch op.Scalar {
	case "padding":
		paddings := [...]float64{-1e9, -1e9, -1e9, math.Inf(-1), 0, 1.25}
		scalar = paddings[c.random(100).IntN(len(paddings))]
	case "scale":
		scalar = t.Arith().Round(1 / math.Sqrt(float64(c.Sizes.Dim)))
	}
	if op.Name == "attention-grad" {
		err = c.forward(op, t, g, in, scalar)
	}
	return in, scalar, err
}

// forward makes out and lse among the inputs of a gradient: they are results of the same q, k, v, mask and bias.
func (c Case) forward(op Op, t Float, g *Graph, in [][]float64, scalar float64) error {
	forward, err := FindOp("attention")
	if err != nil {
		return err
	}
	forward = forward.With(op.Features).Dropping(op.Dropout)
	for o, e := range forward.truth(t, g, c.Sizes, in[:len(forward.Inputs)], scalar) {
		to := len(forward.Inputs) + o
		copy(in[to], e.Value)
		t.Of(op.Inputs[to]).roundAll(in[to])
	}
	return nil
}

func (t Float) roundAll(values []float64) {
	for i, x := range values {
		values[i] = t.Round(x)
	}
}

// vectorInputs rounds a vector's operands to the type; q, k, v and x_slots are float32 numbers already. For types of 16 bits they are
// others, and so are the results.
func (c Case) vectorInputs(op Op, t Float, g *Graph) (in [][]float64, scalar float64, err error) {
	exact, scalar, err := c.Vector.Inputs(op)
	if err != nil {
		return nil, 0, err
	}
	for pos, values := range exact {
		rounded := slices.Clone(values)
		t.Of(op.Inputs[pos]).roundAll(rounded)
		in = append(in, rounded)
	}
	scalar = t.Arith().Round(scalar)
	if t.narrow() && op.Name == "attention-grad" {
		err = c.forward(op, t, g, in, scalar)
	}
	return in, scalar, err
}

func (c Case) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(c.Seed, stream)) }

// fillRandom draws from both signs and eight binades, never zero. The bits come from PCG directly, whose sequence is fixed for ever.
func fillRandom(t Float, values []float64, r *rand.Rand) {
	for i := range values {
		bits := r.Uint64()
		x := 1 + float64(bits>>12)*0x1p-52
		if t.Bytes == 4 {
			x = 1 + float64(bits>>41)*0x1p-23
		}
		x = math.Ldexp(x, int(bits>>1&7)-5)
		if bits&1 == 1 {
			x = -x
		}
		values[i] = t.Round(x)
	}
}

func (c Case) poison(g *Graph, values []float64) {
	poison := 1e30
	if c.Seed%2 == 0 {
		poison = math.NaN()
	}
	for i := range values {
		if g.Neighbours[i/(g.Slots*c.Sizes.Heads)%g.Nodes()][i%g.Slots] < 0 {
			values[i] = poison
		}
	}
}
