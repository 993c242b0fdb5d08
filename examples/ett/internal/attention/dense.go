package attention

import (
	"math"

	"github.com/pyragen/pyragen/examples/ett/internal/model"
)

// Mask says who may attend to whom: row i holds the nodes of a full N x N matrix.
type Mask struct {
	N     int
	Allow []bool
}

// NewMask spells the neighbours of every node out as a matrix; -1 stands for no node.
func NewMask(neighbours [][]int) Mask {
	m := Mask{len(neighbours), make([]bool, len(neighbours)*len(neighbours))}
	for i, row := range neighbours {
		for _, j := range row {
			if j >= 0 {
				m.Allow[i*m.N+j] = true
			}
		}
	}
	return m
}

// Dense is attention as one writes it without sparse kernels: all N x N scores, -inf where the mask forbids, softmax, and the sum
// over all N values, in plain Go on one core.
func Dense[T model.Float](in model.Inputs[T], m Mask, heads int) []T {
	dim := len(in.V) / (m.N * heads)
	out := make([]T, len(in.V))
	s := make([]T, m.N)
	for h := range heads {
		for i := range m.N {
			q := in.Q[(i*heads+h)*dim:][:dim]
			for j := range m.N {
				s[j] = dot(q, in.K[(j*heads+h)*dim:][:dim])
				if !m.Allow[i*m.N+j] {
					s[j] = T(math.Inf(-1))
				}
			}
			softmaxRow(s, s, T(1/math.Sqrt(float64(dim))))
			z := out[(i*heads+h)*dim:][:dim]
			for j, p := range s {
				axpy(z, p, in.V[(j*heads+h)*dim:][:dim])
			}
		}
	}
	return out
}

func dot[T model.Float](x, y []T) (sum T) {
	for d := range x {
		sum += x[d] * y[d]
	}
	return sum
}

func axpy[T model.Float](z []T, p T, y []T) {
	for d := range z {
		z[d] += p * y[d]
	}
}

// softmaxRow computes p = softmax(scale * s). It subtracts the largest score first, so that exp cannot overflow. Every row of a
// pyramid holds at least its own node, so that the sum is at least 1.
func softmaxRow[T model.Float](p, s []T, scale T) {
	most := T(math.Inf(-1))
	for _, x := range s {
		most = max(most, scale*x)
	}
	var sum T
	for j, x := range s {
		p[j] = T(math.Exp(float64(T(scale*x) - most)))
		sum += p[j]
	}
	for j := range p {
		p[j] /= sum
	}
}
