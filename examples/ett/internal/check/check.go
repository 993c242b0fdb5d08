// Package check compares what kernels computed, number by number, with the float64 truth and the error bounds of pyragen's verify.
package check

import (
	"fmt"
	"math"

	"github.com/pyragen/pyragen/examples/ett/internal/model"
	"github.com/pyragen/pyragen/verify"
)

// Worst sums up checks: how many numbers there were, and the error of the one that came closest to its bound.
type Worst struct {
	Numbers    int
	Err, Bound float64
}

// Add takes in another check.
func (w *Worst) Add(o Worst) {
	numbers := w.Numbers + o.Numbers
	if w.Bound == 0 || o.Err*w.Bound > w.Err*o.Bound {
		*w = o
	}
	w.Numbers = numbers
}

// Op runs an op of verify on the inputs and compares its first outputs with got. Those that got leaves out are not compared.
func Op[T model.Float](name string, g *verify.Graph, n verify.Sizes, inputs [][]T, scalar float64, got ...[]T) (Worst, error) {
	op, err := verify.FindOp(name)
	if err != nil {
		return Worst{}, err
	}
	t := typeOf[T]()
	in := make([][]float64, len(inputs))
	for i, x := range inputs {
		in[i] = widen(x)
	}
	want, err := op.Truth(t, g, n, in, scalar)
	if err != nil {
		return Worst{}, err
	}
	if len(got) == 0 || len(got) > len(want) {
		return Worst{}, fmt.Errorf("%s %s: %d outputs to compare, want 1 to %d", name, t.Name, len(got), len(want))
	}
	var all Worst
	for i, x := range got {
		w, err := compare(want[i], x)
		if err != nil {
			return Worst{}, fmt.Errorf("%s %s: %w", name, t.Name, err)
		}
		all.Add(w)
	}
	return all, nil
}

// compare fails at the first element that is farther from the truth than its bound. A bound of 0 asks for the very number.
func compare[T model.Float](want verify.Expected, got []T) (Worst, error) {
	if len(got) != len(want.Value) {
		return Worst{}, fmt.Errorf("len(%s) = %d, want %d", want.Name, len(got), len(want.Value))
	}
	w := Worst{Numbers: len(got)}
	for i, x := range got {
		value, bound := want.Value[i], want.Bound[i]
		if float64(x) == value {
			continue // infinities too, whose difference is NaN
		}
		e := math.Abs(float64(x) - value)
		if !(e <= bound) {
			return Worst{}, fmt.Errorf("%s[%d] = %v, want %v within %.2g", want.Name, i, x, value, bound)
		}
		if w.Bound == 0 || e*w.Bound > w.Err*bound {
			w.Err, w.Bound = e, bound
		}
	}
	return w, nil
}

func typeOf[T model.Float]() verify.Float {
	if _, single := any(T(0)).(float32); single {
		return verify.F32
	}
	return verify.F64
}

func widen[T model.Float](x []T) []float64 {
	w := make([]float64, len(x))
	for i := range x {
		w[i] = float64(x[i])
	}
	return w
}
