package schedule

import "github.com/pyragen/pyragen/ir"

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
			inside := map[*ir.Buffer]bool{} // touched in blocks in this one
			for _, s := range block {
				if _, ok := s.(*ir.Store); !ok {
					eachAccess([]ir.Stmt{s}, func(b *ir.Buffer, _ []ir.Index) { inside[b] = true })
				}
			}
			for _, s := range block {
				if a, ok := s.(*ir.Alloc); ok && a.Buf.Space == ir.Register && len(a.Buf.Dims) == 0 && !inside[a.Buf] {
					block = forward(block, a.Buf)
				}
			}
			return block, nil
		})
	},
}

// forward handles one register of a block that no inner block touches.
func forward(block []ir.Stmt, reg *ir.Buffer) []ir.Stmt {
	var stores []int
	reads, readAt := 0, -1
	for i, s := range block {
		store, ok := s.(*ir.Store)
		if ok && store.Buf == reg {
			stores = append(stores, i)
		}
		if k := readsOf(s, reg); k > 0 {
			reads += k
			readAt = i
		}
	}
	dead := map[int]bool{}
	for len(stores) > 1 && (reads == 0 || reads == 1 && readAt > stores[1]) {
		dead[stores[0]] = true
		stores = stores[1:]
	}
	if len(stores) != 1 || reads != 1 || readAt <= stores[0] {
		return without(block, dead)
	}
	value := block[stores[0]].(*ir.Store).Value
	if changes(block[stores[0]+1:readAt], value) {
		return without(block, dead)
	}
	out := append([]ir.Stmt(nil), block...)
	out[readAt] = ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok && l.Buf == reg {
			return value
		}
		return x
	}}.OfStmts(block[readAt : readAt+1])[0]
	dead[stores[0]] = true
	for i, s := range block {
		if a, ok := s.(*ir.Alloc); ok && a.Buf == reg {
			dead[i] = true
		}
	}
	return without(out, dead)
}

// readsOf counts the reads of a register in a store's value.
func readsOf(s ir.Stmt, reg *ir.Buffer) int {
	store, ok := s.(*ir.Store)
	if !ok {
		return 0
	}
	n := 0
	ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok && l.Buf == reg {
			n++
		}
		return x
	}}.OfExpr(store.Value)
	return n
}

// changes reports whether the statements may change what a value reads.
func changes(block []ir.Stmt, value ir.Expr) bool {
	read := map[*ir.Buffer]bool{}
	ir.Rewrite{Buffer: func(b *ir.Buffer) *ir.Buffer {
		read[b] = true
		return b
	}}.OfExpr(value)
	changed := false
	ir.Each(block, func(s ir.Stmt) {
		if e, ok := s.(*ir.Store); ok && read[e.Buf] {
			changed = true
		}
	})
	return changed
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
