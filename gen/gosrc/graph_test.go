package gosrc_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/spec"
)

// TestGraph: the file of graphs stands by itself but for two constants, on machines of 64 and 32 bits. A pyramid has none.
func TestGraph(t *testing.T) {
	files, err := gen.Emit(&gen.Unit{Spec: spec.Spec{Package: "web", Graph: "table", Dim: 8}.Canonical()}, []gen.Backend{gosrc.Graph})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files[0].Name != "web_graph.go" {
		t.Fatalf("got %d files, want web_graph.go", len(files))
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		files[0].Name: string(files[0].Content),
		"web.go":      "package web\n\nconst (\n\tSlots = 3\n\tpackageName = \"web\"\n)\n\ntype Sizes struct{ graph *Graph }\n",
		"go.mod":      "module web\n\ngo 1.26.0\n",
		"web_test.go": "package web\n\nimport \"testing\"\n\nfunc TestWeb(t *testing.T) {\n\t_, err := NewGraph(make([]int32, 4), 4)\n" +
			"\tif err == nil || err.Error() != \"web.NewGraph: slots = 4, want at most 3, which the package was generated for\" {\n\t\tt.Error(err)\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	goTool(t, dir, nil, "test", ".")
	goTool(t, dir, []string{"GOARCH=386"}, "vet", ".")
	if files, err := gen.Emit(&gen.Unit{Spec: pamSpec.Canonical()}, []gen.Backend{gosrc.Graph}); len(files) > 0 || err != nil {
		t.Errorf("got %d files for a pyramid, and %v", len(files), err)
	}
}
