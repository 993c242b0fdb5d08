package gosrc

import (
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// halfNames are the Go types of elements of 16 bits. The file of the API declares them: type N, func ToN(float32) N and func (N) Float32()
// float32.
var halfNames = map[ir.Type]string{ir.F16: "Float16", ir.BF16: "BFloat16"}

// widened is an element of a buffer as it is computed with.
func widened(t ir.Type, element operand) operand {
	if !t.Narrow() {
		return element
	}
	return operand{code: jen.Add(element.in(precOperand)).Dot("Float32").Call(), prec: precOperand}
}

// rounded is a value as an element of a buffer.
func rounded(t ir.Type, value operand) operand {
	if !t.Narrow() {
		return value
	}
	return apply(jen.Id("To"+halfNames[t]), value)
}

// widenLanes converts the first elements of a slice, as many as there are lanes.
func (h *helpers) widenLanes(t ir.Type, n int) *jen.Statement {
	return h.need("widen"+shape(t, n), "has the first elements of x in its lanes.", func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("x").Index().Add(goType(t))).Params(jen.Id("v").Add(arrayType(int64(n), t.Arith()))).Block(
			jen.For(jen.List(jen.Id("k"), jen.Id("e")).Op(":=").Range().Id("x").Index(jen.Empty(), jen.Lit(n))).Block(
				jen.Id("v").Index(jen.Id("k")).Op("=").Id("e").Dot("Float32").Call()),
			jen.Return(jen.Id("v")))
	})
}

// roundLanes rounds lanes to the first elements of a slice.
func (h *helpers) roundLanes(t ir.Type, n int) *jen.Statement {
	return h.need("round"+shape(t, n), "rounds the lanes of v to the first elements of x.", func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("x").Index().Add(goType(t)), jen.Id("v").Add(arrayType(int64(n), t.Arith()))).Block(
			jen.For(jen.List(jen.Id("k"), jen.Id("lane")).Op(":=").Range().Id("v")).Block(
				jen.Id("x").Index(jen.Id("k")).Op("=").Add(rounded(t, ident("lane")).code)))
	})
}

// typeSuffix is how a type is spelled in Go names: F32, BF16.
func typeSuffix(t ir.Type) string { return strings.ToUpper(t.String()) }
