package ops

import "github.com/pyragen/pyragen/ir"

// features are the buffers of what attention does beside its definition, nil where it does not (see [Options]).
type features struct {
	mask          *ir.Buffer // added to the scores of a key
	dropout, seed *ir.Buffer // probability and seed of weights that are dropped
}

// masked adds the mask where there is one; it comes behind the other tensors.
func (k *builder) masked(o Options) {
	if o.Mask {
		k.mask = k.buffer("mask", k.storage, ir.In, batch, nodes)
	}
}

// dropping adds the scalars of dropout where there is one; they come behind the other scalars.
func (k *builder) dropping(o Options) {
	if o.Dropout {
		k.dropout, k.seed = k.scalar("dropout"), k.buffer("seed", ir.U64, ir.In)
	}
}

// logit is scale * S[b,i,h,j], and with a mask that of the key added: 0 leaves the key as it is, -inf hides it.
func (k *builder) logit(scale, s *ir.Buffer) ir.Expr {
	x := mul(at(scale), at(s, b, i, h, j))
	if k.mask != nil {
		x = add(x, at(k.mask, b, k.key()))
	}
	return x
}

// kept returns the weights, or with dropout stages that drop some of them and make the others as much larger, so that their mean stays:
//
//	Z[b,i,h,j] = U < dropout ? 0 : 1/(1 - dropout),  U = random(seed, b*nodes + i, j*heads + h)
//
// U does not depend on more than the edge: the gradient draws it again, at either end.
func (k *builder) kept(weights *ir.Buffer) *ir.Buffer {
	if k.dropout == nil {
		return weights
	}
	z, dropped := k.edges("z", ir.Temp), k.edges(weights.Name+"z", ir.Temp)
	u := &ir.Random{Type: k.Type, Seed: k.seed, Row: ir.Plus(ir.Times(b, nodes), i), Col: ir.Plus(ir.Times(j, heads), h), Width: 1}
	k.stage(z, k.full(), &ir.Select{
		Cond: &ir.CompareValue{Op: ir.LT, X: u, Y: at(k.dropout)},
		X:    k.value(0),
		Y:    recip(sub(k.value(1), at(k.dropout))),
	}, b, i, h, j)
	k.stage(dropped, k.full(), mul(at(weights, b, i, h, j), at(z, b, i, h, j)), b, i, h, j)
	return dropped
}
