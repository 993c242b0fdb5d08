package pyragen_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pyragen/pyragen"

// arrows says which packages of ours each package may import; data flows from spec to gen, and verify shares nothing with ir.
var arrows = map[string][]string{
	"spec":             {},
	"ir":               {},
	"diff":             {"ir"},
	"ops":              {"ir", "diff"},
	"schedule":         {"ir"},
	"gen":              {"spec", "ir", "schedule"},
	"gen/goasm":        {"gen", "ir", "schedule"},
	"gen/gosrc":        {"gen", "ir", "schedule"},
	"verify":           {},
	"verify/emulate":   {},
	"verify/mutate":    {"", "spec", "ir", "gen"},
	"":                 {"spec", "ir", "ops", "schedule", "gen", "gen/goasm", "gen/gosrc"},
	"cmd/pyragen":      {"", "spec", "ir", "ops", "schedule", "gen", "gen/goasm", "gen/gosrc", "verify", "verify/emulate"},
	"generated":        {},
	"generated/ett":    {},
	"generated/fig4":   {},
	"generated/anydim": {},
}

// only says which package alone may import a library.
var only = map[string]string{
	"github.com/mmcloughlin/avo":       "gen/goasm",
	"github.com/dave/jennifer":         "gen/gosrc",
	"github.com/spf13/cobra":           "cmd/pyragen",
	"github.com/goccy/go-yaml":         "spec",
	"codeberg.org/sbinet/npyio":        "verify",
	"github.com/aymanbagabas/go-udiff": "gen",
}

// TestArrows lists every package of the module with its imports (tests left out) and compares them with the tables above.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		checkImports(t, strings.Trim(strings.TrimPrefix(p.ImportPath, module), "/"), p.Imports)
	}
	if seen < len(arrows)/2 {
		t.Fatalf("go list found %d packages, want at least %d", seen, len(arrows)/2)
	}
}

func checkImports(t *testing.T, name string, imports []string) {
	allowed, known := arrows[name]
	if !known {
		if !strings.HasPrefix(name, "verify/server") && !strings.Contains(name, "internal/") {
			t.Errorf("package %q stands in no table; say which packages it may import", name)
		}
		return
	}
	for _, i := range imports {
		if ours, ok := strings.CutPrefix(i, module); ok {
			if ours = strings.Trim(ours, "/"); !slices.Contains(allowed, ours) && !strings.Contains(ours, "internal/") {
				t.Errorf("%q imports %q; it may import %q", name, ours, allowed)
			}
		}
		for library, owner := range only {
			if strings.HasPrefix(i, library) && name != owner {
				t.Errorf("%q imports %s; only %q may", name, i, owner)
			}
		}
		if strings.HasPrefix(name, "generated/") && strings.Contains(i, ".") && i != "golang.org/x/sys/cpu" {
			t.Errorf("generated package %q imports %s; it may import the standard library and golang.org/x/sys/cpu", name, i)
		}
	}
}
