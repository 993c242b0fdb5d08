package model

import (
	"math"
	"math/rand/v2"

	"github.com/pyragen/pyragen/examples/ett/pyramid"
	"github.com/pyragen/pyragen/examples/ett/series"
)

// Float is an element type of the generated kernels.
type Float interface{ float32 | float64 }

// Inputs are the operands of attention, each of shape (node, head, dim).
type Inputs[T Float] struct{ Q, K, V []T }

// Embed makes the operands of a series: q = Wq f, k = Wk f and v = Wv f, where f are the features of a node; those of a coarse node
// are the mean of its children's. Every f is scaled to mean square 1, as a transformer does before attention: the mean of many
// hours would be small otherwise and nobody would look at it. Wq and Wk share most of their numbers, so that a node attends most to
// nodes that are like it.
func Embed[T Float](s series.Series, p pyramid.Pyramid, heads, dim int, seed uint64) Inputs[T] {
	rows := p.Fill(features(s), Features)
	normalise(rows)
	r := rand.New(rand.NewPCG(seed, 0))
	like, own := matrix(r, heads*dim), matrix(r, heads*dim)
	key := make([]float64, len(like))
	for i := range key {
		key[i] = 0.8*like[i] + 0.6*own[i]
	}
	return Inputs[T]{project[T](like, rows), project[T](key, rows), project[T](matrix(r, heads*dim), rows)}
}

// normalise scales every row of features to mean square 1. The last feature is 1, so that no row is 0.
func normalise(rows []float64) {
	for ; len(rows) > 0; rows = rows[Features:] {
		var squares float64
		for _, x := range rows[:Features] {
			squares += x * x
		}
		for f := range Features {
			rows[f] /= math.Sqrt(squares / Features)
		}
	}
}

// matrix is a random projection of features: rows of Features numbers of mean 0 and variance 1/Features.
func matrix(r *rand.Rand, rows int) []float64 {
	m := make([]float64, rows*Features)
	for i := range m {
		m[i] = r.NormFloat64() / math.Sqrt(Features)
	}
	return m
}

// project multiplies every row of features by the matrix and rounds to T.
func project[T Float](matrix, rows []float64) []T {
	var out []T
	for len(rows) > 0 {
		for m := matrix; len(m) > 0; m = m[Features:] {
			var sum float64
			for f := range Features {
				sum += m[f] * rows[f]
			}
			out = append(out, T(sum))
		}
		rows = rows[Features:]
	}
	return out
}
