package schedule

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var forwardPass = Pass{
	Name: "forward",
	Doc: `put the value of a register that is written once and read once in place of the read, and drop writes that nobody reads

	alloc v1: f32x8
	alloc acc: f32
	acc = 0.0
	acc = hsum(v1)
	s[0, 0, 0, 0] = acc
->
	alloc v1: f32x8
	s[0, 0, 0, 0] = hsum(v1)`,
	Run: func(n *Nest, _ Schedule) error {
		return n.eachBody(func(block []ir.Stmt) ([]ir.Stmt, error) {
			f := newForwarding(block)
			for _, s := range block {
				if a, ok := s.(*ir.Alloc); ok && a.Buf.Space == ir.Register && len(a.Buf.Dims) == 0 && !f.inside[a.Buf] {
					f.register(a.Buf)
				}
			}
			return without(f.block, f.dead), nil
		})
	},
}

// forwarding is the pass in one block. Statements keep their places until the end.
type forwarding struct {
	block  []ir.Stmt
	shared bool                 // the block is still the one that the pass was given
	dead   map[int]bool         // statements that are gone
	inside map[*ir.Buffer]bool  // touched in blocks in this one
	stores map[*ir.Buffer][]int // which statements store to a buffer
	reads  map[*ir.Buffer][]int // and which stores read it, one for each read
}

func newForwarding(block []ir.Stmt) *forwarding {
	f := &forwarding{block: block, shared: true, dead: map[int]bool{}, inside: map[*ir.Buffer]bool{}, stores: map[*ir.Buffer][]int{}, reads: map[*ir.Buffer][]int{}}
	for i, s := range block {
		if store, ok := s.(*ir.Store); ok {
			f.stores[store.Buf] = append(f.stores[store.Buf], i)
			eachRegister(store.Value, func(b *ir.Buffer) { f.reads[b] = append(f.reads[b], i) })
		} else {
			eachAccess([]ir.Stmt{s}, func(b *ir.Buffer, _ []ir.Index) { f.inside[b] = true })
		}
	}
	return f
}

// register handles one register that no inner block touches.
func (f *forwarding) register(reg *ir.Buffer) {
	stores, reads := f.stores[reg], f.reads[reg]
	for len(stores) > 1 && (len(reads) == 0 || len(reads) == 1 && reads[0] > stores[1]) {
		f.drop(stores[0])
		stores = stores[1:]
	}
	if len(stores) != 1 || len(reads) != 1 || reads[0] <= stores[0] {
		return
	}
	from, to := stores[0], reads[0]
	value := f.block[from].(*ir.Store).Value
	if f.changes(from+1, to, value) {
		return
	}
	if f.shared {
		f.block, f.shared = slices.Clone(f.block), false
	}
	f.block[to] = ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok && l.Buf == reg {
			return value
		}
		return x
	}}.OfStmts(f.block[to : to+1])[0]
	f.drop(from)
	eachRegister(value, func(b *ir.Buffer) { f.reads[b] = append(f.reads[b], to) })
	for i, s := range f.block {
		if a, ok := s.(*ir.Alloc); ok && a.Buf == reg {
			f.dead[i] = true
		}
	}
}

// drop has the i-th statement, a store, gone, and what it reads read no more.
func (f *forwarding) drop(i int) {
	f.dead[i] = true
	eachRegister(f.block[i].(*ir.Store).Value, func(b *ir.Buffer) {
		f.reads[b] = slices.DeleteFunc(f.reads[b], func(at int) bool { return at == i })
	})
}

// changes reports whether the statements from one up to another may change what a value reads.
func (f *forwarding) changes(from, to int, value ir.Expr) bool {
	read := map[*ir.Buffer]bool{}
	ir.Rewrite{Buffer: func(b *ir.Buffer) *ir.Buffer {
		read[b] = true
		return b
	}}.OfExpr(value)
	changed := false
	for i := from; i < to; i++ {
		if !f.dead[i] {
			ir.Each(f.block[i:i+1], func(s ir.Stmt) {
				if e, ok := s.(*ir.Store); ok && read[e.Buf] {
					changed = true
				}
			})
		}
	}
	return changed
}

// eachRegister tells of every read of a register in a value.
func eachRegister(x ir.Expr, f func(*ir.Buffer)) {
	ir.EachPart(x, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok && l.Buf.Space == ir.Register {
			f(l.Buf)
		}
	})
}

// readsOf counts the reads of a register in a store's value.
func readsOf(s ir.Stmt, reg *ir.Buffer) int {
	store, ok := s.(*ir.Store)
	if !ok {
		return 0
	}
	n := 0
	ir.EachPart(store.Value, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok && l.Buf == reg {
			n++
		}
	})
	return n
}

func without(block []ir.Stmt, dead map[int]bool) []ir.Stmt {
	if len(dead) == 0 {
		return block
	}
	var out []ir.Stmt
	for i, s := range block {
		if !dead[i] {
			out = append(out, s)
		}
	}
	return out
}
