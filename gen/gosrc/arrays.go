package gosrc

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// lineBytes is the size of a cache line.
const lineBytes = 64

// hasLines reports whether the rows of an array are whole cache lines.
func hasLines(b *ir.Buffer) bool {
	row, constant := b.Dims[len(b.Dims)-1].(ir.Int)
	return len(b.Dims) > 1 && constant && int(row)*b.Type.Size()%lineBytes == 0
}

// allocAll declares temporary arrays. Small ones of constant size are the function's own; for assembly, rows that are whole cache lines begin
// with one, so that no vector lies in two. Those whose size a graph decides may be large: they are parts of memory that is kept for later
// calls,
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
		n, constant := elements(b).(ir.Int)
		switch {
		case constant && d.asm && hasLines(b):
			d.declare(define, d.names.get(b.Name), func() *jen.Statement {
				return d.helpers.fromLine(b.Type).Call(jen.Make(jen.Index().Add(goType(b.Type)), jen.Lit(int(n)+lineBytes/b.Type.Size()-1)))
			})
		case constant || !d.table:
			d.allocMemory(b)
		default:
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

// fromLine leaves out what is in front of a cache line.
func (h *helpers) fromLine(t ir.Type) *jen.Statement {
	doc := "is x from where a cache line begins on."
	return h.need("line"+strings.ToUpper(t.String()), doc, func(f *jen.Statement) *jen.Statement {
		address := jen.Uintptr().Call(h.qual("unsafe", "Pointer").Call(jen.Op("&").Id("x").Index(jen.Lit(0))))
		return f.Params(jen.Id("x").Index().Add(goType(t))).Index().Add(goType(t)).Block(
			jen.Return(jen.Id("x").Index(jen.Op("-").Add(address).Op("%").Lit(lineBytes).Op("/").Lit(t.Size()), jen.Empty())))
	})
}
