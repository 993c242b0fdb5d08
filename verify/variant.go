package verify

import (
	"fmt"
	"strings"
)

// Variant is how a pyramid's graph differs from that of window and strides alone, which its zero value is.
type Variant struct {
	Ancestors int    // levels above that a node sees one node of each, the parent first; 0 is 1
	Windows   []int  // window of each level, leaves first; nil: that of the package on all levels
	Dilation  int    // nodes from one of the window to the next; 0 is 1
	Causal    string // last: a node sees those whose last leaf is not after its own; strict: not after its own first leaf, and itself
	Links     string // up: children see parents, not the other way round; down: the reverse
}

// check says what is wrong with the variant of a pyramid of so many levels, window being the largest of theirs.
func (v Variant) check(window, levels int) error {
	if v.Windows != nil && len(v.Windows) != levels {
		return fmt.Errorf("pyramid: %d windows, want one for each of %d levels", len(v.Windows), levels)
	}
	for l, w := range v.Windows {
		if w < 1 || w > window {
			return fmt.Errorf("pyramid: windows[%d] = %d, want 1 to the window, %d", l, w, window)
		}
	}
	switch {
	case v.Ancestors < 0 || v.Ancestors > max(1, levels-1):
		return fmt.Errorf("pyramid: ancestors = %d, want 0 to %d", v.Ancestors, levels-1)
	case v.Dilation < 0:
		return fmt.Errorf("pyramid: dilation = %d, want >= 0", v.Dilation)
	case v.Causal != "" && v.Causal != "last" && v.Causal != "strict":
		return fmt.Errorf("pyramid: causal = %q, want last or strict", v.Causal)
	case v.Links != "" && v.Links != "up" && v.Links != "down":
		return fmt.Errorf("pyramid: links = %q, want up or down", v.Links)
	}
	return nil
}

// window is the window of level l where that of all is given.
func (v Variant) window(l, all int) int {
	if v.Windows == nil {
		return all
	}
	return v.Windows[l]
}

// flags are what the variant adds to a request on the command line, besides its windows.
func (v Variant) flags() string {
	var b strings.Builder
	if v.Dilation != 0 {
		fmt.Fprintf(&b, " --dilation %d", v.Dilation)
	}
	if v.Causal != "" {
		b.WriteString(" --causal " + v.Causal)
	}
	if v.Links != "" {
		b.WriteString(" --links " + v.Links)
	}
	if v.Ancestors != 0 {
		fmt.Fprintf(&b, " --ancestors %d", v.Ancestors)
	}
	return b.String()
}

// up is how many slots there are for ancestors.
func (v Variant) up() int { return max(1, v.Ancestors) }

// cut empties the slots of edges that the graph has not.
func (g *Graph) cut(children [][][]int) {
	first, last := leafRanges(children)
	for i, row := range g.Neighbours {
		for s, j := range row {
			if j < 0 || j == i {
				continue
			}
			late := g.Variant.Causal == "last" && last[j] > last[i] || g.Variant.Causal == "strict" && last[j] > first[i]
			child, above := s >= g.Window && s < g.Slots-g.Variant.up(), s >= g.Slots-g.Variant.up()
			if late || child && g.Variant.Links == "up" || above && g.Variant.Links == "down" {
				row[s] = -1
			}
		}
	}
}

// leafRanges are the first and the last leaf below each node, by the children of each level's nodes.
func leafRanges(children [][][]int) (first, last []int) {
	for _, level := range children {
		for _, kids := range level {
			i := len(first)
			lo, hi := i, i
			if len(kids) > 0 {
				lo, hi = first[kids[0]], last[kids[len(kids)-1]]
			}
			first, last = append(first, lo), append(last, hi)
		}
	}
	return first, last
}
