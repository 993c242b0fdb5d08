package main

import (
	"fmt"
	"math"
	"math/big"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// pyramid are the sizes of a spec's graph over a number of leaves (design section 1).
type pyramid struct {
	levels       []int // nodes of each level, leaves first
	nodes, slots int
	edges        int // full slots of all rows
}

// elementBytes is the size of the numbers that are computed with, for elements of a type.
func elementBytes(typ string) int {
	if typ == "f64" {
		return 8
	}
	return 4
}

// newPyramid counts nodes and edges in closed form. A level of n nodes has, for each offset o of the window, n - |o| edges to
// itself; every node below the top has one edge to its parent, and its parent one to it, as far as links and a causal cut leave them.
func newPyramid(s spec.Spec, leaves int) pyramid {
	s = s.Canonical()
	p := pyramid{levels: []int{leaves}}
	children := 0
	single := true // nodes of the level below have one leaf each
	for _, c := range s.Strides {
		below := p.levels[len(p.levels)-1]
		n := below / c
		if n == 0 {
			break
		}
		p.levels = append(p.levels, n)
		up, down := below, below
		switch {
		case s.Causal == "strict" && !single:
			up, down = 0, 0
		case s.Causal == "strict": // the last child has no leaf after it, the first one none after its own
			up, down = n, n
		case s.Causal == "last":
			up = n
		}
		if s.Links != "down" {
			p.edges += up
		}
		if s.Links != "up" {
			p.edges += down
		}
		single = single && c == 1
		children = max(children, below-(n-1)*c)
	}
	for l, n := range p.levels {
		p.nodes += n
		w := s.Window
		if s.Windows != nil {
			w = s.Windows[l]
		}
		last := w - w/2 - 1
		if s.Causal != "" {
			last = 0
		}
		for o := -(w / 2); o <= last; o++ {
			p.edges += max(0, n-max(o, -o)*max(1, s.Dilation))
		}
	}
	p.edges += p.furtherUp(s)
	p.slots = s.Window + children + max(1, s.Ancestors)
	return p
}

// furtherUp counts the edges to ancestors above the parent: one for each node or, where a cut leaves the last below an ancestor, for each
// ancestor.
func (p pyramid) furtherUp(s spec.Spec) (edges int) {
	if s.Links == "down" {
		return 0
	}
	single := true // the nodes of level l have one leaf each
	for l, n := range p.levels {
		single = single && (l == 0 || s.Strides[l-1] == 1)
		for t := 2; t <= s.Ancestors && l+t < len(p.levels); t++ {
			switch {
			case s.Causal == "":
				edges += n
			case s.Causal == "last" || single:
				edges += p.levels[l+t]
			}
		}
	}
	return edges
}

// sizes are the run-time sizes of a call.
type sizes struct{ batch, len, heads, dim, workers int }

// cost is what a call of an op must do at least.
type cost struct {
	pyramid
	flops int64 // two for each edge, head, element and product of rows; a few for each edge and head of a softmax
	bytes int64 // each input read once, each output written once
}

// maxOperands bounds the memory of a timed call.
const maxOperands = 16 << 30

// products is how many products of rows, dots or weighted sums, an op needs for each edge; those of the softmax have none, and five
// operations instead.
var products = map[string]int64{"scores": 1, "context": 1, "reverse": 1, "attention": 2, "attention-grad": 5}

// intensity is the operations for each byte that is moved.
func (c cost) intensity() float64 { return float64(c.flops) / float64(c.bytes) }

// costOf counts the work of one call, on a graph where that is given at run time; its lists of edges are not counted. It refuses sizes whose
// operands would not fit.
func costOf(s spec.Spec, name, typ string, n sizes, g *tableGraph) (cost, error) {
	c := cost{}
	if g != nil {
		c.pyramid = g.counts()
	} else {
		c.pyramid = newPyramid(s, n.len)
	}
	op, err := verify.FindOp(name)
	if err != nil {
		return c, err
	}
	t, err := verify.FindFloat(typ)
	if err != nil {
		return c, err
	}
	op = op.With(s.With)
	var perRow int64 // bytes of all operands for a node and head; what belongs to a key alone does not count
	for _, o := range append(op.Outputs[:len(op.Outputs):len(op.Outputs)], op.Inputs...) {
		elements := map[verify.Extent]int64{verify.PerDim: int64(n.dim), verify.PerSlot: int64(c.slots), verify.PerRow: 1}[o.Extent]
		perRow += elements * int64(t.Of(o).Bytes)
	}
	perEdge := int64(5)
	if k := products[name]; k > 0 {
		perEdge = 2 * k * int64(n.dim)
	}
	bytes := product(int64(n.batch), int64(c.nodes), int64(n.heads), perRow)
	flops := product(perEdge, int64(n.batch), int64(c.edges), int64(n.heads))
	if !bytes.IsInt64() || bytes.Int64() > maxOperands || !flops.IsInt64() {
		return c, usagef("%s: batch %d, len %d, heads %d and dim %d need %s bytes for operands, at most %d are used; take smaller sizes",
			name, n.batch, n.len, n.heads, n.dim, bytes, int64(maxOperands))
	}
	c.bytes, c.flops = bytes.Int64(), flops.Int64()
	return c, nil
}

func product(factors ...int64) *big.Int {
	p := big.NewInt(1)
	for _, f := range factors {
		p.Mul(p, big.NewInt(f))
	}
	return p
}

// quantity writes a large number with three digits and a prefix: 12.3 M.
func quantity(x float64) string {
	for _, unit := range []string{"", " k", " M", " G", " T"} {
		if math.Abs(x) < 1000 || unit == " T" {
			if unit == "" {
				return fmt.Sprintf("%.4g", x)
			}
			return fmt.Sprintf("%.3g%s", x, unit)
		}
		x /= 1000
	}
	return ""
}
