package gosrc

import (
	"strconv"

	"github.com/dave/jennifer/jen"
)

// The precedences of Go's binary operators, with those of unary operators and of operands above them.
const (
	precAnd     = 2
	precCompare = 3
	precSum     = 4
	precProduct = 5
	precUnary   = 6
	precOperand = 7
)

// operand is a Go expression with the precedence of its outermost operator.
type operand struct {
	code *jen.Statement
	prec int
	zero bool // it is the constant 0

	width int // letters of a name or a number; 0 where only jennifer knows
}

func ident(name string) operand {
	return operand{code: jen.Id(name), prec: precOperand, width: len(name)}
}

func intLit(n int64) operand {
	prec := precOperand
	if n < 0 {
		prec = precUnary
	}
	return operand{jen.Lit(int(n)), prec, n == 0, len(strconv.FormatInt(n, 10))}
}

// in is the expression as an operand of an operator of the given precedence.
func (o operand) in(prec int) jen.Code {
	if o.prec < prec {
		return jen.Parens(o.code)
	}
	return o.code
}

// infix applies a binary operator; Go's are left-associative.
func infix(op string, prec int, x, y operand) operand {
	return operand{code: jen.Add(x.in(prec)).Op(op).Add(y.in(prec + 1)), prec: prec}
}

// apply calls a function.
func apply(f *jen.Statement, args ...operand) operand {
	list := make([]jen.Code, len(args))
	for i, a := range args {
		list[i] = a.code
	}
	return operand{code: f.Call(list...), prec: precOperand}
}

// element is x[i].
func element(x, i operand) operand {
	return operand{code: jen.Add(x.in(precOperand)).Index(i.code), prec: precOperand}
}

// from is x[i:], and x itself where i is 0.
func from(x, i operand) operand {
	if i.zero {
		return x
	}
	return operand{code: jen.Add(x.in(precOperand)).Index(i.code, jen.Empty()), prec: precOperand}
}
