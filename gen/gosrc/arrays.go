package gosrc

import (
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// allocAll declares temporary arrays. They are parts of memory that is kept for later calls and holds anything,
//
//	kept := borrow[float32](&attentionF32GoTask1Memory, 2, slots*12)
//	e := kept.take(slots * 4)
//	s := kept.take(slots * 8)
//
// which giveBack, at the end, returns to the others:
//
//	attentionF32GoTask1Memory.Put(kept)
//
// Arrays of the function's own would be cleared in every task, and those that do not fit its stack allocated.
func (d *driver) allocAll(part string, arrays []*ir.Buffer) (giveBack func()) {
	if len(arrays) == 0 {
		return func() {}
	}
	typ := arrays[0].Type
	if slices.ContainsFunc(arrays, func(b *ir.Buffer) bool { return b.Type != typ }) {
		fail("got temporary arrays of several types, want one")
	}
	total := ir.Index(ir.Int(0))
	for _, b := range arrays {
		total = ir.Plus(total, elements(b))
	}
	pool, kept := d.name+part+"Memory", d.names.make("kept")
	d.add(pool, jen.Add(comment(pool+" has what earlier calls have left.")).Line().Var().Id(pool).Add(d.helpers.qual("sync", "Pool")))
	d.declare(define, kept, func() *jen.Statement {
		size := d.index(ir.Facts(nil).Simplify(total))
		return jen.Id("borrow").Index(goType(typ)).Call(jen.Op("&").Id(pool), jen.Lit(len(arrays)), size.code)
	})
	for _, b := range arrays {
		d.declare(define, d.names.get(b.Name), func() *jen.Statement { return jen.Add(d.use(kept).code).Dot("take").Call(d.index(elements(b)).code) })
	}
	return func() { d.put(plain, jen.Id(pool).Dot("Put").Call(d.use(kept).code)) }
}

// hasArrays reports whether the driver of a program declares some.
func hasArrays(p *ir.Program) bool {
	found := slices.ContainsFunc(p.Buffers, func(b *ir.Buffer) bool { return b.Role == ir.Temp })
	ir.Each(p.Body, func(s ir.Stmt) {
		a, ok := s.(*ir.Alloc)
		found = found || ok && a.Buf.Space == ir.Memory
	})
	return found
}
