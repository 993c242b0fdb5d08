package schedule

import (
	"math"

	"github.com/pyragen/pyragen/ir"
)

// expTable is what exp takes of a type.
type expTable struct {
	least, most float64 // arguments beyond give 0 and infinity, as these do; the power of the least is 0, so that nothing underflows
	integer     float64 // 1.5 * 2^fraction: where it is added, what is left of a number is an integer
	short       float64 // upper part of ln 2, so short that its product with a power is exact
	coefs       []float64
}

// The coefficients of q(r) = c0 + c1*r + ..., of which 1 + r + r^2*q(r) differs least from e^r, relative to it, for |r| up to
// ln(2)/2: by 2^-28.2 in f32 and 2^-57.9 in f64, before they are rounded. TestMinimax computes them.
var expTables = map[ir.Type]expTable{
	ir.F32: {-176, 89, 0x1.8p23, 0x1.62e4p-1, []float64{
		0.4999999344778827857610722, 0.1666652063172004384717294, 0.04166838804699669902674685, 0.008368716878708672011679143,
		0.001381459856210917031900173,
	}},
	ir.F64: {-1418.2, 710, 0x1.8p52, 0x1.62e42fefa38p-1, []float64{
		0.5000000000000010627156188, 0.1666666666666641251739785, 0.04166666666653015829330211, 0.008333333333494465451695175,
		0.001388888894363020321294301, 0.0001984126950656991976368754, 0.00002480149309880719454187355, 0.000002755758638209628997876541,
		0.0000002763024841517752808623287, 2.500005887811738104352139e-8,
	}},
}

// exp computes e^x = 2^n * e^r with x = n*ln(2) + r and |r| <= ln(2)/2. Minima and maxima take their second operand where the first
// one is not less or greater, so that NaN stays. With FMA the two parts of ln 2 are taken off with one rounding in all; without, r
// stays in two parts, of which the upper one is exact.
func (e *expander) exp(x ir.Expr) ir.Expr {
	t := expTables[e.nest.Type]
	upper := e.let("arg", &ir.Binary{Op: ir.FMin, X: e.number(t.most), Y: &ir.Binary{Op: ir.FMax, X: e.number(t.least), Y: x}})
	power := e.let("power", difference(e.mulAdd(upper, e.number(math.Log2E), e.number(t.integer)), e.number(t.integer)))
	if e.nest.Target.FMA {
		ln2 := e.rounded(math.Ln2)
		e.set(upper, e.mulAdd(power, e.number(-ln2), upper))
		e.set(upper, e.mulAdd(power, e.number(-ln2Below(ln2)), upper))
		p := e.horner("poly", upper, append([]float64{1, 1}, t.coefs...))
		return &ir.Binary{Op: ir.Scale, X: p, Y: power}
	}
	e.set(upper, difference(upper, product(power, e.number(t.short))))
	lower := e.let("lower", product(power, e.number(ln2Below(t.short))))
	rest := e.let("rest", difference(upper, lower))
	p := e.horner("poly", rest, t.coefs)
	e.set(p, sum(e.number(1), difference(upper, difference(lower, product(product(rest, rest), p)))))
	return &ir.Binary{Op: ir.Scale, X: p, Y: power}
}

// rounded is a number in the type.
func (e *expander) rounded(v float64) float64 {
	if e.nest.Type == ir.F32 {
		return float64(float32(v))
	}
	return v
}

// ln2Below is ln 2 - upper, for an upper that has at most 53 bits of it.
func ln2Below(upper float64) float64 {
	const below = 2.3190468138462996e-17 // ln 2 less the float64 nearest to it
	return (math.Ln2 - upper) + below
}
