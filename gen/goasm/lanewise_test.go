package goasm_test

import (
	"math"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// lanewise are programs of what exponentials and logarithms are made of, for vectors and scalars.
var lanewise = []struct{ name, text string }{
	{"chooses", `program chooses T TARGET {
  size n
  in x: T[n]
  in y: T[n]
  in a: T
  out z: T[18, n]
  call chooses(n)
}

// every comparison, of registers, memory and constants, into each of what is chosen from
func chooses(n) {
  in x: T[n]
  in y: T[n]
  in a: T
  out z: T[18, n]
  for d in 0..n/W*W step W {
    alloc r, q: V
    z[0, d:W] = choose(x[d:W] < y[d:W], x[d:W], y[d:W])
    z[1, d:W] = choose(x[d:W] <= broadcast(1.0, W), broadcast(2.5, W), y[d:W])
    z[2, d:W] = choose(x[d:W] == broadcast(0.0, W), broadcast(0.0, W), broadcast(nan, W))
    z[3, d:W] = choose(broadcast(1.0, W) != x[d:W], broadcast(-inf, W), broadcast(0.0, W))
    z[4, d:W] = choose(x[d:W] >= broadcast(a, W), x[d:W] + y[d:W], broadcast(a, W))
    z[5, d:W] = choose(x[d:W] > y[d:W], -y[d:W], choose(x[d:W] != x[d:W], broadcast(7.0, W), x[d:W]*y[d:W]))
    r = x[d:W]
    q = y[d:W]
    r = choose(r < q, r, q)
    z[6, d:W] = r
    q = choose(r < q, r, q + q)
    z[7, d:W] = q
    r = choose(r + q >= q*q, q, r)
    z[8, d:W] = r
  }
  mask k: V = n - n/W*W
  z[0, n/W*W:W if k] = choose(x[n/W*W:W if k] < y[n/W*W:W if k], x[n/W*W:W if k], broadcast(1.0, W)/y[n/W*W:W if k])
  for d in 0..n {
    alloc s, t: T
    z[9, d] = choose(x[d] < y[d], x[d], y[d])
    z[10, d] = choose(x[d] <= 1.0, 2.5, y[d])
    z[11, d] = choose(x[d] == 0.0, 0.0, nan)
    z[12, d] = choose(1.0 != x[d], -inf, 0.0)
    z[13, d] = choose(x[d] >= a, x[d] + y[d], a)
    z[14, d] = choose(x[d] > y[d], -y[d], choose(x[d] != x[d], 7.0, x[d]*y[d]))
    s = x[d]
    t = y[d]
    s = choose(s < t, s, t)
    z[15, d] = s
    t = choose(s < t, s, t + t)
    z[16, d] = t
    s = choose(s + t >= t*t, t, s)
    z[17, d] = s
  }
}`},

	{"apart", `program apart T TARGET {
  size n
  in x: T[n]
  in y: T[n]
  in a: T
  out z: T[8, n]
  call apart(n)
}

func apart(n) {
  in x: T[n]
  in y: T[n]
  out z: T[8, n]
  for d in 0..n/W*W step W {
    alloc r: V
    z[0, d:W] = exponent(x[d:W])
    z[1, d:W] = mantissa(x[d:W])
    r = y[d:W]
    z[2, d:W] = exponent(r)*broadcast(3.0, W) - mantissa(r)
    r = mantissa(-r)
    z[3, d:W] = r
  }
  for d in 0..n {
    alloc s: T
    z[4, d] = exponent(x[d])
    z[5, d] = mantissa(x[d])
    s = y[d]
    z[6, d] = exponent(s)*3.0 - mantissa(s)
    s = mantissa(-s)
    z[7, d] = s
  }
}`},

	{"scaled", `program scaled T TARGET {
  size n
  in x: T[n]
  in y: T[n]
  in a: T
  out z: T[6, n]
  call scaled(n)
}

func scaled(n) {
  in x: T[n]
  in y: T[n]
  out z: T[6, n]
  for d in 0..n/W*W step W {
    alloc r, q: V
    z[0, d:W] = scale(x[d:W], y[d:W])
    z[1, d:W] = scale(broadcast(1.5, W), y[d:W]) + scale(x[d:W], broadcast(-3.0, W))
    r = x[d:W]
    q = y[d:W]
    r = scale(r, q)
    z[2, d:W] = r
  }
  for d in 0..n {
    alloc s, t: T
    z[3, d] = scale(x[d], y[d])
    z[4, d] = scale(1.5, y[d]) + scale(x[d], -3.0)
    s = x[d]
    t = y[d]
    s = scale(s, t)
    z[5, d] = s
  }
}`},

	{"horner", `program horner T TARGET {
  size n
  in x: T[n]
  in y: T[n]
  in a: T
  out z: T[6, n]
  call horner(n)
}

// constants as each operand of products and sums
func horner(n) {
  in x: T[n]
  in y: T[n]
  in a: T
  out z: T[6, n]
  for d in 0..n/W*W step W {
    alloc p, r: V
    r = x[d:W]
    p = fma(broadcast(0.25, W), r, broadcast(1.5, W))
    p = fma(p, r, broadcast(-0.75, W))
    p = fma(r, p, broadcast(3.0, W))
    z[0, d:W] = p
    r = fma(p, broadcast(-0.125, W), r)
    z[1, d:W] = r
    z[2, d:W] = max(broadcast(-1.0, W), min(broadcast(1.0, W), r)) - broadcast(0.3, W)/(r*broadcast(0.1, W))
    p = fma(fma(p, r, broadcast(2.0, W)), r, broadcast(5.0, W)) - -r
    p = recip(p + broadcast(0.0, W))
    z[3, d:W] = fma(broadcast(2.0, W), broadcast(3.0, W), broadcast(a, W)) - p
    z[4, d:W] = recip(broadcast(3.0, W))*y[d:W]
  }
}`},
}

// TestLanewise runs them on values of every kind, and on scales within what [ir.Scale] defines.
func TestLanewise(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		for _, b := range lanewise {
			p := f.parse(t, b.name, b.text)
			for _, n := range []int64{1, 70} {
				sizes := map[string]int64{"n": n}
				args := arguments(p, sizes)
				for _, name := range []string{"x", "y"} {
					for i := range int(n) {
						set(args[name], i, valueFor(b.name, name, i, f.typ))
					}
				}
				jobs = append(jobs, job{p, sizes, args, n == 1})
			}
		}
	}
	scratch(t, jobs)
}

// set stores a value of any type.
func set(a *ir.Array, i int, v float64) {
	switch a.Type {
	case ir.F32:
		a.F32[i] = float32(v)
	case ir.F64:
		a.F64[i] = v
	case ir.F16:
		a.U16[i] = ir.F32ToF16(float32(v))
	case ir.BF16:
		a.U16[i] = ir.F32ToBF16(float32(v))
	}
}

// valueFor is the i-th value of an argument.
func valueFor(program, argument string, i int, typ ir.Type) float64 {
	least, most := -254, 160
	if typ == ir.F64 {
		least, most = -2046, 1100
	}
	odd := math.Mod(float64(i+1)*0.6180339887498949, 1) + 0.5
	switch {
	case program == "scaled" && argument == "y":
		return float64(least + (most-least)*i/69)
	case program == "scaled":
		return math.Copysign(math.Ldexp(odd, i%5-2), float64(i%2)-0.5)
	case argument == "y" && i%3 == 0, i >= 60:
		return specials()[i%len(specials())]
	case program == "apart":
		return math.Ldexp(odd, (i*37)%(2*most-10)-most)
	}
	return (odd - 1) * float64(i%7)
}
