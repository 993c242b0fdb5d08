package verify

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vectorsDir is beside the repository; a checkout without it skips these tests.
const vectorsDir = "../../shared/vectors"

func readVectors(t *testing.T) []*Vector {
	t.Helper()
	if _, err := os.Stat(vectorsDir); err != nil {
		t.Skipf("no vectors: %v", err)
	}
	vectors, err := ReadVectors(vectorsDir)
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

// TestTruthMatchesVectors compares all ops with every case, table cases too: the truth knows only rows of neighbours.
func TestTruthMatchesVectors(t *testing.T) {
	const tolerance = 1e-12 // relative to the largest value of the array, or to 1
	pyramids := 0
	for _, v := range readVectors(t) {
		if !v.Table {
			pyramids++
		}
		for _, op := range Ops() {
			in, scalar, err := v.Inputs(op)
			if op.Name == "softmax-grad" {
				continue // the vectors hold no dp and ds
			}
			if err != nil {
				t.Fatal(err)
			}
			want, err := v.Outputs(op)
			if err != nil {
				t.Fatal(err)
			}
			truth, err := op.Truth(F64, v.Graph, v.Sizes, in, scalar)
			if err != nil {
				t.Fatal(err)
			}
			naive, err := op.Naive(F64, v.Graph, v.Sizes, in, scalar)
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range truth {
				if at, err := farthest(e.Value, want[i]); err > tolerance {
					t.Errorf("%s: %s: %s[%d] is off by %.3g", v.Name, op.Name, e.Name, at, err)
				}
				if at, err := farthest(naive[i], want[i]); err > tolerance {
					t.Errorf("%s: naive %s: %s[%d] is off by %.3g", v.Name, op.Name, e.Name, at, err)
				}
				checkBounds(t, v.Name+": naive "+op.Name, e, naive[i])
			}
			checkSingle(t, v, op, in, scalar)
		}
	}
	if pyramids != 28 {
		t.Errorf("%d pyramid cases, want 28", pyramids)
	}
}

// checkSingle runs the naive float32 version against its bounds, so that the bounds are known to hold where u is large.
func checkSingle(t *testing.T, v *Vector, op Op, in [][]float64, scalar float64) {
	t.Helper()
	rounded := make([][]float64, len(in))
	for i, values := range in {
		rounded[i] = make([]float64, len(values))
		for j, x := range values {
			rounded[i][j] = F32.Round(x)
		}
	}
	scalar = F32.Round(scalar)
	truth, err := op.Truth(F32, v.Graph, v.Sizes, rounded, scalar)
	if err != nil {
		t.Fatal(err)
	}
	naive, err := op.Naive(F32, v.Graph, v.Sizes, rounded, scalar)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range truth {
		checkBounds(t, v.Name+": naive float32 "+op.Name, e, naive[i])
	}
}

func farthest(got, want []float64) (at int, err float64) {
	largest := 1.0
	for _, w := range want {
		if finite(w) {
			largest = max(largest, math.Abs(w))
		}
	}
	for i, w := range want {
		if got[i] == w {
			continue
		}
		if e := math.Abs(got[i]-w) / largest; !(e <= err) {
			at, err = i, e
		}
	}
	return at, err
}

func checkBounds(t *testing.T, what string, e Expected, got []float64) {
	t.Helper()
	for i, g := range got {
		if g != e.Value[i] && !(math.Abs(g-e.Value[i]) <= e.Bound[i]) {
			t.Errorf("%s: %s[%d] = %g, want %g, off by %.3g > bound %.3g", what, e.Name, i, g, e.Value[i], math.Abs(g-e.Value[i]), e.Bound[i])
			return
		}
	}
}

// TestVectorErrors breaks copies of one case, each in one way.
func TestVectorErrors(t *testing.T) {
	source := filepath.Join(vectorsDir, "one-node")
	if _, err := os.Stat(source); err != nil {
		t.Skipf("no vectors: %v", err)
	}
	replace := func(file, old, new string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, file)
			text, err := os.ReadFile(path)
			if err != nil || !strings.Contains(string(text), old) {
				t.Fatalf("%s: no %q to replace (%v)", path, old, err)
			}
			if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		breaks func(t *testing.T, dir string)
		want   string
	}{
		"missing array": {func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "do.npy")) }, "do.npy: missing, want an array of type <f8 and shape [1 1 1 1]"},
		"missing case":  {func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "case.json")) }, "case.json: missing"},
		"not json":      {replace("case.json", "{", ""), "case.json: "},
		"graph kind":    {replace("case.json", `"pyramid"`, `"ring"`), `graph "ring", want pyramid or table`},
		"dtype":         {replace("case.json", `"float64"`, `"float16"`), `dtype "float16", want float64`},
		"batch":         {replace("case.json", `"batch": 1`, `"batch": 0`), "batch = 0, want >= 1"},
		"name":          {replace("case.json", `"one-node"`, `"two-node"`), `name "two-node", want "one-node"`},
		"slots":         {replace("case.json", `"slots": 2`, `"slots": 3`), "qk.npy: shape [1 2], want [1 3]"},
		"window":        {replace("case.json", `"window": 1`, `"window": 2`), "1 nodes with 2 slots, the definition gives 1 with 3"},
		"magic":         {replace("q.npy", "NUMPY", "NUMPI"), "q.npy: not an npy file"},
		"header":        {replace("q.npy", "}", "]"), "q.npy: not an npy file"},
		"type":          {replace("q.npy", "<f8", "<f4"), "q.npy: type '<f4', want <f8"},
		"order":         {replace("q.npy", "False", "True"), "q.npy: "},
		"short": {func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, "q.npy"), 130); err != nil {
				t.Fatal(err)
			}
		}, "q.npy: 2 bytes behind the header, want 8 for shape [1 1 1 1]"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "one-node")
			if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
				t.Fatal(err)
			}
			makeWritable(t, dir)
			c.breaks(t, dir)
			_, err := ReadVectors(filepath.Dir(dir))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestVectorsNeedACase(t *testing.T) {
	if _, err := ReadVectors(t.TempDir()); err == nil || !strings.Contains(err.Error(), "nothing to check") {
		t.Errorf("an empty directory: %v, want an error", err)
	}
}

func makeWritable(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Chmod(filepath.Join(dir, e.Name()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
