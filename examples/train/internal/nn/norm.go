package nn

import (
	"math"

	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// Norm is layer normalisation (Ba, Kiros, Hinton 2016): y = gain * (x - mean) / deviation + bias, with the mean and the deviation of
// each row.
type Norm[T tensor.Float] struct {
	Gain, Bias *Param[T]

	unit    tensor.Matrix[T] // (x - mean) / deviation of the last Forward
	inverse []T              // 1 / deviation of its rows
}

// normEpsilon is added to the variance, so that a row of equal numbers is not divided by 0.
const normEpsilon = 1e-5

// NewNorm has gain 1 and bias 0.
func NewNorm[T tensor.Float](name string, width int) *Norm[T] {
	return &Norm[T]{Gain: newParam[T](name+".gain", 1, width, 1), Bias: newParam[T](name+".bias", 1, width, 0)}
}

// Params are the weights.
func (n *Norm[T]) Params() []*Param[T] { return []*Param[T]{n.Gain, n.Bias} }

// Forward computes y, which may not overlap x.
func (n *Norm[T]) Forward(y, x tensor.Matrix[T]) {
	n.unit = n.unit.Shaped(x.Rows, x.Cols)
	n.inverse = append(n.inverse[:0], make([]T, x.Rows)...)
	for i := range x.Rows {
		row, unit, out := x.Row(i), n.unit.Row(i), y.Row(i)
		var mean, variance T
		for _, v := range row {
			mean += v
		}
		mean /= T(x.Cols)
		for _, v := range row {
			variance += (v - mean) * (v - mean)
		}
		n.inverse[i] = T(1 / math.Sqrt(float64(variance/T(x.Cols)+normEpsilon)))
		for j, v := range row {
			unit[j] = (v - mean) * n.inverse[i]
			out[j] = n.Gain.Value.Data[j]*unit[j] + n.Bias.Value.Data[j]
		}
	}
}

// Backward: dgain += dy * unit, dbias += dy, and with g = dy * gain, dx += (g - mean(g) - unit * mean(g * unit)) / deviation.
func (n *Norm[T]) Backward(dx, dy tensor.Matrix[T]) {
	gain, width := n.Gain.Value.Data, T(dy.Cols)
	for i := range dy.Rows {
		out, in, unit := dy.Row(i), dx.Row(i), n.unit.Row(i)
		var mean, along T
		for j, d := range out {
			n.Gain.Grad.Data[j] += d * unit[j]
			n.Bias.Grad.Data[j] += d
			mean += d * gain[j] / width
			along += d * gain[j] * unit[j] / width
		}
		for j, d := range out {
			in[j] += (d*gain[j] - mean - unit[j]*along) * n.inverse[i]
		}
	}
}
