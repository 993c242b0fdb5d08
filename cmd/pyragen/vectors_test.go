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
	t.Parallel()
	t.Run("pyramids", func(t *testing.T) {
		t.Parallel()
		testVectors(t, false, 28, "f32")
	})
	t.Run("tables", func(t *testing.T) {
		t.Parallel()
		testVectors(t, true, 4, "f32", "f64")
	})
}

// vectorsBeside reads the vectors, and skips the test where there are none.
func vectorsBeside(t *testing.T) []*verify.Vector {
	t.Helper()
	const dir = "../../../shared/vectors"
	if _, err := os.Stat(dir); err != nil || testing.Short() {
		t.Skip("no vectors beside the repository, or builds kernels")
	}
	vectors, err := verify.ReadVectors(dir)
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

func testVectors(t *testing.T, tables bool, want int, types ...string) {
	vectors := slices.DeleteFunc(vectorsBeside(t), func(v *verify.Vector) bool { return v.Table != tables })
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
	if want := (verify.Summary{Cases: want, Checks: want * 6 * len(types) * len(isas)}); s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
}
