package graph

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// request asks for a graph in one of three ways.
type request struct {
	kind          string // NewGraph, NewGraphCSR or NewGraphCOO
	fixed         int    // slots that the package is generated for, 0 for any
	slots, nodes  int    // of a table; of a list of edges
	table         []int32
	offsets       []int
	queries, keys []int32
}

// requestOf reads a request from bytes. A number is a signed byte times spread, so that small ones are many and all are there. The kinds
// are in turns a table, whose rows are shape long; as many rows as shape says, whose lengths stand before their keys; and two lists of
// equal length, if the bytes are even in number, of edges between shape nodes.
func requestOf(kind, fixed byte, shape int, spread int32, in []byte) request {
	numbers := make([]int32, len(in))
	for i, x := range in {
		numbers[i] = int32(int8(x)) * spread
	}
	r := request{fixed: int(fixed)}
	switch kind % 3 {
	case 0:
		r.kind, r.slots, r.table = "NewGraph", shape, numbers
	case 1:
		rows := max(0, min(shape, len(numbers)))
		r.kind, r.offsets = "NewGraphCSR", []int{0}
		for i, n := range numbers[:rows] {
			r.offsets = append(r.offsets, r.offsets[i]+int(n))
		}
		r.keys = numbers[rows:]
		if end := r.offsets[rows]; 0 <= end && end < len(r.keys) {
			r.keys = r.keys[:end]
		}
	case 2:
		half := len(numbers) / 2
		r.kind, r.nodes, r.queries, r.keys = "NewGraphCOO", shape, numbers[:half], numbers[half:]
	}
	return r
}

// make asks for the graph.
func (r *request) make() (g *Graph, err error) {
	switch r.kind {
	case "NewGraph":
		return graphOfTable(r.table, r.slots, r.fixed)
	case "NewGraphCSR":
		return graphOfRows(r.offsets, r.keys, r.fixed)
	}
	return graphOfEdges(r.queries, r.keys, r.nodes, r.fixed)
}

// rows is the oracle. It returns the key in each slot of each row, -1 where there is none, or the error of a key, which names its place,
// or else that the shape is wrong.
func (r *request) rows() (rows [][]int32, fault string) {
	switch r.kind {
	case "NewGraph":
		if r.slots < 1 || r.fixed > 0 && r.slots > r.fixed || len(r.table) == 0 || len(r.table)%r.slots != 0 {
			return nil, "shape"
		}
		for at := 0; at < len(r.table); at += r.slots {
			rows = append(rows, r.table[at:at+r.slots])
		}
	case "NewGraphCSR":
		if len(r.offsets) < 2 {
			return nil, "shape"
		}
		for i, from := range r.offsets[:len(r.offsets)-1] {
			if to := r.offsets[i+1]; from < 0 || to < from || to > len(r.keys) {
				return nil, "shape"
			}
			rows = append(rows, r.keys[from:r.offsets[i+1]])
		}
		if r.offsets[len(rows)] != len(r.keys) {
			return nil, "shape"
		}
	case "NewGraphCOO":
		if r.nodes < 1 || r.nodes > maxGraph || len(r.queries) != len(r.keys) {
			return nil, "shape"
		}
		rows = make([][]int32, r.nodes)
		for e, q := range r.queries {
			k := r.keys[e]
			if q < 0 || int(q) >= r.nodes || k < 0 || int(k) >= r.nodes {
				return nil, fmt.Sprintf("edge %d: got query %d and key %d, want two of the nodes, 0 to %d", e, q, k, r.nodes-1)
			}
			rows[q] = append(rows[q], k)
		}
	}
	return rows, r.fault(rows)
}

// fault is the error of the first row that is wrong: first of all rows a key that is no node, then the length, then a key that is there
// twice.
func (r *request) fault(rows [][]int32) string {
	empty := ""
	if r.kind == "NewGraph" {
		empty = "-1 or "
	}
	for i, row := range rows {
		for j, k := range row {
			if (k != -1 || empty == "") && (k < 0 || int(k) >= len(rows)) {
				return fmt.Sprintf("row %d, slot %d: got key %d, want %sone of the nodes, 0 to %d", i, j, k, empty, len(rows)-1)
			}
		}
	}
	for i, row := range rows {
		if r.fixed > 0 && len(row) > r.fixed {
			return fmt.Sprintf("row %d: got %d keys, want at most %d, which the package was generated for", i, len(row), r.fixed)
		}
	}
	for i, row := range rows {
		at := map[int32]int{}
		for j, k := range row {
			if first, ok := at[k]; ok && k >= 0 {
				return fmt.Sprintf("row %d: got key %d in slots %d and %d, want each key once", i, k, first, j)
			}
			at[k] = j
		}
	}
	return ""
}

// FuzzNewGraph: whatever a graph is asked of, it is refused where and for what the oracle refuses it, or it has the lists that the
// definition gives, and is read as it was written. It takes memory in proportion to its nodes and edges.
func FuzzNewGraph(f *testing.F) {
	const empty = 0xff // -1
	f.Add(byte(0), byte(0), 3, int32(1), []byte{1, empty, 2, empty, empty, empty, 0, 2, empty})
	f.Add(byte(0), byte(4), 2, int32(1), []byte{0, 1, 1, 1})
	f.Add(byte(0), byte(0), 2, int32(1), []byte{0, 1, 2, 0})
	f.Add(byte(0), byte(0), 2, int32(1), []byte{1, 1, 0, 0})
	f.Add(byte(1), byte(0), 3, int32(1), []byte{2, 0, 2, 1, 2, 0, 2})
	f.Add(byte(1), byte(1), 2, int32(1), []byte{2, 1, 0, 1, 1})
	f.Add(byte(1), byte(0), 3, int32(1), []byte{2, 0xfe, 2, 0, 1})
	f.Add(byte(1), byte(0), 2, int32(1), []byte{1, 3, 0, 1, 0, 1})
	f.Add(byte(2), byte(0), 5, int32(1), []byte{4, 0, 4, 2, 0, 1, 2, 2})
	f.Add(byte(2), byte(0), 3, int32(1), []byte{1, 0, 1, 2, 0, 2})
	f.Add(byte(2), byte(0), 2, int32(1<<30), []byte{0, 1, 0, 2})
	f.Add(byte(2), byte(0), 2, int32(1), []byte{0, empty, 1, 0})
	f.Add(byte(2), byte(0), 1<<15, int32(97), bytes.Repeat([]byte{5, 9, 3, 7, 1}, 2))
	f.Fuzz(func(t *testing.T, kind, fixed byte, shape int, spread int32, in []byte) {
		r := requestOf(kind, fixed, shape, spread, in)
		if 1<<16 < r.nodes && r.nodes <= maxGraph {
			t.Skip() // right, and as much memory as is asked for
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		g, err := r.make()
		runtime.ReadMemStats(&after)
		if got, most := after.TotalAlloc-before.TotalAlloc, uint64(64*(max(r.nodes, 0)+len(in))+1<<16); got > most {
			t.Errorf("got %d bytes of memory, want at most %d", got, most)
		}

		rows, fault := r.rows()
		switch {
		case fault == "shape":
			if err == nil || g != nil || !strings.Contains(err.Error(), ", want ") {
				t.Errorf("got error %v, want one of the shape", err)
			}
		case fault != "":
			if err == nil || g != nil || err.Error() != fault {
				t.Errorf("got  %v\nwant %s", err, fault)
			}
		case err != nil:
			t.Errorf("got %v, want a graph", err)
		default:
			checkDefinition(t, g, rows, r)
		}
	})
}

// checkDefinition compares a graph with its rows of keys, -1 for none, and with what is read after it was written.
func checkDefinition(t *testing.T, g *Graph, rows [][]int32, r request) {
	most := max(1, r.slots, r.fixed)
	var queries, keys, inSlot []int32
	has := map[[2]int32]bool{}
	for i, row := range rows {
		most = max(most, len(row))
		for j, k := range row {
			if k >= 0 {
				queries, keys, inSlot = append(queries, int32(i)), append(keys, k), append(inSlot, int32(j))
				has[[2]int32{int32(i), k}] = true
			}
		}
	}
	checkGraph(t, g, len(rows), most, queries, keys, inSlot)

	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	again, err := readGraph(&b, r.fixed)
	if err != nil {
		t.Fatal(err)
	}
	checkGraph(t, again, len(rows), most, queries, keys, inSlot)
	if !slices.Equal(again.cuts, g.cuts) || again.queries != g.queries {
		t.Errorf("got chunks %v and %d queries at most, %v and %d were written", again.cuts, again.queries, g.cuts, g.queries)
	}

	undirected := true
	for e := range has {
		undirected = undirected && has[[2]int32{e[1], e[0]}]
	}
	if g.Undirected() != undirected {
		t.Errorf("got undirected %v, want %v", g.Undirected(), undirected)
	}
}
