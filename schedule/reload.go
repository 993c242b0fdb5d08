package schedule

import "github.com/pyragen/pyragen/ir"

var reloadPass = Pass{
	Name: "reload",
	Doc: `keep in a register what is stored to a temporary and loaded again further down the line

	alloc memory e: f32[4, 8]
	alloc v: f32x8
	e[0, 0:8] = exp(x[0, 0, 0, 0:8])
	v = v + e[0, 0:8]
->
	alloc memory e: f32[4, 8]
	alloc v, k: f32x8
	k = exp(x[0, 0, 0, 0:8])
	e[0, 0:8] = k
	v = v + k`,
	Run: func(n *Nest, _ Schedule) error {
		keys := loadKeys{}
		return n.eachBody(func(block []ir.Stmt) ([]ir.Stmt, error) { return n.reload(block, keys), nil })
	},
}

// reload handles a block: from each store to a temporary down to what may change the element.
func (n *Nest) reload(block []ir.Stmt, keys loadKeys) []ir.Stmt {
	out := append([]ir.Stmt(nil), block...)
	for i := 0; i < len(out); i++ {
		s, ok := out[i].(*ir.Store)
		if !ok || s.Buf.Space != ir.Memory || s.Buf.Role != ir.Temp || s.Mask != "" || s.Stream > 0 {
			continue
		}
		end := i + 1
		for end < len(out) && keeps(out[end], s.Buf) {
			end++
		}
		reg := &ir.Buffer{Type: n.Type, Role: ir.Temp, Space: ir.Register, Lanes: s.Value.Lanes()}
		key := keys.of(&ir.Load{Buf: s.Buf, At: s.At, Width: s.Value.Lanes()})
		loads := 0
		use := ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
			if l, ok := x.(*ir.Load); ok && l.Buf == s.Buf && keys.of(l) == key {
				loads++
				return &ir.Load{Buf: reg, Width: 1}
			}
			return x
		}}
		after := use.OfStmts(out[i+1 : end])
		if loads == 0 {
			continue
		}
		reg.Name = n.fresh("k")
		c := *s
		c.Value = &ir.Load{Buf: reg, Width: 1}
		line := append([]ir.Stmt{&ir.Alloc{Buf: reg}, &ir.Store{Buf: reg, Value: s.Value}, &c}, after...)
		out = append(append(out[:i:i], line...), out[end:]...)
		i += 2
	}
	return out
}

// keeps reports whether a statement is a plain one that does not store to a buffer.
func keeps(s ir.Stmt, b *ir.Buffer) bool {
	switch e := s.(type) {
	case *ir.Alloc, *ir.LetMask, *ir.Prefetch:
		return true
	case *ir.Store:
		return e.Buf != b
	}
	return false
}
