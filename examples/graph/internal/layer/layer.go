// Package layer is attention over a citation graph: made inputs, and the kernels that pyragen generated.
package layer

import (
	"math"
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/graph/internal/cite"
	"github.com/pyragen/pyragen/examples/graph/internal/papers"
)

// Heads of a paper. The first one asks for papers of its own topic, the second for whatever comes.
const Heads = 2

// Float is an element type of the kernels.
type Float interface{ float32 | float64 }

// Kernels are the generated ops of one element type.
type Kernels[T Float] struct {
	Attention func(g *cite.Graph, out, lse, q, k, v []T, scale T, n cite.Sizes) error
	Gradient  func(g *cite.Graph, dq, dk, dv, q, k, v, out, lse, dout []T, scale T, n cite.Sizes) error

	Scores  func(g *cite.Graph, s, x, y []T, padding T, n cite.Sizes) error
	Softmax func(g *cite.Graph, p, lse, s []T, n cite.Sizes) error
	Reverse func(g *cite.Graph, z, p, y []T, n cite.Sizes) error
}

// F32 are the kernels for float32.
func F32() Kernels[float32] {
	return Kernels[float32]{cite.AttentionF32, cite.AttentionGradF32, cite.ScoresF32, cite.SoftmaxF32, cite.ReverseF32}
}

// F64 are the kernels for float64.
func F64() Kernels[float64] {
	return Kernels[float64]{cite.AttentionF64, cite.AttentionGradF64, cite.ScoresF64, cite.SoftmaxF64, cite.ReverseF64}
}

// Scale is what scores are multiplied by before the softmax.
func Scale() float64 { return 1 / math.Sqrt(cite.Dim) }

// Layer is one layer and its results, all of shape (paper, head, dim) but for LSE and Normalisers, (paper, head), and Logits and Weights,
// (paper, head, slot).
type Layer[T Float] struct {
	Kernels[T]
	Graph *cite.Graph

	Q, K, V         []T
	Out, DQ, DK, DV []T
	LSE             []T
	Logits, Weights []T // scale * q . k, and their softmax
	Normalisers     []T // logarithms of the sums of these
	Ones, Received  []T // Received[j,h,:] is the sum of all weights that paper j gets
}

// New makes the inputs of a layer: queries and keys of the first head that lie near the direction of the paper's topic, the rest at random.
// The numbers are exact in float32.
func New[T Float](kernels Kernels[T], c papers.Corpus, g *cite.Graph, seed uint64) *Layer[T] {
	r := rand.New(rand.NewPCG(seed, 3))
	row := Heads * cite.Dim
	n := len(c.Papers) * row
	tensor := func() []T { return make([]T, n) }
	l := &Layer[T]{Kernels: kernels, Graph: g,
		Q: tensor(), K: tensor(), V: tensor(), Out: tensor(), DQ: tensor(), DK: tensor(), DV: tensor(), Ones: tensor(), Received: tensor(),
		LSE: make([]T, len(c.Papers)*Heads), Logits: make([]T, len(c.Papers)*Heads*g.Slots()), Weights: make([]T, len(c.Papers)*Heads*g.Slots()),
		Normalisers: make([]T, len(c.Papers)*Heads)}
	var directions [papers.Topics][cite.Dim]float64
	for t := range directions {
		for d := range cite.Dim {
			directions[t][d] = r.NormFloat64()
		}
	}
	for i, p := range c.Papers {
		for d := range row {
			direction := 0.0
			if d < cite.Dim {
				direction = directions[p.Topic][d]
			}
			at := i*row + d
			l.Q[at] = T(float32(direction + 0.3*r.NormFloat64()))
			l.K[at] = T(float32(direction + 0.3*r.NormFloat64()))
			l.V[at] = T(float32(r.NormFloat64()))
			l.Ones[at] = 1
		}
	}
	return l
}

// Sizes are those of every call.
func (l *Layer[T]) Sizes() cite.Sizes { return cite.Sizes{Batch: 1, Heads: Heads} }

// Run computes everything. The loss is |out|^2 / 2, so dout = out.
func (l *Layer[T]) Run() error {
	for _, step := range []func() error{l.Attend, l.Gradients, l.Receive} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// Attend: out_i = sum_j p_ij v_j over the papers j that i cites, where p_i is the softmax of scale * q_i . k_j.
func (l *Layer[T]) Attend() error {
	return l.Attention(l.Graph, l.Out, l.LSE, l.Q, l.K, l.V, T(Scale()), l.Sizes())
}

// Gradients: dq of each paper from those that it cites, dk and dv from those that cite it.
func (l *Layer[T]) Gradients() error {
	return l.Gradient(l.Graph, l.DQ, l.DK, l.DV, l.Q, l.K, l.V, l.Out, l.LSE, l.Out, T(Scale()), l.Sizes())
}

// Receive: received_j = sum_i p_ij over the papers i that cite j. The weights are kept for it, and for the picture.
func (l *Layer[T]) Receive() error {
	n := l.Sizes()
	if err := l.Scores(l.Graph, l.Logits, l.Q, l.K, 0, n); err != nil {
		return err
	}
	for i := range l.Logits {
		l.Logits[i] *= T(Scale())
	}
	if err := l.Softmax(l.Graph, l.Weights, l.Normalisers, l.Logits, n); err != nil {
		return err
	}
	return l.Reverse(l.Graph, l.Received, l.Weights, l.Ones, n)
}
