package ops

import (
	"fmt"
	"math"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
)

// Gradients are derived from definitions: the equations of softmax and attention, without the maximum that [Softmax] and [Attention]
// subtract for safety and that cancels. A definition is not meant to be run; a gradient reads its lse from the forward result.

// SoftmaxDefinition builds the definition of [Softmax]: lse = log sum_j exp(S_j) and P_j = exp(S_j - lse). Its buffers are the same.
func SoftmaxDefinition(o Options) *ir.Kernel {
	k := begin("softmax", o, toKeys)
	p, lse := k.edges("p", ir.Out), k.perRow("lse", ir.Out)
	s := k.edges("s", ir.In)
	k.graph(toKeys)

	k.stage(lse, nil, k.logSumExp(s), b, i, h)
	k.stage(p, nil, k.orEmpty(k.probability(s, lse)), b, i, h, j)
	return k.Kernel
}

// AttentionDefinition builds the definition of [Attention]. Its buffers are the same.
func AttentionDefinition(o Options) *ir.Kernel {
	k := begin("attention", o, toKeys)
	out, lse := k.rows("out", ir.Out), k.perRow("lse", ir.Out)
	q, key, v := k.rows("q", ir.In), k.rows("k", ir.In), k.rows("v", ir.In)
	k.masked(o)
	k.biased(o)
	k.graph(toKeys)
	scale := k.scalar("scale")
	k.dropping(o)

	s, x, p := k.edges("s", ir.Temp), k.edges("x", ir.Temp), k.edges("p", ir.Temp)
	k.stage(s, k.full(), dot(at(q, b, i, h, d), at(key, b, k.key(), h, d)), b, i, h, j)
	k.stage(x, k.full(), k.logit(scale, s), b, i, h, j)
	k.stage(lse, nil, k.logSumExp(x), b, i, h)
	k.stage(p, k.full(), k.probability(x, lse), b, i, h, j)
	p = k.keptBy(p)
	k.stage(out, nil, k.sumKeys(mul(at(p, b, i, h, j), at(v, b, k.key(), h, d))), b, i, h, d)
	return k.Kernel
}

// logSumExp is log sum_j exp(S[b,i,h,j]).
func (k *builder) logSumExp(s *ir.Buffer) ir.Expr { return log(k.sumKeys(exp(at(s, b, i, h, j)))) }

// probability is exp(S[b,i,h,j] - lse[b,i,h]), and 0 in a row with nothing but -inf.
func (k *builder) probability(s, lse *ir.Buffer) ir.Expr {
	return k.zeroAt(math.Inf(-1), at(lse, b, i, h), exp(sub(at(s, b, i, h, j), at(lse, b, i, h))))
}

// gradient derives a gradient of a definition of this package. That it can be derived is a property of the definition, not of what
// a caller asks for.
func gradient(k *ir.Kernel, r diff.Request) *ir.Kernel {
	r.Tables = diff.Tables{Nbr: "qk", Rev: "kq", RevSlot: "m", Nodes: "nodes", Slots: "slots", InSlots: "in_slots"}
	g, err := diff.Gradient(k, r)
	if err != nil {
		panic(fmt.Sprintf("ops: %v", err))
	}
	return g
}
