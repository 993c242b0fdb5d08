// Package faketable obeys the contract of a generated package of table graphs, and breaks it in the way that its constant fault names. The
// harness tests build it once a fault.
package faketable

import (
	"errors"
	"fmt"
	"unsafe"
)

const Dim = 0 // Slots and fault are in a file that the test writes

func ISA() string              { return "go" }
func ISAs() []string           { return []string{"go"} }
func SetISA(name string) error { return nil }

// Graph is a table, edge by edge.
type Graph struct {
	nodes, slots                  int
	keyAt, keyNode, keySlot       []int32
	queryAt, queryNode, querySlot []int32
	table                         []int32 // as it was given; what takes the wrong slot looks in it
	tableSlots                    int
}

func NewGraph(table []int32, slots int) (*Graph, error) {
	g := &Graph{nodes: len(table) / slots, slots: slots, keyAt: []int32{0}, table: table, tableSlots: slots}
	if Slots > 0 {
		if slots > Slots {
			return nil, fmt.Errorf("faketable.NewGraph: slots = %d, want at most %d", slots, Slots)
		}
		g.slots = Slots
	}
	if fault == "extent" {
		g.slots = slots
	}
	if fault == "refuses-graph" {
		return nil, errors.New("faketable.NewGraph: no")
	}
	queries := make([][][2]int32, g.nodes)
	for i := range g.nodes {
		for j, key := range table[i*slots : (i+1)*slots] {
			if key >= 0 {
				g.keyNode, g.keySlot = append(g.keyNode, key), append(g.keySlot, int32(j))
				queries[key] = append(queries[key], [2]int32{int32(i), int32(j)})
			}
		}
		g.keyAt = append(g.keyAt, int32(len(g.keyNode)))
	}
	g.queryAt = []int32{0}
	for _, list := range queries {
		for _, q := range list {
			g.queryNode, g.querySlot = append(g.queryNode, q[0]), append(g.querySlot, q[1])
		}
		g.queryAt = append(g.queryAt, int32(len(g.queryNode)))
	}
	return g, nil
}

func (g *Graph) Nodes() int { return g.nodes }
func (g *Graph) Slots() int { return g.slots }

// slotOf is k_q read as M: the slot at which a node stands in the row of one of its own keys, 0 if it does not.
func (g *Graph) slotOf(node, query int32) int32 {
	for j, key := range g.table[int(query)*g.tableSlots : (int(query)+1)*g.tableSlots] {
		if key == node {
			return int32(j)
		}
	}
	return 0
}

type Sizes struct {
	Batch, Heads          int
	Dim                   int // any
	RowStride, GradStride int
	Workers               int
}

func (n Sizes) apart() int {
	if n.RowStride == 0 {
		return n.Heads * n.Dim
	}
	return n.RowStride
}

type float interface{ float32 | float64 }

// touch are the faults of lists of the graph.
func touch(g *Graph) {
	at := func(list []int32, i int) *int32 {
		return (*int32)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(list)), 4*i))
	}
	switch fault {
	case "read-past-list":
		sink = *at(g.keyNode, len(g.keyNode))
	case "read-before-list":
		sink = *at(g.queryAt, -1)
	case "write-list":
		*at(g.keySlot, 0) = 0
	}
}

var sink int32

// edges are those of a node: the other node, and the slot of the edge in the row that it is of.
func (g *Graph) edges(i int, reverse bool) (nodes, slots []int32) {
	from, to := g.keyAt[i], g.keyAt[i+1]
	keys, inSlot := g.keyNode[from:to], g.keySlot[from:to]
	if !reverse {
		if fault == "places" { // a place among the edges is no slot
			inSlot = make([]int32, len(keys))
			for e := range inSlot {
				inSlot[e] = int32(e)
			}
		}
		return keys, inSlot
	}
	if fault == "undirected" { // k_q in place of M, q_k in place of the queries: right where every edge goes both ways
		for _, key := range keys {
			slots = append(slots, g.slotOf(int32(i), key))
		}
		return keys, slots
	}
	from, to = g.queryAt[i], g.queryAt[i+1]
	if fault == "lost-query" && to-from > 40 {
		to--
	}
	return g.queryNode[from:to], g.querySlot[from:to]
}

func scores[T float](g *Graph, s, x, y []T, padding T, n Sizes) {
	touch(g)
	for i := range s {
		s[i] = padding
	}
	each(g, n, func(row, first, b, i, h int) {
		nodes, slots := g.edges(i, false)
		for e, key := range nodes {
			var sum T
			from := (b*g.nodes+int(key))*n.apart() + h*n.Dim
			for d := range n.Dim {
				sum += T(x[first+d] * y[from+d])
			}
			s[row*g.slots+int(slots[e])] = sum
		}
	})
}

func weighted[T float](g *Graph, z, p, y []T, n Sizes, reverse bool) {
	touch(g)
	each(g, n, func(row, _, b, i, h int) {
		nodes, slots := g.edges(i, reverse)
		for d := range n.Dim {
			var sum T
			for e, other := range nodes {
				of := row
				if reverse {
					of = (b*g.nodes+int(other))*n.Heads + h
				}
				sum += T(p[of*g.slots+int(slots[e])] * y[(b*g.nodes+int(other))*n.apart()+h*n.Dim+d])
			}
			z[row*n.Dim+d] = sum
		}
	})
}

// each calls do with every row of a tensor, and where it begins in x.
func each(g *Graph, n Sizes, do func(row, first, b, i, h int)) {
	for b := range n.Batch {
		for i := range g.nodes {
			for h := range n.Heads {
				do((b*g.nodes+i)*n.Heads+h, (b*g.nodes+i)*n.apart()+h*n.Dim, b, i, h)
			}
		}
	}
}

// operand is an argument, and its elements.
type operand struct {
	name       string
	n, want    int
	slack      int // how much longer it may be
	start, end uintptr
}

func view[T float](name string, s []T, rows, width, stride int) operand {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	want, slack := rows*width, 0
	if stride > 0 {
		want, slack = (rows-1)*stride+width, stride-width
	}
	return operand{name, len(s), want, slack, start, start + uintptr(len(s))*unsafe.Sizeof(T(0))}
}

// checkCall refuses what is wrong. The first operand is the output.
func checkCall(op string, g *Graph, n Sizes, operands func() []operand) error {
	if fault != "accepts-nil" && (g == nil || g.nodes == 0) {
		return fmt.Errorf("faketable.%s: g is no graph, want one of NewGraph", op)
	}
	for _, size := range []struct {
		name string
		got  int
	}{{"Batch", n.Batch}, {"Heads", n.Heads}, {"Dim", n.Dim}} {
		if size.got < 1 || size.got > 1<<20 {
			return fmt.Errorf("faketable.%s: %s = %d, want >= 1", op, size.name, size.got)
		}
	}
	list := operands()
	for _, o := range list {
		if o.n < o.want || o.n > o.want+o.slack {
			return fmt.Errorf("faketable.%s: len(%s) = %d, want %d", op, o.name, o.n, o.want)
		}
	}
	for _, o := range list[1:] {
		if n.RowStride == 0 && o.start < list[0].end && list[0].start < o.end {
			return fmt.Errorf("faketable.%s: %s overlaps %s", op, list[0].name, o.name)
		}
	}
	return nil
}

func runScores[T float](op string, g *Graph, s, x, y []T, padding T, n Sizes) error {
	err := checkCall(op, g, n, func() []operand {
		rows, row := n.Batch*g.nodes, n.Heads*n.Dim
		return []operand{view("s", s, rows*n.Heads, g.slots, 0), view("x", x, rows, row, n.RowStride), view("y", y, rows, row, n.RowStride)}
	})
	if err == nil {
		scores(g, s, x, y, padding, n)
	}
	return err
}

func runWeighted[T float](op string, g *Graph, z, p, y []T, n Sizes, reverse bool) error {
	err := checkCall(op, g, n, func() []operand {
		rows, row := n.Batch*g.nodes, n.Heads*n.Dim
		return []operand{view("z", z, rows, row, 0), view("p", p, rows*n.Heads, g.slots, 0), view("y", y, rows, row, n.RowStride)}
	})
	if err == nil {
		weighted(g, z, p, y, n, reverse)
	}
	return err
}

func ScoresF32(g *Graph, s, x, y []float32, padding float32, n Sizes) error {
	return runScores("ScoresF32", g, s, x, y, padding, n)
}

func ScoresF64(g *Graph, s, x, y []float64, padding float64, n Sizes) error {
	return runScores("ScoresF64", g, s, x, y, padding, n)
}

func ContextF32(g *Graph, z, p, y []float32, n Sizes) error {
	return runWeighted("ContextF32", g, z, p, y, n, false)
}

func ContextF64(g *Graph, z, p, y []float64, n Sizes) error {
	return runWeighted("ContextF64", g, z, p, y, n, false)
}

func ReverseF32(g *Graph, z, p, y []float32, n Sizes) error {
	return runWeighted("ReverseF32", g, z, p, y, n, true)
}

func ReverseF64(g *Graph, z, p, y []float64, n Sizes) error {
	return runWeighted("ReverseF64", g, z, p, y, n, true)
}
