package ops

import (
	"math"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
)

// Softmax builds the softmax of each row of slots and the logarithm of its normaliser. An empty slot gets 0. A row with no full
// slot, or with nothing but -inf in them, gets 0 and an lse of -inf, never NaN.
//
//	P[b,i,h,j] = exp(S[b,i,h,j] - lse[b,i,h]),  lse[b,i,h] = log sum_j exp(S[b,i,h,j])
//
// Buffers: p (batch, node, head, slot); lse (batch, node, head); s (batch, node, head, slot); on a table qk.
func Softmax(o Options) *ir.Kernel {
	k := begin("softmax", o, toKeys)
	p, lse := k.edges("p", ir.Out), k.perRow("lse", ir.Out)
	s := k.edges("s", ir.In)
	k.graph(toKeys)

	e, r := k.normalise(s, lse)
	k.stage(p, nil, k.orEmpty(mul(at(e, b, i, h, j), at(r, b, i, h))), b, i, h, j)
	return k.Kernel
}

// SoftmaxGrad derives the gradient of the softmax of each row. An empty slot gets 0.
//
//	dS[b,i,h,j] = P[b,i,h,j] * (dP[b,i,h,j] - sum_j' P[b,i,h,j'] * dP[b,i,h,j'])
//
// Buffers: ds, p, dp (batch, node, head, slot); on a table qk.
func SoftmaxGrad(o Options) *ir.Kernel {
	return gradient(SoftmaxDefinition(o), diff.Request{
		Kernel: "softmax-grad", WRT: []string{"s"}, Seeds: []string{"p"}, Given: []string{"p"}, Names: map[string]string{"lse": "delta"},
	})
}

// normalise adds the stages of a numerically safe softmax over the full slots of s: it returns the exponentials and the
// reciprocal of their sum, and defines lse.
//
//	m = max(lowest, max_j S_j),  e_j = exp(S_j - m),  l = sum_j e_j,  r = 1/l (0 where l is 0),  lse = m + log l
//
// The lowest finite number in m keeps S_j - m from being -inf - -inf.
func (k *builder) normalise(s, lse *ir.Buffer) (e, r *ir.Buffer) {
	m, l := k.perRow("m", ir.Temp), k.perRow("sum", ir.Temp)
	e, r = k.edges("e", ir.Temp), k.perRow("r", ir.Temp)

	largest := &ir.Reduce{Op: ir.MaxOf, Axis: string(j), Extent: slots, Where: k.full(), Body: at(s, b, i, h, j)}
	k.stage(m, nil, &ir.Binary{Op: ir.FMax, X: largest, Y: k.lowest()}, b, i, h)
	k.stage(e, k.full(), exp(sub(at(s, b, i, h, j), at(m, b, i, h))), b, i, h, j)
	k.stage(l, nil, k.sumKeys(at(e, b, i, h, j)), b, i, h)
	k.stage(r, nil, k.zeroAt(0, at(l, b, i, h), recip(at(l, b, i, h))), b, i, h)
	k.stage(lse, nil, add(at(m, b, i, h), log(at(l, b, i, h))), b, i, h)
	return e, r
}

// lowest is the lowest finite number of the arithmetic type.
func (k *builder) lowest() ir.Expr {
	if k.Type == ir.F32 {
		return k.value(-math.MaxFloat32)
	}
	return k.value(-math.MaxFloat64)
}

// orEmpty is x in a full slot and 0 in an empty one.
func (k *builder) orEmpty(x ir.Expr) ir.Expr { return &ir.Select{Cond: k.full(), X: x, Y: k.value(0)} }
