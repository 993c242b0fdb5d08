package main

import (
	"os"
	"slices"
	"testing"

	"github.com/pyragen/pyragen/verify"
)

// TestVectors runs the vectors: all ops for which they have something, on every instruction set that this CPU runs; the many of pyramids in one
// type.
func TestVectors(t *testing.T) {
	t.Run("pyramids", func(t *testing.T) {
		t.Parallel()
		testVectors(t, false, "f32")
	})
	t.Run("tables", func(t *testing.T) {
		t.Parallel()
		testVectors(t, true, "f32", "f64")
	})
}

func testVectors(t *testing.T, tables bool, types ...string) {
	const dir = "../../../shared/vectors"
	if _, err := os.Stat(dir); err != nil || testing.Short() {
		t.Skip("no vectors beside the repository, or builds kernels")
	}
	vectors, err := verify.ReadVectors(dir)
	if err != nil {
		t.Fatal(err)
	}
	vectors = slices.DeleteFunc(vectors, func(v *verify.Vector) bool { return v.Table != tables })
	specs := verify.VectorPackages(vectors)
	for i := range specs {
		specs[i].Types = types
	}
	h, packages := harnessFor(t, specs)
	defer h.Close()
	var cases []verify.Case
	for _, v := range vectors {
		for _, p := range packages {
			if c, err := verify.VectorCase(p, v); err == nil {
				cases = append(cases, c)
			}
		}
	}
	isas := isasHere()
	s := runGrid(t, h, cases, verify.Options{ISAs: isas, Oracle: newInterpreter().call})
	if want := (verify.Summary{Cases: len(vectors), Checks: len(vectors) * 6 * len(types) * len(isas)}); s != want || len(vectors) < 4 {
		t.Errorf("got %+v, want %+v of at least 4 vectors", s, want)
	}
}
