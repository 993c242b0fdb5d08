package forecast

import (
	"fmt"
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/train/internal/kernels"
	"github.com/pyragen/pyragen/examples/train/internal/nn"
	"github.com/pyragen/pyragen/examples/train/internal/pam"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// layer is x += Wo attention(Wq h, Wk h, Wv h) + bo with h = norm(x). The projections have no bias: one of k would change nothing,
// since a softmax does not see what is added to all scores of a row.
type layer[T tensor.Float] struct {
	heads      int
	attention  *kernels.Attention[T]
	norm       *nn.Norm[T]
	wq, wk, wv *nn.Linear[T]
	wo         *nn.Linear[T]

	h, q, k, v, out      tensor.Matrix[T]
	lse                  tensor.Matrix[T] // (batch and node, head)
	dh, dq, dk, dv, dout tensor.Matrix[T]
}

func newLayer[T tensor.Float](number, heads int, a *kernels.Attention[T], r *rand.Rand) *layer[T] {
	width := heads * pam.Dim
	name := fmt.Sprintf("layer%d.", number)
	project := func(part string, bias bool) *nn.Linear[T] { return nn.NewLinear[T](name+part, width, width, bias, r) }
	return &layer[T]{heads: heads, attention: a, norm: nn.NewNorm[T](name+"norm", width),
		wq: project("q", false), wk: project("k", false), wv: project("v", false), wo: project("out", true)}
}

func (l *layer[T]) params() []*nn.Param[T] {
	params := l.norm.Params()
	for _, w := range []*nn.Linear[T]{l.wq, l.wk, l.wv, l.wo} {
		params = append(params, w.Params()...)
	}
	return params
}

// forward changes the nodes.
func (l *layer[T]) forward(x tensor.Matrix[T], batch int) error {
	for _, m := range []*tensor.Matrix[T]{&l.h, &l.q, &l.k, &l.v, &l.out} {
		*m = m.Shaped(x.Rows, x.Cols)
	}
	l.lse = l.lse.Shaped(x.Rows, l.heads)
	l.norm.Forward(l.h, x)
	l.wq.Forward(l.q, l.h)
	l.wk.Forward(l.k, l.h)
	l.wv.Forward(l.v, l.h)
	if err := l.attention.Forward(l.out.Data, l.lse.Data, l.q.Data, l.k.Data, l.v.Data, batch); err != nil {
		return err
	}
	l.wo.Forward(x, l.out)
	return nil
}

// backward takes the gradient in the nodes after the layer and leaves that in the nodes before it. What the residual passes on is
// there already.
func (l *layer[T]) backward(dx tensor.Matrix[T], batch int) error {
	for _, m := range []*tensor.Matrix[T]{&l.dh, &l.dq, &l.dk, &l.dv, &l.dout} {
		*m = m.Shaped(dx.Rows, dx.Cols)
	}
	l.wo.Backward(l.dout, dx)
	err := l.attention.Gradient(l.dq.Data, l.dk.Data, l.dv.Data, l.q.Data, l.k.Data, l.v.Data, l.out.Data, l.lse.Data, l.dout.Data, batch)
	if err != nil {
		return err
	}
	l.wq.Backward(l.dh, l.dq)
	l.wk.Backward(l.dh, l.dk)
	l.wv.Backward(l.dh, l.dv)
	l.norm.Backward(dx, l.dh)
	return nil
}
