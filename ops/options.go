package ops

import "github.com/pyragen/pyragen/ir"

// features are the buffers of what attention does beside its definition, nil where it does not (see [Options]).
type features struct {
	mask          *ir.Buffer // added to the scores of a key
	bias          *ir.Buffer // added to the score of an edge
	dropout, seed *ir.Buffer // probability and seed of weights that are dropped
}

// masked adds the mask where there is one; it comes behind the other tensors.
func (k *builder) masked(o Options) {
	if o.Mask {
		k.mask = k.buffer("mask", k.storage, ir.In, batch, nodes)
	}
}

// biased adds the bias of edges where there is one; it comes behind the mask.
func (k *builder) biased(o Options) {
	if o.Bias {
		k.bias = k.edges("bias", ir.In)
	}
}

// dropping adds the scalars of dropout where there is one; they come behind the other scalars.
func (k *builder) dropping(o Options) {
	if o.Dropout {
		k.dropout, k.seed = k.scalar("dropout"), k.buffer("seed", ir.U64, ir.In)
	}
}

// logit is scale * S[b,i,h,j], and with a bias that of the edge added, with a mask that of the key: 0 leaves edge and key as they are,
// -inf hides them.
func (k *builder) logit(scale, s *ir.Buffer) ir.Expr {
	x := mul(at(scale), at(s, b, i, h, j))
	if k.bias != nil {
		x = add(x, at(k.bias, b, i, h, j))
	}
	if k.mask != nil {
		x = add(x, at(k.mask, b, k.key()))
	}
	return x
}

// dropped holds for the edges that dropout takes away:
//
//	random(seed, b*nodes + i, j*heads + h) < dropout
//
// That depends on no more than the edge, so that the gradient draws it again, at either end.
func (k *builder) dropped() ir.Cond {
	u := &ir.Random{Type: k.Type, Seed: k.seed, Row: ir.Plus(ir.Times(b, nodes), i), Col: ir.Plus(ir.Times(j, heads), h), Width: 1}
	return &ir.CompareValue{Op: ir.LT, X: u, Y: at(k.dropout)}
}

// larger is 1/(1 - dropout), by which the weights that stay are multiplied, so that their mean does not change.
func (k *builder) larger() ir.Expr { return recip(sub(k.value(1), at(k.dropout))) }

// kept adds the stage of the weights that are left, with dropout: EZ[b,i,h,j] = E[b,i,h,j] * Z[b,i,h,j].
func (k *builder) kept(e *ir.Buffer) *ir.Buffer {
	if k.dropout == nil {
		return e
	}
	ez := k.edges("ez", ir.Temp)
	k.stage(ez, k.full(), &ir.Select{Cond: k.dropped(), X: k.value(0), Y: mul(at(e, b, i, h, j), k.larger())}, b, i, h, j)
	return ez
}

// keptBy is kept with the factors Z as a stage of their own: the gradient has them in two places.
func (k *builder) keptBy(p *ir.Buffer) *ir.Buffer {
	if k.dropout == nil {
		return p
	}
	z, pz := k.edges("z", ir.Temp), k.edges("pz", ir.Temp)
	k.stage(z, k.full(), &ir.Select{Cond: k.dropped(), X: k.value(0), Y: k.larger()}, b, i, h, j)
	k.stage(pz, k.full(), mul(at(p, b, i, h, j), at(z, b, i, h, j)), b, i, h, j)
	return pz
}
