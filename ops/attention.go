package ops

import (
	"slices"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
)

// Attention builds attention over the neighbours. A node without any gets out 0 and an lse of -inf.
//
//	S[b,i,h,j] = scale * sum_d Q[b,i,h,d] * K[b,N(i,j),h,d],  P = softmax(S)
//	O[b,i,h,d] = sum_j P[b,i,h,j] * V[b,N(i,j),h,d],  lse[b,i,h] = log sum_j exp(S[b,i,h,j])
//
// With a bias B[b,i,h,j] is added to scale * sum_d Q*K, with a mask A[b,N(i,j)]; a node whose edges are all hidden, at -inf, counts as
// without any. With dropout P is multiplied by Z (see [Options]) in O; lse is that of the weights before.
//
// Buffers: out (batch, node, head, dim); lse (batch, node, head); q, k, v (batch, node, head, dim); mask (batch, node); bias (batch, node,
// head, slot); on a table qk; scale; dropout, seed.
func Attention(o Options) *ir.Kernel {
	k := begin("attention", o, toKeys)
	out, lse := k.rows("out", ir.Out), k.perRow("lse", ir.Out)
	q, key, v := k.rows("q", ir.In), k.rows("k", ir.In), k.rows("v", ir.In)
	k.masked(o)
	k.biased(o)
	k.graph(toKeys)
	scale := k.scalar("scale")
	k.dropping(o)

	s, x := k.edges("s", ir.Temp), k.edges("x", ir.Temp)
	k.stage(s, k.full(), dot(at(q, b, i, h, d), at(key, b, k.key(), h, d)), b, i, h, j)
	k.stage(x, k.full(), k.logit(scale, s), b, i, h, j)
	e, r := k.normalise(x, lse)
	e = k.kept(e)
	k.stage(out, nil, mul(k.sumKeys(mul(at(e, b, i, h, j), at(v, b, k.key(), h, d))), at(r, b, i, h)), b, i, h, d)
	return k.Kernel
}

// AttentionGrad derives the gradients of attention, from its inputs, its results and the gradient dO that arrives at O. P is made
// again from lse. A node without neighbours gets dQ 0, a node that is nobody's neighbour dK and dV 0.
//
//	S[b,i,h,j]  = sum_d Q[b,i,h,d] * K[b,N(i,j),h,d]
//	P[b,i,h,j]  = exp(scale * S[b,i,h,j] - lse[b,i,h]), with bias and mask exp(scale * S[b,i,h,j] + B[b,i,h,j] + A[b,N(i,j)] - lse[b,i,h])
//	dP[b,i,h,j] = sum_d dO[b,i,h,d] * V[b,N(i,j),h,d]
//	D[b,i,h]    = sum_d dO[b,i,h,d] * O[b,i,h,d]
//	dS[b,i,h,j] = scale * P[b,i,h,j] * (dP[b,i,h,j] - D[b,i,h])
//	dQ[b,i,h,d] = sum_j dS[b,i,h,j] * K[b,N(i,j),h,d]
//	dK[b,i,h,d] = sum_j dS[b,R(i,j),h,M(i,j)] * Q[b,R(i,j),h,d]
//	dV[b,i,h,d] = sum_j P[b,R(i,j),h,M(i,j)] * dO[b,R(i,j),h,d]
//	dB[b,i,h,j] = P[b,i,h,j] * (dP[b,i,h,j] - D[b,i,h]) with a bias, 0 in an empty slot
//
// With dropout Z is drawn again: dP is multiplied by it, and so is P in dV; D is the same sum, as O has it in it.
//
// Buffers: dq, dk, dv (batch, node, head, dim); dbias (batch, node, head, slot); q, k, v (batch, node, head, dim); mask (batch, node); bias
// (batch, node, head, slot); out (batch, node, head, dim); lse (batch, node, head); dout (batch, node, head, dim); on a table qk, kq, m;
// scale; dropout, seed.
func AttentionGrad(o Options) *ir.Kernel {
	wrt := []string{"q", "k", "v"}
	if o.Bias {
		wrt = append(wrt, "bias")
	}
	k := gradient(AttentionDefinition(o), diff.Request{
		Kernel: "attention-grad", WRT: wrt, Seeds: []string{"out"}, Given: []string{"out", "lse"},
		Names: map[string]string{"lse": "delta"},
	})
	if o.Bias { // dbias is of the edges that dq is of, the others of those that lead to a node
		last := len(k.Stages) - 1
		k.Stages = slices.Insert(k.Stages[:last], last-2, k.Stages[last])
	}
	return k
}

// sumTransposed is sum_j P[b,R(i,j),h,M(i,j)] * Y[b,R(i,j),h,d].
func (k *builder) sumTransposed(p, y *ir.Buffer) ir.Expr {
	return k.sumQueries(mul(at(p, b, k.query(), h, k.slotOfKey()), at(y, b, k.query(), h, d)))
}
