package pyragen_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/pyragen/pyragen/generated/anydim"
	"github.com/pyragen/pyragen/generated/ett"
)

// sizes are those of a call of either package; ett ignores the dimension.
type sizes struct {
	anydim.Sizes
	nodes, slots int
}

func newSizes(pkg string, length int) sizes {
	n := sizes{Sizes: anydim.Sizes{Batch: 2, Len: length, Heads: 2, Dim: 20}, nodes: anydim.Nodes(length), slots: anydim.Slots(length)}
	if pkg == "ett" {
		n.Dim, n.nodes, n.slots = ett.Dim, ett.Nodes(length), ett.Slots(length)
	}
	return n
}

func (n sizes) ett() ett.Sizes {
	return ett.Sizes{Batch: n.Batch, Len: n.Len, Heads: n.Heads, RowStride: n.RowStride, GradStride: n.GradStride, Workers: n.Workers, Done: n.Done}
}

// call is a call of one function: all of its tensors are made beforehand.
type call struct {
	name string
	do   func(n sizes) error
}

// tensors are zeros: a row of dim numbers, one of slots, and one number for each batch, node and head.
func tensors[T float32 | float64](n sizes) (row, slot, one func() []T) {
	rows := n.Batch * n.nodes * n.Heads
	tensor := func(width int) func() []T { return func() []T { return make([]T, rows*width) } }
	return tensor(n.Dim), tensor(n.slots), tensor(1)
}

// calls are all functions of both packages, with tensors of zeros for the sizes.
func calls(pkg string, n sizes) []call {
	if pkg == "ett" {
		return slices.Concat(
			typed("ett f32", n, sizes.ett, ett.ScoresF32, ett.ContextF32, ett.ReverseF32, ett.SoftmaxF32, ett.SoftmaxGradF32, ett.AttentionF32, ett.AttentionGradF32),
			typed("ett f64", n, sizes.ett, ett.ScoresF64, ett.ContextF64, ett.ReverseF64, ett.SoftmaxF64, ett.SoftmaxGradF64, ett.AttentionF64, ett.AttentionGradF64))
	}
	any := func(n sizes) anydim.Sizes { return n.Sizes }
	return slices.Concat(
		typed("anydim f32", n, any, anydim.ScoresF32, anydim.ContextF32, anydim.ReverseF32, anydim.SoftmaxF32, anydim.SoftmaxGradF32,
			anydim.AttentionF32, anydim.AttentionGradF32),
		typed("anydim f64", n, any, anydim.ScoresF64, anydim.ContextF64, anydim.ReverseF64, anydim.SoftmaxF64, anydim.SoftmaxGradF64,
			anydim.AttentionF64, anydim.AttentionGradF64))
}

func typed[T float32 | float64, N any](name string, n sizes, of func(sizes) N,
	scores func(s, x, y []T, padding T, n N) error,
	context, reverse func(z, p, y []T, n N) error,
	softmax func(p, lse, s []T, n N) error,
	softmaxGrad func(ds, p, dp []T, n N) error,
	attention func(out, lse, q, k, v []T, scale T, n N) error,
	attentionGrad func(dq, dk, dv, q, k, v, out, lse, dout []T, scale T, n N) error,
) []call {
	row, slot, one := tensors[T](n)
	s, p, ds := slot(), slot(), slot()
	z, q, k, v, dq, dk, dv, out := row(), row(), row(), row(), row(), row(), row(), row()
	lse := one()
	return []call{
		{name + " scores", func(n sizes) error { return scores(s, q, k, 0, of(n)) }},
		{name + " context", func(n sizes) error { return context(z, p, q, of(n)) }},
		{name + " reverse", func(n sizes) error { return reverse(z, p, q, of(n)) }},
		{name + " softmax", func(n sizes) error { return softmax(p, lse, s, of(n)) }},
		{name + " softmax-grad", func(n sizes) error { return softmaxGrad(ds, p, s, of(n)) }},
		{name + " attention", func(n sizes) error { return attention(out, lse, q, k, v, 1, of(n)) }},
		{name + " attention-grad", func(n sizes) error { return attentionGrad(dq, dk, dv, q, k, v, out, lse, z, 1, of(n)) }},
	}
}

// eachCall runs a test of every function of both packages with every instruction set that can be used here.
func eachCall(t *testing.T, length int, test func(t *testing.T, c call, n sizes)) {
	for _, pkg := range []string{"ett", "anydim"} {
		isas, set, isa := ett.ISAs, ett.SetISA, ett.ISA()
		if pkg == "anydim" {
			isas, set, isa = anydim.ISAs, anydim.SetISA, anydim.ISA()
		}
		defer set(isa)
		n := newSizes(pkg, length)
		for _, isa := range isas() {
			if err := set(isa); err != nil {
				t.Fatal(err)
			}
			for _, c := range calls(pkg, n) {
				t.Run(c.name+" "+isa, func(t *testing.T) { test(t, c, n) })
			}
		}
	}
}

// A call after the first allocates nothing, however long the series: what a worker needs for itself is of one size, and kept.
func TestCallsAllocateNothing(t *testing.T) {
	for _, length := range []int{40, 1000} {
		eachCall(t, length, func(t *testing.T, c call, n sizes) {
			for _, n.Workers = range []int{1, 2} {
				allocs := testing.AllocsPerRun(5, func() {
					if err := c.do(n); err != nil {
						t.Fatal(err)
					}
				})
				if allocs > 0 {
					t.Errorf("%d leaves, %d workers: got %v allocations, want none", length, n.Workers, allocs)
				}
			}
		})
	}
}

// A call is canceled before its first task, and every function says so.
func TestCallsAreCanceled(t *testing.T) {
	done := make(chan struct{})
	close(done)
	eachCall(t, 100, func(t *testing.T, c call, n sizes) {
		n.Done = make(chan struct{})
		if err := c.do(n); err != nil {
			t.Errorf("got %v, want a call that is not canceled", err)
		}
		n.Done = done
		for _, n.Workers = range []int{1, 3} {
			if err := c.do(n); !errors.Is(err, ett.ErrCanceled) && !errors.Is(err, anydim.ErrCanceled) {
				t.Errorf("got %v, want ErrCanceled", err)
			}
		}
	})
}

// Attention over q, k and v as parts of one tensor, with gradients in parts of another, gives the bits that it gives over tensors of
// their own, and leaves what lies between them alone. The results are large enough to be stored past the cache, where the strides allow
// that: whole vectors of some instruction sets, of all, of none.
func TestPackedAttention(t *testing.T) {
	const heads, row = 2, 2 * ett.Dim
	n := ett.Sizes{Batch: 2, Len: 300, Heads: heads}
	rows := 2 * ett.Nodes(n.Len)
	defer ett.SetISA(ett.ISA())
	for _, isa := range ett.ISAs() {
		for _, gap := range []int{0, 1, 4, 8, 16} {
			if err := ett.SetISA(isa); err != nil {
				t.Fatal(err)
			}
			stride := 3*row + gap
			qkv, grads, dout := waves(rows*stride, 1), waves(rows*stride, 2), waves(rows*row, 3)
			part := func(of []float32, k int) []float32 {
				dense := make([]float32, 0, rows*row)
				for r := range rows {
					dense = append(dense, of[r*stride+k*row:r*stride+(k+1)*row]...)
				}
				return dense
			}
			attend := func(q, k, v, dq, dk, dv []float32, n ett.Sizes) (out, lse []float32) {
				out, lse = make([]float32, rows*row), make([]float32, rows*heads)
				if err := ett.AttentionF32(out, lse, q, k, v, 0.1, n); err != nil {
					t.Fatal(err)
				}
				if err := ett.AttentionGradF32(dq, dk, dv, q, k, v, out, lse, dout, 0.1, n); err != nil {
					t.Fatal(err)
				}
				return out, lse
			}
			dq, dk, dv := make([]float32, rows*row), make([]float32, rows*row), make([]float32, rows*row)
			wantOut, wantLse := attend(part(qkv, 0), part(qkv, 1), part(qkv, 2), dq, dk, dv, n)
			apart := n
			apart.RowStride, apart.GradStride = stride, stride
			out, lse := attend(qkv, qkv[row:], qkv[2*row:], grads, grads[row:], grads[2*row:], apart)
			for _, c := range []struct {
				name      string
				got, want []float32
			}{
				{"dq", part(grads, 0), dq}, {"dk", part(grads, 1), dk}, {"dv", part(grads, 2), dv}, {"out", out, wantOut}, {"lse", lse, wantLse},
			} {
				if !slices.Equal(c.got, c.want) {
					t.Errorf("%s, rows %d apart: %s differs from that of tensors of their own", isa, stride, c.name)
				}
			}
			for i, want := range waves(rows*stride, 2) {
				if i%stride >= 3*row && grads[i] != want {
					t.Fatalf("%s, rows %d apart: element %d, which is between rows, was written", isa, stride, i)
				}
			}
		}
	}
}

// waves are numbers from -1 to 1.
func waves(n int, phase float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(math.Sin(phase * float64(i+1)))
	}
	return x
}
