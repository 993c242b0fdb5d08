package goasm

import (
	"math/bits"
	"slices"

	"github.com/mmcloughlin/avo/reg"
)

// colouring deals out physical registers of one kind, of which there are at most 64, to virtual ones, so that those that interfere get
// different ones: always to the one with the fewest left to choose from, as in DSATUR (Brélaz, 1979), the oldest of them first, the first
// that is left. That is the choice of avo's allocator, which goes through all interferences for each; here only those of one register are
// looked at, so that the time grows with their number.
type colouring struct {
	colours []reg.ID
	bit     map[reg.ID]uint64
	low     uint64         // the bits of the lowest 16 registers
	at      map[reg.ID]int // of nodes
	nodes   []node
	queue   queue
}

// node is a register.
type node struct {
	id         reg.ID
	physical   bool
	free       uint64 // of the colours; of a physical register its own
	neighbours []int32
	done       bool
}

func newColouring(registers []reg.Physical) *colouring {
	c := &colouring{bit: map[reg.ID]uint64{}, at: map[reg.ID]int{}}
	for id := range distinct(registers) {
		c.colours = append(c.colours, id)
	}
	slices.Sort(c.colours)
	for k, id := range c.colours {
		c.bit[id] = 1 << k
	}
	for _, r := range registers {
		if r.PhysicalIndex() < 16 {
			c.low |= c.bit[r.ID()]
		}
	}
	return c
}

// add makes a register one of those that are dealt with and returns its place.
func (c *colouring) add(id reg.ID) int {
	at, known := c.at[id]
	if !known {
		at = len(c.nodes)
		c.at[id] = at
		n := node{id: id, free: 1<<len(c.colours) - 1}
		if !id.IsVirtual() {
			n.physical, n.done, n.free = true, true, c.bit[id]
		}
		c.nodes = append(c.nodes, n)
	}
	return at
}

// interfere records that the registers at two places hold values at the same time.
func (c *colouring) interfere(i, j int) {
	x, y := &c.nodes[i], &c.nodes[j]
	switch {
	case !x.physical && !y.physical:
		x.neighbours = append(x.neighbours, int32(j))
		y.neighbours = append(y.neighbours, int32(i))
	case !x.physical:
		x.free &^= y.free
	case !y.physical:
		y.free &^= x.free
	}
}

// keepLow leaves a vector register no colours but the lowest 16.
func (c *colouring) keepLow(at int) {
	if n := &c.nodes[at]; !n.physical {
		n.free &= c.low
	}
}

// allocation gives every register a colour; ok is false if one has none left.
func (c *colouring) allocation() (out reg.Allocation, ok bool) {
	out = reg.NewEmptyAllocation()
	for at, n := range c.nodes {
		if !n.physical {
			c.push(at)
		}
	}
	for len(c.queue) > 0 {
		next := c.queue.pop()
		n := &c.nodes[next.at]
		if n.done || next.left != bits.OnesCount64(n.free) {
			continue // there is a newer entry
		}
		if n.free == 0 {
			return nil, false
		}
		colour := n.free & -n.free
		out[n.id], n.done = c.colours[bits.TrailingZeros64(colour)], true
		for _, at := range n.neighbours {
			if w := &c.nodes[at]; !w.done && w.free&colour != 0 {
				w.free &^= colour
				c.push(int(at))
			}
		}
	}
	return out, true
}

func (c *colouring) push(at int) {
	n := &c.nodes[at]
	c.queue.push(choice{bits.OnesCount64(n.free), n.id, at})
}

// choice is a register that waits for its colour, with the number of those that were left when it was put there.
type choice struct {
	left int
	id   reg.ID
	at   int
}

func (c choice) before(d choice) bool { return c.left < d.left || c.left == d.left && c.id < d.id }

// queue is a binary heap of choices, the one with the fewest colours left on top; container/heap would allocate every one of them.
type queue []choice

func (q *queue) push(c choice) {
	*q = append(*q, c)
	h := *q
	for k := len(h) - 1; k > 0 && h[k].before(h[(k-1)/2]); k = (k - 1) / 2 {
		h[k], h[(k-1)/2] = h[(k-1)/2], h[k]
	}
}

func (q *queue) pop() choice {
	h := *q
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	*q = h
	for k := 0; ; {
		least := k
		for _, child := range []int{2*k + 1, 2*k + 2} {
			if child < last && h[child].before(h[least]) {
				least = child
			}
		}
		if least == k {
			return top
		}
		h[k], h[least] = h[least], h[k]
		k = least
	}
}
