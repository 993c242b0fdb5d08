package graph

import (
	"math"
	"strings"
	"testing"
	"time"
)

// TestRefused: an error says what was called, what it got, where, and what it wanted.
func TestRefused(t *testing.T) {
	table := func(table []int32, slots, fixed int) func() (*Graph, error) {
		return func() (*Graph, error) { return graphOfTable(table, slots, fixed) }
	}
	rows := func(offsets []int, keys []int32, fixed int) func() (*Graph, error) {
		return func() (*Graph, error) { return graphOfRows(offsets, keys, fixed) }
	}
	list := func(queries, keys []int32, nodes, fixed int) func() (*Graph, error) {
		return func() (*Graph, error) { return graphOfEdges(queries, keys, nodes, fixed) }
	}
	for _, c := range []struct {
		make func() (*Graph, error)
		want string
	}{
		{table([]int32{0}, 0, 0), "slots = 0, want >= 1"},
		{table([]int32{0}, -3, 0), "slots = -3, want >= 1"},
		{table([]int32{0}, math.MaxInt, 0), "slots = 9223372036854775807, want at most 2147483646"},
		{table(nil, 3, 0), "nodes = len(table)/slots = 0, want >= 1"},
		{table([]int32{0, 1, 2}, 2, 0), "len(table) = 3, want nodes*slots, a multiple of slots = 2"},
		{table([]int32{0, 1, -1, 2}, 2, 0), "row 1, slot 1: got key 2, want -1 or one of the nodes, 0 to 1"},
		{table([]int32{0, 1, -2, 1}, 2, 0), "row 1, slot 0: got key -2, want -1 or one of the nodes, 0 to 1"},
		{table([]int32{0, 1, math.MinInt32, math.MaxInt32}, 2, 0), "row 1, slot 0: got key -2147483648, want -1 or one of the nodes, 0 to 1"},
		{table([]int32{0, 1, 2, 2, -1, 2, 1, 1, 2}, 3, 0), "row 1: got key 2 in slots 0 and 2, want each key once"},
		{table([]int32{0, 1, 2, 3, 0, 1, 2, 3, 0, 0, 0, 0, 1, 1, 1, 1}, 4, 0), "row 2: got key 0 in slots 0 and 1, want each key once"},
		{table([]int32{0, 1, 2}, 3, 2), "slots = 3, want at most 2, which the package was generated for"},

		{rows(nil, nil, 0), "len(offsets) = 0, want nodes+1, at least 2"},
		{rows([]int{0}, nil, 0), "len(offsets) = 1, want nodes+1, at least 2"},
		{rows([]int{1, 1}, []int32{0}, 0), "offsets[0] = 1, want 0"},
		{rows([]int{0, 2}, []int32{0}, 0), "offsets[1] = 2, want len(keys) = 1"},
		{rows([]int{0, 0}, []int32{0}, 0), "offsets[1] = 0, want len(keys) = 1"},
		{rows([]int{0, 2, 1, 2}, []int32{0, 1}, 0), "row 1: got offsets 2 and 1, want ascending ones up to len(keys) = 2"},
		{rows([]int{0, -1, 2}, []int32{0, 1}, 0), "row 0: got offsets 0 and -1, want ascending ones up to len(keys) = 2"},
		{rows([]int{0, 9, 2}, []int32{0, 1}, 0), "row 0: got offsets 0 and 9, want ascending ones up to len(keys) = 2"},
		{rows([]int{0, 0, 2, 2}, []int32{2, 3}, 0), "row 1, slot 1: got key 3, want one of the nodes, 0 to 2"},
		{rows([]int{0, 1, 3}, []int32{1, 0, -1}, 0), "row 1, slot 1: got key -1, want one of the nodes, 0 to 1"},
		{rows([]int{0, 1, 3}, []int32{1, 1, 1}, 0), "row 1: got key 1 in slots 0 and 1, want each key once"},
		{rows([]int{0, 1, 3}, []int32{1, 1, 0}, 1), "row 1: got 2 keys, want at most 1, which the package was generated for"},

		{list(nil, nil, 0, 0), "nodes = 0, want >= 1"},
		{list(nil, nil, -1, 0), "nodes = -1, want >= 1"},
		{list(nil, nil, math.MaxInt32, 0), "nodes = 2147483647, want at most 2147483646"},
		{list([]int32{0}, nil, 1, 0), "len(queries) = 1, want len(keys) = 0"},
		{list([]int32{0, 1}, []int32{1, 2}, 2, 0), "edge 1: got query 1 and key 2, want two of the nodes, 0 to 1"},
		{list([]int32{0, -1}, []int32{1, 0}, 2, 0), "edge 1: got query -1 and key 0, want two of the nodes, 0 to 1"},
		{list([]int32{1, 0, 1, 1}, []int32{1, 0, 0, 1}, 2, 0), "row 1: got key 1 in slots 0 and 2, want each key once"},
		{list([]int32{1, 0, 1}, []int32{1, 0, 0}, 2, 1), "row 1: got 2 keys, want at most 1, which the package was generated for"},
	} {
		g, err := c.make()
		want := c.want
		if math.MaxInt == math.MaxInt32 {
			want = strings.ReplaceAll(want, "9223372036854775807", "2147483647")
		}
		if err == nil || err.Error() != want || g != nil {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	for want, call := range map[string]func() (*Graph, error){
		"graph.NewGraph: slots = 0, want >= 1":                                 func() (*Graph, error) { return NewGraph(nil, 0) },
		"graph.NewGraphCSR: len(offsets) = 0, want nodes+1, at least 2":        func() (*Graph, error) { return NewGraphCSR(nil, nil) },
		"graph.NewGraphCOO: nodes = 0, want >= 1":                              func() (*Graph, error) { return NewGraphCOO(nil, nil, 0) },
		`graph.ReadGraph: got "01234567890123456" at the start, want "pyragen`: func() (*Graph, error) { return ReadGraph(strings.NewReader("01234567890123456")) },
	} {
		if _, err := call(); err == nil || !strings.HasPrefix(strings.Replace(err.Error(), "0123456789012345\"", "01234567890123456\"", 1), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestFixed: the slots that a package is made for are those of its tensors, also where a graph has less.
func TestFixed(t *testing.T) {
	a, err1 := graphOfTable([]int32{0, -1}, 1, 5)
	b, err2 := graphOfRows([]int{0, 2, 2}, []int32{1, 0}, 5)
	c, err3 := graphOfEdges([]int32{0}, []int32{1}, 2, 1)
	if err1 != nil || err2 != nil || err3 != nil || a.Slots() != 5 || b.Slots() != 5 || c.Slots() != 1 {
		t.Errorf("got %v %v %v", err1, err2, err3)
	}
}

// TestNoEdges: a graph without edges has a slot all the same, so that no tensor is empty.
func TestNoEdges(t *testing.T) {
	a, err1 := NewGraphCOO(nil, nil, 3)
	b, err2 := NewGraphCSR([]int{0, 0, 0, 0}, nil)
	c, err3 := NewGraph([]int32{-1, -1, -1}, 1)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	for _, g := range []*Graph{a, b, c} {
		checkGraph(t, g, 3, 1, nil, nil, nil)
	}
}

// TestHub: a key twice in a row of a million is found as quickly as in a short one.
func TestHub(t *testing.T) {
	const n = 1_000_000
	keys := make([]int32, n+1)
	for i := range n {
		keys[i] = int32(n - 1 - i)
	}
	keys[n] = 5
	offsets := make([]int, n+1)
	for i := range n {
		offsets[i+1] = n + 1
	}
	from := time.Now()
	_, err := NewGraphCSR(offsets, keys)
	if want := "graph.NewGraphCSR: row 0: got key 5 in slots 999994 and 1000000, want each key once"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if d := time.Since(from); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
	offsets[n], keys = n, keys[:n]
	for i := range n {
		offsets[i+1] = n * min(1, i/(n/2)) // those of node n/2
	}
	g, err := NewGraphCSR(offsets, keys)
	if err != nil || g.Slots() != n || g.cuts[0] != n/2 || g.cuts[1] != n/2+1 {
		t.Errorf("got %v, want a chunk of the hub alone, before the others", err)
	}
}

// TestAddUp: sums of edges do not pass what an int32 holds.
func TestAddUp(t *testing.T) {
	at := []int32{0, 1 << 30, 0, 1<<30 - 2}
	if err := addUp(at); err != nil || at[3] != maxGraph || at[1] != at[2] {
		t.Errorf("got %v, %v", at, err)
	}
	if err := addUp([]int32{0, 1 << 30, 0, 1<<30 - 1}); err == nil || err.Error() != "row 2: got more than 2147483646 edges up to there, want less" {
		t.Errorf("got %v", err)
	}
}
