package gosrc

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// helpers are the functions that the code of a file calls: those that were asked for, each written once.
type helpers struct {
	prefix  string // of their names, so that files of one package have each their own
	made    map[string]bool
	decls   []jen.Code
	names   []string        // of decls
	imports map[string]bool // what the file imports
}

func newHelpers(prefix string) *helpers {
	return &helpers{prefix: prefix, made: map[string]bool{}, imports: map[string]bool{}}
}

// qual is a name of another package.
func (h *helpers) qual(path, name string) *jen.Statement {
	h.imports[path] = true
	return jen.Qual(path, name)
}

// name is the Go name of a helper.
func (h *helpers) name(base string) string {
	if h.prefix == "" {
		return base
	}
	return h.prefix + strings.ToUpper(base[:1]) + base[1:]
}

// need returns the name of a helper to call, and writes it if this is the first call.
func (h *helpers) need(base, doc string, write func(f *jen.Statement) *jen.Statement) *jen.Statement {
	name := h.name(base)
	if !h.made[name] {
		h.made[name] = true
		h.names = append(h.names, name)
		h.decls = append(h.decls, jen.Add(comment(name+" "+doc)).Line().Add(write(jen.Func().Id(name))))
	}
	return jen.Id(name)
}

// shape is the end of the names of helpers for vectors, for example F32x8.
func shape(t ir.Type, lanes int) string {
	return fmt.Sprintf("%sx%d", strings.ToUpper(t.String()), lanes)
}

// floorDiv is the IR's division.
func (h *helpers) floorDiv() *jen.Statement {
	return h.need("floorDiv", "is x / y rounded down; y is positive.", func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.List(jen.Id("x"), jen.Id("y")).Int()).Int().Block(
			jen.Id("q").Op(":=").Id("x").Op("/").Id("y"),
			jen.If(jen.Id("x").Op("%").Id("y").Op("<").Lit(0)).Block(jen.Id("q").Op("--")),
			jen.Return(jen.Id("q")))
	})
}

// floorMod is the IR's remainder.
func (h *helpers) floorMod() *jen.Statement {
	return h.need("floorMod", "is x modulo y, in [0, y); y is positive.", func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.List(jen.Id("x"), jen.Id("y")).Int()).Int().Block(
			jen.Id("r").Op(":=").Id("x").Op("%").Id("y"),
			jen.If(jen.Id("r").Op("<").Lit(0)).Block(jen.Id("r").Op("+=").Id("y")),
			jen.Return(jen.Id("r")))
	})
}

// extreme is FMax or FMin of scalars.
func (h *helpers) extreme(op ir.BinOp, t ir.Type) *jen.Statement {
	base, sign, word := "greater", ">", "greater"
	if op == ir.FMin {
		base, sign, word = "less", "<", "less"
	}
	base += strings.ToUpper(t.String())
	return h.need(base, "is x if it is "+word+" than y, and y otherwise, also for NaN and zeros.", func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.List(jen.Id("x"), jen.Id("y")).Add(goType(t))).Add(goType(t)).Block(
			jen.If(jen.Id("x").Op(sign).Id("y")).Block(jen.Return(jen.Id("x"))),
			jen.Return(jen.Id("y")))
	})
}

// fma is x*y + z of scalars, rounded once.
func (h *helpers) fma(t ir.Type) *jen.Statement {
	if t == ir.F64 {
		return h.qual("math", "FMA")
	}
	doc := "is x*y + z rounded once. The product is exact in float64; the sum is rounded to odd, so that rounding it again cannot show."
	return h.need("fma32", doc, func(f *jen.Statement) *jen.Statement {
		id := jen.Id
		set := func(name string, x ...jen.Code) jen.Code { return id(name).Op(":=").Add(x...) }
		wide := func(x string) *jen.Statement { return jen.Float64().Call(id(x)) }
		return f.Params(jen.List(id("x"), id("y"), id("z")).Float32()).Float32().Block(
			jen.List(id("p"), id("c")).Op(":=").List(jen.Float64().Call(wide("x").Op("*").Add(wide("y"))), wide("z")),
			set("s", id("p").Op("+").Id("c")),
			set("b", id("s").Op("-").Id("p")),
			set("e", jen.Parens(id("p").Op("-").Parens(id("s").Op("-").Id("b"))).Op("+").Parens(id("c").Op("-").Id("b"))),
			comment("e is what the sum lacks: 0 if it is exact, NaN if it is infinite or NaN"),
			jen.If(id("e").Op("<").Lit(0).Op("||").Id("e").Op(">").Lit(0)).Block(
				set("bits", h.qual("math", "Float64bits").Call(id("s"))),
				jen.If(id("bits").Op("&").Lit(1).Op("==").Lit(0)).Block(
					jen.If(jen.Parens(id("e").Op(">").Lit(0)).Op("==").Parens(id("s").Op(">").Lit(0))).Block(
						id("bits").Op("++"),
					).Else().Block(
						id("bits").Op("--"),
					),
					id("s").Op("=").Qual("math", "Float64frombits").Call(id("bits")),
				),
			),
			jen.Return(jen.Float32().Call(id("s"))))
	})
}
