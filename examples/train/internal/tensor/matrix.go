// Package tensor has matrices whose products are gonum's.
package tensor

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
)

// Float is an element type of the generated kernels.
type Float interface{ float32 | float64 }

// Matrix is Rows x Cols numbers, row by row.
type Matrix[T Float] struct {
	Rows, Cols int
	Data       []T
}

// New is a matrix of zeros.
func New[T Float](rows, cols int) Matrix[T] { return Matrix[T]{rows, cols, make([]T, rows*cols)} }

// Row is row i, which shares memory with the matrix.
func (m Matrix[T]) Row(i int) []T { return m.Data[i*m.Cols:][:m.Cols:m.Cols] }

// Shaped returns the matrix with another shape and all zeros. It uses the memory of m where that is enough.
func (m Matrix[T]) Shaped(rows, cols int) Matrix[T] {
	if n := rows * cols; n <= cap(m.Data) {
		m = Matrix[T]{rows, cols, m.Data[:n]}
		clear(m.Data)
		return m
	}
	return New[T](rows, cols)
}

// Which of the factors of a product are transposed.
const (
	Plain      = blas.NoTrans
	Transposed = blas.Trans
)

// AddMul computes c += a * b, with a and b transposed as ta and tb say. Its sums have the same order on any number of cores.
func AddMul[T Float](c Matrix[T], ta blas.Transpose, a Matrix[T], tb blas.Transpose, b Matrix[T]) {
	switch any(T(0)).(type) {
	case float32:
		blas32.Gemm(ta, tb, 1, single(a), single(b), 1, single(c))
	case float64:
		blas64.Gemm(ta, tb, 1, double(a), double(b), 1, double(c))
	}
}

func single[T Float](m Matrix[T]) blas32.General {
	return blas32.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Cols, Data: any(m.Data).([]float32)}
}

func double[T Float](m Matrix[T]) blas64.General {
	return blas64.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Cols, Data: any(m.Data).([]float64)}
}

// Add computes z += x.
func Add[T Float](z, x []T) {
	for i := range z {
		z[i] += x[i]
	}
}

// AddScaled computes z += a * x.
func AddScaled[T Float](z []T, a T, x []T) {
	for i := range z {
		z[i] += a * x[i]
	}
}
