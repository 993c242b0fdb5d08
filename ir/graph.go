package ir

import (
	"fmt"
	"strconv"
)

// Causal says which neighbours of a node are cut because they come later. The others keep their slots.
type Causal uint8

// The causal cuts. The leaves below a node are a range; what a level has left over belongs to its last node.
const (
	CausalNone   Causal = iota // nothing is cut
	CausalLast                 // cut: nodes whose last leaf is after the node's own last leaf
	CausalStrict               // cut: nodes whose last leaf is after the node's own first leaf, but for the node itself
)

// Links says which end of an edge between a child and its parent sees the other. The slots of what is not seen stay, empty.
type Links uint8

// The links.
const (
	LinksBoth Links = iota // children and parents see each other
	LinksUp                // children see their parents alone
	LinksDown              // parents see their children alone
)

var (
	causalNames = [...]string{CausalLast: "last", CausalStrict: "strict"}
	linksNames  = [...]string{LinksUp: "up", LinksDown: "down"}
)

// WindowAt is the window of level l: that of all levels, or its own.
func (g Graph) WindowAt(l int) int {
	if l < len(g.Windows) {
		return g.Windows[l]
	}
	return g.Window
}

// WindowSeen is how many slots of the window of level l may be full, counted from the first: a causal cut leaves nothing behind the node
// itself.
func (g Graph) WindowSeen(l int) int {
	w := g.WindowAt(l)
	if g.Causal != CausalNone {
		return w/2 + 1
	}
	return w
}

// Gap is how many nodes lie from one of the window to the next.
func (g Graph) Gap() int { return max(1, g.Dilation) }

// Up is how many ancestors a node sees at most: its parent, and those above. The highest of them do not see it, only its parent does.
func (g Graph) Up() int { return max(1, g.Ancestors) }

// Span is how many nodes of level l a node of level l+t has below it, but for the last one.
func (g Graph) Span(l, t int) int64 {
	span := int64(1)
	for _, c := range g.Strides[l : l+t] {
		span *= int64(c)
	}
	return span
}

// Single is the highest level whose nodes have a single leaf each: as many strides below it are 1.
func (g Graph) Single() int {
	l := 0
	for l < len(g.Strides) && g.Strides[l] == 1 {
		l++
	}
	return l
}

// Variant is what differs from the pyramid in which all is seen, behind its window and strides in the text form; "" if nothing does.
func (g Graph) Variant() string {
	text := ""
	if g.Dilation != 0 {
		text += " dilation " + strconv.Itoa(g.Dilation)
	}
	if g.Causal != CausalNone {
		text += " causal " + causalNames[g.Causal]
	}
	if g.Links != LinksBoth {
		text += " links " + linksNames[g.Links]
	}
	if g.Ancestors != 0 {
		text += " ancestors " + strconv.Itoa(g.Ancestors)
	}
	return text
}

// Validate returns what is wrong with a graph.
func (g Graph) Validate() error {
	if g.Kind > Table {
		return fmt.Errorf("got graph kind %d, want pyramid, table or none", g.Kind)
	}
	if g.Kind != Pyramid {
		if g.Window != 0 || len(g.Strides) > 0 || g.Windows != nil || g.Dilation != 0 || g.Causal != 0 || g.Links != 0 || g.Ancestors != 0 {
			return fmt.Errorf("got a window or strides without a pyramid, want none")
		}
		return nil
	}
	if g.Window < 1 {
		return fmt.Errorf("got window %d, want >= 1", g.Window)
	}
	for _, c := range g.Strides {
		if c < 1 {
			return fmt.Errorf("got stride %d, want >= 1", c)
		}
	}
	switch {
	case g.Dilation < 0:
		return fmt.Errorf("got dilation %d, want >= 1, or 0 for none", g.Dilation)
	case g.Causal > CausalStrict:
		return fmt.Errorf("got causal cut %d, want none, last or strict", g.Causal)
	case g.Ancestors < 0 || g.Ancestors > max(1, len(g.Strides)):
		return fmt.Errorf("got %d ancestors, want 1 to the number of levels above the leaves, %d, or 0 for the parent alone", g.Ancestors, len(g.Strides))
	case g.Links > LinksDown:
		return fmt.Errorf("got links %d, want both, up or down", g.Links)
	}
	return g.checkWindows()
}

// checkWindows returns what is wrong with the windows of levels.
func (g Graph) checkWindows() error {
	if g.Windows == nil {
		return nil
	}
	if levels := len(g.Strides) + 1; len(g.Windows) != levels {
		return fmt.Errorf("got %d windows, want one, or one for each of %d levels", len(g.Windows), levels)
	}
	most := 0
	for _, w := range g.Windows {
		if w < 1 {
			return fmt.Errorf("got window %d, want >= 1", w)
		}
		most = max(most, w)
	}
	if most != g.Window {
		return fmt.Errorf("got window %d for all levels, want the largest of theirs, %d", g.Window, most)
	}
	return nil
}
