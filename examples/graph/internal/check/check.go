// Package check compares what kernels computed, number by number, with the float64 truth and the error bounds of pyragen's verify.
package check

import (
	"fmt"
	"math"

	"github.com/pyragen/pyragen/examples/graph/internal/cite"
	"github.com/pyragen/pyragen/examples/graph/internal/layer"
	"github.com/pyragen/pyragen/verify"
)

// WrongNumber is an element that is farther from the truth than its bound.
type WrongNumber struct{ Text string }

func (e *WrongNumber) Error() string { return e.Text }

// Worst sums up checks: how many numbers there were, and the error of the one that came closest to its bound.
type Worst struct {
	Numbers    int
	Err, Bound float64
}

// Graph is the graph as verify has it, spelled out from the edges and not from what the package made of them.
func Graph(queries, keys []int32, nodes int) (*verify.Graph, error) {
	table := make([][]int, nodes)
	slots := 1
	for e, q := range queries {
		table[q] = append(table[q], int(keys[e]))
		slots = max(slots, len(table[q]))
	}
	for i := range table {
		for len(table[i]) < slots {
			table[i] = append(table[i], -1)
		}
	}
	return verify.NewTableGraph(table)
}

// Layer compares all results of a layer.
func Layer[T layer.Float](l *layer.Layer[T], g *verify.Graph) (Worst, error) {
	w := &Worst{}
	scale := float64(T(layer.Scale()))
	for _, c := range []struct {
		op   string
		in   [][]T
		with float64
		got  [][]T
	}{
		{"attention", [][]T{l.Q, l.K, l.V}, scale, [][]T{l.Out, l.LSE}},
		{"attention-grad", [][]T{l.Q, l.K, l.V, l.Out, l.LSE, l.Out}, scale, [][]T{l.DQ, l.DK, l.DV}},
		{"softmax", [][]T{l.Logits}, 0, [][]T{l.Weights, l.Normalisers}},
		{"reverse", [][]T{l.Weights, l.Ones}, 0, [][]T{l.Received}},
	} {
		op, err := verify.FindOp(c.op)
		if err != nil {
			return *w, err
		}
		var in [][]float64
		for _, x := range c.in {
			in = append(in, widen(x))
		}
		truth, err := op.Truth(typeOf[T](), g, verify.Sizes{Batch: 1, Len: g.Nodes(), Heads: layer.Heads, Dim: cite.Dim}, in, c.with)
		if err != nil {
			return *w, err
		}
		for i, got := range c.got {
			if err := compare(w, truth[i], got); err != nil {
				return *w, fmt.Errorf("%s %s: %w", c.op, typeOf[T]().Name, err)
			}
		}
	}
	return *w, nil
}

// compare fails at the first element that is farther from the truth than its bound. A bound of 0 asks for the very number.
func compare[T layer.Float](w *Worst, want verify.Expected, got []T) error {
	if len(got) != len(want.Value) {
		return fmt.Errorf("len(%s) = %d, want %d", want.Name, len(got), len(want.Value))
	}
	w.Numbers += len(got)
	for i, x := range got {
		value, bound := want.Value[i], want.Bound[i]
		if float64(x) == value {
			continue // infinities too, whose difference is NaN
		}
		e := math.Abs(float64(x) - value)
		if !(e <= bound) {
			return &WrongNumber{fmt.Sprintf("%s[%d] = %v, want %v within %.2g", want.Name, i, x, value, bound)}
		}
		if w.Bound == 0 || e*w.Bound > w.Err*bound {
			w.Err, w.Bound = e, bound
		}
	}
	return nil
}

func typeOf[T layer.Float]() verify.Float {
	if _, single := any(T(0)).(float32); single {
		return verify.F32
	}
	return verify.F64
}

func widen[T layer.Float](x []T) []float64 {
	w := make([]float64, len(x))
	for i := range x {
		w[i] = float64(x[i])
	}
	return w
}
