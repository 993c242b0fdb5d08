package gosrc

import (
	"math"

	"github.com/pyragen/pyragen/ir"
)

// fold returns the constant that a value of constants is, nil if it is none. Go computes with constants exactly, and refuses some
// divisions, where the IR rounds after every operator; so no operator of constants is left to Go.
func (e *emitter) fold(x ir.Expr) *ir.Const {
	switch x := x.(type) {
	case *ir.Const:
		return &ir.Const{Type: e.typ, Value: e.round(x.Value)}
	case *ir.Unary:
		a := e.fold(x.X)
		switch {
		case a == nil:
		case x.Op == ir.Neg:
			return &ir.Const{Type: e.typ, Value: -a.Value}
		case x.Op == ir.Recip:
			return &ir.Const{Type: e.typ, Value: e.round(1 / a.Value)}
		}
	case *ir.Binary:
		a, b := e.fold(x.X), e.fold(x.Y)
		if a == nil || b == nil {
			return nil
		}
		return &ir.Const{Type: e.typ, Value: e.round(foldBinary(x.Op, a.Value, b.Value))}
	}
	return nil
}

// foldBinary computes in float64. For float32 operands the rounding to float64 cannot show after that to float32: 53 >= 2*24 + 2.
func foldBinary(op ir.BinOp, a, b float64) float64 {
	switch op {
	case ir.FAdd:
		return a + b
	case ir.FSub:
		return a - b
	case ir.FMul:
		return a * b
	case ir.FDiv:
		return a / b
	case ir.Scale:
		return math.Ldexp(a, int(b))
	case ir.FMax:
		if a > b {
			return a
		}
	case ir.FMin:
		if a < b {
			return a
		}
	}
	return b
}

func (e *emitter) round(v float64) float64 {
	if e.typ == ir.F32 {
		return float64(float32(v))
	}
	return v
}
