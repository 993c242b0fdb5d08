package gosrc

import (
	"fmt"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// laneOp is an operator that works lane by lane.
type laneOp struct {
	name, doc string
	args      []string
	lane      func(h *helpers, t ir.Type, args []operand) operand
}

var fmaLanes = &laneOp{"fma", "is x*y + z, each lane rounded once.", []string{"x", "y", "z"},
	func(h *helpers, t ir.Type, a []operand) operand { return apply(h.fma(t), a...) }}

var binaryLanes = map[ir.BinOp]*laneOp{
	ir.FAdd: arithmetic("add", "+", precSum),
	ir.FSub: arithmetic("sub", "-", precSum),
	ir.FMul: {"mul", "is x * y, each lane rounded.", []string{"x", "y"}, func(_ *helpers, t ir.Type, a []operand) operand {
		return apply(goType(t), infix("*", precProduct, a[0], a[1]))
	}},
	ir.FDiv: arithmetic("div", "/", precProduct),
	ir.FMax: {"greater", "is x where it is greater than y, and y elsewhere.", []string{"x", "y"},
		func(h *helpers, t ir.Type, a []operand) operand { return apply(h.extreme(ir.FMax, t), a...) }},
	ir.FMin: {"less", "is x where it is less than y, and y elsewhere.", []string{"x", "y"},
		func(h *helpers, t ir.Type, a []operand) operand { return apply(h.extreme(ir.FMin, t), a...) }},
	ir.Scale: {"scale", "is x * 2^n, each lane rounded once.", []string{"x", "n"},
		func(h *helpers, t ir.Type, a []operand) operand { return apply(h.scale(t), a...) }},
}

func arithmetic(name, op string, prec int) *laneOp {
	return &laneOp{name, "is x " + op + " y, each lane rounded.", []string{"x", "y"},
		func(_ *helpers, _ ir.Type, a []operand) operand { return infix(op, prec, a[0], a[1]) }}
}

var unaryLanes = map[ir.UnOp]*laneOp{
	ir.Neg: {"neg", "is -x.", []string{"x"}, func(_ *helpers, _ ir.Type, a []operand) operand {
		return operand{code: jen.Op("-").Add(a[0].code), prec: precUnary}
	}},
	ir.Recip: {"recip", "is 1 / x, each lane rounded.", []string{"x"}, func(_ *helpers, _ ir.Type, a []operand) operand {
		return infix("/", precProduct, intLit(1), a[0])
	}},
	ir.Exponent: {"exponent", "has the exponent of each lane.", []string{"x"},
		func(h *helpers, t ir.Type, a []operand) operand { return apply(h.exponent(t), a...) }},
	ir.Mantissa: {"mantissa", "has the mantissa of each lane.", []string{"x"},
		func(h *helpers, t ir.Type, a []operand) operand { return apply(h.mantissa(t), a...) }},
}

// chooseLanes is a choice by a comparison.
func chooseLanes(op ir.CmpOp) *laneOp {
	name, text := chooseName(op)
	return &laneOp{name, "is x where a " + text + " b, and y elsewhere.", []string{"a", "b", "x", "y"},
		func(h *helpers, t ir.Type, a []operand) operand { return apply(h.choose(op, t), a...) }}
}

// lanes is an operator on vectors.
func (h *helpers) lanes(op *laneOp, t ir.Type, n int) *jen.Statement {
	if op == nil {
		fail("got an operator on %d lanes of %s that is none", n, t)
	}
	var params []jen.Code
	var args []operand
	for _, a := range op.args {
		params = append(params, jen.Id(a))
		args = append(args, element(ident(a), ident("k")))
	}
	value := op.lane(h, t, args) // before the operator itself: what it calls is written first
	return h.need(op.name+shape(t, n), op.doc, func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.List(params...).Add(arrayType(int64(n), t))).Params(jen.Id("v").Add(arrayType(int64(n), t))).Block(
			jen.For(jen.Id("k").Op(":=").Range().Id("v")).Block(jen.Id("v").Index(jen.Id("k")).Op("=").Add(value.code)),
			jen.Return(jen.Id("v")))
	})
}

// broadcast is x in each lane.
func (h *helpers) broadcast(t ir.Type, n int) *jen.Statement {
	return h.need("all"+shape(t, n), "has x in each lane.", func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("x").Add(goType(t))).Params(jen.Id("v").Add(arrayType(int64(n), t))).Block(
			jen.For(jen.Id("k").Op(":=").Range().Id("v")).Block(jen.Id("v").Index(jen.Id("k")).Op("=").Id("x")),
			jen.Return(jen.Id("v")))
	})
}

// maskedLoad reads the first lanes and leaves the others 0.
func (h *helpers) maskedLoad(t ir.Type, n int) *jen.Statement {
	doc := "has the elements of x from element i on in its first lanes, as many as are active, and 0 in the others."
	return h.need("load"+shape(t, n), doc, func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("x").Index().Add(goType(t)), jen.List(jen.Id("i"), jen.Id("active")).Int()).
			Params(jen.Id("v").Add(arrayType(int64(n), t.Arith()))).Block(
			jen.For(jen.Id("k").Op(":=").Range().Id("active")).Block(
				jen.Id("v").Index(jen.Id("k")).Op("=").Add(widened(t, element(ident("x"), infix("+", precSum, ident("i"), ident("k")))).code)),
			jen.Return(jen.Id("v")))
	})
}

// maskedStore writes the first lanes.
func (h *helpers) maskedStore(t ir.Type, n int) *jen.Statement {
	doc := "writes the first lanes of v, as many as are active, to the elements of x from element i on."
	return h.need("store"+shape(t, n), doc, func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("x").Index().Add(goType(t)), jen.List(jen.Id("i"), jen.Id("active")).Int(),
			jen.Id("v").Add(arrayType(int64(n), t.Arith()))).Block(
			jen.For(jen.Id("k").Op(":=").Range().Id("active")).Block(
				jen.Id("x").Index(jen.Id("i").Op("+").Id("k")).Op("=").Add(rounded(t, element(ident("v"), ident("k"))).code)))
	})
}

// every is every other lane of n.
func (h *helpers) every(t ir.Type, n int, odd bool) *jen.Statement {
	name, doc, lane := "evens", "are the lanes 0, 2, 4, ... of x.", jen.Lit(2).Op("*").Id("k")
	if odd {
		name, doc, lane = "odds", "are the lanes 1, 3, 5, ... of x.", jen.Lit(2).Op("*").Id("k").Op("+").Lit(1)
	}
	return h.need(name+shape(t, n), doc, func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("x").Add(arrayType(int64(n), t))).Params(jen.Id("v").Add(arrayType(int64(n/2), t))).Block(
			jen.For(jen.Id("k").Op(":=").Range().Id("v")).Block(jen.Id("v").Index(jen.Id("k")).Op("=").Id("x").Index(lane)),
			jen.Return(jen.Id("v")))
	})
}

// zip is the lanes of two vectors of n in turn.
func (h *helpers) zip(t ir.Type, n int) *jen.Statement {
	return h.need("zip"+shape(t, n), "has the lanes of x and y in turn.", func(f *jen.Statement) *jen.Statement {
		twice := jen.Lit(2).Op("*").Id("k")
		return f.Params(jen.List(jen.Id("x"), jen.Id("y")).Add(arrayType(int64(n), t))).Params(jen.Id("v").Add(arrayType(int64(2*n), t))).Block(
			jen.For(jen.Id("k").Op(":=").Range().Id("x")).Block(
				jen.List(jen.Id("v").Index(twice), jen.Id("v").Index(twice.Clone().Op("+").Lit(1))).Op("=").
					List(jen.Id("x").Index(jen.Id("k")), jen.Id("y").Index(jen.Id("k")))),
			jen.Return(jen.Id("v")))
	})
}

// hsum is the sum of the lanes, the upper half added to the lower half until one lane is left.
func (h *helpers) hsum(t ir.Type, n int) *jen.Statement {
	return h.need("hsum"+shape(t, n), "is the sum of the lanes, halves added until one is left.", func(f *jen.Statement) *jen.Statement {
		return f.Params(jen.Id("v").Add(arrayType(int64(n), t))).Add(goType(t)).Block(
			halves(n, 1), jen.Return(jen.Id("v").Index(jen.Lit(0))))
	})
}

// halves folds v from n lanes to at least last lanes: for n := N / 2; n >= last; n /= 2 { v[k] += v[n+k] for all k < n }.
func halves(n, last int) jen.Code {
	k, half := jen.Id("k"), jen.Id("n")
	return jen.For(jen.Id("n").Op(":=").Lit(n/2), jen.Id("n").Op(">=").Lit(last), jen.Id("n").Op("/=").Lit(2)).Block(
		jen.For(jen.Id("k").Op(":=").Range().Id("n")).Block(
			jen.Id("v").Index(k).Op("+=").Id("v").Index(half.Clone().Op("+").Id("k"))))
}

// tree is the reduce tree of four vectors: lane k of the result is the sum of the lanes of the k-th, in the order of [ir.Tree].
func (h *helpers) tree(t ir.Type, n int) *jen.Statement {
	sum := h.treeSum(t, n)
	array := arrayType(int64(n), t)
	return h.need("tree"+shape(t, n), "has the sum of the lanes of each of four vectors.", func(f *jen.Statement) *jen.Statement {
		var sums []jen.Code
		for k := range 4 {
			sums = append(sums, jen.Add(sum).Clone().Call(jen.Id(fmt.Sprint("x", k))))
		}
		return f.Params(jen.List(jen.Id("x0"), jen.Id("x1"), jen.Id("x2"), jen.Id("x3")).Add(array)).Add(arrayType(4, t)).Block(
			jen.Return(arrayType(4, t).Values(sums...)))
	})
}

// treeSum is one sum of a tree: halves down to 256 bits, then adjacent lanes within 128 bits, last the two halves.
func (h *helpers) treeSum(t ir.Type, n int) *jen.Statement {
	doc := "adds halves down to 256 bits, then adjacent lanes, and last the two halves of 128 bits: the order of VHADDPS and VHADDPD."
	widest := 4
	if t == ir.F32 {
		widest = 8
	}
	return h.need("treeSum"+shape(t, n), doc, func(f *jen.Statement) *jen.Statement {
		lane := func(k int) *jen.Statement { return jen.Id("v").Index(jen.Lit(k)) }
		pair := func(k int) *jen.Statement { return jen.Parens(lane(k).Op("+").Add(lane(k + 1))) }
		var total *jen.Statement
		if t == ir.F32 {
			quad := func(k int) *jen.Statement { return jen.Parens(pair(k).Op("+").Add(pair(k + 2))) }
			total = quad(0).Op("+").Add(quad(4))
		} else {
			total = pair(0).Op("+").Add(pair(2))
		}
		body := []jen.Code{jen.Return(total)}
		if n > widest {
			body = append([]jen.Code{halves(n, widest)}, body...)
		}
		return f.Params(jen.Id("v").Add(arrayType(int64(n), t))).Add(goType(t)).Block(body...)
	})
}
