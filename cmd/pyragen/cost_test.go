package main

import (
	"testing"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// TestPyramid compares the closed form with edges counted one by one.
func TestPyramid(t *testing.T) {
	for _, strides := range [][]int{nil, {1}, {2}, {4, 4, 4}, {5, 3}, {3, 1, 2}, {64}} {
		for window := 1; window <= 9; window++ {
			for leaves := 1; leaves <= 150; leaves++ {
				g, err := verify.NewGraph(window, strides, leaves)
				if err != nil {
					t.Fatal(err)
				}
				edges := 0
				for _, row := range g.Neighbours {
					for _, node := range row {
						if node >= 0 {
							edges++
						}
					}
				}
				p := newPyramid(spec.Spec{Window: window, Strides: strides}, leaves)
				if p.nodes != g.Nodes() || p.slots != g.Slots || p.edges != edges {
					t.Fatalf("window %d strides %v len %d: %d nodes, %d slots, %d edges, want %d, %d, %d", window, strides, leaves, p.nodes, p.slots, p.edges,
						g.Nodes(), g.Slots, edges)
				}
			}
		}
	}
}

// TestPyramidVariants does that for causal cuts, one-sided links, dilations and windows by level.
func TestPyramidVariants(t *testing.T) {
	checked := 0
	for _, strides := range [][]int{nil, {1}, {2}, {4, 4}, {1, 3}, {3, 1}, {1, 1}} {
		for _, causal := range spec.Causals() {
			for _, links := range spec.AllLinks() {
				for _, dilation := range []int{1, 3} {
					for _, windows := range [][]int{{3, 3, 3}, {4, 4, 4}, {2, 5, 1}} {
						s := spec.Spec{Windows: windows[:len(strides)+1], Strides: strides, Causal: causal, Links: links, Dilation: dilation}.Canonical()
						s.Ancestors = min(1+dilation, len(strides)) // 2, or as many as there are
						s = s.Canonical()
						for leaves := 1; leaves <= 40; leaves++ {
							g, err := verify.NewVariant(s.Window, s.Strides, variantOf(s), leaves)
							if err != nil {
								t.Fatal(err)
							}
							p := newPyramid(s, leaves)
							if p.nodes != g.Nodes() || p.slots != g.Slots || p.edges != g.Edges() {
								t.Fatalf("%+v len %d: %d nodes, %d slots, %d edges, want %d, %d, %d", s, leaves, p.nodes, p.slots, p.edges,
									g.Nodes(), g.Slots, g.Edges())
							}
							checked++
						}
					}
				}
			}
		}
	}
	if checked < 10_000 {
		t.Fatalf("only %d graphs were counted", checked)
	}
}

func TestCost(t *testing.T) {
	s := spec.Spec{Window: 3, Strides: []int{4}, Dim: 8}
	c, err := costOf(s, "scores", "f32", sizes{batch: 2, len: 9, heads: 3, dim: 8}, nil)
	// 9 leaves and 2 parents, the last with 5 children: 3 + 5 + 1 slots; 25 + 4 window edges, 18 up and down.
	if err != nil || c.nodes != 11 || c.slots != 9 || c.edges != 47 || c.flops != 2*2*3*47*8 || c.bytes != 4*2*3*11*(8+8+9) {
		t.Errorf("got %+v, %v", c, err)
	}
	for _, n := range []sizes{{1 << 20, 1 << 30, 1, 64, 1}, {1 << 30, 1 << 30, 1 << 30, 1 << 30, 1}} {
		if _, err := costOf(s, "scores", "f32", n, nil); err == nil {
			t.Errorf("%v is accepted", n)
		}
	}
}

// TestCostNarrow: tensors in 16 bits take half of the bytes of float32, but for lse, which is float32.
func TestCostNarrow(t *testing.T) {
	s := spec.Spec{Window: 3, Strides: []int{4}, Dim: 8}
	n := sizes{batch: 2, len: 9, heads: 3, dim: 8}
	for _, op := range []string{"scores", "attention"} {
		var bytes []int64
		for _, typ := range []string{"f32", "f16", "bf16"} {
			c, err := costOf(s, op, typ, n, nil)
			if err != nil {
				t.Fatal(err)
			}
			bytes = append(bytes, c.bytes)
		}
		lse := int64(0)
		if op == "attention" {
			lse = 4 * 2 * 11 * 3
		}
		if want := (bytes[0]-lse)/2 + lse; bytes[1] != want || bytes[2] != want {
			t.Errorf("%s: got %v bytes, want %d in 16 bits", op, bytes, want)
		}
	}
}
