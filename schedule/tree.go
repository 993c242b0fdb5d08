package schedule

import (
	"github.com/pyragen/pyragen/ir"
)

// treeWidth is how many vectors one reduce tree sums.
const treeWidth = 4

var treeStep = Step{
	Name:  "tree",
	Loops: true,
	Doc: `sum the lanes of up to four vectors in one tree of horizontal adds

	alloc v1, v2, v3: f32x8
	alloc acc1, acc2, acc3: f32
	acc1 = hsum(v1)
	acc2 = hsum(v2)
	acc3 = hsum(v3)
->
	alloc v1, v2, v3: f32x8
	alloc acc1, acc2, acc3: f32
	alloc t: f32x4
	t = tree(v1, v2, v3, v3)
	acc1 = lane(t, 0)
	acc2 = lane(t, 1)
	acc3 = lane(t, 2)

Sums that stand side by side, as jam leaves them, are taken four at a time, those of one row of the result together; two or
three that are left over share a tree as well, a single one stays as it is, and so do vectors of less than 32 bytes.`,
	Run: func(n *Nest, _ []string) error {
		body, err := eachBlock(n.Body, func(block []ir.Stmt) ([]ir.Stmt, error) {
			var out []ir.Stmt
			for i := 0; i < len(block); {
				k := 0
				for i+k < len(block) && sumOfLanes(block[i+k]) != nil {
					k++
				}
				if k == 0 {
					out = append(out, block[i])
					i++
					continue
				}
				for _, group := range groups(block[i:i+k], block[i+k:]) {
					out = append(out, n.tree(group)...)
				}
				i += k
			}
			return out, nil
		})
		n.Body = body
		return err
	},
}

// groups deals sums out to trees: those of one row of the result together, in the order of the row, so that their lanes can be
// stored at once.
func groups(sums, after []ir.Stmt) [][]ir.Stmt {
	rows := map[string][]ir.Stmt{}
	var order []string
	for _, s := range sums {
		key := destination(s.(*ir.Store).Buf, after)
		if rows[key] == nil {
			order = append(order, key)
		}
		rows[key] = append(rows[key], s)
	}
	var out [][]ir.Stmt
	var left []ir.Stmt
	for _, key := range order {
		row := rows[key]
		for len(row) >= treeWidth {
			out = append(out, row[:treeWidth])
			row = row[treeWidth:]
		}
		left = append(left, row...)
	}
	for len(left) > 0 {
		k := min(treeWidth, len(left))
		out = append(out, left[:k])
		left = left[k:]
	}
	return out
}

// destination names the row of memory that a register is stored to, all subscripts but the last.
func destination(reg *ir.Buffer, after []ir.Stmt) string {
	for _, s := range after {
		store, ok := s.(*ir.Store)
		if ok && store.Buf.Space == ir.Memory && readsOf(s, reg) > 0 {
			key := store.Buf.Name
			for _, x := range store.At[:max(len(store.At)-1, 0)] {
				key += " " + ir.Key(ir.PolyOf(x).Index())
			}
			return key
		}
	}
	return ""
}

// treeBytes is the least size of a vector that a tree may sum.
const treeBytes = 32

// sumOfLanes returns the vector that a statement sums into a register, or nil; a vector that is too short for a tree counts as none.
func sumOfLanes(s ir.Stmt) ir.Expr {
	if store, ok := s.(*ir.Store); ok && store.Buf.Space == ir.Register {
		if h, ok := store.Value.(*ir.HSum); ok && h.X.Lanes()*store.Buf.Type.Arith().Size() >= treeBytes {
			return h.X
		}
	}
	return nil
}

func (n *Nest) tree(sums []ir.Stmt) []ir.Stmt {
	if len(sums) == 1 {
		return sums
	}
	t := &ir.Buffer{Name: n.fresh("t"), Type: n.Type, Role: ir.Temp, Space: ir.Register, Lanes: treeWidth}
	xs := make([]ir.Expr, treeWidth)
	for k := range xs {
		xs[k] = sumOfLanes(sums[min(k, len(sums)-1)])
	}
	out := []ir.Stmt{&ir.Alloc{Buf: t}, &ir.Store{Buf: t, Value: &ir.Tree{Xs: xs}}}
	for k, s := range sums {
		out = append(out, &ir.Store{Buf: s.(*ir.Store).Buf, Value: &ir.Lane{X: &ir.Load{Buf: t, Width: 1}, K: k}})
	}
	return out
}
