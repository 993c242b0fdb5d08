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
			for i := 0; i < len(block); i++ {
				if whole := packed(block[i:]); whole != nil {
					out = append(out, whole)
					i += whole.Value.Lanes() - 1
					continue
				}
				out = append(out, block[i])
			}
			return out, nil
		})
	},
}

// packed returns the store that stands for all lanes of a vector if the block begins with their single stores, or nil.
func packed(block []ir.Stmt) *ir.Store {
	first, vec := laneStore(block[0], 0)
	if first == nil || len(block) < vec.Lanes() {
		return nil
	}
	for k := 1; k < vec.Lanes(); k++ {
		s, v := laneStore(block[k], k)
		if s == nil || v.Buf != vec.Buf || s.Buf != first.Buf {
			return nil
		}
		for d, x := range s.At {
			want := first.At[d]
			if d == len(s.At)-1 {
				want = ir.Plus(want, ir.Int(int64(k)))
			}
			if !ir.Same(x, want) {
				return nil
			}
		}
	}
	return &ir.Store{Buf: first.Buf, At: first.At, Value: vec, Stream: first.Stream}
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
