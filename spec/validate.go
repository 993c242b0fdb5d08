package spec

import (
	"fmt"
	"slices"
)

// Validate returns everything that is wrong with s, nil if nothing is. Places are left empty.
func (s Spec) Validate() Problems {
	var ps Problems
	add := func(p *Problem) {
		if p != nil {
			ps = append(ps, p)
		}
	}
	add(checkPackage(s.Package))
	add(checkGraph(s.Graph))
	switch {
	case s.IsTable():
		ps = append(ps, s.checkTable()...)
	case s.IsPyramid():
		ps = append(ps, s.checkPyramid()...)
	}
	add(checkDim(s.Dim))
	ps = append(ps, checkNames("types", "type", join(DefaultTypes(), "and"), s.Types, Types())...)
	ps = append(ps, checkNames("ops", "op", "all", s.Ops, Ops())...)
	ps = append(ps, checkNames("with", "feature", "none", s.With, Features())...)
	ps = append(ps, checkNames("isa", "instruction set", "all", s.ISA, ISAs())...)
	add(s.checkFeatures())
	return ps
}

// checkFeatures refuses features of ops that the package does not have.
func (s Spec) checkFeatures() *Problem {
	if len(s.With) == 0 || s.Ops == nil || slices.ContainsFunc(s.Ops, HasFeatures) {
		return nil
	}
	return &Problem{Field: "with", Code: "PYR022",
		Text: "with is about attention and attention-grad, and ops must name one of them, got " + join(s.Ops, "and"),
		Fix:  "leave it out, or add the op"}
}

func checkGraph(kind string) *Problem {
	if kind == "" || slices.Contains(Graphs(), kind) {
		return nil
	}
	return &Problem{Field: "graph", Code: "PYR023", Text: "graph must be " + join(Graphs(), "or") + ", got " + quote(kind),
		Fix: suggest(kind, Graphs())}
}

func (s Spec) checkPyramid() (ps Problems) {
	if s.Slots != 0 {
		ps = append(ps, &Problem{Field: "slots", Code: "PYR024", Text: fmt.Sprintf("slots is about tables, and the graph is a pyramid, got %d", s.Slots),
			Fix: "leave it out: the slots of a pyramid follow from window and strides; or ask for graph: table"})
	}
	ps = append(ps, s.checkWindows()...)
	for l, c := range s.Strides {
		if p := checkStride(l, c); p != nil {
			ps = append(ps, p)
		}
	}
	if p := checkLevels(s.Strides); p != nil {
		ps = append(ps, p)
	}
	return append(ps, s.checkVariant()...)
}

func (s Spec) checkTable() (ps Problems) {
	if s.Window != 0 {
		ps = append(ps, &Problem{Field: "window", Code: "PYR024", Text: fmt.Sprintf("window is about pyramids, and the graph is a table, got %d", s.Window),
			Fix: "leave it out, or ask for graph: pyramid"})
	}
	if s.Strides != nil {
		ps = append(ps, &Problem{Field: "strides", Code: "PYR024",
			Text: fmt.Sprintf("strides are about pyramids, and the graph is a table, got %d of them", len(s.Strides)),
			Fix:  "leave them out, or ask for graph: pyramid"})
	}
	ps = append(ps, s.notOfTables()...)
	if s.Slots < 0 || s.Slots > MaxSlots {
		ps = append(ps, &Problem{Field: "slots", Code: "PYR025", Text: fmt.Sprintf("slots must be from 0 to %d, got %d", MaxSlots, s.Slots),
			Fix: "use the most keys of a node, such as 16, or 0 for any at run time"})
	}
	return ps
}

func checkWindow(w int) *Problem {
	switch {
	case w < 1:
		return &Problem{Field: "window", Code: "PYR003", Text: fmt.Sprintf("window must be >= 1, got %d", w),
			Fix: "use an odd window such as 3"}
	case w > MaxWindow:
		return &Problem{Field: "window", Code: "PYR003", Text: fmt.Sprintf("window must be <= %d, got %d", MaxWindow, w),
			Fix: "use a smaller window; another level reaches further at less cost"}
	}
	return nil
}

func checkStride(l, c int) *Problem {
	switch {
	case c < 1:
		return &Problem{Field: "strides", Item: l + 1, Code: "PYR004",
			Text: fmt.Sprintf("stride of level %d must be >= 1, got %d", l+1, c), Fix: "use strides such as 4, 4, 4"}
	case c > MaxStride:
		return &Problem{Field: "strides", Item: l + 1, Code: "PYR004",
			Text: fmt.Sprintf("stride of level %d must be <= %d, got %d", l+1, MaxStride, c),
			Fix:  "use two levels whose strides multiply to it"}
	}
	return nil
}

func checkLevels(strides []int) *Problem {
	levels := len(strides) + 1
	if levels <= MaxLevels {
		return nil
	}
	return &Problem{Field: "strides", Code: "PYR005",
		Text: fmt.Sprintf("a pyramid must have at most %d levels, got %d: the leaves and %d strides", MaxLevels, levels, len(strides)),
		Fix:  fmt.Sprintf("remove %d of the strides, or use larger ones", levels-MaxLevels)}
}

func checkDim(d int) *Problem {
	switch {
	case d < 0:
		return &Problem{Field: "dim", Code: "PYR006", Text: fmt.Sprintf("dim must be >= 0, got %d", d),
			Fix: "use the head dimension, such as 64, or 0 for any at run time"}
	case d > MaxDim:
		return &Problem{Field: "dim", Code: "PYR006", Text: fmt.Sprintf("dim must be <= %d, got %d", MaxDim, d),
			Fix: "is it the head dimension, or heads times it? a larger one works with dim 0, at run time"}
	}
	return nil
}

// checkNames refuses an empty list, and names that are unknown or repeated. A list that is left out stands for all or none.
func checkNames(field, what, leftOut string, got, known []string) (ps Problems) {
	if got != nil && len(got) == 0 {
		return Problems{{Field: field, Code: "PYR010", Text: field + " must name at least one " + what + ", got an empty list",
			Fix: "leave it out for " + leftOut + ", or name some of " + join(known, "and")}}
	}
	for i, name := range got {
		switch {
		case !slices.Contains(known, name):
			ps = append(ps, &Problem{Field: field, Item: i + 1, Code: "PYR008",
				Text: fmt.Sprintf("%s must be %s, got %s", field, join(known, "or"), quote(name)), Fix: suggest(name, known)})
		case slices.Contains(got[:i], name):
			ps = append(ps, &Problem{Field: field, Item: i + 1, Code: "PYR009",
				Text: fmt.Sprintf("%s must name each %s once, got %s again", field, what, name), Fix: "remove it"})
		}
	}
	return ps
}
