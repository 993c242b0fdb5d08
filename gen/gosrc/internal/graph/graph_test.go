package graph

import (
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// random is a table (node, slot) of rows without repeated keys, in which about every other slot is empty. A tenth of the rows are empty
// and a tenth of the nodes are nobody's key; node 1 attends to as many as fit, and nearly all attend to node 0.
func random(r *rand.Rand, nodes, slots int) []int32 {
	table := make([]int32, nodes*slots)
	for i := range nodes {
		row := table[i*slots : (i+1)*slots]
		seen := map[int32]bool{}
		for j := range row {
			k := int32(r.IntN(nodes))
			if j == 0 && r.IntN(10) > 0 {
				k = 0
			}
			if seen[k] || k%10 == 7 || i%10 == 3 || i != 1 && r.IntN(2) == 0 {
				k = -1
			}
			row[j], seen[k] = k, true
		}
	}
	return table
}

// edges are those of a table, row by row.
func edges(table []int32, slots int) (queries, keys, inSlot []int32) {
	for at, k := range table {
		if k >= 0 {
			queries, keys, inSlot = append(queries, int32(at/slots)), append(keys, k), append(inSlot, int32(at%slots))
		}
	}
	return queries, keys, inSlot
}

// checkGraph compares a graph with its edges in the order of rows and slots.
func checkGraph(t *testing.T, g *Graph, nodes, slots int, queries, keys, inSlot []int32) {
	t.Helper()
	if g.Nodes() != nodes || g.Slots() != slots || g.Edges() != len(keys) {
		t.Fatalf("got %d nodes, %d slots, %d edges, want %d, %d, %d", g.Nodes(), g.Slots(), g.Edges(), nodes, slots, len(keys))
	}
	type list struct{ nodes, slots []int32 }
	wantKeys, wantQueries := make([]list, nodes), make([]list, nodes)
	for e, q := range queries {
		k := keys[e]
		wantKeys[q] = list{append(wantKeys[q].nodes, k), append(wantKeys[q].slots, inSlot[e])}
		wantQueries[k] = list{append(wantQueries[k].nodes, q), append(wantQueries[k].slots, inSlot[e])}
	}
	for i := range nodes {
		if n, s := g.Keys(i); !slices.Equal(n, wantKeys[i].nodes) || !slices.Equal(s, wantKeys[i].slots) {
			t.Fatalf("row %d: got keys %v in slots %v, want %v", i, n, s, wantKeys[i])
		}
		if n, s := g.Queries(i); !slices.Equal(n, wantQueries[i].nodes) || !slices.Equal(s, wantQueries[i].slots) {
			t.Fatalf("node %d: got queries %v and slots %v, want %v", i, n, s, wantQueries[i])
		}
	}
}

// TestMake has the same random edges as a table, as rows and as edges that were shuffled.
func TestMake(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		nodes, slots := 1+r.IntN(60), 1+r.IntN(12)
		table := random(r, nodes, slots)
		queries, keys, inSlot := edges(table, slots)
		g, err := NewGraph(table, slots)
		if err != nil {
			t.Fatal(err)
		}
		checkGraph(t, g, nodes, slots, queries, keys, inSlot)

		offsets, most := []int{0}, 1
		for i := range nodes {
			n := 0
			for _, k := range table[i*slots : (i+1)*slots] {
				if k >= 0 {
					inSlot[offsets[i]+n] = int32(n)
					n++
				}
			}
			offsets, most = append(offsets, offsets[i]+n), max(most, n)
		}
		if g, err = NewGraphCSR(offsets, keys); err != nil {
			t.Fatal(err)
		}
		checkGraph(t, g, nodes, most, queries, keys, inSlot)

		// Rows are shuffled among each other; each keeps its order.
		next := slices.Clone(offsets[:nodes])
		var mixedQueries, mixedKeys []int32
		rows := slices.Clone(queries)
		r.Shuffle(len(rows), func(a, b int) { rows[a], rows[b] = rows[b], rows[a] })
		for _, q := range rows {
			mixedQueries, mixedKeys = append(mixedQueries, q), append(mixedKeys, keys[next[q]])
			next[q]++
		}
		if g, err = NewGraphCOO(mixedQueries, mixedKeys, nodes); err != nil {
			t.Fatal(err)
		}
		checkGraph(t, g, nodes, most, queries, keys, inSlot)
	}
}

// TestMakeKeepsNothing: what a graph was made of can be changed.
func TestMakeKeepsNothing(t *testing.T) {
	table, offsets, keys, queries := []int32{1, 0}, []int{0, 1, 2}, []int32{1, 0}, []int32{0, 1}
	a, _ := NewGraph(table, 1)
	b, _ := NewGraphCSR(offsets, keys)
	c, _ := NewGraphCOO(queries, keys, 2)
	table[0], offsets[1], keys[0], queries[0] = 0, 2, 0, 1
	for _, g := range []*Graph{a, b, c} {
		checkGraph(t, g, 2, 1, []int32{0, 1}, []int32{1, 0}, []int32{0, 0})
	}
}

// TestMakeParts: a graph is the same whatever the number of parts it is made in, and so is the error of a wrong one.
func TestMakeParts(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const nodes, slots = 5 * leastPart, 4
	table := random(rand.New(rand.NewPCG(3, 4)), nodes, slots)
	queries, keys, _ := edges(table, slots)
	twice := slices.Clone(table)
	for _, i := range []int{nodes - 1, nodes / 2, nodes - 2} {
		copy(twice[i*slots:], []int32{9, 5, 9, 5})
	}
	wrong := slices.Clone(table)
	wrong[nodes*slots-1], wrong[nodes*slots/2] = nodes, -2
	var want []any
	for _, procs := range []int{1, 2, 3, 7} {
		runtime.GOMAXPROCS(procs)
		if n := countParts(nodes); n != min(procs, 5) {
			t.Fatalf("got %d parts", n)
		}
		a, err1 := NewGraph(table, slots)
		b, err2 := NewGraphCOO(queries, keys, nodes)
		_, err3 := NewGraph(twice, slots)
		_, err4 := NewGraph(wrong, slots)
		got := []any{a, b, err1, err2, err3.Error(), err4.Error()}
		if want == nil {
			want = got
		}
		for i := range got {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("%d processors: result %d is not that of one", procs, i)
			}
		}
	}
	if want[4] != "graph.NewGraph: row 20480: got key 9 in slots 0 and 2, want each key once" ||
		want[5] != "graph.NewGraph: row 20480, slot 0: got key -2, want -1 or one of the nodes, 0 to 40959" {
		t.Errorf("got %q", want[4:])
	}
}

func TestUndirected(t *testing.T) {
	for _, c := range []struct {
		name          string
		queries, keys []int32
		want          bool
	}{
		{"no edges", nil, nil, true},
		{"a loop", []int32{2}, []int32{2}, true},
		{"one way", []int32{0}, []int32{1}, false},
		{"both ways", []int32{0, 1}, []int32{1, 0}, true},
		{"a circle, with as many keys as queries everywhere", []int32{0, 1, 2, 3}, []int32{1, 2, 3, 0}, false},
		{"loops and a hub", []int32{0, 0, 0, 0, 1, 2, 3, 3}, []int32{3, 2, 1, 0, 0, 0, 0, 3}, true},
	} {
		g, err := NewGraphCOO(c.queries, c.keys, 4)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Undirected(); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestUndirectedRandom takes graphs with both ways of every edge, and turns round a circle of three of them.
func TestUndirectedRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 300 {
		nodes := 3 + r.IntN(10)
		has := map[[2]int32]bool{}
		for range r.IntN(3 * nodes) {
			a, b := r.Int32N(int32(nodes)), r.Int32N(int32(nodes))
			has[[2]int32{a, b}], has[[2]int32{b, a}] = true, true
		}
		if r.IntN(2) == 0 {
			p := r.Perm(nodes)
			for i := range 3 {
				a, b := int32(p[i]), int32(p[(i+1)%3])
				has[[2]int32{a, b}] = true
				delete(has, [2]int32{b, a})
			}
		}
		want := true
		var queries, keys []int32
		for e := range has {
			queries, keys = append(queries, e[0]), append(keys, e[1])
			want = want && has[[2]int32{e[1], e[0]}]
		}
		g, err := NewGraphCOO(queries, keys, nodes)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Undirected(); got != want {
			t.Fatalf("%v to %v: got %v, want %v", queries, keys, got, want)
		}
	}
}

// TestShared: one graph is asked by several goroutines; the race detector watches.
func TestShared(t *testing.T) {
	g, err := NewGraph(random(rand.New(rand.NewPCG(5, 6)), 500, 5), 5)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if g.Undirected() {
				t.Error("got an undirected graph")
			}
			for i := range g.Nodes() {
				g.Keys(i)
				g.Queries(i)
			}
		})
	}
	group.Wait()
}

// TestViews: what is appended to a view does not run into the next row.
func TestViews(t *testing.T) {
	g, _ := NewGraphCSR([]int{0, 1, 2}, []int32{1, 0})
	keys, slots := g.Keys(0)
	queries, m := g.Queries(0)
	for _, view := range [][]int32{keys, slots, queries, m} {
		_ = append(view, 77)
	}
	checkGraph(t, g, 2, 1, []int32{0, 1}, []int32{1, 0}, []int32{0, 0})
}

// TestCuts: hubs are chunks alone and come first, those with most work before others; the rest is in the order of the last of the
// first neighbours of their nodes, and has the least weight at which a chunk may end. Every node is in one chunk.
func TestCuts(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		nodes := 1 + r.IntN(3000)
		keyAt, queryAt := make([]int32, nodes+1), make([]int32, nodes+1)
		weight := func(i int) int { return int(keyAt[i+1] - keyAt[i] + queryAt[i+1] - queryAt[i] + 1) }
		for i := range nodes {
			keyAt[i+1] = keyAt[i] + r.Int32N(8)
			queryAt[i+1] = queryAt[i] + r.Int32N(8)
			if r.IntN(200) == 0 {
				queryAt[i+1] += 1000 + r.Int32N(100)
			}
		}
		near := func(at []int32) []int32 { // nodes close to those whose edges they are, and sometimes the first
			list := make([]int32, at[nodes])
			for i := range nodes {
				for e := at[i]; e < at[i+1]; e++ {
					list[e] = max(0, int32(i)+r.Int32N(5)-2) * min(1, r.Int32N(900))
				}
			}
			return list
		}
		g := &Graph{nodes: nodes, keyAt: keyAt, queryAt: queryAt, keyNode: near(keyAt), queryNode: near(queryAt)}
		cuts := g.cutNodes()
		inside := make([]int, nodes)
		most, last, before := math.MaxInt, 0, int32(-1) // weight of the hub before, end and last of the first neighbours of the chunk before
		for c := 0; c < len(cuts); c += 2 {
			lo, hi := int(cuts[c]), int(cuts[c+1])
			sum := 0
			for i := lo; i < hi; i++ {
				inside[i]++
				sum += weight(i)
				if weight(i) >= chunkWeight && hi-lo > 1 || sum >= chunkWeight && i < hi-1 {
					t.Fatalf("nodes %d to %d: the chunk has weight %d at node %d", lo, hi, sum, i)
				}
			}
			if sum < chunkWeight && hi < nodes && weight(hi) < chunkWeight || hi <= lo {
				t.Fatalf("nodes %d to %d: got weight %d, want more", lo, hi, sum)
			}
			switch hub := weight(lo) >= chunkWeight; {
			case hub && (sum > most || last > 0):
				t.Fatalf("node %d: got a hub of weight %d behind one of %d or behind node %d, want it before", lo, sum, most, last-1)
			case hub:
				most = sum
			default:
				order := int32(0)
				for i := lo; i < hi; i++ {
					order = max(order, slices.Min(slices.Concat([]int32{int32(i)}, g.keyNode[keyAt[i]:keyAt[i+1]], g.queryNode[queryAt[i]:queryAt[i+1]])))
				}
				if order < before || order == before && lo < last {
					t.Fatalf("nodes %d to %d, first neighbours up to %d: got them behind those up to %d, first neighbours up to %d", lo, hi, order, last, before)
				}
				last, before = hi, order
			}
		}
		for i, n := range inside {
			if n != 1 {
				t.Fatalf("got node %d in %d chunks", i, n)
			}
		}
	}
}

// BenchmarkNewGraph makes graphs of 10 million edges.
func BenchmarkNewGraph(b *testing.B) {
	const nodes, slots = 1_000_000, 10
	r := rand.New(rand.NewPCG(9, 10))
	table := make([]int32, nodes*slots)
	queries := make([]int32, len(table))
	offsets := make([]int, nodes+1)
	for i := range nodes {
		offsets[i+1] = offsets[i] + slots
		for j := range slots { // from parts of the nodes that differ by slot, so that none is there twice
			table[i*slots+j] = int32(j*nodes/slots + r.IntN(nodes/slots))
			queries[i*slots+j] = int32(i)
		}
	}
	mixedQueries, mixedKeys := slices.Clone(queries), slices.Clone(table)
	r.Shuffle(len(table), func(a, b int) {
		mixedQueries[a], mixedQueries[b] = mixedQueries[b], mixedQueries[a]
		mixedKeys[a], mixedKeys[b] = mixedKeys[b], mixedKeys[a]
	})
	for name, make := range map[string]func() (*Graph, error){
		"table":    func() (*Graph, error) { return NewGraph(table, slots) },
		"CSR":      func() (*Graph, error) { return NewGraphCSR(offsets, table) },
		"COO":      func() (*Graph, error) { return NewGraphCOO(queries, table, nodes) },
		"shuffled": func() (*Graph, error) { return NewGraphCOO(mixedQueries, mixedKeys, nodes) },
	} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if _, err := make(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
