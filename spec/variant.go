package spec

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Causals returns the causal cuts. A node then sees only nodes whose last leaf is not after its own last leaf (last), or not after its own
// first leaf, and itself (strict).
func Causals() []string { return []string{"none", "last", "strict"} }

// AllLinks returns which end of an edge between a child and its parent may see the other: both, the child alone (up), the parent alone
// (down).
func AllLinks() []string { return []string{"both", "up", "down"} }

// ToRoot are as many ancestors as there are levels above a node.
const ToRoot = math.MinInt32

// plainVariant returns s with what differs from the pyramid in which all is seen alone, and Window the largest of all.
func (s Spec) plainVariant() Spec {
	if len(s.Windows) > 0 {
		s.Window = slices.Max(s.Windows)
		if slices.Min(s.Windows) == s.Window {
			s.Windows = nil
		}
	}
	s.Windows = slices.Clone(s.Windows)
	if s.Dilation == 1 {
		s.Dilation = 0
	}
	if s.Causal == "none" {
		s.Causal = ""
	}
	if s.Links == "both" {
		s.Links = ""
	}
	if s.Ancestors == ToRoot {
		s.Ancestors = len(s.Strides)
	}
	if s.Ancestors == 1 {
		s.Ancestors = 0
	}
	return s
}

// variantText writes the lines of a variant.
func (s Spec) variantText(line func(key, value string)) {
	if s.Dilation != 0 {
		line("dilation", strconv.Itoa(s.Dilation))
	}
	if s.Causal != "" {
		line("causal", plain(s.Causal))
	}
	if s.Links != "" {
		line("links", plain(s.Links))
	}
	if s.Ancestors != 0 {
		line("ancestors", strconv.Itoa(s.Ancestors))
	}
}

// Directed returns why there are nodes that see others which do not see them; nil where the graph is undirected.
func (s Spec) Directed() (why []string) {
	s = s.Canonical()
	for l, w := range s.levelWindows() {
		if w%2 > 0 || s.Causal != "" {
			continue
		}
		text := fmt.Sprintf("a window of %d nodes reaches one further back than forward", w)
		if s.Windows != nil {
			text = fmt.Sprintf("the window of level %d, of %d nodes, reaches one further back than forward", l, w)
		}
		why = append(why, text)
	}
	switch s.Causal {
	case "last":
		why = append(why, "causal: a node sees no node whose last leaf is after its own last leaf")
	case "strict":
		why = append(why, "causal: a node sees no other node whose last leaf is after its own first leaf")
	}
	if len(s.Strides) == 0 {
		return why
	}
	switch s.Links {
	case "up":
		why = append(why, "links: children see their parents, which do not see them")
	case "down":
		why = append(why, "links: parents see their children, which do not see them")
	}
	if s.Ancestors > 1 && s.Links != "down" {
		why = append(why, fmt.Sprintf("ancestors: nodes see their ancestors up to %d levels above, of which the parent alone may see them", s.Ancestors))
	}
	return why
}

// levelWindows are the windows that differ: one for all levels, or one for each.
func (s Spec) levelWindows() []int {
	if s.Windows == nil {
		return []int{s.Window}
	}
	return s.Windows
}

// checkWindows refuses a window out of range, and a number of windows that is not that of the levels.
func (s Spec) checkWindows() (ps Problems) {
	if s.Windows == nil {
		if p := checkWindow(s.Window); p != nil {
			ps = append(ps, p)
		}
		return ps
	}
	for i, w := range s.Windows {
		if p := checkWindow(w); p != nil {
			p.Item = i + 1
			ps = append(ps, p)
		}
	}
	if levels := len(s.Strides) + 1; len(s.Windows) != levels {
		ps = append(ps, &Problem{Field: "window", Code: "PYR026",
			Text: fmt.Sprintf("window must be one number, or a list of one for each level, of which there are %d, got %d", levels, len(s.Windows)),
			Fix:  "list one for the leaves and one for each stride, or one number for all"})
	}
	return ps
}

// checkVariant refuses what no variant of the pyramid has.
func (s Spec) checkVariant() (ps Problems) {
	if s.Dilation < 0 || s.Dilation > MaxDilation {
		ps = append(ps, &Problem{Field: "dilation", Code: "PYR027", Text: fmt.Sprintf("dilation must be from 1 to %d, got %d", MaxDilation, s.Dilation),
			Fix: "use the nodes from one of the window to the next, such as 2, or leave it out for 1"})
	}
	ps = append(ps, s.checkAncestors()...)
	for _, word := range []struct {
		field, got string
		known      []string
	}{{"causal", s.Causal, Causals()}, {"links", s.Links, AllLinks()}} {
		if word.got != "" && !slices.Contains(word.known, word.got) {
			ps = append(ps, &Problem{Field: word.field, Code: "PYR028",
				Text: word.field + " must be " + join(word.known, "or") + ", got " + quote(word.got), Fix: suggest(word.got, word.known)})
		}
	}
	return ps
}

// checkAncestors refuses more ancestors than there are levels or kernels are written for. Those of the gradient of attention keep what they need
// of each node that sees one.
func (s Spec) checkAncestors() Problems {
	levels, up := len(s.Strides), s.Ancestors
	if up == ToRoot {
		up = levels
	}
	if most := max(1, min(levels, MaxAncestors)); up < 0 || up > most {
		return Problems{{Field: "ancestors", Code: "PYR029",
			Text: fmt.Sprintf("ancestors must be from 1 to %d, and the levels above the leaves are %d, got %d", most, levels, up),
			Fix:  "use a number such as 2, or leave it out for the parent alone"}}
	}
	if up < 2 || s.Ops != nil && !slices.Contains(s.Ops, "attention-grad") {
		return nil
	}
	if n := s.mostSeen(up); up > MaxGradAncestors || n > MaxSeen {
		seen := strconv.Itoa(n)
		if n > MaxSeen {
			seen = "more"
		}
		return Problems{{Field: "ancestors", Code: "PYR030",
			Text: fmt.Sprintf("attention-grad is written for at most %d ancestors and %d nodes below one that see it, got %d ancestors and %s nodes",
				MaxGradAncestors, MaxSeen, up, seen),
			Fix: "use fewer ancestors or smaller strides, or leave attention-grad out of ops"}}
	}
	return nil
}

// mostSeen bounds how many nodes of the levels below see a node, whatever the length: of each level, those below the last node, whose
// children are less than two strides, as are those of its last child.
func (s Spec) mostSeen(up int) int {
	sum := 0
	for t := 1; t <= up; t++ {
		most := 0
		for l := 0; l+t <= len(s.Strides); l++ {
			below := 1
			for k := l + t - 1; k >= l && below <= MaxSeen; k-- {
				below = (below+1)*s.Strides[k] - 1
			}
			most = max(most, below)
		}
		sum += most
	}
	return sum
}

// notOfTables refuses what is about pyramids in a table.
func (s Spec) notOfTables() (ps Problems) {
	for _, key := range []struct {
		field string
		given bool
		got   string
	}{
		{"window", s.Windows != nil, integers(s.Windows)},
		{"dilation", s.Dilation != 0, strconv.Itoa(s.Dilation)},
		{"causal", s.Causal != "", quote(s.Causal)},
		{"links", s.Links != "", quote(s.Links)},
		{"ancestors", s.Ancestors != 0, strconv.Itoa(s.Ancestors)},
	} {
		if key.given {
			ps = append(ps, &Problem{Field: key.field, Code: "PYR024", Text: key.field + " is about pyramids, and the graph is a table, got " + key.got,
				Fix: "leave it out, or ask for graph: pyramid"})
		}
	}
	return ps
}
