package ops

import (
	"math/rand/v2"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// The definitions, from which gradients are derived, say what the ops compute.
func TestDefinitions(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, window := range []int{1, 2, 3} {
		for _, leaves := range []int{1, 4, 9, 15} {
			truth := pyramid(window, []int{4, 2}, leaves)
			for _, c := range []struct {
				in    ir.Graph
				truth graph
			}{
				{ir.Graph{Kind: ir.Pyramid, Window: window, Strides: []int{4, 2}}, truth}, {ir.Graph{Kind: ir.Table}, truth.thinned(r)},
			} {
				x, o := newTensors(c.truth, 2, 2, 3, r), Options{Type: ir.F64, Graph: c.in, Dim: 3}
				for _, k := range []*ir.Kernel{SoftmaxDefinition(o), AttentionDefinition(o)} {
					if err := x.check(k, x.sizes(c.in, Op{Name: k.Name}, leaves), bounds[ir.F64]); err != nil {
						t.Errorf("%s, window %d, len %d: %v", k.Name, window, leaves, err)
					}
				}
			}
		}
	}
}
