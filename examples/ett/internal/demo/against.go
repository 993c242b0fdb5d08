package demo

import (
	"slices"
	"time"

	"github.com/pyragen/pyragen/examples/ett/internal/attention"
	"github.com/pyragen/pyragen/examples/ett/internal/check"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// rival is one way to compute float32 attention from q, k, v to out on one core, or its gradient.
type rival struct {
	Way, ISA string
	Took     time.Duration
	check.Worst
}

// gradientWay is the rival that computes something else than the others, so that its time is not compared with theirs.
const gradientWay = "attention-grad"

// againstDense times dense masked attention, the generated ops one after the other, and the fused op, all checked against the truth
// of attention as a whole; and the fused gradient. The kernels are those in Go, as dense attention is, and those of the best
// instruction set.
func (d demo) againstDense() ([]rival, error) {
	n := d.sizes(1)
	l := attention.NewLayer(attention.F32(), embed[float32](d), n)
	s := attention.NewSteps(l.Kernels, l.In, n)
	d.Step("dense attention over %d x %d", d.graph.Nodes(), d.graph.Nodes())
	mask := attention.NewMask(d.graph.Neighbours)
	start := time.Now()
	dense := attention.Dense(l.In, mask, heads)
	first := rival{Way: "dense, masked", ISA: "-", Took: time.Since(start)}

	in := [][]float32{l.In.Q, l.In.K, l.In.V}
	compare := func(r *rival, op string, inputs [][]float32, got ...[]float32) (err error) {
		if r.Worst, err = check.Op(op, d.graph, d.truthSizes(), inputs, attention.Scale(), got...); err != nil {
			return &WrongNumber{r.Way + ", " + r.ISA, err}
		}
		return nil
	}
	if err := compare(&first, "attention", in, dense); err != nil {
		return nil, err
	}
	rivals := []rival{first}
	isas := pam.ISAs()
	for _, isa := range slices.Compact([]string{isas[0], isas[len(isas)-1]}) {
		if err := pam.SetISA(isa); err != nil {
			return nil, err
		}
		for _, c := range []struct {
			way, op string
			run     func() error
			inputs  [][]float32
			got     [][]float32
		}{
			{"scores, softmax, context", "attention", s.Forward, in, [][]float32{s.Out, s.LSE}},
			{"attention", "attention", l.Attention, in, [][]float32{l.Out, l.LSE}},
			{gradientWay, "attention-grad", l.Gradient, gradientInputs(l), [][]float32{l.DQ, l.DK, l.DV}},
		} {
			r := rival{Way: c.way, ISA: isa}
			d.Step("%s on %s", c.way, isa)
			var err error
			if r.Took, err = timed(c.run); err != nil {
				return nil, err
			}
			if err := compare(&r, c.op, c.inputs, c.got...); err != nil {
				return nil, err
			}
			rivals = append(rivals, r)
		}
	}
	return rivals, nil
}
