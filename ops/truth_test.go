package ops

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// graph is a graph as a table: rows[i][j] is the node in slot j of node i, or -1.
type graph struct {
	rows  [][]int
	slots int
}

// edge is a slot of a query.
type edge struct{ query, slot int }

// in returns, for each node, the slots in which it stands.
func (g graph) in() [][]edge {
	in := make([][]edge, len(g.rows))
	for q, row := range g.rows {
		for j, k := range row {
			if k >= 0 {
				in[k] = append(in[k], edge{q, j})
			}
		}
	}
	return in
}

// pyramid is the graph of design section 1: windows, then the children of each node, then its parent.
func pyramid(window int, strides []int, leaves int) graph {
	sizes, first := []int{leaves}, []int{0}
	for _, c := range strides {
		n := sizes[len(sizes)-1] / c
		if n == 0 {
			break
		}
		first = append(first, first[len(first)-1]+sizes[len(sizes)-1])
		sizes = append(sizes, n)
	}
	parents, children := map[int]int{}, map[int][]int{}
	most := 0
	for l := range len(sizes) - 1 {
		for k := range sizes[l] {
			up := first[l+1] + min(k/strides[l], sizes[l+1]-1)
			parents[first[l]+k] = up
			children[up] = append(children[up], first[l]+k)
			most = max(most, len(children[up]))
		}
	}
	g := graph{slots: window + most + 1}
	for l, n := range sizes {
		for k := range n {
			i, row := first[l]+k, slices.Repeat([]int{-1}, g.slots)
			for j := range window {
				if k-window/2+j >= 0 && k-window/2+j < n {
					row[j] = i - window/2 + j
				}
			}
			copy(row[window:], children[i])
			if up, ok := parents[i]; ok {
				row[g.slots-1] = up
			}
			g.rows = append(g.rows, row)
		}
	}
	return g
}

// thinned is g without about half of its edges, and so directed, with some nodes that attend to nobody.
func (g graph) thinned(r *rand.Rand) graph {
	t := graph{slots: g.slots}
	for _, row := range g.rows {
		row = slices.Clone(row)
		lonely := r.IntN(5) == 0
		for j := range row {
			if lonely || r.IntN(2) == 0 {
				row[j] = -1
			}
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// tensors are the operands and results of all ops on one graph, in float64, row-major.
type tensors struct {
	graph
	batch, heads, dim int
	with              Options // of which only the features count
	of                map[string][]float64
	seed              uint64
}

// count is the number of rows: one for each (batch, node, head).
func (t *tensors) count() int { return t.batch * len(t.rows) * t.heads }

// at is the row of a tensor: n elements for each (batch, node, head).
func (t *tensors) at(name string, b, i, h, n int) []float64 {
	k := (b*len(t.rows)+i)*t.heads + h
	return t.of[name][k*n : k*n+n]
}

// random fills a tensor with numbers that float32 represents exactly.
func (t *tensors) random(r *rand.Rand, n int, names ...string) {
	for _, name := range names {
		x := make([]float64, t.count()*n)
		for k := range x {
			x[k] = float64(float32(r.NormFloat64()))
		}
		t.of[name] = x
	}
}

func (t *tensors) zero(n int, names ...string) {
	for _, name := range names {
		t.of[name] = make([]float64, t.count()*n)
	}
}

func dotOf(x, y []float64) (s float64) {
	for k := range x {
		s += x[k] * y[k]
	}
	return s
}

func axpy(z []float64, a float64, x []float64) {
	for k := range z {
		z[k] += a * x[k]
	}
}

// newTensors returns random operands and the results of every op on them. Everything is written straight from the definitions;
// the gradients come from the dense Jacobian of the softmax.
func newTensors(g graph, batch, heads, dim int, r *rand.Rand) *tensors {
	return newTensorsWith(Options{}, g, batch, heads, dim, r)
}

func newTensorsWith(with Options, g graph, batch, heads, dim int, r *rand.Rand) *tensors {
	t := &tensors{graph: g, batch: batch, heads: heads, dim: dim, with: with, of: map[string][]float64{}, seed: r.Uint64()}
	t.of["mask"] = make([]float64, batch*len(g.rows))
	for k := range t.of["mask"] {
		t.of["mask"][k] = [...]float64{0, 0, 0.5, -2, math.Inf(-1)}[r.IntN(5)]
	}
	t.of["dropout"] = []float64{[...]float64{0, 0.25, 0.5, 0.875, t.someDraw()}[r.IntN(5)]}
	t.of["padding"] = []float64{-3} // of the size of scores, which errors are relative to
	t.of["scale"] = []float64{float64(float32(1 / math.Sqrt(float64(dim))))}
	t.random(r, dim, "q", "k", "v", "dout", "x", "y")
	t.random(r, g.slots, "weights", "logits", "dp")
	t.zero(g.slots, "scores", "softmax", "ds", "bias", "dbias")
	if with.Bias {
		t.fillBias(r)
	}
	t.zero(1, "softmax lse", "lse")
	t.zero(dim, "context", "reverse", "out", "dq", "dk", "dv")
	for b := range batch {
		for i := range g.rows {
			for h := range heads {
				t.row(b, i, h)
			}
		}
	}
	return t
}

// fillBias makes a bias that hides some edges, all those of some rows, and has NaN in empty slots, where nothing is read.
func (t *tensors) fillBias(r *rand.Rand) {
	t.random(r, t.slots, "bias")
	for n := range t.of["bias"] {
		row := n / t.slots
		switch {
		case t.rows[row/t.heads%len(t.rows)][n%t.slots] < 0:
			t.of["bias"][n] = math.NaN()
		case row%5 == 3 || r.IntN(4) == 0:
			t.of["bias"][n] = math.Inf(-1)
		}
	}
}

// row computes what node i of head h contributes to the results.
func (t *tensors) row(b, i, h int) {
	scale, d, slots := t.of["scale"][0], t.dim, t.slots
	score := make([]float64, slots)
	for j, k := range t.rows[i] {
		if k < 0 {
			t.at("scores", b, i, h, slots)[j] = t.of["padding"][0]
			continue
		}
		t.at("scores", b, i, h, slots)[j] = dotOf(t.at("x", b, i, h, d), t.at("y", b, k, h, d))
		axpy(t.at("context", b, i, h, d), t.at("weights", b, i, h, slots)[j], t.at("y", b, k, h, d))
		axpy(t.at("reverse", b, k, h, d), t.at("weights", b, i, h, slots)[j], t.at("y", b, i, h, d))
		score[j] = scale * dotOf(t.at("q", b, i, h, d), t.at("k", b, k, h, d))
		if t.with.Bias {
			score[j] += t.at("bias", b, i, h, slots)[j]
		}
		if t.with.Mask {
			score[j] += t.of["mask"][b*len(t.rows)+k]
		}
	}

	p, lse := t.softmax(i, t.at("logits", b, i, h, slots))
	copy(t.at("softmax", b, i, h, slots), p)
	t.at("softmax lse", b, i, h, 1)[0] = lse
	copy(t.at("ds", b, i, h, slots), jacobian(p, t.at("dp", b, i, h, slots)))

	p, lse = t.softmax(i, score)
	t.at("lse", b, i, h, 1)[0] = lse
	dout, dp := t.at("dout", b, i, h, d), make([]float64, slots)
	for j, k := range t.rows[i] {
		if k >= 0 {
			z := t.factor(b, i, h, j)
			axpy(t.at("out", b, i, h, d), p[j]*z, t.at("v", b, k, h, d))
			axpy(t.at("dv", b, k, h, d), p[j]*z, dout)
			dp[j] = z * dotOf(dout, t.at("v", b, k, h, d))
		}
	}
	ds := jacobian(p, dp)
	copy(t.at("dbias", b, i, h, slots), ds)
	for j, k := range t.rows[i] {
		if k >= 0 {
			axpy(t.at("dq", b, i, h, d), scale*ds[j], t.at("k", b, k, h, d))
			axpy(t.at("dk", b, k, h, d), scale*ds[j], t.at("q", b, i, h, d))
		}
	}
}

// factor is what dropout multiplies a weight by: 0 if the number drawn for it is below the rate.
func (t *tensors) factor(b, i, h, j int) float64 {
	switch rate := t.of["dropout"][0]; {
	case !t.with.Dropout:
		return 1
	case t.draw(b, i, h, j) < rate:
		return 0
	default:
		return 1 / (1 - rate)
	}
}

// someDraw is the number of the first edge, which a rate that is equal to it leaves.
func (t *tensors) someDraw() float64 {
	for i, row := range t.rows {
		for j, k := range row {
			if k >= 0 {
				return t.draw(0, i, 0, j)
			}
		}
	}
	return 0
}

// draw is the number of an edge: of 13 rounds of Threefry-2x32, keyed by the seed, over the row and the slot and head.
func (t *tensors) draw(b, i, h, j int) float64 {
	lo, hi := uint32(t.seed), uint32(t.seed>>32)
	keys := []uint32{lo, hi, 0x1bd11bda ^ lo ^ hi}
	x, y := uint32(b*len(t.rows)+i)+lo, uint32(j*t.heads+h)+hi
	for round, by := range []int{13, 15, 26, 6, 17, 29, 16, 24, 13, 15, 26, 6, 17} {
		x += y
		y = bits.RotateLeft32(y, by) ^ x
		if round%4 == 3 {
			s := round/4 + 1
			x, y = x+keys[s%3], y+keys[(s+1)%3]+uint32(s)
		}
	}
	return float64(x>>8) / (1 << 24)
}

// softmax over the full slots of node i, 0 elsewhere, and its log-sum-exp.
func (t *tensors) softmax(i int, s []float64) (p []float64, lse float64) {
	p, m, sum := make([]float64, len(s)), math.Inf(-1), 0.0
	for j, k := range t.rows[i] {
		if k >= 0 {
			m = max(m, s[j])
		}
	}
	for j, k := range t.rows[i] {
		if k >= 0 && !math.IsInf(s[j], -1) {
			p[j] = math.Exp(s[j] - m)
			sum += p[j]
		}
	}
	if sum == 0 {
		return p, math.Inf(-1)
	}
	for j := range p {
		p[j] /= sum
	}
	return p, m + math.Log(sum)
}

// jacobian is the product of the softmax's Jacobian, dp_j/ds_l = p_j (delta_jl - p_l), with dp.
func jacobian(p, dp []float64) []float64 {
	ds := make([]float64, len(p))
	for l := range p {
		for j := range p {
			g := -p[j] * p[l]
			if j == l {
				g += p[j]
			}
			if g != 0 { // dp of an empty slot is not used
				ds[l] += g * dp[j]
			}
		}
	}
	return ds
}
