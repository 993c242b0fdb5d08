package verify

import (
	"fmt"
	"strconv"
	"strings"
)

// Package is one generated package under test: its files, and the spec they were generated from.
type Package struct {
	Name    string            // the Go package name; Files may have any base names
	Key     string            // tells packages of one harness apart; empty: Name
	Files   map[string][]byte // base name to content
	Table   bool              // the graph is a table, given at run time; it has no window and strides
	Slots   int               // of a table: the places of a row; 0: as many as the graph has
	Window  int
	Strides []int
	Variant Variant
	Dim     int // 0: the dimension is a runtime size
	Ops     []string
	Types   []string
	With    []string // features of attention and its gradient
	ISAs    []string
}

func (p Package) key() string {
	if p.Key != "" {
		return p.Key
	}
	return p.Name
}

// Spec is the package's graph as flags of the command.
func (p Package) Spec() string {
	if p.Table {
		return fmt.Sprintf("--graph table --slots %d --dim %d", p.Slots, p.Dim)
	}
	windows := []int{p.Window}
	if p.Variant.Windows != nil {
		windows = p.Variant.Windows
	}
	return fmt.Sprintf("--window %s --strides %s%s --dim %d", joinInts(windows), quoteEmpty(joinInts(p.Strides)), p.Variant.flags(), p.Dim)
}

func joinInts(list []int) string {
	text := make([]string, len(list))
	for i, x := range list {
		text[i] = strconv.Itoa(x)
	}
	return strings.Join(text, ",")
}

// specName spells window, strides, variant and dim as a Go package name: w3s4s4lastd8.
func specName(window int, strides []int, variant Variant, dim int) string {
	var b strings.Builder
	if variant.Windows == nil {
		fmt.Fprintf(&b, "w%d", window)
	}
	for _, w := range variant.Windows {
		fmt.Fprintf(&b, "w%d", w)
	}
	for _, c := range strides {
		fmt.Fprintf(&b, "s%d", c)
	}
	if variant.Dilation != 0 {
		fmt.Fprintf(&b, "g%d", variant.Dilation)
	}
	if variant.Ancestors != 0 {
		fmt.Fprintf(&b, "a%d", variant.Ancestors)
	}
	fmt.Fprintf(&b, "%s%sd%d", variant.Causal, variant.Links, dim)
	return b.String()
}

func quoteEmpty(s string) string {
	if s == "" {
		return `""`
	}
	return s
}

// Case is one set of runtime sizes and inputs, for every op and type of a package. The same case always has the same inputs.
type Case struct {
	Package string // key of the package it is for
	Graph   string // of a table package: the kind of graph, one of [Tables]
	Sizes   Sizes
	Seed    uint64
	Special string  // name of a special value to put into an operand; empty: plain random numbers
	Operand int     // which input, by position
	Misuse  string  // name of a way to call wrongly; the call must be refused
	Gap     int     // elements left free between the rows of the operands that may have gaps
	Packed  bool    // those operands are parts of one tensor: q, k and v of one, dq, dk and dv of another
	Vector  *Vector // inputs and reference outputs of a test vector, instead of random ones
}

// Text is the case in the form that ParseCase reads; dim is named only where the package leaves it open.
func (c Case) Text(p Package) string {
	if c.Vector != nil {
		return "vector=" + c.Vector.Name
	}
	var b strings.Builder
	if p.Table {
		fmt.Fprintf(&b, "graph=%s nodes=%d", c.Graph, c.Sizes.Len)
	} else {
		fmt.Fprintf(&b, "len=%d", c.Sizes.Len)
	}
	fmt.Fprintf(&b, " batch=%d heads=%d", c.Sizes.Batch, c.Sizes.Heads)
	if p.Dim == 0 {
		fmt.Fprintf(&b, " dim=%d", c.Sizes.Dim)
	}
	fmt.Fprintf(&b, " seed=%d", c.Seed)
	if c.Special != "" {
		fmt.Fprintf(&b, " special=%s operand=%d", c.Special, c.Operand)
	}
	if c.Misuse != "" {
		b.WriteString(" misuse=" + c.Misuse)
	}
	if c.Gap != 0 {
		fmt.Fprintf(&b, " gap=%d", c.Gap)
	}
	if c.Packed {
		b.WriteString(" packed=true")
	}
	return b.String()
}

// ParseCase reads the text of a case for package p: space-separated key=value pairs. len is required, or graph and nodes for a package
// of table graphs; batch, heads and seed are 1 unless given, dim is that of the package.
func ParseCase(text string, p Package) (Case, error) {
	c := Case{Package: p.key(), Sizes: Sizes{Batch: 1, Heads: 1, Dim: p.Dim}, Seed: 1}
	ints := map[string]*int{
		p.length(): &c.Sizes.Len, "batch": &c.Sizes.Batch, "heads": &c.Sizes.Heads, "dim": &c.Sizes.Dim, "operand": &c.Operand, "gap": &c.Gap,
	}
	for _, pair := range strings.Fields(text) {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return Case{}, fmt.Errorf("case %q: %q is not key=value", text, pair)
		}
		var err error
		switch {
		case ints[key] != nil:
			*ints[key], err = strconv.Atoi(value)
		case key == "graph" && p.Table:
			c.Graph = value
			_, err = FindTable(value)
		case key == "seed":
			c.Seed, err = strconv.ParseUint(value, 10, 64)
		case key == "packed":
			c.Packed, err = strconv.ParseBool(value)
		case key == "special":
			c.Special = value
			_, err = findSpecial(value)
		case key == "misuse":
			c.Misuse = value
			_, err = findMisuse(value)
		default:
			return Case{}, fmt.Errorf("case %q: unknown key %q, want %s, batch, heads, dim, seed, special, operand, misuse, gap or packed", text, key,
				map[bool]string{false: "len", true: "graph, nodes"}[p.Table])
		}
		if err != nil {
			return Case{}, fmt.Errorf("case %q: %s: %w", text, key, err)
		}
	}
	if p.Table && c.Graph == "" {
		return Case{}, fmt.Errorf("case %q: graph is missing, want the kind of graph, such as graph=random", text)
	}
	return c, c.check(text, p)
}

// length is what the number of leaves, or of nodes of a table, is called.
func (p Package) length() string {
	if p.Table {
		return "nodes"
	}
	return "len"
}

func (c Case) check(text string, p Package) error {
	for _, s := range []struct {
		name  string
		value int
	}{{p.length(), c.Sizes.Len}, {"batch", c.Sizes.Batch}, {"heads", c.Sizes.Heads}, {"dim", c.Sizes.Dim}} {
		if s.value < 1 {
			return fmt.Errorf("case %q: %s = %d, want >= 1", text, s.name, s.value)
		}
	}
	if p.Dim != 0 && c.Sizes.Dim != p.Dim {
		return fmt.Errorf("case %q: dim = %d, but the package is made for dim %d", text, c.Sizes.Dim, p.Dim)
	}
	if c.Operand < 0 {
		return fmt.Errorf("case %q: operand = %d, want the position of an input, from 0", text, c.Operand)
	}
	if c.Gap < 0 {
		return fmt.Errorf("case %q: gap = %d, want elements, >= 0", text, c.Gap)
	}
	return nil
}

// VectorCase is the case of a test vector for the package of its window, strides and dim, or of its slots and dim.
func VectorCase(p Package, v *Vector) (Case, error) {
	if v.Table != p.Table || v.Table && p.Slots != 0 && p.Slots != v.Graph.Slots || v.Table && p.Dim != 0 && p.Dim != v.Sizes.Dim {
		kind := map[bool]string{false: "pyramid", true: "table"}[v.Table]
		return Case{}, fmt.Errorf("vector %s: a %s with %d slots, dim %d, but package %s has %s", v.Name, kind, v.Graph.Slots, v.Sizes.Dim, p.key(), p.Spec())
	}
	if v.Table {
		return Case{Package: p.key(), Sizes: v.Sizes, Vector: v}, nil
	}
	if p.Window != v.Window || fmt.Sprint(p.Strides, p.Variant) != fmt.Sprint(v.Strides, v.Variant) || (p.Dim != 0 && p.Dim != v.Sizes.Dim) {
		return Case{}, fmt.Errorf("vector %s: window %d strides %v%s dim %d, but package %s has %s",
			v.Name, v.Window, v.Strides, v.Variant.flags(), v.Sizes.Dim, p.key(), p.Spec())
	}
	return Case{Package: p.key(), Sizes: v.Sizes, Vector: v}, nil
}
