package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/gen"
)

// Variant is how the pyramid of a package differs from that of window and strides alone. Constants and comments are written for what it
// has.
type Variant struct {
	Windows       []int
	Dilation      int
	Causal, Links string
	Ancestors     int
}

func variantOf(u *gen.Unit) Variant {
	s := u.Spec
	return Variant{Windows: s.Windows, Dilation: s.Dilation, Causal: s.Causal, Links: s.Links, Ancestors: s.Ancestors}
}

// decls are the names that the variant adds to the API.
func (v Variant) decls() (names []string) {
	if v.Windows != nil {
		names = append(names, "Windows")
	}
	if v.Dilation > 0 {
		names = append(names, "Dilation")
	}
	if v.Causal != "" {
		names = append(names, "Causal")
	}
	if v.Links != "" {
		names = append(names, "Links")
	}
	if v.Ancestors > 0 {
		names = append(names, "Ancestors")
	}
	return names
}

// slots puts the slots of further ancestors into what is the same in other packages.
func (v Variant) slots(common string) string {
	if v.Ancestors == 0 || common == "" { // a file without that part
		return common
	}
	const parent = "Window + children + 1\n"
	if strings.Count(common, parent) != 1 {
		fail("got no %q in the function Slots, want it once", parent)
	}
	return strings.Replace(common, parent, "Window + children + Ancestors\n", 1)
}

// Text is what the first sentence about a package says of it.
func (v Variant) Text(window int) string {
	text := fmt.Sprintf("window %d", window)
	if v.Windows != nil {
		text = fmt.Sprintf("windows %s by level", joinInts(v.Windows))
	}
	if v.Dilation > 0 {
		text += fmt.Sprintf(", dilation %d", v.Dilation)
	}
	if v.Causal != "" {
		text += ", causal (" + v.Causal + ")"
	}
	if v.Links != "" {
		text += ", links " + v.Links
	}
	if v.Ancestors > 0 {
		text += fmt.Sprintf(", %d ancestors", v.Ancestors)
	}
	return text
}

// check refuses what is no variant.
func (v Variant) check() {
	causal, links := []string{"", "last", "strict"}, []string{"", "up", "down"}
	if v.Dilation < 0 || v.Ancestors < 0 || !slices.Contains(causal, v.Causal) || !slices.Contains(links, v.Links) ||
		slices.ContainsFunc(v.Windows, func(w int) bool { return w < 1 }) {
		fail("got the variant %+v, want one that is valid", v)
	}
}
