package tensor

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
)

// TestAddMul compares products with plain sums, in both types and with every choice of transposes.
func TestAddMul(t *testing.T) {
	testAddMul[float32](t, 1e-6)
	testAddMul[float64](t, 1e-15)
}

func testAddMul[T Float](t *testing.T, tolerance float64) {
	const m, n, k = 3, 4, 5
	for _, ta := range []blas.Transpose{Plain, Transposed} {
		for _, tb := range []blas.Transpose{Plain, Transposed} {
			a, b, c := filled[T](m, k), filled[T](k, n), filled[T](m, n)
			want := New[float64](m, n)
			for i := range m {
				for j := range n {
					sum := float64(c.Row(i)[j])
					for l := range k {
						sum += float64(a.Row(i)[l] * b.Row(l)[j])
					}
					want.Row(i)[j] = sum
				}
			}
			if ta == Transposed {
				a = transpose(a)
			}
			if tb == Transposed {
				b = transpose(b)
			}
			AddMul(c, ta, a, tb, b)
			for i, x := range c.Data {
				if math.Abs(float64(x)-want.Data[i]) > tolerance*10 {
					t.Errorf("%T, %c %c: c[%d] = %v, want %v", x, ta, tb, i, x, want.Data[i])
				}
			}
		}
	}
}

func filled[T Float](rows, cols int) Matrix[T] {
	m := New[T](rows, cols)
	for i := range m.Data {
		m.Data[i] = T(math.Sin(float64(i*i + cols)))
	}
	return m
}

func transpose[T Float](m Matrix[T]) Matrix[T] {
	r := New[T](m.Cols, m.Rows)
	for i := range m.Rows {
		for j, x := range m.Row(i) {
			r.Row(j)[i] = x
		}
	}
	return r
}

// TestShapedIsZero: memory that is used again keeps nothing.
func TestShapedIsZero(t *testing.T) {
	m := filled[float32](4, 3)
	small := m.Shaped(2, 5)
	if small.Rows != 2 || small.Cols != 5 || len(small.Data) != 10 || &small.Data[0] != &m.Data[0] {
		t.Errorf("got %d x %d with %d numbers, want 2 x 5 in the same memory", small.Rows, small.Cols, len(small.Data))
	}
	large := filled[float32](2, 2).Shaped(4, 3)
	for _, x := range append(small.Data, large.Data...) {
		if x != 0 {
			t.Fatalf("%v is left", x)
		}
	}
	if len(large.Data) != 12 {
		t.Errorf("%d numbers, want 12", len(large.Data))
	}
}
