package main

import (
	"fmt"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// variantOf is the variant of the pyramid of a canonical spec, as checks have it.
func variantOf(s spec.Spec) verify.Variant {
	return verify.Variant{Windows: s.Windows, Dilation: s.Dilation, Causal: s.Causal, Links: s.Links, Ancestors: s.Ancestors}
}

// shapeText names the graph and the dimension of a spec, for errors.
func shapeText(s spec.Spec) string {
	s = s.Canonical()
	if s.IsTable() {
		return fmt.Sprintf("tables of %d slots, dim %d", s.Slots, s.Dim)
	}
	text := fmt.Sprintf("window %d, strides %v", s.Window, s.Strides)
	if s.Windows != nil {
		text = fmt.Sprintf("windows %v, strides %v", s.Windows, s.Strides)
	}
	if s.Dilation != 0 {
		text += fmt.Sprintf(", dilation %d", s.Dilation)
	}
	if s.Causal != "" {
		text += ", causal " + s.Causal
	}
	if s.Links != "" {
		text += ", links " + s.Links
	}
	if s.Ancestors != 0 {
		text += fmt.Sprintf(", ancestors %d", s.Ancestors)
	}
	return text + fmt.Sprintf(", dim %d", s.Dim)
}

// directed says whether the graph of a spec is directed, and why.
func directed(s spec.Spec) string {
	why := s.Directed()
	if len(why) == 0 {
		return "undirected: who sees a node is seen by it"
	}
	text := "directed: "
	for i, reason := range why {
		if i > 0 {
			text += "; "
		}
		text += reason
	}
	return text
}
