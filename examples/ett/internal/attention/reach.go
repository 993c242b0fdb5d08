package attention

import "github.com/pyragen/pyragen/examples/ett/internal/pam"

// Reach is where attention ends up after some layers: the weight of every node, averaged over the heads, when the asking nodes
// have the weights that are given. That is the gradient of their weighted output in the values of the first layer, if all layers
// have the weights of this one; so each layer is one reverse, by which every node passes on what it has received. step is told of
// each layer's input and result.
func (s *Steps[T]) Reach(asking []float64, layers int, step func(dout, dv []T) error) ([]float64, error) {
	const dim = pam.Dim
	heads := s.Sizes.Heads
	weight := make([]T, len(s.V)) // the same for every head and d at first
	for x := range weight {
		weight[x] = T(asking[x/(heads*dim)])
	}
	for range layers {
		next := make([]T, len(weight))
		if err := s.Kernels.Reverse(next, s.P, weight, s.Sizes); err != nil {
			return nil, err
		}
		if err := step(weight, next); err != nil {
			return nil, err
		}
		weight = next
	}
	share := make([]float64, len(asking))
	for i := range share {
		for h := range heads {
			share[i] += float64(weight[(i*heads+h)*dim]) / float64(heads)
		}
	}
	return share, nil
}
