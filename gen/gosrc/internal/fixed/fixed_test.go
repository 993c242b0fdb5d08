package fixed

import (
	"slices"
	"strings"
	"testing"
)

// TestSource: the text has all declarations of the package but those that stand in for others, and no clause or import.
func TestSource(t *testing.T) {
	text, err := Source()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Nodes", "Slots", "ISA", "ISAs", "ISAErr", "SetISA", "check", "Sizes.check", "tensor.overlaps", "run"} {
		if !slices.Contains(text.Decls, name) {
			t.Errorf("got no declaration of %s in %v", name, text.Decls)
		}
	}
	for _, name := range []string{"Window", "Sizes", "Sizes.dim", "kernels", "known"} {
		if slices.Contains(text.Decls, name) {
			t.Errorf("got a declaration of %s, which depends on the spec", name)
		}
	}
	for _, line := range []string{"package ", "import "} {
		if strings.HasPrefix(text.Body, line) || strings.Contains(text.Body, "\n"+line) {
			t.Errorf("got a line that starts with %q", line)
		}
	}
	if !slices.IsSorted(text.Imports) || !slices.Contains(text.Imports, "unsafe") {
		t.Errorf("got the imports %v", text.Imports)
	}
}
