package ir

import (
	"fmt"
	"math"
)

// Levels is a pyramid over a given number of leaves: the closed form of its index maps (design section 1).
type Levels struct {
	Nodes int64 // of all levels
	Slots int64 // window + most children of any node + ancestors

	// InSlots is how many places rows of queries have: window + most descendants of any node, of each level whose nodes see it, + 1.
	InSlots int64

	graph   Graph
	window  int64   // slots of the window
	n, at   []int64 // nodes of each level, id of its first node
	strides []int64 // children of a node of level l+1, for each level but the top
	leaves  []int64 // below a node of each level, but for the last
	below   []int64 // most nodes of t levels below that any node has, for each t from 1
}

// Levels returns the pyramid over n leaves.
func (g Graph) Levels(n int64) (*Levels, error) {
	switch {
	case g.Kind != Pyramid:
		return nil, fmt.Errorf("graph: only a pyramid has levels")
	case n < 1:
		return nil, fmt.Errorf("size len: got %d, want >= 1", n)
	}
	if err := g.Validate(); err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	p := &Levels{Nodes: n, graph: g, window: int64(g.Window), n: []int64{n}, at: []int64{0}, leaves: []int64{1}}
	for l, stride := range g.Strides {
		c, below := int64(stride), p.n[l]
		above := below / c
		if above == 0 {
			break
		}
		if p.Nodes > math.MaxInt64-above {
			return nil, fmt.Errorf("size len: got %d, the nodes of the pyramid overflow int64", n)
		}
		p.n, p.at, p.strides = append(p.n, above), append(p.at, p.Nodes), append(p.strides, c)
		p.leaves = append(p.leaves, p.leaves[l]*c)
		p.Nodes += above
	}
	p.below = make([]int64, g.Up())
	for t := range p.below {
		for l := t + 1; l < len(p.n); l++ { // of the last node, which takes what is left over
			p.below[t] = max(p.below[t], p.n[l-t-1]-(p.n[l]-1)*g.Span(l-t-1, t+1))
		}
	}
	p.Slots, p.InSlots = p.window+int64(g.Up()), p.window+1
	for t, most := range p.below {
		if most > math.MaxInt64-max(p.InSlots, p.Slots) {
			return nil, fmt.Errorf("size len: got %d, the slots of the pyramid overflow int64", n)
		}
		if p.InSlots += most; t == 0 {
			p.Slots += most
		}
	}
	return p, nil
}

// Count is the number of levels.
func (p *Levels) Count() int { return len(p.n) }

// N is the number of nodes of level l, 0 beyond the top.
func (p *Levels) N(l int64) int64 {
	if l < int64(len(p.n)) {
		return p.n[l]
	}
	return 0
}

// At is the id of the first node of level l, and Nodes beyond the top.
func (p *Levels) At(l int64) int64 {
	if l < int64(len(p.at)) {
		return p.at[l]
	}
	return p.Nodes
}

// level returns the level of node i.
func (p *Levels) level(i int64) int {
	l := len(p.at) - 1
	for p.at[l] > i {
		l--
	}
	return l
}

// ancestor is the node t levels above node k of level l, or -1 above the top.
func (p *Levels) ancestor(l int, k int64, t int) int64 {
	if l+t >= len(p.n) {
		return -1
	}
	return p.at[l+t] + min(k/p.graph.Span(l, t), p.n[l+t]-1)
}

// descendant is the c-th of the nodes t levels below node k of level l, or -1: below the leaves, or behind the last.
func (p *Levels) descendant(l int, k, c int64, t int) int64 {
	if t > l {
		return -1
	}
	span := p.graph.Span(l-t, t)
	i := k*span + c
	if last := k == p.n[l]-1; last && i < p.n[l-t] || !last && c < span {
		return p.at[l-t] + i
	}
	return -1
}

// inWindow is the node that lies so many steps of the dilation from node k of level l, or -1: outside the level, or in a slot that the
// level's window does not have.
func (p *Levels) inWindow(l int, k, slot, steps int64) int64 {
	k += steps * int64(p.graph.Gap())
	if slot >= int64(p.graph.WindowAt(l)) || k < 0 || k >= p.n[l] {
		return -1
	}
	return p.at[l] + k
}

// leavesOf returns the first and the last leaf below node i.
func (p *Levels) leavesOf(i int64) (first, last int64) {
	l := p.level(i)
	k := i - p.at[l]
	first, last = k*p.leaves[l], (k+1)*p.leaves[l]-1
	if k == p.n[l]-1 {
		last = p.n[0] - 1
	}
	return first, last
}

// sees reports whether node i, a neighbour of j in the pyramid in which all is seen, sees it in this one.
func (p *Levels) sees(i, j int64) bool {
	if i == j {
		return true
	}
	switch p.graph.Links {
	case LinksUp:
		if p.level(j) < p.level(i) {
			return false
		}
	case LinksDown:
		if p.level(j) > p.level(i) {
			return false
		}
	}
	first, last := p.leavesOf(i)
	_, until := p.leavesOf(j)
	switch p.graph.Causal {
	case CausalLast:
		return until <= last
	case CausalStrict:
		return until <= first
	}
	return true
}

// Nbr is the node in slot j of node i, or -1: 0 <= i < Nodes, 0 <= j < Slots.
func (p *Levels) Nbr(i, j int64) int64 {
	l := p.level(i)
	k := i - p.at[l]
	up := int64(p.graph.Up())
	var key int64
	switch {
	case j < p.window:
		key = p.inWindow(l, k, j, j-int64(p.graph.WindowAt(l))/2)
	case j < p.Slots-up:
		key = p.descendant(l, k, j-p.window, 1)
	default:
		key = p.ancestor(l, k, int(j-(p.Slots-up)+1))
	}
	if key >= 0 && p.sees(i, key) {
		return key
	}
	return -1
}

// place says what place j >= window of a row of queries is for: descendant c of so many levels below, or, 0 below, the parent.
func (p *Levels) place(j int64) (c int64, below int) {
	if j == p.InSlots-1 {
		return 0, 0
	}
	c = j - p.window
	for t, most := range p.below {
		if c < most {
			return c, t + 1
		}
		c -= most
	}
	return 0, 0
}

// Rev is the j-th node that has i in one of its slots, or -1: 0 <= j < InSlots. Nodes of i's own level come first, then those below, level
// by level, then the parent.
func (p *Levels) Rev(i, j int64) int64 {
	l := p.level(i)
	k := i - p.at[l]
	var query int64
	if j < p.window {
		w := int64(p.graph.WindowAt(l))
		query = p.inWindow(l, k, j, j-(w-1-w/2))
	} else if c, below := p.place(j); below > 0 {
		query = p.descendant(l, k, c, below)
	} else {
		query = p.ancestor(l, k, 1)
	}
	if query >= 0 && p.sees(query, i) {
		return query
	}
	return -1
}

// RevSlot is the slot of i in the row of Rev(i, j), or -1.
func (p *Levels) RevSlot(i, j int64) int64 {
	query := p.Rev(i, j)
	if query < 0 {
		return -1
	}
	l := p.level(i)
	if j < p.window {
		return int64(p.graph.WindowAt(l)) - 1 - j
	}
	if _, below := p.place(j); below > 0 { // i is that node's ancestor
		return p.Slots - int64(p.graph.Up()) + int64(below) - 1
	}
	return p.window + i - p.at[l] - (query-p.at[l+1])*p.strides[l] // i is that parent's child
}
