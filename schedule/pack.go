package schedule

import "github.com/pyragen/pyragen/ir"

var packPass = Pass{
	Name: "pack",
	Doc: `store the lanes of a vector at once where they go to neighbouring elements in their order

	alloc t: f32x4
	s[0, 0, 0, 3] = lane(t, 0)
	s[0, 0, 0, 4] = lane(t, 1)
	s[0, 0, 0, 5] = lane(t, 2)
	s[0, 0, 0, 6] = lane(t, 3)
->
	alloc t: f32x4
	s[0, 0, 0, 3:4] = t`,
	Run: func(n *Nest, _ Schedule) error {
		return n.eachBody(func(block []ir.Stmt) ([]ir.Stmt, error) {
			var out []ir.Stmt
			taken := map[int]bool{}
			for i, s := range block {
				if taken[i] {
					continue
				}
				if whole := packed(block[i:], func(k int) bool { return taken[i+k] }, func(k int) { taken[i+k] = true }); whole != nil {
					s = whole
				}
				out = append(out, s)
			}
			return out, nil
		})
	},
}

// packed returns the store that stands for all lanes of a vector if the block begins with the store of the first one, or nil.
// Between them stand only stores of other lanes, to other elements. It tells take which stores are part of it.
func packed(block []ir.Stmt, taken func(int) bool, take func(int)) *ir.Store {
	first, vec := laneStore(block[0], 0)
	if first == nil {
		return nil
	}
	var mine []int
	var between []*ir.Store
	for i := 1; i < len(block) && len(mine) < vec.Lanes()-1; i++ {
		if taken(i) {
			continue
		}
		k := len(mine) + 1
		s, v := laneStore(block[i], k)
		if s != nil && v.Buf == vec.Buf && s.Buf == first.Buf && ir.Same(last(s.At), ir.Plus(last(first.At), ir.Int(int64(k)))) &&
			sameSubscripts(s.At[:len(s.At)-1], first.At) {
			for _, o := range between {
				if !apart(o, s) {
					return nil
				}
			}
			mine = append(mine, i)
			continue
		}
		other, ok := block[i].(*ir.Store)
		if !ok || other.Buf.Space != ir.Memory {
			return nil
		}
		if _, ok := other.Value.(*ir.Lane); !ok {
			return nil
		}
		between = append(between, other)
	}
	if len(mine) < vec.Lanes()-1 {
		return nil
	}
	for _, i := range mine {
		take(i)
	}
	return &ir.Store{Buf: first.Buf, At: first.At, Value: vec, Stream: first.Stream}
}

func last(at []ir.Index) ir.Index { return at[len(at)-1] }

// sameSubscripts compares as many subscripts as a has.
func sameSubscripts(a, b []ir.Index) bool {
	for d, x := range a {
		if !ir.Same(x, b[d]) {
			return false
		}
	}
	return true
}

// apart reports whether two single elements are known to be different ones.
func apart(a, b *ir.Store) bool {
	if a.Buf != b.Buf {
		return true
	}
	for d := range a.At {
		if p := ir.PolyOf(ir.Minus(a.At[d], b.At[d])); p.IsConst() && p.Const != 0 {
			return true
		}
	}
	return false
}

// laneStore takes apart a store of lane k of a register to memory.
func laneStore(s ir.Stmt, k int) (*ir.Store, *ir.Load) {
	store, ok := s.(*ir.Store)
	if !ok || store.Buf.Space != ir.Memory || len(store.At) == 0 {
		return nil, nil
	}
	lane, ok := store.Value.(*ir.Lane)
	if !ok || lane.K != k {
		return nil, nil
	}
	vec, ok := lane.X.(*ir.Load)
	if !ok {
		return nil, nil
	}
	return store, vec
}
