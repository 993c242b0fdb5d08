package kernels

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/examples/train/internal/pam"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// TestTwins: both ways give the same numbers but for rounding, also for the last parent with the most children.
func TestTwins(t *testing.T) {
	for _, leaves := range []int{1, 5, 16, 47, 48} {
		testTwins[float32](t, leaves, 1e-5)
		testTwins[float64](t, leaves, 1e-13)
	}
}

func testTwins[T tensor.Float](t *testing.T, leaves int, tolerance float64) {
	const batch, heads = 2, 3
	r := rand.New(rand.NewPCG(1, uint64(leaves)))
	rows := batch * pam.Nodes(leaves) * heads
	random := func() []T {
		x := make([]T, rows*pam.Dim)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	q, k, v, dout := random(), random(), random(), random()
	var results [2][][]T
	for i, name := range []string{Generated, Naive} {
		a, err := New[T](name, leaves, heads)
		if err != nil {
			t.Fatal(err)
		}
		out, lse := make([]T, rows*pam.Dim), make([]T, rows)
		dq, dk, dv := make([]T, rows*pam.Dim), make([]T, rows*pam.Dim), make([]T, rows*pam.Dim)
		if err := a.Forward(out, lse, q, k, v, batch); err != nil {
			t.Fatal(err)
		}
		if err := a.Gradient(dq, dk, dv, q, k, v, out, lse, dout, batch); err != nil {
			t.Fatal(err)
		}
		results[i] = [][]T{out, lse, dq, dk, dv}
		if a.Name != name || a.Spent <= 0 {
			t.Errorf("%s took %v, want %s and a time", a.Name, a.Spent, name)
		}
	}
	for i, generated := range results[0] {
		for j, x := range generated {
			if y := results[1][i][j]; !(math.Abs(float64(x-y)) <= tolerance) || y == 0 && leaves > 1 {
				t.Fatalf("%T, %d leaves, output %d: number %d is %v, naive %v", x, leaves, i, j, x, y)
			}
		}
	}
}

// TestNaiveRounds: the naive twin of float32 rounds every operation, so that it is off as any program of float32 is.
func TestNaiveRounds(t *testing.T) {
	const leaves = 16
	rows := pam.Nodes(leaves)
	single, double := make([]float32, rows*pam.Dim), make([]float64, rows*pam.Dim)
	for i := range single {
		single[i] = float32(math.Sin(float64(i * i)))
		double[i] = float64(single[i])
	}
	out32, out64 := forward(t, single, leaves), forward(t, double, leaves)
	off := 0
	for i, x := range out32 {
		if x != float32(out64[i]) {
			off++
		}
	}
	if off < len(out32)/10 {
		t.Errorf("%d of %d numbers in float32 are not those of float64, rounded; want more", off, len(out32))
	}
}

func forward[T tensor.Float](t *testing.T, x []T, leaves int) []T {
	t.Helper()
	a, err := New[T](Naive, leaves, 1)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]T, len(x))
	if err := a.Forward(out, make([]T, pam.Nodes(leaves)), x, x, x, 1); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestErrors: what is wrong with a call comes out of both.
func TestErrors(t *testing.T) {
	for _, name := range []string{Generated, Naive} {
		a, err := New[float32](name, 8, 1)
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float32, pam.Nodes(8)*pam.Dim)
		if err := a.Forward(x, x[:10], x[:1], x, x, 1); err == nil || !strings.Contains(err.Error(), "len(q) = 1, want") {
			t.Errorf("%s: got %v, want what is wrong with q", name, err)
		}
	}
	if _, err := New[float32](Naive, 0, 1); err == nil || !strings.Contains(err.Error(), "len = 0") {
		t.Errorf("no leaves: %v", err)
	}
}
