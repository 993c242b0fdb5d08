package verify

import (
	"math"
	"slices"
)

// fused computes the ops that chain others, on approx values: the truth and its bound in one walk.
type fused struct {
	arith
	stored Float
	g      *Graph
	n      Sizes
	at     layout
	x      extras
}

func newFused(t Float, g *Graph, n Sizes, x extras) fused {
	return fused{newArith(t), t, g, n, layout{n: n, nodes: g.Nodes()}, x}
}

func trueSoftmax(t Float, g *Graph, n Sizes, in [][]float64, scale float64) []Expected {
	p, lse := newFused(t, g, n, extras{}).softmax(exact(in[0]), scale)
	return []Expected{expect("p", p), expect("lse", lse)}
}

func trueSoftmaxGrad(t Float, g *Graph, n Sizes, in [][]float64, _ float64) []Expected {
	return []Expected{expect("ds", newFused(t, g, n, extras{}).softmaxGrad(exact(in[0]), exact(in[1])))}
}

func trueAttention(t Float, g *Graph, n Sizes, in [][]float64, scale float64, x extras) []Expected {
	f := newFused(t, g, n, x)
	p, lse := f.softmax(f.scores(exact(in[0]), exact(in[1])), scale)
	return []Expected{expect("out", f.context(f.drop(p), exact(in[2]))), expect("lse", lse)}
}

// trueAttentionGrad computes everything again from q, k, v and dout. A kernel may take p from lse, and sum_j p*dp as sum_d dout*out,
// where lse and out were rounded: what that adds to the error is added to the bounds.
func trueAttentionGrad(t Float, g *Graph, n Sizes, in [][]float64, scale float64, x extras) []Expected {
	f := newFused(t, g, n, x)
	q, k, v, dout := exact(in[0]), exact(in[1]), exact(in[2]), exact(in[5])
	s := f.scores(q, k)
	p, lse := f.softmax(s, scale)
	f.rows(func(row, i int) {
		lse[row].e += f.u * math.Abs(lse[row].v)
		for j, key := range f.g.Neighbours[i] {
			if key < 0 || math.IsInf(lse[row].v, -1) {
				continue
			}
			if logit, hidden := f.logit(s, row, j, key, scale); !hidden {
				p[row*f.g.Slots+j].e += f.exp(f.sub(logit, lse[row])).e
			}
		}
	})
	ds := f.softmaxGrad(p, f.drop(f.scores(dout, v)))
	f.rows(func(row, i int) {
		var delta approxSum
		for d := row * n.Dim; d < (row+1)*n.Dim; d++ {
			delta.add(dout[d], approx{in[3][d], f.roundings(in[3][d])})
		}
		for j, key := range f.g.Neighbours[i] {
			if at := row*f.g.Slots + j; key >= 0 {
				ds[at].e += 2 * f.mul(p[at], f.total(delta)).e // of the sum itself, and of what it is without rounding
			}
		}
	})
	dbias := slices.Clone(ds)
	for i := range ds {
		ds[i] = f.mul(ds[i], approx{v: scale})
	}
	grads := []Expected{expect("dq", f.context(ds, k)), expect("dk", f.reverse(ds, q)), expect("dv", f.reverse(f.drop(p), dout))}
	if x.bias != nil {
		grads = append(grads, expect("dbias", dbias))
	}
	return grads
}

// roundings is how far an element may be from what it was rounded from.
func (f fused) roundings(x float64) float64 {
	if f.stored.narrow() {
		return f.stored.U*math.Abs(x) + f.stored.Eta/2
	}
	return f.u * math.Abs(x)
}

// rows calls f with every (batch, node, head): its row number and the node.
func (f fused) rows(do func(row, node int)) {
	for b := range f.n.Batch {
		for i := range f.g.Nodes() {
			for h := range f.n.Heads {
				do(f.at.row(b, i, h), i)
			}
		}
	}
}

// other is the row of another node with the same batch and head.
func (f fused) other(row, node, to int) int { return row + (to-node)*f.n.Heads }

func (f fused) scores(x, y []approx) []approx {
	s := make([]approx, f.n.Batch*f.g.Nodes()*f.n.Heads*f.g.Slots)
	f.rows(func(row, i int) {
		for j, key := range f.g.Neighbours[i] {
			if key < 0 {
				continue
			}
			var sum approxSum
			for d := range f.n.Dim {
				sum.add(x[row*f.n.Dim+d], y[f.other(row, i, key)*f.n.Dim+d])
			}
			s[row*f.g.Slots+j] = f.total(sum)
		}
	})
	return s
}

func (f fused) context(p, y []approx) []approx {
	z := make([]approx, f.n.Batch*f.g.Nodes()*f.n.Heads*f.n.Dim)
	f.rows(func(row, i int) {
		for d := range f.n.Dim {
			var sum approxSum
			for j, key := range f.g.Neighbours[i] {
				if key >= 0 {
					sum.add(p[row*f.g.Slots+j], y[f.other(row, i, key)*f.n.Dim+d])
				}
			}
			z[row*f.n.Dim+d] = f.total(sum)
		}
	})
	return z
}

func (f fused) reverse(p, y []approx) []approx {
	z := make([]approx, f.n.Batch*f.g.Nodes()*f.n.Heads*f.n.Dim)
	f.rows(func(row, i int) {
		for d := range f.n.Dim {
			var sum approxSum
			for _, r := range f.g.Queries[i] {
				from := f.other(row, i, r.Node)
				sum.add(p[from*f.g.Slots+r.Slot], y[from*f.n.Dim+d])
			}
			z[row*f.n.Dim+d] = f.total(sum)
		}
	})
	return z
}

// logit is scale*s plus the bias of the edge plus the mask of the key. An edge that is hidden, by either, is as none at all.
func (f fused) logit(s []approx, row, j, key int, scale float64) (t approx, hidden bool) {
	t = f.mul(s[row*f.g.Slots+j], approx{v: scale})
	for _, more := range f.x.added(f.g, f.n, row, j, key) {
		switch {
		case hidden && (math.IsNaN(more) || math.IsInf(more, 1)): // not a number
			return f.add(approx{v: math.Inf(-1)}, approx{v: more}), false
		case math.IsInf(more, -1) && finite(t.v) && finite(t.e):
			t, hidden = approx{}, true
		case !hidden:
			t = f.add(t, approx{v: more})
		}
	}
	return t, hidden
}

// drop multiplies what belongs to edges by Z: 0, or 1/(1 - rate).
func (f fused) drop(p []approx) []approx {
	if !f.x.drops {
		return p
	}
	pz := make([]approx, len(p))
	larger := f.div(approx{v: 1}, f.sub(approx{v: 1}, approx{v: f.x.dropout.Rate}))
	f.rows(func(row, i int) {
		for j := range f.g.Slots {
			z := approx{}
			if f.x.kept(f.g, f.n, row/f.n.Heads/f.g.Nodes(), i, row%f.n.Heads, j) {
				z = larger
			}
			pz[row*f.g.Slots+j] = f.mul(p[row*f.g.Slots+j], z)
		}
	})
	return pz
}

// softmax: p_j = exp(t_j - m) / sum_j exp(t_j - m) with t = scale*s + bias + mask over the full slots that are not hidden, lse = m +
// log(sum). The maximum m drops out of p, so whichever m a kernel uses is taken as exact. A row without a finite t gives p = 0 and
// lse = -inf.
func (f fused) softmax(s []approx, scale float64) (p, lse []approx) {
	p = make([]approx, len(s))
	lse = make([]approx, f.n.Batch*f.g.Nodes()*f.n.Heads)
	f.rows(func(row, i int) {
		most := math.Inf(-1)
		t, sees := make([]approx, f.g.Slots), make([]bool, f.g.Slots)
		for j, key := range f.g.Neighbours[i] {
			if key < 0 {
				continue
			}
			logit, hidden := f.logit(s, row, j, key, scale)
			if sees[j] = !hidden; sees[j] {
				t[j] = logit
				most = max(most, t[j].v)
			}
		}
		for j := range t {
			if math.IsInf(t[j].e, 1) { // a score may have passed the range of the type
				lse[row].e = t[j].e
			}
		}
		if lse[row].e > 0 {
			for j := range t {
				p[row*f.g.Slots+j].e = lse[row].e
			}
			return
		}
		lse[row].v = math.Inf(-1)
		if math.IsInf(most, -1) {
			return
		}
		var sum approxSum
		for j, seen := range sees {
			if seen {
				t[j] = f.exp(f.sub(t[j], approx{v: most}))
				sum.add(t[j], approx{v: 1})
			}
		}
		total := f.total(sum)
		for j, key := range f.g.Neighbours[i] {
			if key >= 0 { // hidden ones, whose t is 0, too: 0, or NaN where the sum is
				p[row*f.g.Slots+j] = f.div(t[j], total)
			}
		}
		lse[row] = f.add(f.log(total), approx{v: most})
	})
	return p, lse
}

// softmaxGrad: ds = p * (dp - sum_j p*dp) over the full slots, 0 in empty ones.
func (f fused) softmaxGrad(p, dp []approx) []approx {
	ds := make([]approx, len(p))
	f.rows(func(row, i int) {
		var sum approxSum
		for j, key := range f.g.Neighbours[i] {
			if key >= 0 {
				sum.add(p[row*f.g.Slots+j], dp[row*f.g.Slots+j])
			}
		}
		total := f.total(sum)
		for j, key := range f.g.Neighbours[i] {
			if key >= 0 {
				ds[row*f.g.Slots+j] = f.mul(p[row*f.g.Slots+j], f.sub(dp[row*f.g.Slots+j], total))
			}
		}
	})
	return ds
}
