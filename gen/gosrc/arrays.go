package gosrc

import (
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// allocAll declares temporary arrays. Small ones of constant size are the function's own. Those whose size a graph
// decides may be large: they are parts of memory that is kept for later calls,
//
//	kept := borrow[float32](&attentionF32GoTask1Memory, slots*8)
//	e := kept.take(slots * 4)
//	s := kept.take(slots * 4)
//
// which giveBack, at the end, returns to the others:
//
//	attentionF32GoTask1Memory.Put(kept)
func (d *driver) allocAll(part string, arrays []*ir.Buffer) (giveBack func()) {
	var large []*ir.Buffer
	for _, b := range arrays {
		if _, constant := elements(b).(ir.Int); constant || !d.table {
			d.allocMemory(b)
		} else {
			large = append(large, b)
		}
	}
	if len(large) == 0 {
		return func() {}
	}
	typ := large[0].Type
	if slices.ContainsFunc(large, func(b *ir.Buffer) bool { return b.Type != typ }) {
		fail("got temporary arrays of several types, want one")
	}
	total := ir.Index(ir.Int(0))
	for _, b := range large {
		total = ir.Plus(total, elements(b))
	}
	pool, kept := d.name+part+"Memory", d.names.make("kept")
	d.add(pool, jen.Add(comment(pool+" has what earlier calls have left.")).Line().Var().Id(pool).Add(d.helpers.qual("sync", "Pool")))
	d.declare(define, kept, func() *jen.Statement {
		size := d.index(ir.Facts(nil).Simplify(total))
		return jen.Id("borrow").Index(goType(typ)).Call(jen.Op("&").Id(pool), size.code)
	})
	for _, b := range large {
		d.declare(define, d.names.get(b.Name), func() *jen.Statement { return jen.Add(d.use(kept).code).Dot("take").Call(d.index(elements(b)).code) })
	}
	return func() { d.put(plain, jen.Id(pool).Dot("Put").Call(d.use(kept).code)) }
}
