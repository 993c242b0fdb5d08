package spec

import (
	"fmt"
	"slices"
	"strconv"
)

// Causals returns the causal cuts. A node then sees only nodes whose last leaf is not after its own last leaf (last), or not after its own
// first leaf, and itself (strict).
func Causals() []string { return []string{"none", "last", "strict"} }

// AllLinks returns which end of an edge between a child and its parent may see the other: both, the child alone (up), the parent alone
// (down).
func AllLinks() []string { return []string{"both", "up", "down"} }

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
	} {
		if key.given {
			ps = append(ps, &Problem{Field: key.field, Code: "PYR024", Text: key.field + " is about pyramids, and the graph is a table, got " + key.got,
				Fix: "leave it out, or ask for graph: pyramid"})
		}
	}
	return ps
}
