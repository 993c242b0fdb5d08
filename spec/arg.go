package spec

import "strings"

// Args are the values of a request as a command line has them; nil is a flag that was not given. They are named in places by
// a leading --, as in --window.
type Args struct {
	Pkg, Graph, Slots, Window, Strides, Dilation, Causal, Links, Ancestors, Dim, Types, Ops, With, ISA *string
}

// Spec reads the values as strictly as [Parse] does. The error is [Problems].
func (a Args) Spec() (Spec, error) {
	var s Spec
	var ps Problems
	bad := map[string]bool{} // fields that are reported already
	fail := func(p *Problem) {
		p.Place = "--" + p.Field
		bad[p.Field] = true
		ps = append(ps, p)
	}
	number := func(field, what, text, example string) int {
		n, ok := wholeNumber(text)
		if !ok {
			fail(&Problem{Field: field, Code: "PYR016", Text: what + " must be " + wholeWanted(text) + ", got " + quote(text),
				Fix: "write --" + field + " " + example})
		}
		return n
	}
	need := func(field string, arg *string) bool {
		if arg == nil {
			fail(missing(field, field))
		}
		return arg != nil
	}
	has := func(field string, arg *string) bool { // of a pyramid
		if s.IsPyramid() {
			return need(field, arg)
		}
		return arg != nil
	}
	if need("pkg", a.Pkg) {
		s.Package = *a.Pkg
	}
	if a.Graph != nil {
		s.Graph = *a.Graph
	}
	if a.Slots != nil {
		s.Slots = number("slots", "slots", *a.Slots, "16")
	}
	list := func(field, what, example string, arg *string) []int {
		items := []int{}
		for _, word := range words(arg) {
			if bad[field] {
				break
			}
			items = append(items, number(field, what, word, example))
		}
		return items
	}
	if has("window", a.Window) {
		if strings.Contains(*a.Window, ",") {
			s.Windows = list("window", "a window", "5,3,3", a.Window)
		} else {
			s.Window = number("window", "window", *a.Window, "3")
		}
	}
	if has("strides", a.Strides) {
		s.Strides = list("strides", "a stride", "4,4,4", a.Strides)
	}
	if a.Dilation != nil {
		s.Dilation = number("dilation", "dilation", *a.Dilation, "2")
	}
	if a.Causal != nil {
		s.Causal = *a.Causal
	}
	if a.Links != nil {
		s.Links = *a.Links
	}
	if a.Ancestors != nil {
		if s.Ancestors = ToRoot; *a.Ancestors != "root" {
			s.Ancestors = number("ancestors", "ancestors", *a.Ancestors, "2")
		}
	}
	if need("dim", a.Dim) {
		s.Dim = number("dim", "dim", *a.Dim, "64")
	}
	s.Types, s.Ops, s.With, s.ISA = words(a.Types), words(a.Ops), words(a.With), words(a.ISA)
	for _, p := range s.Validate() {
		if !bad[p.Field] {
			p.Place = "--" + p.Field
			ps = append(ps, p)
		}
	}
	return s, ps.Err()
}

// words splits a list at its commas; nil stays nil and "" is the empty list.
func words(arg *string) []string {
	switch {
	case arg == nil:
		return nil
	case strings.TrimSpace(*arg) == "":
		return []string{}
	}
	list := strings.Split(*arg, ",")
	for i, w := range list {
		list[i] = strings.TrimSpace(w)
	}
	return list
}
