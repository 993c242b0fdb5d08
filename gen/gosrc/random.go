package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// random is a number that is drawn; the product with a power of two is exact.
func (e *emitter) random(x *ir.Random) operand {
	drawn := apply(e.helpers.draw(), e.use(e.names.get(x.Seed.Name)), e.index(x.Row), e.index(x.Col))
	return apply(goType(e.typ), scaled(apply(goType(e.typ), drawn)))
}

// randomLanes are the numbers of as many columns.
func (e *emitter) randomLanes(x *ir.Random) operand {
	return apply(e.helpers.random(e.typ, x.Lanes()), e.use(e.names.get(x.Seed.Name)), e.index(x.Row), e.index(x.Col))
}

// scaled makes a number in [0, 1) of 24 bits.
func scaled(bits operand) operand {
	return infix("*", precProduct, bits, operand{code: jen.Id("0x1p-24"), prec: precOperand})
}

// random is a vector of numbers, of columns next to each other.
func (h *helpers) random(t ir.Type, n int) *jen.Statement {
	draw := h.draw()
	return h.need("random"+shape(t, n), "has a number of [0, 1) in each lane, of the columns from col on.", func(f *jen.Statement) *jen.Statement {
		column := infix("+", precSum, ident("col"), ident("k"))
		value := scaled(apply(goType(t), apply(draw.Clone(), ident("seed"), ident("row"), column)))
		return f.Params(jen.Id("seed").Uint64(), jen.List(jen.Id("row"), jen.Id("col")).Int()).Params(jen.Id("v").Add(arrayType(int64(n), t))).Block(
			jen.For(jen.Id("k").Op(":=").Range().Id("v")).Block(jen.Id("v").Index(jen.Id("k")).Op("=").Add(value.code)),
			jen.Return(jen.Id("v")))
	})
}

// draw is the generator of [ir.Random].
func (h *helpers) draw() *jen.Statement {
	doc := "is the number of 24 bits that a seed and a place determine: of the first word of Threefry-2x32, 13 rounds."
	return h.need("draw24", doc, func(f *jen.Statement) *jen.Statement {
		word := func(of *jen.Statement) *jen.Statement { return jen.Uint32().Call(of) }
		w := &words{qual: h.qual}
		w.add(jen.List(jen.Id("k0"), jen.Id("k1")).Op(":=").List(word(jen.Id("seed")), word(jen.Id("seed").Op(">>").Lit(32))))
		w.add(jen.List(jen.Id("x0"), jen.Id("x1")).Op(":=").List(word(jen.Id("row")), word(jen.Id("col"))))
		x := ir.Threefry(w, [2]string{"k0", "k1"}, [2]string{"x0", "x1"})
		w.add(jen.Return(jen.Id(x).Op(">>").Lit(8)))
		return f.Params(jen.Id("seed").Uint64(), jen.List(jen.Id("row"), jen.Id("col")).Int()).Uint32().Block(w.list...)
	})
}

// words are variables of type uint32, and what is done with them. It implements [ir.Words].
type words struct {
	list []jen.Code
	qual func(path, name string) *jen.Statement
}

func (w *words) add(s jen.Code) { w.list = append(w.list, s) }

func (w *words) Const(c uint32) string {
	w.add(jen.Id("k2").Op(":=").Uint32().Call(hex(uint64(c))))
	return "k2"
}

func (w *words) Add(x, y string) string {
	w.add(jen.Id(x).Op("+=").Id(y))
	return x
}

func (w *words) AddConst(x string, c uint32) string {
	w.add(jen.Id(x).Op("+=").Lit(int(c)))
	return x
}

func (w *words) Xor(x, y string) string {
	w.add(jen.Id(x).Op("^=").Id(y))
	return x
}

func (w *words) RotateXor(x string, left int, y string) string {
	w.add(jen.Id(x).Op("=").Add(w.qual("math/bits", "RotateLeft32").Call(jen.Id(x), jen.Lit(left))).Op("^").Id(y))
	return x
}
