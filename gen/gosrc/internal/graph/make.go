package graph

import (
	"fmt"
	"math"
	"sort"
)

// maxGraph bounds nodes and edges, each of which is numbered by an int32.
const maxGraph = math.MaxInt32 - 1

// NewGraph returns the graph of a table (node, slot) in row-major order: element i*slots+j is the key in slot j of node i, -1 where that
// slot is empty. Empty slots may be anywhere in a row. The table is not kept. A key that is no node or is twice in a row is an error.
func NewGraph(table []int32, slots int) (*Graph, error) {
	g, err := graphOfTable(table, slots, Slots)
	if err != nil {
		return nil, fmt.Errorf("%s.NewGraph: %w", packageName, err)
	}
	return g, nil
}

// NewGraphCSR returns the graph in which keys[offsets[i]:offsets[i+1]] are the keys of node i, in slots 0, 1, and so on. So there is one
// offset more than nodes. The slices are not kept. A key that is no node or is twice in a row is an error.
func NewGraphCSR(offsets []int, keys []int32) (*Graph, error) {
	g, err := graphOfRows(offsets, keys, Slots)
	if err != nil {
		return nil, fmt.Errorf("%s.NewGraphCSR: %w", packageName, err)
	}
	return g, nil
}

// NewGraphCOO returns the graph of the edges from queries[e] to keys[e], in which the keys of a node are in slots 0, 1, and so on in the
// order of its edges. The slices are not kept. A query or key that is no node, or an edge that is there twice, is an error.
func NewGraphCOO(queries, keys []int32, nodes int) (*Graph, error) {
	g, err := graphOfEdges(queries, keys, nodes, Slots)
	if err != nil {
		return nil, fmt.Errorf("%s.NewGraphCOO: %w", packageName, err)
	}
	return g, nil
}

// graphOfTable reads the rows of a table side by side: first how many keys each has, then the keys. The slots that the package was
// generated for are fixed, 0 for any.
func graphOfTable(table []int32, slots, fixed int) (*Graph, error) {
	if slots < 1 {
		return nil, fmt.Errorf("slots = %d, want >= 1", slots)
	}
	if fixed > 0 && slots > fixed {
		return nil, fmt.Errorf("slots = %d, want at most %d, which the package was generated for", slots, fixed)
	}
	if slots > maxGraph {
		return nil, fmt.Errorf("slots = %d, want at most %d", slots, maxGraph)
	}
	if len(table)%slots != 0 {
		return nil, fmt.Errorf("len(table) = %d, want nodes*slots, a multiple of slots = %d", len(table), slots)
	}
	nodes := len(table) / slots
	if err := checkGraphNodes("nodes = len(table)/slots", nodes); err != nil {
		return nil, err
	}
	keyAt := make([]int32, nodes+1)
	bad := firstInParts(nodes, func(lo, hi int) int {
		for i := lo; i < hi; i++ {
			for j, k := range table[i*slots : (i+1)*slots] {
				if k == -1 {
					continue
				}
				if uint(k) >= uint(nodes) {
					return i*slots + j
				}
				keyAt[i+1]++
			}
		}
		return -1
	})
	if bad >= 0 {
		return nil, fmt.Errorf("row %d, slot %d: got key %d, want -1 or one of the nodes, 0 to %d", bad/slots, bad%slots, table[bad], nodes-1)
	}
	if err := addUp(keyAt); err != nil {
		return nil, err
	}
	keyNode, keySlot := newNodes(int(keyAt[nodes])), make([]int32, keyAt[nodes])
	inParts(nodes, func(_, lo, hi int) {
		e := keyAt[lo]
		for i := lo; i < hi; i++ {
			for j, k := range table[i*slots : (i+1)*slots] {
				if k >= 0 {
					keyNode[e], keySlot[e] = k, int32(j)
					e++
				}
			}
		}
	})
	return newGraph(max(slots, fixed), keyAt, keyNode, keySlot)
}

// graphOfRows checks offsets and keys, and copies them.
func graphOfRows(offsets []int, keys []int32, fixed int) (*Graph, error) {
	if len(offsets) < 2 {
		return nil, fmt.Errorf("len(offsets) = %d, want nodes+1, at least 2", len(offsets))
	}
	nodes := len(offsets) - 1
	if err := checkGraphNodes("nodes = len(offsets)-1", nodes); err != nil {
		return nil, err
	}
	if len(keys) > maxGraph {
		return nil, fmt.Errorf("len(keys) = %d, want at most %d edges", len(keys), maxGraph)
	}
	if offsets[0] != 0 {
		return nil, fmt.Errorf("offsets[0] = %d, want 0", offsets[0])
	}
	if offsets[nodes] != len(keys) {
		return nil, fmt.Errorf("offsets[%d] = %d, want len(keys) = %d", nodes, offsets[nodes], len(keys))
	}
	keyAt := make([]int32, nodes+1)
	for i := range nodes {
		if from, to := offsets[i], offsets[i+1]; to < from || to > len(keys) {
			return nil, fmt.Errorf("row %d: got offsets %d and %d, want ascending ones up to len(keys) = %d", i, from, to, len(keys))
		}
		keyAt[i+1] = int32(offsets[i+1])
	}
	keyNode := newNodes(len(keys))
	bad := firstInParts(len(keys), func(lo, hi int) int {
		for e := lo; e < hi; e++ {
			if uint(keys[e]) >= uint(nodes) {
				return e
			}
			keyNode[e] = keys[e]
		}
		return -1
	})
	if bad >= 0 {
		i := rowOf(keyAt, bad)
		return nil, fmt.Errorf("row %d, slot %d: got key %d, want one of the nodes, 0 to %d", i, bad-int(keyAt[i]), keys[bad], nodes-1)
	}
	return graphInOrder(keyAt, keyNode, fixed)
}

// graphOfEdges sorts edges by query.
func graphOfEdges(queries, keys []int32, nodes, fixed int) (*Graph, error) {
	if err := checkGraphNodes("nodes", nodes); err != nil {
		return nil, err
	}
	if len(queries) != len(keys) {
		return nil, fmt.Errorf("len(queries) = %d, want len(keys) = %d", len(queries), len(keys))
	}
	if len(keys) > maxGraph {
		return nil, fmt.Errorf("len(keys) = %d, want at most %d edges", len(keys), maxGraph)
	}
	bad := firstInParts(len(keys), func(lo, hi int) int {
		for e := lo; e < hi; e++ {
			if uint(queries[e]) >= uint(nodes) || uint(keys[e]) >= uint(nodes) {
				return e
			}
		}
		return -1
	})
	if bad >= 0 {
		return nil, fmt.Errorf("edge %d: got query %d and key %d, want two of the nodes, 0 to %d", bad, queries[bad], keys[bad], nodes-1)
	}
	order := sortEdges(queries, nodes)
	keyNode := newNodes(len(keys))
	order.each(func(lo, hi int, next []int32) {
		for e := lo; e < hi; e++ {
			at := next[queries[e]]
			next[queries[e]]++
			keyNode[at] = keys[e]
		}
	})
	return graphInOrder(order.at, keyNode, fixed)
}

// graphInOrder is the graph whose rows have their keys in slots 0, 1, and so on.
func graphInOrder(keyAt, keyNode []int32, fixed int) (*Graph, error) {
	slots := 1
	for i := range len(keyAt) - 1 {
		row := int(keyAt[i+1] - keyAt[i])
		if fixed > 0 && row > fixed {
			return nil, fmt.Errorf("row %d: got %d keys, want at most %d, which the package was generated for", i, row, fixed)
		}
		slots = max(slots, row)
	}
	keySlot := make([]int32, len(keyNode))
	inParts(len(keyAt)-1, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			row := keySlot[keyAt[i]:keyAt[i+1]]
			for j := range row {
				row[j] = int32(j)
			}
		}
	})
	return newGraph(max(slots, fixed), keyAt, keyNode, keySlot)
}

// newGraph completes a graph whose keys are nodes and whose rows are in ascending order of slots. It refuses one that has a key twice in
// a row.
func newGraph(slots int, keyAt, keyNode, keySlot []int32) (*Graph, error) {
	g := &Graph{nodes: len(keyAt) - 1, slots: slots, keyAt: keyAt, keyNode: keyNode, keySlot: keySlot}
	g.reverse()
	if err := g.checkTwice(); err != nil {
		return nil, err
	}
	g.cuts, g.queries = g.cutNodes(), 1
	for i := range g.nodes {
		g.queries = max(g.queries, int(g.queryAt[i+1]-g.queryAt[i]))
	}
	g.keyNode, g.queryNode, g.queryEdge = withMore(g.keyNode), withMore(g.queryNode), withMore(g.queryEdge)
	return g, nil
}

// nodesMore is how many nodes stand behind the last of a list: kernels ask for the rows of nodes that come later.
const nodesMore = 16

// newNodes makes a list of nodes that has room for more.
func newNodes(n int) []int32 { return make([]int32, n, n+nodesMore) }

// withMore repeats the last element of a list; of an empty one it is 0.
func withMore(list []int32) []int32 {
	last := int32(0)
	if len(list) > 0 {
		last = list[len(list)-1]
	}
	for range nodesMore {
		list = append(list, last)
	}
	return list
}

func checkGraphNodes(name string, nodes int) error {
	if nodes < 1 {
		return fmt.Errorf("%s = %d, want >= 1", name, nodes)
	}
	if nodes > maxGraph {
		return fmt.Errorf("%s = %d, want at most %d", name, nodes, maxGraph)
	}
	return nil
}

// addUp makes of the numbers of elements of rows, which stand behind a 0, where each row starts and where the last one ends.
func addUp(at []int32) error {
	sum := int64(0)
	for i, n := range at {
		if sum += int64(n); sum > maxGraph {
			return fmt.Errorf("row %d: got more than %d edges up to there, want less", i-1, maxGraph)
		}
		at[i] = int32(sum)
	}
	return nil
}

// rowOf returns the row of an edge: the last one that starts there or before.
func rowOf(at []int32, edge int) int {
	return sort.Search(len(at), func(i int) bool { return int(at[i]) > edge }) - 1
}
