package fixed

import (
	"math"
	"testing"
)

// TestNodes compares nodes and slots with a pyramid that is built node by node.
func TestNodes(t *testing.T) {
	for length := 1; length <= 500; length++ {
		nodes, most := length, 0
		level := length
		for _, stride := range Strides() {
			parents := level / stride
			if parents == 0 {
				break
			}
			children := make([]int, parents)
			for i := range level {
				children[min(i/stride, parents-1)]++
			}
			for _, c := range children {
				most = max(most, c)
			}
			nodes += parents
			level = parents
		}
		if got := Nodes(length); got != nodes {
			t.Errorf("Nodes(%d) = %d, want %d", length, got, nodes)
		}
		if got := Slots(length); got != Window+most+1 {
			t.Errorf("Slots(%d) = %d, want %d", length, got, Window+most+1)
		}
	}
}

// TestNodesLimits has lengths without a pyramid, and the longest whose nodes an int counts: len + len/4 + len/12.
func TestNodesLimits(t *testing.T) {
	longest := math.MaxInt / 4 * 3 // 4/3 of it, and rounding
	for longest/4 <= math.MaxInt-longest && longest/12 <= math.MaxInt-longest-longest/4 {
		longest += 1 << 10
	}
	for !(longest/4 <= math.MaxInt-longest && longest/12 <= math.MaxInt-longest-longest/4) {
		longest--
	}
	for _, c := range []struct{ length, nodes, slots int }{
		{0, 0, 0},
		{-1, 0, 0},
		{math.MinInt, 0, 0},
		{longest, longest + longest/4 + longest/12, Slots(longest)},
		{longest + 1, 0, Slots(longest + 1)},
		{math.MaxInt, 0, Slots(math.MaxInt)},
	} {
		if nodes, slots := Nodes(c.length), Slots(c.length); nodes != c.nodes || slots != c.slots {
			t.Errorf("length %d: got %d nodes and %d slots, want %d and %d", c.length, nodes, slots, c.nodes, c.slots)
		}
	}
}
