// Package gradcheck compares gradients with central differences, for tests.
package gradcheck

import (
	"math"
	"testing"
)

const (
	step      = 1e-5
	tolerance = 1e-6
)

// Compare checks grad, the gradient of loss in x, number by number: it must be within a millionth of its own size, or of the root
// mean square of all, of what loss says on both sides of x. loss sees the changes in x, and may not change grad.
func Compare(t *testing.T, name string, loss func() float64, x, grad []float64) {
	t.Helper()
	if len(x) != len(grad) || len(x) == 0 {
		t.Fatalf("%s: %d numbers and a gradient of %d", name, len(x), len(grad))
	}
	squares := 0.0
	for _, g := range grad {
		squares += g * g
	}
	typical := math.Sqrt(squares / float64(len(grad)))
	if typical == 0 {
		t.Errorf("%s: the gradient is 0 everywhere; there is nothing to compare", name)
	}
	for i, at := range x {
		x[i] = at + step
		above := loss()
		x[i] = at - step
		below := loss()
		x[i] = at
		want := (above - below) / (2 * step)
		if d := math.Abs(grad[i] - want); !(d <= tolerance*max(math.Abs(want), typical)) {
			t.Errorf("%s: gradient in number %d is %v, want %v", name, i, grad[i], want)
			return
		}
	}
}
