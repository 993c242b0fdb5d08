package ir

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// pyramidRows is the table of a pyramid by the definition of design section 1: windows, then the children of each node in order,
// then its parent.
func pyramidRows(window int, strides []int, leaves int) (rows [][]int) {
	sizes, first := []int{leaves}, []int{0}
	for _, c := range strides {
		n := sizes[len(sizes)-1] / c
		if n == 0 {
			break
		}
		first = append(first, first[len(first)-1]+sizes[len(sizes)-1])
		sizes = append(sizes, n)
	}
	parent := func(l, i int) int { return min(i/strides[l], sizes[l+1]-1) }
	most := 0
	children := make([][][]int, len(sizes))
	for l, n := range sizes {
		children[l] = make([][]int, n)
		for i := range n {
			if l == 0 {
				continue
			}
			for k := range sizes[l-1] {
				if parent(l-1, k) == i {
					children[l][i] = append(children[l][i], first[l-1]+k)
				}
			}
			most = max(most, len(children[l][i]))
		}
	}
	for l, n := range sizes {
		for i := range n {
			row := slices.Repeat([]int{-1}, window+most+1)
			for j := range window {
				if k := i - window/2 + j; k >= 0 && k < n {
					row[j] = first[l] + k
				}
			}
			copy(row[window:], children[l][i])
			if l+1 < len(sizes) {
				row[window+most] = first[l+1] + parent(l, i)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func TestLevelsAgainstDefinition(t *testing.T) {
	for window := 1; window <= 6; window++ {
		for _, strides := range [][]int{nil, {1}, {2}, {3}, {2, 2}, {4, 4}, {5, 3}, {2, 3, 2}, {9}} {
			for leaves := 1; leaves <= 40; leaves++ {
				name := fmt.Sprintf("window %d, strides %v, len %d", window, strides, leaves)
				rows := pyramidRows(window, strides, leaves)
				p, err := Graph{Kind: Pyramid, Window: window, Strides: strides}.Levels(int64(leaves))
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if p.Nodes != int64(len(rows)) || p.Slots != int64(len(rows[0])) {
					t.Fatalf("%s: %d nodes, %d slots, want %d, %d", name, p.Nodes, p.Slots, len(rows), len(rows[0]))
				}
				edges, reverse := 0, 0
				for i, row := range rows {
					for j, want := range row {
						if got := p.Nbr(int64(i), int64(j)); got != int64(want) {
							t.Fatalf("%s: Nbr(%d, %d) = %d, want %d", name, i, j, got, want)
						}
						if want >= 0 {
							edges++
						}
						r, m := p.Rev(int64(i), int64(j)), p.RevSlot(int64(i), int64(j))
						if (r < 0) != (m < 0) {
							t.Fatalf("%s: Rev(%d, %d) = %d but RevSlot is %d", name, i, j, r, m)
						}
						if r < 0 {
							continue
						}
						reverse++
						if rows[r][m] != i {
							t.Fatalf("%s: Rev, RevSlot(%d, %d) = %d, %d but that slot holds %d", name, i, j, r, m, rows[r][m])
						}
						for before := range int64(j) {
							if p.Rev(int64(i), before) == r {
								t.Fatalf("%s: Rev(%d, .) has %d twice", name, i, r)
							}
						}
					}
				}
				if edges != reverse {
					t.Fatalf("%s: %d edges, %d of them in reverse", name, edges, reverse)
				}
			}
		}
	}
}

func TestLevelsRefuses(t *testing.T) {
	for _, c := range []struct {
		graph Graph
		n     int64
		want  string
	}{
		{Graph{Kind: Pyramid, Window: 3}, 0, "size len: got 0, want >= 1"},
		{Graph{Kind: Pyramid, Window: 0}, 5, "got window 0, want >= 1"},
		{Graph{Kind: Pyramid, Window: 3, Strides: []int{4, 0}}, 50, "got stride 0, want >= 1"},
		{Graph{Kind: Pyramid, Window: 3, Windows: []int{3}, Strides: []int{4}}, 50, "got 1 windows, want one, or one for each of 2 levels"},
		{Graph{Kind: Pyramid, Window: 3, Windows: []int{3, 5}, Strides: []int{4}}, 50, "got window 3 for all levels, want the largest of theirs, 5"},
		{Graph{Kind: Pyramid, Window: 3, Windows: []int{3, 0}, Strides: []int{4}}, 50, "got window 0, want >= 1"},
		{Graph{Kind: Pyramid, Window: 3, Dilation: -1}, 5, "got dilation -1, want >= 1, or 0 for none"},
		{Graph{Kind: Pyramid, Window: 3, Causal: 3}, 5, "got causal cut 3, want none, last or strict"},
		{Graph{Kind: Pyramid, Window: 3, Links: 3}, 5, "got links 3, want both, up or down"},
		{Graph{Kind: Pyramid, Window: 3, Strides: []int{4}, Ancestors: 2}, 5, "got 2 ancestors, want 1 to the number of levels above the leaves, 1"},
		{Graph{Kind: Table}, 5, "only a pyramid has levels"},
		{Graph{Kind: Pyramid, Window: 3, Strides: []int{2}}, math.MaxInt64 - 1, "nodes of the pyramid overflow int64"},
		{Graph{Kind: Pyramid, Window: 3, Strides: []int{1}}, math.MaxInt64, "nodes of the pyramid overflow int64"},
	} {
		if _, err := c.graph.Levels(c.n); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v over %d: got error %v, want %q", c.graph, c.n, err, c.want)
		}
	}
}
