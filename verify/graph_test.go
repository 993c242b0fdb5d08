package verify

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// everyGraph calls f with small pyramids of every window 1..9, stride 1..8 and up to 4 levels.
func everyGraph(t *testing.T, f func(t *testing.T, g *Graph)) {
	t.Helper()
	lists := [][]int{{}, {4, 4, 4}, {2, 2, 2, 2}, {5, 3}, {3, 1, 2}, {12, 7, 4}}
	for c := 1; c <= 8; c++ {
		lists = append(lists, []int{c}, []int{c, 2})
	}
	ran := 0
	for window := 1; window <= 9; window++ {
		for _, strides := range lists {
			for _, leaves := range []int{1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 64, 67, 127} {
				g, err := NewGraph(window, strides, leaves)
				if err != nil {
					t.Fatal(err)
				}
				f(t, g)
				ran++
			}
		}
	}
	if ran < 2000 {
		t.Fatalf("only %d graphs", ran)
	}
}

func (g *Graph) String() string {
	return fmt.Sprintf("window %d strides %v len %d", g.Window, g.Strides, g.Levels[0])
}

func TestGraphTransposeTwiceIsIdentity(t *testing.T) {
	everyGraph(t, func(t *testing.T, g *Graph) {
		back := make([][]int, g.Nodes())
		for i := range back {
			back[i] = emptyRow(g.Slots)
		}
		for key, queries := range g.Queries {
			for _, q := range queries {
				back[q.Node][q.Slot] = key
			}
		}
		if !reflect.DeepEqual(back, g.Neighbours) {
			t.Fatalf("%v: the transpose of the transpose differs", g)
		}
	})
}

func TestGraphIsSymmetricForOddWindows(t *testing.T) {
	everyGraph(t, func(t *testing.T, g *Graph) {
		for i, row := range g.Neighbours {
			var in []int
			for _, q := range g.Queries[i] {
				in = append(in, q.Node)
			}
			var out []int
			for _, j := range row {
				if j >= 0 {
					out = append(out, j)
				}
			}
			slices.Sort(out)
			same := slices.Equal(in, out)
			if g.Window%2 == 1 && !same {
				t.Fatalf("%v: node %d attends to %v, is attended by %v", g, i, out, in)
			}
			if g.Window%2 == 0 && g.Levels[0] > g.Window && i == 0 && same {
				t.Fatalf("%v: an even window reaches further back than ahead, but node 0 is symmetric", g)
			}
		}
	})
}

func TestGraphRows(t *testing.T) {
	everyGraph(t, func(t *testing.T, g *Graph) {
		parents, most := 0, 0
		for i, row := range g.Neighbours {
			if row[g.Window/2] != i {
				t.Fatalf("%v: node %d is not in its own window: %v", g, i, row)
			}
			full := map[int]bool{}
			children := 0
			for s, j := range row {
				if j >= 0 && full[j] {
					t.Fatalf("%v: node %d holds %d twice", g, i, j)
				}
				full[j] = true
				if j >= 0 && s >= g.Window && s < g.Slots-1 {
					children++
				}
			}
			if row[g.Slots-1] >= 0 {
				parents++
			}
			most = max(most, children)
		}
		top := g.Levels[len(g.Levels)-1]
		if parents != g.Nodes()-top {
			t.Fatalf("%v: %d nodes have a parent, want all but the top %d of %d", g, parents, top, g.Nodes())
		}
		if g.Slots != g.Window+most+1 {
			t.Fatalf("%v: %d slots, want window + %d children + 1", g, g.Slots, most)
		}
	})
}

// TestGraphByHand pins the definition where it is easily misread: what is left over, even windows, an empty level above.
func TestGraphByHand(t *testing.T) {
	g, err := NewGraph(2, []int{2, 4}, 5)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]int{
		{-1, 0, -1, -1, -1, 5}, {0, 1, -1, -1, -1, 5}, {1, 2, -1, -1, -1, 6}, {2, 3, -1, -1, -1, 6}, {3, 4, -1, -1, -1, 6},
		{-1, 5, 0, 1, -1, -1}, {5, 6, 2, 3, 4, -1},
	}
	if !reflect.DeepEqual(g.Neighbours, want) {
		t.Errorf("neighbours\n got %v\nwant %v", g.Neighbours, want)
	}
	if want := []Query{{0, 1}, {1, 0}, {5, 2}}; !reflect.DeepEqual(g.Queries[0], want) {
		t.Errorf("queries of node 0: %v, want %v", g.Queries[0], want)
	}
	if g.Edges() != 2+4*3+3+5 {
		t.Errorf("%d edges", g.Edges())
	}
}

func TestGraphErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{second(NewGraph(0, nil, 1)), "window = 0, want >= 1"},
		{second(NewGraph(1, nil, 0)), "len = 0, want >= 1"},
		{second(NewGraph(1, []int{2, 0}, 8)), "strides[1] = 0, want >= 1"},
		{second(NewTableGraph([][]int{{0, 1}, {0}})), "row 1 has 1 slots, row 0 has 2"},
		{second(NewTableGraph([][]int{{0, 2}, {0, 1}})), "row 0 slot 1 holds node 2, want -1 to 1"},
		{second(NewTableGraph([][]int{{0, 1}, {1, 1}})), "row 1 holds node 1 twice"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got %v, want %q", c.err, c.want)
		}
	}
}

func second(_ *Graph, err error) error { return err }
