package graph

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestSource: all of the package is emitted but what stands in for others.
func TestSource(t *testing.T) {
	text, err := Source()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Graph", "NewGraph", "NewGraphCSR", "NewGraphCOO", "ReadGraph", "Graph.WriteTo", "Graph.Keys", "Graph.reverse", "sortEdges"} {
		if !slices.Contains(text.Decls, name) {
			t.Errorf("got no declaration of %s in %v", name, text.Decls)
		}
	}
	for _, name := range []string{"Slots", "packageName", "Source", "order", "files"} {
		if slices.Contains(text.Decls, name) {
			t.Errorf("got a declaration of %s, which is not for packages", name)
		}
	}
	folder, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folder {
		name := f.Name()
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !slices.Contains([]string{"source.go", "sample.go"}, name) != slices.Contains(order, name) {
			t.Errorf("%s: neither emitted nor left out on purpose", name)
		}
	}
}
