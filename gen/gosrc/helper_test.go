package gosrc_test

import (
	"os"
	"testing"

	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/ir"
)

// TestHelpers runs testdata/helpers.go.txt beside the helpers of a program: fma32 against math/big, sums against their order
// written out.
func TestHelpers(t *testing.T) {
	twins, err := gosrc.EmitTwins("main", []*ir.Program{handmade(t, "helpers")}, "Made by a test.")
	if err != nil {
		t.Fatal(err)
	}
	check, err := os.ReadFile("testdata/helpers.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	dir := module(t, map[string]string{"twins.go": string(twins), "main.go": string(check)})
	if got, want := goTool(t, dir, nil, "run", "."), "fma32 true\nsums true\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
