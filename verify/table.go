package verify

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Table is a kind of table graph: how the keys of each node are chosen.
type Table struct {
	Name, Doc string

	// rows lists for each node what stands in its slots, -1 for nothing; a row has at most so many slots, and may have less than others.
	rows func(nodes, slots int, r *rand.Rand) [][]int
}

// Tables are the kinds of table graphs on which packages are checked.
func Tables() []Table {
	return []Table{
		{"random", "keys in random slots, of which half are empty; every tenth row is empty, every tenth node is nobody's key", randomRows},
		{"full", "as many random keys in every row", fullRows},
		{"none", "no edges", func(nodes, _ int, _ *rand.Rand) [][]int { return make([][]int, nodes) }},
		{"hub-out", "one node has all others for keys, these have one", hubOutRows},
		{"hub-in", "one node is a key of all others", hubInRows},
		{"pyramid", "a pyramid, and nodes beside it", func(nodes, slots int, r *rand.Rand) [][]int { return pyramidRows(nodes, slots, r, false) }},
		{"causal", "a pyramid without keys that are later than the node", func(nodes, slots int, r *rand.Rand) [][]int {
			return pyramidRows(nodes, slots, r, true)
		}},
		{"longformer", "a window with gaps, and a few nodes that all see and that see all (Longformer)", longformerRows},
		{"bigbird", "blocks of nodes that see their neighbours, two random blocks and the first one, which sees all (BigBird)", bigbirdRows},
		{"citations", "a node has earlier ones for keys, and those that many have are chosen more often", citationRows},
	}
}

// FindTable looks a kind of graph up by name.
func FindTable(name string) (Table, error) {
	var names []string
	for _, k := range Tables() {
		if k.Name == name {
			return k, nil
		}
		names = append(names, k.Name)
	}
	return Table{}, fmt.Errorf("graph %q is unknown, want one of %s", name, strings.Join(names, ", "))
}

// Edges are those of the graph of so many nodes with at most so many keys each, 0 for any: the queries in ascending order, and the key of
// each edge.
func (k Table) Edges(nodes, slots int, seed uint64) (queries, keys []int32) {
	for i, row := range k.shortened(nodes, slots, rand.New(rand.NewPCG(seed, 103))) {
		for _, key := range row {
			if key >= 0 {
				queries, keys = append(queries, int32(i)), append(keys, int32(key))
			}
		}
	}
	return queries, keys
}

// shortened are rows of at most so many slots, 0 for any.
func (k Table) shortened(nodes, slots int, r *rand.Rand) [][]int {
	if slots == 0 {
		slots = nodes
	}
	rows := k.rows(nodes, slots, r)
	for i, row := range rows {
		rows[i] = row[:min(len(row), slots)]
	}
	return rows
}

// make is the table of so many nodes with at most so many slots, 0 for any. All rows are as long as the longest one.
func (k Table) make(nodes, slots int, r *rand.Rand) [][]int {
	rows := k.shortened(nodes, slots, r)
	longest := 1
	for _, row := range rows {
		longest = max(longest, len(row))
	}
	return widen(rows, longest)
}

// widen gives every row so many slots; the new ones are empty.
func widen(rows [][]int, slots int) [][]int {
	wide := make([][]int, len(rows))
	for i, row := range rows {
		wide[i] = emptyRow(slots)
		copy(wide[i], row)
	}
	return wide
}

func randomRows(nodes, slots int, r *rand.Rand) [][]int {
	slots = min(slots, 1+r.IntN(12))
	rows := make([][]int, nodes)
	for i := range rows {
		rows[i] = emptyRow(slots)
		for s := range slots {
			key := r.IntN(nodes)
			if i%10 != 3 && key%10 != 7 && !slices.Contains(rows[i], key) && r.IntN(2) == 0 {
				rows[i][s] = key
			}
		}
	}
	return rows
}

func fullRows(nodes, slots int, r *rand.Rand) [][]int {
	slots = min(slots, nodes, 1+r.IntN(12))
	rows := make([][]int, nodes)
	for i := range rows {
		rows[i] = r.Perm(nodes)[:slots]
	}
	return rows
}

func hubOutRows(nodes, _ int, r *rand.Rand) [][]int {
	rows := make([][]int, nodes)
	for i := range rows {
		rows[i] = []int{r.IntN(nodes)}
	}
	rows[r.IntN(nodes)] = r.Perm(nodes)
	return rows
}

func hubInRows(nodes, _ int, r *rand.Rand) [][]int {
	hub := r.IntN(nodes)
	rows := make([][]int, nodes)
	for i := range rows {
		rows[i] = []int{hub}
		if other := r.IntN(nodes); other != hub {
			rows[i] = append(rows[i], other)
		}
		r.Shuffle(len(rows[i]), func(a, b int) { rows[i][a], rows[i][b] = rows[i][b], rows[i][a] })
	}
	return rows
}

// pyramidRows is the largest pyramid of a random window and strides that has no more nodes. The others stay alone.
func pyramidRows(nodes, _ int, r *rand.Rand, causal bool) [][]int {
	window := 1 + r.IntN(5)
	strides := [][]int{{4, 4}, {2}, {3, 2}, {2, 2, 2}, {}, {5}}[r.IntN(6)]
	leaves := nodes
	for sum(levels(strides, leaves)) > nodes {
		leaves--
	}
	g, err := NewGraph(window, strides, leaves)
	if err != nil {
		panic("verify: " + err.Error()) // one leaf is one node
	}
	rows := append(g.Neighbours, make([][]int, nodes-g.Nodes())...)
	if !causal {
		return rows
	}
	for i, row := range g.Neighbours {
		for s, key := range row {
			if key >= 0 && g.lastLeaf(key) > g.lastLeaf(i) {
				row[s] = -1
			}
		}
	}
	return rows
}

func sum(list []int) (total int) {
	for _, x := range list {
		total += x
	}
	return total
}

// lastLeaf is the last leaf below a node of a pyramid.
func (g *Graph) lastLeaf(i int) int {
	for i >= g.Levels[0] {
		children := 0
		for _, key := range g.Neighbours[i][g.Window:] {
			if key >= 0 && key < i {
				children = max(children, key)
			}
		}
		i = children
	}
	return i
}

func longformerRows(nodes, _ int, r *rand.Rand) [][]int {
	half, gap, global := 1+r.IntN(3), 1+r.IntN(3), min(nodes, r.IntN(3))
	rows := make([][]int, nodes)
	for i := range rows {
		if i < global {
			rows[i] = allNodes(nodes)
			continue
		}
		rows[i] = allNodes(global)
		for s := -half; s <= half; s++ {
			if key := i + s*gap; key >= global && key < nodes {
				rows[i] = append(rows[i], key)
			}
		}
	}
	return rows
}

func bigbirdRows(nodes, _ int, r *rand.Rand) [][]int {
	size := 2 + r.IntN(4)
	blocks := (nodes + size - 1) / size
	rows := make([][]int, nodes)
	for block := range blocks {
		seen := []int{0}
		for _, other := range []int{block - 1, block, block + 1, r.IntN(blocks), r.IntN(blocks)} {
			if other >= 0 && other < blocks && !slices.Contains(seen, other) {
				seen = append(seen, other)
			}
		}
		var keys []int
		for _, other := range seen {
			for key := other * size; key < min((other+1)*size, nodes); key++ {
				keys = append(keys, key)
			}
		}
		if block == 0 {
			keys = allNodes(nodes)
		}
		for i := block * size; i < min((block+1)*size, nodes); i++ {
			rows[i] = keys
		}
	}
	return rows
}

func citationRows(nodes, slots int, r *rand.Rand) [][]int {
	rows := make([][]int, nodes)
	cited := []int{0} // as often as it has been, and once more
	for i := 1; i < nodes; i++ {
		for range min(slots, r.IntN(8)) {
			if key := cited[r.IntN(len(cited))]; !slices.Contains(rows[i], key) {
				rows[i] = append(rows[i], key)
			}
		}
		cited = append(append(cited, rows[i]...), i)
	}
	return rows
}

func allNodes(n int) []int {
	keys := make([]int, n)
	for i := range keys {
		keys[i] = i
	}
	return keys
}

// graph is the graph of a case: of a table package also the table that the package is given, whose rows may be shorter than the slots
// that the package has.
func (c Case) graph(p Package) (g *Graph, table [][]int, err error) {
	switch {
	case !p.Table:
		g, err = NewVariant(p.Window, p.Strides, p.Variant, c.Sizes.Len)
	case c.Vector != nil:
		g, table = c.Vector.Graph, c.Vector.Graph.Neighbours
	default:
		var k Table
		if k, err = FindTable(c.Graph); err != nil {
			break
		}
		table = k.make(c.Sizes.Len, p.Slots, c.random(103))
		g, err = NewTableGraph(widen(table, max(p.Slots, len(table[0]))))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("package %s: %w", p.key(), err)
	}
	return g, table, nil
}
