package verify

import "math"

// The naive versions are what a person would write first: one running sum an element, no FMA (the conversions forbid fusing on
// every architecture), every operation rounded to T. R4 measures kernels against the error of these.

type float interface{ float32 | float64 }

func naiveScores[T float](g *Graph, n Sizes, in [][]float64, padding float64) [][]float64 {
	x, y := in[0], in[1]
	at := layout{n: n, nodes: g.Nodes()}
	s := make([]float64, n.Batch*g.Nodes()*n.Heads*g.Slots)
	for b := range n.Batch {
		for i, row := range g.Neighbours {
			for h := range n.Heads {
				for j, key := range row {
					to := at.row(b, i, h)*g.Slots + j
					if key < 0 {
						s[to] = float64(T(padding))
						continue
					}
					xs, ys := at.row(b, i, h)*n.Dim, at.row(b, key, h)*n.Dim
					var sum T
					for d := range n.Dim {
						sum += T(T(x[xs+d]) * T(y[ys+d]))
					}
					s[to] = float64(sum)
				}
			}
		}
	}
	return [][]float64{s}
}

func naiveContext[T float](g *Graph, n Sizes, in [][]float64, _ float64) [][]float64 {
	p, y := in[0], in[1]
	at := layout{n: n, nodes: g.Nodes()}
	z := make([]float64, n.Batch*g.Nodes()*n.Heads*n.Dim)
	for b := range n.Batch {
		for i, row := range g.Neighbours {
			for h := range n.Heads {
				for d := range n.Dim {
					var sum T
					for j, key := range row {
						if key >= 0 {
							sum += T(T(p[at.row(b, i, h)*g.Slots+j]) * T(y[at.row(b, key, h)*n.Dim+d]))
						}
					}
					z[at.row(b, i, h)*n.Dim+d] = float64(sum)
				}
			}
		}
	}
	return [][]float64{z}
}

func naiveReverse[T float](g *Graph, n Sizes, in [][]float64, _ float64) [][]float64 {
	p, y := in[0], in[1]
	at := layout{n: n, nodes: g.Nodes()}
	z := make([]float64, n.Batch*g.Nodes()*n.Heads*n.Dim)
	for b := range n.Batch {
		for i, queries := range g.Queries {
			for h := range n.Heads {
				for d := range n.Dim {
					var sum T
					for _, r := range queries {
						sum += T(T(p[at.row(b, r.Node, h)*g.Slots+r.Slot]) * T(y[at.row(b, r.Node, h)*n.Dim+d]))
					}
					z[at.row(b, i, h)*n.Dim+d] = float64(sum)
				}
			}
		}
	}
	return [][]float64{z}
}

// naiveSoftmax: p = exp(scale*s - max) / sum, 0 in empty slots; lse = max + log(sum), -inf for a row without a finite score.
func naiveSoftmax[T float](g *Graph, n Sizes, in [][]float64, scale float64) [][]float64 {
	s := in[0]
	p := make([]float64, len(s))
	lse := make([]float64, n.Batch*g.Nodes()*n.Heads)
	for r := range lse {
		row := g.Neighbours[r/n.Heads%g.Nodes()]
		most, sum := T(math.Inf(-1)), T(0)
		for j, key := range row {
			if key >= 0 {
				most = max(most, T(T(scale)*T(s[r*g.Slots+j])))
			}
		}
		if math.IsInf(float64(most), -1) {
			lse[r] = math.Inf(-1)
			continue
		}
		e := make([]T, g.Slots)
		for j, key := range row {
			if key >= 0 {
				e[j] = T(math.Exp(float64(T(T(scale)*T(s[r*g.Slots+j])) - most)))
				sum += e[j]
			}
		}
		for j, key := range row {
			if key >= 0 {
				p[r*g.Slots+j] = float64(e[j] / sum)
			}
		}
		lse[r] = float64(most + T(math.Log(float64(sum))))
	}
	return [][]float64{p, lse}
}

// naiveSoftmaxGrad: ds = p * (dp - sum_j p*dp), 0 in empty slots.
func naiveSoftmaxGrad[T float](g *Graph, n Sizes, in [][]float64, _ float64) [][]float64 {
	p, dp := in[0], in[1]
	ds := make([]float64, len(p))
	for r := range n.Batch * g.Nodes() * n.Heads {
		row := g.Neighbours[r/n.Heads%g.Nodes()]
		var sum T
		for j, key := range row {
			if key >= 0 {
				sum += T(T(p[r*g.Slots+j]) * T(dp[r*g.Slots+j]))
			}
		}
		for j, key := range row {
			if key >= 0 {
				ds[r*g.Slots+j] = float64(T(p[r*g.Slots+j]) * (T(dp[r*g.Slots+j]) - sum))
			}
		}
	}
	return [][]float64{ds}
}

func naiveAttention[T float](g *Graph, n Sizes, in [][]float64, scale float64, x extras) [][]float64 {
	q, k, v := in[0], in[1], in[2]
	p := naiveSoftmax[T](g, n, [][]float64{naiveLogits[T](g, n, q, k, scale, x)}, 1)
	pz := naiveDropout[T](g, n, p[0], x)
	return [][]float64{naiveContext[T](g, n, [][]float64{pz, v}, 0)[0], p[1]}
}

// naiveAttentionGrad: P = exp(scale*scores(q, k) + bias + mask - lse), dP = Z * scores(dout, v), dbias = P * (dP - sum_d dout*out),
// dS = scale * dbias, dq = context(dS, k), dk = reverse(dS, q), dv = reverse(Z*P, dout).
func naiveAttentionGrad[T float](g *Graph, n Sizes, in [][]float64, scale float64, x extras) [][]float64 {
	q, k, v, out, lse, dout := in[0], in[1], in[2], in[3], in[4], in[5]
	s := naiveLogits[T](g, n, q, k, scale, x)
	dp := naiveDropout[T](g, n, naiveScores[T](g, n, [][]float64{dout, v}, 0)[0], x)
	p, dbias, ds := make([]float64, len(s)), make([]float64, len(s)), make([]float64, len(s))
	for r := range lse {
		var delta T
		for d := r * n.Dim; d < (r+1)*n.Dim; d++ {
			delta += T(T(dout[d]) * T(out[d]))
		}
		for j, key := range g.Neighbours[r/n.Heads%g.Nodes()] {
			if at := r*g.Slots + j; key >= 0 && !math.IsInf(lse[r], -1) {
				p[at] = float64(T(math.Exp(float64(T(s[at]) - T(lse[r])))))
				dbias[at] = float64(T(p[at]) * (T(dp[at]) - delta))
				ds[at] = float64(T(scale) * T(dbias[at]))
			}
		}
	}
	pz := naiveDropout[T](g, n, p, x)
	grads := [][]float64{naiveContext[T](g, n, [][]float64{ds, k}, 0)[0], naiveReverse[T](g, n, [][]float64{ds, q}, 0)[0],
		naiveReverse[T](g, n, [][]float64{pz, dout}, 0)[0]}
	if x.bias != nil {
		grads = append(grads, dbias)
	}
	return grads
}

// naiveLogits: scale * scores(q, k) + bias of the edge + mask of the key.
func naiveLogits[T float](g *Graph, n Sizes, q, k []float64, scale float64, x extras) []float64 {
	s := naiveScores[T](g, n, [][]float64{q, k}, 0)[0]
	for at := range s {
		r := at / g.Slots
		if key := g.Neighbours[r/n.Heads%g.Nodes()][at%g.Slots]; key >= 0 {
			t := T(T(scale) * T(s[at]))
			for _, more := range x.added(g, n, r, at%g.Slots, key) {
				t += T(more)
			}
			s[at] = float64(t)
		}
	}
	return s
}

// naiveDropout: Z * p, where Z is 0 or 1/(1 - rate).
func naiveDropout[T float](g *Graph, n Sizes, p []float64, x extras) []float64 {
	if !x.drops {
		return p
	}
	pz := make([]float64, len(p))
	for at := range p {
		r, j := at/g.Slots, at%g.Slots
		if x.kept(g, n, r/n.Heads/g.Nodes(), r/n.Heads%g.Nodes(), r%n.Heads, j) {
			pz[at] = float64(T(p[at]) * (1 / (1 - T(x.dropout.Rate))))
		}
	}
	return pz
}
