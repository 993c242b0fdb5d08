package demo

import (
	"time"

	"github.com/pyragen/pyragen/examples/ett/internal/attention"
	"github.com/pyragen/pyragen/examples/ett/internal/check"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// rival is one way to compute float32 attention from q, k, v to out on one core.
type rival struct {
	Name string
	Took time.Duration
	check.Worst
}

// againstDense times dense masked attention and the generated kernels. All are checked against the truth of attention as a whole.
func (d demo) againstDense() ([]rival, error) {
	l := layer(d, attention.F32(), 1)
	d.Step("dense attention over %d x %d", d.graph.Nodes(), d.graph.Nodes())
	mask := attention.NewMask(d.graph.Neighbours)
	start := time.Now()
	out := attention.Dense(l.In, mask, heads)
	dense := rival{Name: "dense", Took: time.Since(start)}
	var err error
	if dense.Worst, err = d.checkOut(l, out); err != nil {
		return nil, &WrongNumber{"dense attention", err}
	}
	rivals := []rival{dense}
	for _, isa := range pam.ISAs() {
		if err := pam.SetISA(isa); err != nil {
			return nil, err
		}
		r := rival{Name: isa}
		if r.Took, err = timed(l.Forward); err != nil {
			return nil, err
		}
		if r.Worst, err = d.checkOut(l, l.Out); err != nil {
			return nil, &WrongNumber{isa, err}
		}
		rivals = append(rivals, r)
	}
	return rivals, nil
}

func (d demo) checkOut(l *attention.Layer[float32], out []float32) (check.Worst, error) {
	in := [][]float32{l.In.Q, l.In.K, l.In.V}
	return check.Op("attention", d.graph, d.truthSizes(), in, attention.Scale(), out)
}
