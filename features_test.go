package pyragen_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/spec"
)

// TestTrainsWithFeatures generates a package with a mask and dropout and trains with it: the loss of one seed falls along the gradient as
// central differences say, steps with a seed each lower the loss without dropout, and what is behind the end of a short series stays as it
// is.
func TestTrainsWithFeatures(t *testing.T) {
	got := runWith(t, "testdata/train.go.txt", spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 8, Types: []string{"f64"},
		Ops: []string{"attention", "attention-grad"}, With: []string{"mask", "dropout"}})
	if want := "gradient true\nloss falls true\npadding stays true\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestFeaturesOfNothing: a mask of zeros and a rate of 0 change no bit, with any instruction set.
func TestFeaturesOfNothing(t *testing.T) {
	plain := spec.Spec{Package: "plain", Window: 3, Strides: []int{4, 2}, Dim: 24, Types: []string{"f32"}, Ops: []string{"attention", "attention-grad"}}
	with := plain
	with.Package, with.With = "with", []string{"mask", "dropout"}
	if got := runWith(t, "testdata/zero.go.txt", plain, with); got != "done\n" {
		t.Error(got)
	}
}

// runWith builds and runs a program of testdata with packages that are generated into its internal folder.
func runWith(t *testing.T, program string, specs ...spec.Spec) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	text := map[string]string{"go.mod": downstreamMod(t), "go.sum": read(t, "go.sum"), "main.go": read(t, program)}
	for _, s := range specs {
		files, err := pyragen.Compile(&s)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text["internal/"+s.Package+"/"+f.Name] = string(f.Content)
		}
	}
	dir := t.TempDir()
	for name, content := range text {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	downstream(t, dir, "vet", "./...")
	return downstream(t, dir, "run", ".")
}
