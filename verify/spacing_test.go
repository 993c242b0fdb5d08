package verify

import "testing"

// TestStride has rows of 2*3 elements; packed ones lie beside as many as the op has of their kind.
func TestStride(t *testing.T) {
	n := Sizes{Batch: 1, Len: 5, Heads: 2, Dim: 3}
	for _, c := range []struct {
		op, operand string
		c           Case
		want        int
	}{
		{"attention", "k", Case{Sizes: n}, 0},
		{"attention", "k", Case{Sizes: n, Gap: 4}, 10},
		{"attention", "k", Case{Sizes: n, Packed: true}, 18},
		{"attention", "out", Case{Sizes: n, Packed: true}, 0},
		{"attention", "lse", Case{Sizes: n, Gap: 1}, 0},
		{"attention-grad", "q", Case{Sizes: n, Gap: 4, Packed: true}, 22},
		{"attention-grad", "dv", Case{Sizes: n, Gap: 4, Packed: true}, 22},
		{"attention-grad", "dout", Case{Sizes: n, Gap: 4, Packed: true}, 0},
		{"scores", "y", Case{Sizes: n, Packed: true}, 12},
		{"context", "y", Case{Sizes: n, Packed: true}, 6},
		{"softmax", "s", Case{Sizes: n, Gap: 4, Packed: true}, 0},
	} {
		op, err := FindOp(c.op)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, o := range op.operands() {
			if o.Name == c.operand {
				found = true
				if got := c.c.Stride(op, o); got != c.want {
					t.Errorf("%s of %s, gap %d, packed %t: got %d, want %d", o.Name, op.Name, c.c.Gap, c.c.Packed, got, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s has no %s", c.op, c.operand)
		}
	}
}

// TestGridSpaced: a quick grid has cases with gaps, packed ones, and both at once.
func TestGridSpaced(t *testing.T) {
	for _, p := range GridSpecs() {
		gaps, packed, both := 0, 0, 0
		for _, c := range Grid(p, true) {
			switch {
			case c.Gap > 0 && c.Packed:
				both++
			case c.Gap > 0:
				gaps++
			case c.Packed:
				packed++
			}
		}
		if gaps == 0 || packed == 0 || both == 0 {
			t.Errorf("%s: got %d cases with gaps, %d packed and %d that are both, want some of each", p.Name, gaps, packed, both)
		}
	}
}
