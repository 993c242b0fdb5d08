package schedule

import (
	"math"

	"github.com/pyragen/pyragen/ir"
)

// logTable is what log takes of a type.
type logTable struct {
	normal float64 // the least normal number
	lift   float64 // power of two that makes subnormal numbers normal
	coefs  []float64
}

// The coefficients of q(z) = c0 + c1*z + ..., of which 2s + s*z*q(z) with z = s^2 differs least from ln((1+s)/(1-s)), relative to it,
// for |s| up to (sqrt(2)-1)/(sqrt(2)+1): by 2^-30.2 in f32 and 2^-59.4 in f64, before they are rounded. TestMinimax computes them.
var logTables = map[ir.Type]logTable{
	ir.F32: {0x1p-126, 24, []float64{0.6666677644865235623068877, 0.3997753238009491668416803, 0.2987199686018223393118707}},
	ir.F64: {0x1p-1022, 54, []float64{
		0.6666666666666734508590292, 0.3999999999941396292266636, 0.2857142874256229209675694, 0.2222219855377376194704047,
		0.1818356540773263715153451, 0.1531402110879477730064564, 0.1479626124738774082390303,
	}},
}

// log computes ln(x) = n*ln(2) + ln(1+f) with x = 2^n * (1+f) and 1+f from sqrt(1/2) to sqrt(2). With s = f/(2+f),
// ln(1+f) = ln((1+s)/(1-s)) = f - (h - s*(h + z*q(z))) where h = f^2/2: the largest term is exact, and so is n times the upper part
// of ln 2.
func (e *expander) log(x ir.Expr) ir.Expr {
	t, short := logTables[e.nest.Type], expTables[e.nest.Type].short
	choose := func(op ir.CmpOp, a, b, x, y ir.Expr) ir.Expr { return &ir.Choose{Op: op, A: a, B: b, X: x, Y: y} }
	arg := e.let("arg", x)
	tiny, zero := e.number(t.normal), e.number(0)
	f := e.let("rest", choose(ir.LT, arg, tiny, product(arg, e.number(math.Ldexp(1, int(t.lift)))), arg))
	power := e.let("power", sum(&ir.Unary{Op: ir.Exponent, X: f}, choose(ir.LT, arg, tiny, e.number(-t.lift), zero)))
	e.set(f, difference(&ir.Unary{Op: ir.Mantissa, X: f}, e.number(1)))
	s := e.let("quot", &ir.Binary{Op: ir.FDiv, X: f, Y: sum(f, e.number(2))})
	half := e.let("half", product(product(f, e.number(0.5)), f))
	z := e.let("square", product(s, s))
	p := e.horner("poly", z, t.coefs)
	e.set(p, e.mulAdd(z, p, half))
	e.set(p, e.mulAdd(s, p, product(power, e.number(ln2Below(short)))))
	e.set(p, e.mulAdd(power, e.number(short), difference(f, difference(half, p))))
	finite := choose(ir.LT, arg, e.number(math.Inf(1)), p, arg)
	return choose(ir.GT, arg, zero, finite, choose(ir.EQ, arg, zero, e.number(math.Inf(-1)), e.number(math.NaN())))
}
