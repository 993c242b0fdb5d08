package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pyragen/pyragen/examples/train/internal/gradcheck"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

func source() *rand.Rand { return rand.New(rand.NewPCG(3, 4)) }

func random(r *rand.Rand, rows, cols int) tensor.Matrix[float64] {
	m := tensor.New[float64](rows, cols)
	for i := range m.Data {
		m.Data[i] = r.NormFloat64()
	}
	return m
}

// layer is what Linear and Norm have in common.
type layer interface {
	Params() []*Param[float64]
	Forward(y, x tensor.Matrix[float64])
	Backward(dx, dy tensor.Matrix[float64])
}

// testLayer compares the gradients of sum(y * dy) in the input and in every weight with central differences. They are added to
// what is there before.
func testLayer(t *testing.T, l layer, in, out int) {
	const rows = 5
	r := source()
	for _, p := range l.Params() {
		for i := range p.Value.Data {
			p.Value.Data[i] += 0.3 * r.NormFloat64()
		}
	}
	x, dy, dx := random(r, rows, in), random(r, rows, out), random(r, rows, in)
	loss := func() (sum float64) {
		y := tensor.New[float64](rows, out)
		l.Forward(y, x)
		for i := range y.Data {
			sum += y.Data[i] * dy.Data[i]
		}
		return sum
	}
	before := append([]float64{}, dx.Data...)
	loss()
	l.Backward(dx, dy)
	for i := range before {
		dx.Data[i] -= before[i]
	}
	gradcheck.Compare(t, "x", loss, x.Data, dx.Data)
	for _, p := range l.Params() {
		gradcheck.Compare(t, p.Name, loss, p.Value.Data, p.Grad.Data)
	}
	once := append([]float64{}, l.Params()[0].Grad.Data...)
	loss()
	l.Backward(dx, dy)
	for i, g := range l.Params()[0].Grad.Data {
		if math.Abs(g-2*once[i]) > 1e-12 {
			t.Fatalf("%s: gradient %d is %v after a second Backward, want %v", l.Params()[0].Name, i, g, 2*once[i])
		}
	}
}

func TestLinearGradient(t *testing.T) {
	testLayer(t, NewLinear[float64]("linear", 4, 3, true, source()), 4, 3)
	testLayer(t, NewLinear[float64]("no bias", 4, 3, false, source()), 4, 3)
}

func TestNormGradient(t *testing.T) { testLayer(t, NewNorm[float64]("norm", 6), 6, 6) }

// TestNorm: rows have mean 0 and variance 1 at first, also in float32 and far from 0; a row of equal numbers gives 0.
func TestNorm(t *testing.T) {
	const width = 64
	x := tensor.New[float32](2, width)
	for i, v := range random(source(), 1, width).Data {
		x.Row(0)[i] = float32(100 + 3*v)
		x.Row(1)[i] = 7
	}
	y := tensor.New[float32](2, width)
	NewNorm[float32]("norm", width).Forward(y, x)
	var mean, squares float64
	for i, v := range y.Row(0) {
		mean += float64(v) / width
		squares += float64(v*v) / width
		if y.Row(1)[i] != 0 {
			t.Fatalf("a row of equal numbers gives %v", y.Row(1)[i])
		}
	}
	if math.Abs(mean) > 1e-4 || math.Abs(squares-1) > 1e-4 {
		t.Errorf("mean %v, mean square %v, want 0 and 1", mean, squares)
	}
}

// TestAdam follows the equations of the paper by hand for two steps, and finds the lowest place of a parabola.
func TestAdam(t *testing.T) {
	p := newParam[float64]("w", 1, 1, 1)
	a := NewAdam(0.1, []*Param[float64]{p})
	m, v, w := 0.0, 0.0, 1.0
	for step := 1; step <= 2; step++ {
		g := 4 * w
		p.Grad.Data[0] = 4 * p.Value.Data[0]
		a.Step([]*Param[float64]{p})
		m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
		w -= 0.1 * m / (1 - math.Pow(0.9, float64(step))) / (math.Sqrt(v/(1-math.Pow(0.999, float64(step)))) + 1e-8)
		if math.Abs(p.Value.Data[0]-w) > 1e-12 || p.Grad.Data[0] != 0 {
			t.Fatalf("step %d: w = %v, want %v; gradient %v, want 0", step, p.Value.Data[0], w, p.Grad.Data[0])
		}
	}
	for range 500 {
		p.Grad.Data[0] = 4 * p.Value.Data[0]
		a.Step([]*Param[float64]{p})
	}
	if math.Abs(p.Value.Data[0]) > 0.01 {
		t.Errorf("w = %v after 500 steps, want 0", p.Value.Data[0])
	}
}
