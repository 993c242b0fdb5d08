package verify

import "fmt"

// Graph is an attention graph spelled out edge by edge: slow, and written straight from the definition (design, section 1).
type Graph struct {
	Window  int
	Strides []int
	Variant Variant
	Levels  []int // sizes of the levels, leaves first; one entry for a table graph
	Slots   int   // places in a row of Neighbours

	Neighbours [][]int   // [node][slot]: the node in that slot, -1 when empty
	Queries    [][]Query // [node]: who attends to it, the transpose of Neighbours, ascending by node
}

// Query is one incoming edge of a key: the attending node and the slot in whose row the key stands.
type Query struct{ Node, Slot int }

// NewGraph builds the pyramid over the given number of leaves. Levels end before the first size of 0, so strides may be left over.
func NewGraph(window int, strides []int, leaves int) (*Graph, error) {
	return NewVariant(window, strides, Variant{}, leaves)
}

// NewVariant builds a pyramid, or a variant of it.
func NewVariant(window int, strides []int, variant Variant, leaves int) (*Graph, error) {
	if window < 1 {
		return nil, fmt.Errorf("pyramid: window = %d, want >= 1", window)
	}
	if leaves < 1 {
		return nil, fmt.Errorf("pyramid: len = %d, want >= 1", leaves)
	}
	for l, c := range strides {
		if c < 1 {
			return nil, fmt.Errorf("pyramid: strides[%d] = %d, want >= 1", l, c)
		}
	}
	if err := variant.check(window, len(strides)+1); err != nil {
		return nil, err
	}
	g := &Graph{Window: window, Strides: strides, Variant: variant, Levels: levels(strides, leaves)}

	children, most := g.children()
	g.Slots = window + most + variant.up()
	first := 0
	for l, size := range g.Levels {
		for i := range size {
			row := emptyRow(g.Slots)
			own := variant.window(l, window)
			for s := range own {
				if j := i + (s-own/2)*max(1, variant.Dilation); 0 <= j && j < size {
					row[s] = first + j
				}
			}
			copy(row[window:], children[l][i])
			above, node := first+size, i
			for t := range variant.up() {
				if l+t+1 == len(g.Levels) {
					break
				}
				node = min(node/strides[l+t], g.Levels[l+t+1]-1)
				row[window+most+t] = above + node
				above += g.Levels[l+t+1]
			}
			g.Neighbours = append(g.Neighbours, row)
		}
		first += size
	}
	g.cut(children)
	g.Queries = transpose(g.Neighbours)
	return g, nil
}

// NewTableGraph takes the user's own table: one row of keys a node, -1 for an empty slot.
func NewTableGraph(table [][]int) (*Graph, error) {
	g := &Graph{Levels: []int{len(table)}, Neighbours: table}
	if len(table) > 0 {
		g.Slots = len(table[0])
	}
	for i, row := range table {
		if len(row) != g.Slots {
			return nil, fmt.Errorf("table: row %d has %d slots, row 0 has %d", i, len(row), g.Slots)
		}
		seen := map[int]bool{}
		for s, j := range row {
			if j < -1 || j >= len(table) {
				return nil, fmt.Errorf("table: row %d slot %d holds node %d, want -1 to %d", i, s, j, len(table)-1)
			}
			if j >= 0 && seen[j] {
				return nil, fmt.Errorf("table: row %d holds node %d twice", i, j)
			}
			seen[j] = true
		}
	}
	g.Queries = transpose(table)
	return g, nil
}

// Nodes is the number of nodes of all levels.
func (g *Graph) Nodes() int { return len(g.Neighbours) }

// Edges is the number of full slots.
func (g *Graph) Edges() int {
	n := 0
	for _, q := range g.Queries {
		n += len(q)
	}
	return n
}

func levels(strides []int, leaves int) []int {
	sizes := []int{leaves}
	for _, c := range strides {
		next := sizes[len(sizes)-1] / c
		if next == 0 {
			break
		}
		sizes = append(sizes, next)
	}
	return sizes
}

// children deals out each level's nodes to the parents above, one by one: [level][node] lists the children, and the count is
// the most that any node has.
func (g *Graph) children() (lists [][][]int, most int) {
	lists = append(lists, make([][]int, g.Levels[0]))
	first := 0
	for l := 1; l < len(g.Levels); l++ {
		below := make([][]int, g.Levels[l])
		for i := range g.Levels[l-1] {
			parent := min(i/g.Strides[l-1], g.Levels[l]-1)
			below[parent] = append(below[parent], first+i)
			most = max(most, len(below[parent]))
		}
		lists = append(lists, below)
		first += g.Levels[l-1]
	}
	return lists, most
}

func transpose(neighbours [][]int) [][]Query {
	queries := make([][]Query, len(neighbours))
	for i, row := range neighbours {
		for s, j := range row {
			if j >= 0 {
				queries[j] = append(queries[j], Query{i, s})
			}
		}
	}
	return queries
}

func emptyRow(slots int) []int {
	row := make([]int, slots)
	for s := range row {
		row[s] = -1
	}
	return row
}
