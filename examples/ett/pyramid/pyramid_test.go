package pyramid

import (
	"math"
	"slices"
	"testing"

	"github.com/pyragen/pyragen/verify"
)

// TestPyramidIsThatOfVerify compares levels and children with the graph that verify spells out edge by edge.
func TestPyramidIsThatOfVerify(t *testing.T) {
	const window = 3
	for _, strides := range [][]int{{}, {4, 4, 4}, {1, 2}, {3, 5}, {64}} {
		for leaves := 1; leaves <= 150; leaves++ {
			p := New(strides, leaves)
			g, err := verify.NewGraph(window, strides, leaves)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(p.Levels, g.Levels) || p.Nodes() != g.Nodes() {
				t.Fatalf("strides %v, %d leaves: levels %v, want %v", strides, leaves, p.Levels, g.Levels)
			}
			for l := 1; l < len(p.Levels); l++ {
				for i := range p.Levels[l] {
					var got []int
					lo, hi := p.Children(l, i)
					for c := lo; c < hi; c++ {
						got = append(got, p.Node(l-1, c))
					}
					row := g.Neighbours[p.Node(l, i)]
					want := slices.DeleteFunc(slices.Clone(row[window:len(row)-1]), func(j int) bool { return j < 0 })
					if !slices.Equal(got, want) {
						t.Fatalf("strides %v, %d leaves: children of level %d node %d: %v, want %v", strides, leaves, l, i, got, want)
					}
				}
			}
		}
	}
}

// TestSpansTile: the spans of each level cover all leaves in order, and a span is that of the first to the last child.
func TestSpansTile(t *testing.T) {
	for leaves := 1; leaves <= 300; leaves++ {
		p := New([]int{4, 4, 4}, leaves)
		for l, size := range p.Levels {
			end := 0
			for i := range size {
				lo, hi := p.Span(l, i)
				if lo != end || hi-lo < p.Steps(l) || i < size-1 && hi-lo != p.Steps(l) {
					t.Fatalf("%d leaves: level %d node %d spans %d to %d after %d", leaves, l, i, lo, hi, end)
				}
				end = hi
			}
			if end != leaves {
				t.Fatalf("%d leaves: level %d ends at %d", leaves, l, end)
			}
		}
	}
}

func TestFillIsTheMeanOfChildren(t *testing.T) {
	p := New([]int{2, 2}, 7) // levels of 7, 3 and 1: the last of the second has three children
	rows := p.Fill([]float64{1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 9, -9}, 2)
	want := []float64{1, 2, 3, 4, 5, 6, 9, 1.5, 3.5, 20. / 3, (1.5 + 3.5 + 20./3) / 3}
	for i, x := range want {
		if math.Abs(rows[2*i]-x) > 1e-12 || rows[2*i+1] != -rows[2*i] {
			t.Errorf("row %d is %v, want %v and its negative", i, rows[2*i:2*i+2], x)
		}
	}
	if len(rows) != 2*len(want) {
		t.Errorf("%d numbers, want %d", len(rows), 2*len(want))
	}
}
