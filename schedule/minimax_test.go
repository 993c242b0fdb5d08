package schedule

import (
	"math"
	"math/big"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// fit is the search for the polynomial p of the given number of coefficients whose error weight(x)*(p(x) - f(x)) is least on an
// interval.
type fit struct {
	f, weight func(x *big.Float) *big.Float
	count     int
	lo, hi    float64
}

func add(x, y *big.Float) *big.Float  { return wide(0).Add(x, y) }
func less(x, y *big.Float) *big.Float { return wide(0).Sub(x, y) }
func mul(x, y *big.Float) *big.Float  { return wide(0).Mul(x, y) }
func over(x, y *big.Float) *big.Float { return wide(0).Quo(x, y) }

// remez is Remez's exchange: the polynomial whose error has one size with alternating signs at count+1 points, which then move to the
// extrema of that error.
func (f fit) remez() (coefs []*big.Float, worst float64) {
	n := f.count + 1
	at := make([]float64, n)
	for i := range at { // those of Chebyshev, off the middle, where the weight may be 0
		at[i] = f.lo + (f.hi*0.97-f.lo)*(1-math.Cos(math.Pi*(float64(i)+0.5)/float64(n)))/2
	}
	for range 8 {
		coefs = f.solve(at)
		at, worst = f.extrema(coefs, n)
	}
	return coefs, worst
}

// solve finds the coefficients for which weight*(p - f) = e, -e, e, ... at the points.
func (f fit) solve(at []float64) []*big.Float {
	n := len(at)
	rows := make([][]*big.Float, n)
	for i, v := range at {
		x := wide(v)
		term := f.weight(x)
		rhs := mul(term, f.f(x))
		for range f.count {
			rows[i] = append(rows[i], term)
			term = mul(term, x)
		}
		rows[i] = append(rows[i], wide(float64(1-i%2*2)), rhs)
	}
	for c := range n { // Gauss and Jordan, with the largest pivot
		best := c
		for r := c + 1; r < n; r++ {
			if wide(0).Abs(rows[r][c]).Cmp(wide(0).Abs(rows[best][c])) > 0 {
				best = r
			}
		}
		rows[c], rows[best] = rows[best], rows[c]
		for r := range n {
			if r == c {
				continue
			}
			factor := over(rows[r][c], rows[c][c])
			for k := c; k <= n; k++ {
				rows[r][k] = less(rows[r][k], mul(factor, rows[c][k]))
			}
		}
	}
	coefs := make([]*big.Float, f.count)
	for k := range coefs {
		coefs[k] = over(rows[k][n], rows[k][k])
	}
	return coefs
}

// extrema are the points of the largest errors of n intervals in which the error has one sign.
func (f fit) extrema(coefs []*big.Float, n int) (at []float64, worst float64) {
	const steps = 1500
	sign, largest := 0, 0.0
	for k := range steps + 1 {
		v := f.lo + (f.hi-f.lo)*float64(k)/steps
		x := wide(v)
		p := wide(0)
		for i := len(coefs) - 1; i >= 0; i-- {
			p = add(mul(p, x), coefs[i])
		}
		e, _ := mul(f.weight(x), less(p, f.f(x))).Float64()
		s := 1
		if e < 0 {
			s = -1
		}
		switch e = math.Abs(e); {
		case s != sign && len(at) < n:
			at, sign, largest = append(at, v), s, e
		case e > largest:
			at[len(at)-1], largest = v, e
		}
		worst = max(worst, e)
	}
	return at, worst
}

// TestMinimax computes the coefficients of both functions anew: the least errors are as the comments beside them say,
// and those in use come as near to them as their own rounding lets them.
func TestMinimax(t *testing.T) {
	second := func(r *big.Float) *big.Float { // (e^r - 1 - r) / r^2, as a series: the difference would cancel
		total, term := wide(0), wide(0.5)
		for k := 3.0; k < 40; k++ {
			total = add(total, term)
			term = over(mul(term, r), wide(k))
		}
		return total
	}
	relative := func(r *big.Float) *big.Float { return over(mul(r, r), bigExp(r)) }
	odd := func(z *big.Float) *big.Float { // 2*(atanh(s)/s - 1)/z with z = s^2
		total, power := wide(0), wide(1)
		for k := 3.0; k < 100; k += 2 {
			total = add(total, over(mul(wide(2), power), wide(k)))
			power = mul(power, z)
		}
		return total
	}
	half := math.Ln2 / 2 * 1.0001
	s := (math.Sqrt2 - 1) / (math.Sqrt2 + 1)
	byHalf := func(z *big.Float) *big.Float { return over(z, wide(2)) }
	for _, c := range []struct {
		name       string
		coefs      []float64
		fit        fit
		bits       float64 // of the error that the comment gives
		afterwards float64 // of that of the coefficients as float64
	}{
		{"exp f32", expTables[ir.F32].coefs, fit{second, relative, 0, -half, half}, 28.2, 28.2},
		{"exp f64", expTables[ir.F64].coefs, fit{second, relative, 0, -half, half}, 57.9, 56.3},
		{"log f32", logTables[ir.F32].coefs, fit{odd, byHalf, 0, 0, s * s * 1.0002}, 30.2, 30.2},
		{"log f64", logTables[ir.F64].coefs, fit{odd, byHalf, 0, 0, s * s * 1.0002}, 59.4, 58.8},
	} {
		c.fit.count = len(c.coefs)
		_, least := c.fit.remez()
		var used []*big.Float
		for _, v := range c.coefs {
			used = append(used, wide(v))
		}
		_, now := c.fit.extrema(used, len(used)+1)
		t.Logf("%s: the least error is 2^%.2f, that of the coefficients in use 2^%.2f", c.name, math.Log2(least), math.Log2(now))
		if least > math.Exp2(-c.bits) || now > math.Exp2(-c.afterwards) {
			t.Errorf("%s: the least error is 2^%.2f and that of the coefficients in use 2^%.2f, want at most 2^-%.1f and 2^-%.1f",
				c.name, math.Log2(least), math.Log2(now), c.bits, c.afterwards)
		}
	}
}
