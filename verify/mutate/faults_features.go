package mutate

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// FeatureFaults are those that only packages with a mask, a bias or dropout can have; they are apart from [Faults].
func FeatureFaults() []Fault {
	draws := func(change func(r *ir.Random) ir.Expr) func(*ir.Program, func() bool) {
		return values(func(x ir.Expr) ir.Expr {
			if r, ok := x.(*ir.Random); ok {
				return change(r)
			}
			return nil
		})
	}
	moved := func(row, col ir.Int) func(*ir.Program, func() bool) {
		return draws(func(r *ir.Random) ir.Expr {
			return &ir.Random{Type: r.Type, Seed: r.Seed, Row: ir.Plus(r.Row, row), Col: ir.Plus(r.Col, col), Width: r.Width}
		})
	}
	return []Fault{
		{Name: "drawn-for-next-node", Doc: "a number is that of the next node", Kind: Value, program: moved(1, 0)},
		{Name: "drawn-for-next-head", Doc: "a number is that of the next head", Kind: Value, program: moved(0, 1)},
		{Name: "drawn-once", Doc: "all lanes have the number of the first", Kind: Value, Targets: []string{"avx2", "avx512"},
			program: draws(func(r *ir.Random) ir.Expr {
				if r.Lanes() == 1 {
					return nil
				}
				one := *r
				one.Width = 1
				return &ir.Broadcast{X: &one, Width: r.Width}
			})},
		{Name: "not-larger", Doc: "weights that stay are not made larger", Kind: Value, program: values(func(x ir.Expr) ir.Expr {
			u, ok := x.(*ir.Unary)
			if !ok || u.Op != ir.Recip || !reads(u.X, "dropout") {
				return nil
			}
			var one ir.Expr = &ir.Const{Type: ir.F32, Value: 1}
			if u.Lanes() > 1 {
				one = &ir.Broadcast{X: one, Width: u.Lanes()}
			}
			return one
		})},
		{Name: "lost-key-mask", Doc: "a key is not hidden", Kind: Value, program: loads(func(l *ir.Load) ir.Expr {
			if l.Buf.Name != "mask" {
				return nil
			}
			return &ir.Const{Type: l.Buf.Type, Value: 0}
		})},
		{Name: "lost-bias", Doc: "the bias of an edge is not added", Kind: Value, program: loads(func(l *ir.Load) ir.Expr {
			if l.Buf.Name != "bias" {
				return nil
			}
			return &ir.Const{Type: l.Buf.Type, Value: 0}
		})},
		{Name: "bias-of-next-slot", Doc: "the bias is that of the next slot", Kind: Value, program: loads(func(l *ir.Load) ir.Expr {
			last := len(l.At) - 1
			if l.Buf.Name != "bias" || l.Lanes() > 1 {
				return nil
			}
			at := append(slices.Clone(l.At[:last]), ir.Plus(l.At[last], ir.Int(1)))
			return &ir.Load{Buf: l.Buf, At: at, Width: l.Width, Mask: l.Mask}
		})},
	}
}

// reads reports whether a value reads a buffer.
func reads(x ir.Expr, name string) (found bool) {
	ir.Rewrite{Buffer: func(b *ir.Buffer) *ir.Buffer {
		found = found || b.Name == name
		return b
	}}.OfExpr(x)
	return found
}
