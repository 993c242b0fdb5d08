package verify

import "math"

// approx is a value with a bound of the error that a kernel may have made on the way to it. Ops that chain exponentials, divisions
// and sums get their bounds by this running error analysis (Higham, Accuracy and Stability, 3.3).
//
// The error is infinite where a sum may pass the range of the type on the way, and stays so whatever is done with the value; it is
// NaN where an input was not finite.
type approx struct{ v, e float64 }

// of is the value with an error that follows from those of other values.
func (x approx) of(others ...approx) approx {
	for _, y := range others {
		if math.IsInf(y.e, 1) {
			x.e = y.e
		}
	}
	return x
}

// arith does arithmetic on approx values for kernels whose operations round to u. The truth is itself float64, so its own
// roundings are added to those of the kernel.
type arith struct{ u, eta, max float64 }

func newArith(t Float) arith {
	t = t.Arith()
	return arith{t.U + F64.U, t.Eta, t.Max}
}

// expRoundings is the relative error, in units of roundoff, that a kernel's exp and log may have beside that of their argument.
const expRoundings = 4

func (a arith) mul(x, y approx) approx {
	v := x.v * y.v
	return a.inRange(v, x.e*math.Abs(y.v)+y.e*math.Abs(x.v)+x.e*y.e+a.u*math.Abs(v)+a.eta).of(x, y)
}

func (a arith) sub(x, y approx) approx {
	v := x.v - y.v
	return a.inRange(v, x.e+y.e+a.u*(math.Abs(v)+x.e+y.e)).of(x, y)
}

func (a arith) add(x, y approx) approx { return a.sub(x, approx{-y.v, y.e}) }

func (a arith) div(x, y approx) approx {
	v := x.v / y.v
	if y.e >= y.v { // the divisor, which is positive, may be next to nothing
		return approx{v, math.Inf(1)}
	}
	return approx{v, (x.e+math.Abs(v)*y.e)/(y.v-y.e) + 2*a.u*math.Abs(v) + a.eta}.of(x, y)
}

func (a arith) exp(x approx) approx {
	v := math.Exp(x.v)
	return approx{v, v*(math.Expm1(x.e)+expRoundings*a.u) + a.eta}.of(x)
}

func (a arith) log(x approx) approx {
	v := math.Log(x.v)
	if x.e >= x.v {
		return approx{v, math.Inf(1)}
	}
	return approx{v, x.e/(x.v-x.e) + expRoundings*a.u*math.Abs(v)}.of(x)
}

// sum is a reduction of products in any order: the errors of the terms, and gamma_k * sum |x||y| for the adding up.
type approxSum struct {
	dot  dot
	e    float64
	wild bool // a term has an infinite error
	inf  bool // a term is infinite
}

func (s *approxSum) add(x, y approx) {
	s.dot.add(x.v, y.v)
	s.e += x.e*math.Abs(y.v) + y.e*math.Abs(x.v) + x.e*y.e
	s.inf = s.inf || math.IsInf(x.v, 0) || math.IsInf(y.v, 0)
	s.wild = s.wild || math.IsInf(x.e, 1) || math.IsInf(y.e, 1)
}

func (a arith) total(s approxSum) approx {
	k := float64(s.dot.n + 1)
	x := a.inRange(s.dot.value(), s.e+k*a.u/(1-k*a.u)*(s.dot.abs+s.e)+k*a.eta)
	// Weights are at most as many times what they are before they are divided by their sum.
	if s.wild || s.dot.abs >= a.max/(2*k) && !s.inf {
		x.e = math.Inf(1)
	}
	return x
}

// inRange is a value whose error is infinite if a kernel's value may be.
func (a arith) inRange(v, e float64) approx {
	if !math.IsInf(v, 0) && math.Abs(v)+e >= a.max {
		e = math.Inf(1)
	}
	return approx{v, e}
}

func exact(values []float64) []approx {
	out := make([]approx, len(values))
	for i, v := range values {
		out[i].v = v
	}
	return out
}

func expect(name string, values []approx) Expected {
	e := newExpected(name, len(values))
	for i, x := range values {
		e.Value[i], e.Bound[i], e.Sum[i] = x.v, x.e, math.Abs(x.v)
		if math.IsInf(x.e, 1) {
			e.Sum[i] = x.e // anything may come out
		}
		if math.IsNaN(x.e) {
			e.Bound[i] = math.Inf(1) // only where an input was not finite
		}
	}
	return e
}
