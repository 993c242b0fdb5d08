package kernels

import (
	"github.com/pyragen/pyragen/examples/train/internal/pam"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
	"github.com/pyragen/pyragen/verify"
)

// twin is the naive version of an op in verify, which takes and gives numbers of either type as float64 and rounds every operation
// to the type.
type twin[T tensor.Float] struct {
	op    verify.Op
	float verify.Float
	graph *verify.Graph
	heads int
}

func newTwin[T tensor.Float](op string, g *verify.Graph, heads int) (twin[T], error) {
	found, err := verify.FindOp(op)
	t := twin[T]{found, verify.F64, g, heads}
	if _, single := any(T(0)).(float32); single {
		t.float = verify.F32
	}
	return t, err
}

// run computes the outputs from the inputs, both in the order of verify.
func (t twin[T]) run(outputs, inputs [][]T, batch int) error {
	wide := make([][]float64, len(inputs))
	for i, in := range inputs {
		wide[i] = make([]float64, len(in))
		for j, x := range in {
			wide[i][j] = float64(x)
		}
	}
	n := verify.Sizes{Batch: batch, Len: t.graph.Levels[0], Heads: t.heads, Dim: pam.Dim}
	results, err := t.op.Naive(t.float, t.graph, n, wide, scale())
	if err != nil {
		return err
	}
	for i, result := range results {
		for j, x := range result {
			outputs[i][j] = T(x)
		}
	}
	return nil
}
