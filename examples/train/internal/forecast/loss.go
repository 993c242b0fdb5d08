package forecast

import "github.com/pyragen/pyragen/examples/train/internal/tensor"

// Loss is the mean squared error of forecasts, and its gradient in them: dy = 2 (y - target) / (batch * horizon).
func Loss[T tensor.Float](dy, y, target tensor.Matrix[T]) (loss float64) {
	n := len(y.Data)
	for i, x := range y.Data {
		d := x - target.Data[i]
		dy.Data[i] = 2 * d / T(n)
		loss += float64(d) * float64(d) / float64(n)
	}
	return loss
}
