package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Vector is one case directory of test vectors: a graph, inputs and what reference code made of them in float64.
type Vector struct {
	Name    string
	Dir     string // where it was read from
	Table   bool   // a table graph: no spec of window and strides describes it
	Window  int
	Strides []int
	Sizes   Sizes // of a table graph: Len is the number of nodes
	Scale   float64
	Padding float64
	Graph   *Graph // built from window, strides and len, or from the file's table

	// Arrays by file name without .npy: q k v do x_slots, and scores probs out lse dq dk dv context reverse.
	Arrays map[string][]float64
}

// The file names and extents of the arrays of a case.
var vectorArrays = []Operand{
	{"q", PerDim}, {"k", PerDim}, {"v", PerDim}, {"do", PerDim}, {"x_slots", PerSlot},
	{"scores", PerSlot}, {"probs", PerSlot}, {"out", PerDim}, {"lse", PerRow}, {"dq", PerDim}, {"dk", PerDim}, {"dv", PerDim},
	{"context", PerDim}, {"reverse", PerDim},
}

// caseFile is case.json.
type caseFile struct {
	Name    string  `json:"name"`
	Graph   string  `json:"graph"`
	Window  int     `json:"window"`
	Strides []int   `json:"strides"`
	Len     int     `json:"len"`
	Nodes   int     `json:"nodes"`
	Slots   int     `json:"slots"`
	Batch   int     `json:"batch"`
	Heads   int     `json:"heads"`
	Dim     int     `json:"dim"`
	Dtype   string  `json:"dtype"`
	Scale   float64 `json:"scale"`
	Padding float64 `json:"padding"`
}

// ReadVectors reads every case directory under dir, in name order. A directory without one is an error: nothing to check is not
// a pass. dir may also be a case directory itself.
func ReadVectors(dir string) ([]*Vector, error) {
	if _, err := os.Stat(filepath.Join(dir, "case.json")); err == nil {
		v, err := ReadVector(dir)
		if err != nil {
			return nil, err
		}
		return []*Vector{v}, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var vectors []*Vector
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		v, err := ReadVector(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		vectors = append(vectors, v)
	}
	if len(vectors) == 0 {
		return nil, fmt.Errorf("%s: holds no case directory (one with a case.json), nothing to check", dir)
	}
	return vectors, nil
}

// ReadVector reads one case directory and checks that its files agree with each other and with the definition of the graph.
func ReadVector(dir string) (*Vector, error) {
	c, err := readCaseFile(filepath.Join(dir, "case.json"))
	if err != nil {
		return nil, err
	}
	v := &Vector{
		Name: c.Name, Dir: dir, Table: c.Graph == "table", Window: c.Window, Strides: c.Strides,
		Sizes: Sizes{c.Batch, c.Len, c.Heads, c.Dim}, Scale: c.Scale, Padding: c.Padding, Arrays: map[string][]float64{},
	}
	table, err := readTable(filepath.Join(dir, "qk.npy"), c.Nodes, c.Slots)
	if err != nil {
		return nil, err
	}
	if v.Table {
		v.Sizes.Len = c.Nodes
		v.Graph, err = NewTableGraph(table)
	} else {
		v.Graph, err = NewGraph(c.Window, c.Strides, c.Len)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	if err := sameTable(table, v.Graph); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, "qk.npy"), err)
	}
	for _, a := range vectorArrays {
		shape := []int{c.Batch, c.Nodes, c.Heads}
		switch a.Extent {
		case PerDim:
			shape = append(shape, c.Dim)
		case PerSlot:
			shape = append(shape, c.Slots)
		}
		if v.Arrays[a.Name], err = readNpy[float64](filepath.Join(dir, a.Name+".npy"), "<f8", shape); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// Inputs are the operands of an op in this case, in the op's order, and its scalar.
func (v *Vector) Inputs(op Op) (in [][]float64, scalar float64, err error) {
	files := map[string][]string{
		"scores": {"q", "k"}, "context": {"x_slots", "v"}, "reverse": {"x_slots", "v"},
		"softmax": {"scores"}, "attention": {"q", "k", "v"}, "attention-grad": {"q", "k", "v", "out", "lse", "do"},
	}[op.Name]
	if files == nil {
		return nil, 0, fmt.Errorf("vectors hold no case of op %s", op.Name)
	}
	for _, f := range files {
		in = append(in, v.Arrays[f])
	}
	switch op.Scalar {
	case "padding":
		scalar = v.Padding
	case "scale":
		scalar = v.Scale
	}
	return in, scalar, nil
}

// Outputs are the reference's results for an op, in the op's order.
func (v *Vector) Outputs(op Op) ([][]float64, error) {
	files := map[string][]string{
		"scores": {"scores"}, "context": {"context"}, "reverse": {"reverse"},
		"softmax": {"probs", "lse"}, "attention": {"out", "lse"}, "attention-grad": {"dq", "dk", "dv"},
	}[op.Name]
	if files == nil {
		return nil, fmt.Errorf("vectors hold no case of op %s", op.Name)
	}
	var out [][]float64
	for _, f := range files {
		out = append(out, v.Arrays[f])
	}
	return out, nil
}

func readCaseFile(path string) (caseFile, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return caseFile{}, fmt.Errorf("%s: missing, every case directory has one", path)
	}
	if err != nil {
		return caseFile{}, err
	}
	var c caseFile
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&c); err != nil {
		return caseFile{}, fmt.Errorf("%s: %w", path, err)
	}
	if want := filepath.Base(filepath.Dir(path)); c.Name != want {
		return caseFile{}, fmt.Errorf("%s: name %q, want %q as the directory", path, c.Name, want)
	}
	if c.Graph != "pyramid" && c.Graph != "table" {
		return caseFile{}, fmt.Errorf("%s: graph %q, want pyramid or table", path, c.Graph)
	}
	if c.Dtype != "float64" {
		return caseFile{}, fmt.Errorf("%s: dtype %q, want float64", path, c.Dtype)
	}
	for _, s := range []struct {
		name  string
		value int
	}{{"len", c.Len}, {"nodes", c.Nodes}, {"slots", c.Slots}, {"batch", c.Batch}, {"heads", c.Heads}, {"dim", c.Dim}} {
		if s.value < 1 {
			return caseFile{}, fmt.Errorf("%s: %s = %d, want >= 1", path, s.name, s.value)
		}
	}
	return c, nil
}

func readTable(path string, nodes, slots int) ([][]int, error) {
	flat, err := readNpy[int32](path, "<i4", []int{nodes, slots})
	if err != nil {
		return nil, err
	}
	table := make([][]int, nodes)
	for i := range table {
		table[i] = make([]int, slots)
		for s := range table[i] {
			table[i][s] = int(flat[i*slots+s])
		}
	}
	return table, nil
}

func sameTable(table [][]int, g *Graph) error {
	if len(table) != g.Nodes() || len(table[0]) != g.Slots {
		return fmt.Errorf("%d nodes with %d slots, the definition gives %d with %d", len(table), len(table[0]), g.Nodes(), g.Slots)
	}
	for i, row := range table {
		for s, j := range row {
			if j != g.Neighbours[i][s] {
				return fmt.Errorf("node %d slot %d holds %d, the definition gives %d", i, s, j, g.Neighbours[i][s])
			}
		}
	}
	return nil
}
