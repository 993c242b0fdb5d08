package verify

import "math"

// Expected is the truth of one output tensor: a value an element, and what R4 allows a kernel to differ from it.
type Expected struct {
	Name  string
	Value []float64
	Bound []float64 // largest allowed |got - Value|; 0 means bit for bit (padding, empty slots)
	// Sum is sum |a||b| over the finite terms of the element. When it passes the type's range a kernel may overflow on the way,
	// and the element may be an infinity or NaN.
	Sum []float64
}

func newExpected(name string, n int) Expected {
	return Expected{name, make([]float64, n), make([]float64, n), make([]float64, n)}
}

// set stores a finished reduction: |error| <= gamma_k * sum |a||b|, k = length + 1, and half a subnormal a product that underflows. That
// of nothing is +0.
func (e Expected) set(t Float, i int, s dot) {
	if s.n == 0 {
		return
	}
	t = t.Arith()
	k := s.n + 1
	e.Value[i] = s.value()
	e.Sum[i] = s.abs
	e.Bound[i] = t.Gamma(k)*s.abs + float64(k)*t.Eta
}

// dot sums products in about twice the precision of float64 (Ogita, Rump, Oishi 2005, algorithm Dot2), so that the truth is
// better than the float64 kernels it judges.
type dot struct {
	hi, lo float64
	abs    float64 // sum |a||b| over finite a and b
	n      int
}

func (s *dot) add(a, b float64) {
	p := a * b
	t := s.hi + p
	z := t - s.hi
	s.lo += (s.hi - (t - z)) + (p - z) + math.FMA(a, b, -p)
	s.hi = t
	if finite(a) && finite(b) {
		s.abs += math.Abs(p)
	}
	s.n++
}

func (s *dot) value() float64 {
	if !finite(s.hi) || math.IsNaN(s.lo) {
		return s.hi // the correction of an infinity is NaN
	}
	return s.hi + s.lo
}

func finite(x float64) bool { return x-x == 0 }

// trueScores: s[b,i,h,j] = sum_d x[b,i,h,d] * y[b,qk[i,j],h,d], padding in empty slots.
func trueScores(t Float, g *Graph, n Sizes, in [][]float64, padding float64) []Expected {
	x, y := in[0], in[1]
	at := layout{n: n, nodes: g.Nodes()}
	s := newExpected("s", n.Batch*g.Nodes()*n.Heads*g.Slots)
	for b := range n.Batch {
		for i, row := range g.Neighbours {
			for h := range n.Heads {
				for j, key := range row {
					to := at.row(b, i, h)*g.Slots + j
					if key < 0 {
						s.Value[to] = t.Round(padding)
						continue
					}
					var sum dot
					xs, ys := at.row(b, i, h)*n.Dim, at.row(b, key, h)*n.Dim
					for d := range n.Dim {
						sum.add(x[xs+d], y[ys+d])
					}
					s.set(t, to, sum)
				}
			}
		}
	}
	return []Expected{s}
}

// trueContext: z[b,i,h,:] = sum_j p[b,i,h,j] * y[b,qk[i,j],h,:] over full slots.
func trueContext(t Float, g *Graph, n Sizes, in [][]float64, _ float64) []Expected {
	p, y := in[0], in[1]
	at := layout{n: n, nodes: g.Nodes()}
	z := newExpected("z", n.Batch*g.Nodes()*n.Heads*n.Dim)
	for b := range n.Batch {
		for i, row := range g.Neighbours {
			for h := range n.Heads {
				for d := range n.Dim {
					var sum dot
					for j, key := range row {
						if key >= 0 {
							sum.add(p[at.row(b, i, h)*g.Slots+j], y[at.row(b, key, h)*n.Dim+d])
						}
					}
					z.set(t, at.row(b, i, h)*n.Dim+d, sum)
				}
			}
		}
	}
	return []Expected{z}
}

// trueReverse: z[b,i,h,:] = sum over the queries r of i, in whose row i stands at slot m, of p[b,r,h,m] * y[b,r,h,:].
func trueReverse(t Float, g *Graph, n Sizes, in [][]float64, _ float64) []Expected {
	p, y := in[0], in[1]
	at := layout{n: n, nodes: g.Nodes()}
	z := newExpected("z", n.Batch*g.Nodes()*n.Heads*n.Dim)
	for b := range n.Batch {
		for i, queries := range g.Queries {
			for h := range n.Heads {
				for d := range n.Dim {
					var sum dot
					for _, r := range queries {
						sum.add(p[at.row(b, r.Node, h)*g.Slots+r.Slot], y[at.row(b, r.Node, h)*n.Dim+d])
					}
					z.set(t, at.row(b, i, h)*n.Dim+d, sum)
				}
			}
		}
	}
	return []Expected{z}
}

// layout numbers the rows of a (batch, node, head, ...) tensor.
type layout struct {
	n     Sizes
	nodes int
}

func (l layout) row(b, i, h int) int { return (b*l.nodes+i)*l.n.Heads + h }
