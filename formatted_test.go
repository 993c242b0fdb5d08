package pyragen_test

import (
	"bytes"
	"go/format"
	"strings"
	"testing"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/spec"
)

// TestFormatted: the Go files of a package are as gofmt writes them, whatever it is for.
func TestFormatted(t *testing.T) {
	for _, s := range []spec.Spec{
		{Package: "plain", Window: 3, Strides: []int{4, 2}, Dim: 24, Types: []string{"f32", "bf16"}},
		{Package: "masked", Window: 5, Strides: []int{3}, Dim: 0, Types: []string{"f64"}, Causal: "last", With: []string{"mask", "bias", "dropout"},
			Ops: []string{"attention", "attention-grad"}, ISA: []string{"avx2"}},
		{Package: "table", Graph: "table", Dim: 8, Types: []string{"f16"}},
	} {
		files, err := pyragen.Compile(&s)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name, ".go") {
				continue
			}
			if formatted, err := format.Source(f.Content); err != nil || !bytes.Equal(formatted, f.Content) {
				t.Errorf("%s is not as gofmt writes it: %v", f.Name, err)
			}
		}
	}
}
