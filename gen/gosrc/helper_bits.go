package gosrc

import (
	"fmt"
	"math"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// chooseName is the first part of the name of a choice's helper, and the comparison as Go has it.
func chooseName(op ir.CmpOp) (name, text string) {
	name = map[ir.CmpOp]string{
		ir.LT: "chooseLess", ir.LE: "chooseAtMost", ir.EQ: "chooseEqual",
		ir.NE: "chooseUnequal", ir.GE: "chooseAtLeast", ir.GT: "chooseGreater",
	}[op]
	if name == "" {
		fail("got comparison %d, want one of <, <=, ==, !=, >=, >", op)
	}
	return name, comparisons[op]
}

// choose is a choice between scalars.
func (h *helpers) choose(op ir.CmpOp, t ir.Type) *jen.Statement {
	name, text := chooseName(op)
	return h.need(name+strings.ToUpper(t.String()), "is x if a "+text+" b, and y otherwise.", func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.List(jen.Id("a"), jen.Id("b"), jen.Id("x"), jen.Id("y")).Add(goType(t))).Add(goType(t)).Block(
			jen.If(jen.Id("a").Op(text).Id("b")).Block(jen.Return(jen.Id("x"))),
			jen.Return(jen.Id("y")))
	})
}

// layout is how a float's bits are shared out, with package math's functions for them.
type layout struct {
	toBits, fromBits string
	unsigned, signed string
	fraction, bias   int
	one, centre      uint64 // the numbers 1 and sqrt(1/2), where the mantissas of ir.Mantissa start
}

func layoutOf(t ir.Type) layout {
	if t == ir.F32 {
		return layout{"Float32bits", "Float32frombits", "uint32", "int32", 23, 127, 0x3f800000, 0x3f3504f3}
	}
	return layout{"Float64bits", "Float64frombits", "uint64", "int64", 52, 1023, math.Float64bits(1), 0x3fe6a09e667f3bcd}
}

// hex is a constant of bits.
func hex(bits uint64) *jen.Statement { return jen.Id(fmt.Sprintf("%#x", bits)) }

// scale is [ir.Scale] of scalars. Both products have a power that is normal, and the first is exact.
func (h *helpers) scale(t ir.Type) *jen.Statement {
	l := layoutOf(t)
	doc := "is x * 2^n rounded once, of an integral n within twice the range of exponents and an x about 1."
	return h.need("scale"+strings.ToUpper(t.String()), doc, func(f *jen.Statement) *jen.Statement {
		power := func(n *jen.Statement) *jen.Statement {
			return h.qual("math", l.fromBits).Call(jen.Id(l.unsigned).Call(n.Op("+").Lit(l.bias)).Op("<<").Lit(l.fraction))
		}
		return f.Params(jen.List(jen.Id("x"), jen.Id("n")).Add(goType(t))).Add(goType(t)).Block(
			jen.Id("k").Op(":=").Id(l.signed).Call(jen.Id("n")),
			jen.Id("half").Op(":=").Id("k").Op(">>").Lit(1),
			jen.Return(jen.Id("x").Op("*").Add(power(jen.Id("half"))).Op("*").Add(power(jen.Id("k").Op("-").Id("half")))))
	})
}

// shifted are the bits of x, moved so that those of an interval of mantissas share an exponent.
func (h *helpers) shifted(l layout) *jen.Statement {
	return jen.Parens(h.qual("math", l.toBits).Call(jen.Id("x")).Op("+").Add(hex(l.one - l.centre)))
}

// exponent is [ir.Exponent] of scalars.
func (h *helpers) exponent(t ir.Type) *jen.Statement {
	l := layoutOf(t)
	doc := "is n where x = m * 2^n, of an m from sqrt(1/2) to sqrt(2)."
	return h.need("exponent"+strings.ToUpper(t.String()), doc, func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("x").Add(goType(t))).Add(goType(t)).Block(jen.Return(goType(t).Call(
			jen.Id(l.signed).Call(h.shifted(l).Op(">>").Lit(l.fraction)).Op("-").Lit(l.bias))))
	})
}

// mantissa is [ir.Mantissa] of scalars.
func (h *helpers) mantissa(t ir.Type) *jen.Statement {
	l := layoutOf(t)
	doc := "is m where x = m * 2^n, from sqrt(1/2) to sqrt(2)."
	return h.need("mantissa"+strings.ToUpper(t.String()), doc, func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("x").Add(goType(t))).Add(goType(t)).Block(jen.Return(h.qual("math", l.fromBits).Call(
			h.shifted(l).Op("&").Add(hex(1<<l.fraction - 1)).Op("+").Add(hex(l.centre)))))
	})
}
