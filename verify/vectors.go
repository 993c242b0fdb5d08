package verify

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// Vector is one case directory of test vectors: a graph, inputs and what reference code made of them in float64.
type Vector struct {
	Name    string
	Dir     string // where it was read from
	Table   bool   // a table graph, whatever window and strides it was made with
	Window  int
	Strides []int
	Variant Variant
	Sizes   Sizes // of a table graph: Len is the number of nodes
	Scale   float64
	Padding float64
	Leaves  int    // of the pyramid that a table was cut from; 0 for other tables
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
		if c.Causal {
			v.Leaves, v.Variant.Causal = c.Len, "last"
		}
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

// Closed returns the case of a table that was cut from a pyramid as that of the causal pyramid, whose closed form must give the table; nil
// for other cases.
func (v *Vector) Closed() (*Vector, error) {
	if v.Leaves == 0 {
		return nil, nil
	}
	g, err := NewVariant(v.Window, v.Strides, v.Variant, v.Leaves)
	if err == nil {
		err = sameTable(v.Graph.Neighbours, g)
	}
	if err != nil {
		return nil, fmt.Errorf("%s as a causal pyramid: %w", v.Dir, err)
	}
	c := *v
	c.Table, c.Graph, c.Sizes.Len, c.Leaves = false, g, v.Leaves, 0
	return &c, nil
}

// Has reports whether there are operands of an op: the vectors hold nothing for the gradient of a softmax by itself.
func (v *Vector) Has(op Op) bool { return op.Name != "softmax-grad" }

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
	if op.Name == "softmax" { // of the scaled scores
		scaled := make([]float64, len(in[0]))
		for i, x := range in[0] {
			scaled[i] = v.Scale * x
		}
		in[0] = scaled
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

// VectorPackages lists the packages that the vectors need, one for each window, strides and dim, and one for the slots and the dim of
// each table, without files, ops, types and instruction sets.
func VectorPackages(vectors []*Vector) []Package {
	var pkgs []Package
	for _, v := range vectors {
		p := Package{Name: specName(v.Window, v.Strides, v.Variant, v.Sizes.Dim),
			Window: v.Window, Strides: v.Strides, Variant: v.Variant, Dim: v.Sizes.Dim}
		if v.Table {
			p = tableSpec(v.Graph.Slots, v.Sizes.Dim)
		}
		if !slices.ContainsFunc(pkgs, func(o Package) bool { return o.Name == p.Name }) {
			pkgs = append(pkgs, p)
		}
	}
	return pkgs
}

// vectorTolerance is what separates the vectors' float64 reference from the truth here, relative to the array's largest value.
const vectorTolerance = 1e-12

// replaceTruth puts the vector's outputs in the place of the truth computed here, after comparing the two.
func (v *Vector) replaceTruth(op Op, truth []Expected) error {
	want, err := v.Outputs(op)
	if err != nil {
		return err
	}
	for o, e := range truth {
		largest := 1.0
		for i, x := range want[o] {
			if finite(x) && e.Bound[i] > 0 {
				largest = max(largest, math.Abs(x))
			}
		}
		for i, x := range want[o] {
			if e.Bound[i] == 0 {
				continue // padding, which the truth has rounded to the type
			}
			if diff := math.Abs(x - e.Value[i]); !(diff <= vectorTolerance*largest) {
				return fmt.Errorf("vector %s: %s[%d] is %v, the definition gives %v", v.Name, e.Name, i, x, e.Value[i])
			}
			e.Value[i] = x
			e.Bound[i] += vectorTolerance * largest
		}
	}
	return nil
}
