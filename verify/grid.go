package verify

import (
	"math/rand/v2"
	"slices"
)

// lanes is the widest vector of any target in elements; every class of a length modulo it is in the grid.
const lanes = 16

// GridSpecs are the specs over which the grid of R1 runs, without files, ops, types and instruction sets: a package for each
// dimension that kernels treat differently, with windows and strides spread over them, and three for any dimension.
func GridSpecs() []Package {
	strides := [][]int{{4, 4, 4}, {2}, {}, {5, 3}, {2, 2, 2, 2, 2}, {3, 1, 2}, {12, 7, 4}, {8, 2}, {6, 5, 2}, {25, 25, 25}, {64}}
	windows := []int{3, 1, 5, 2, 7, 4, 3, 9, 6, 3, 8}
	var specs []Package
	for i, dim := range gridDims() {
		specs = append(specs, gridSpec(windows[i%len(windows)], strides[(i+i/len(strides))%len(strides)], dim))
	}
	specs = append(specs, gridSpec(5, []int{12, 7, 4}, 0), gridSpec(4, []int{2, 2}, 0), gridSpec(33, []int{1, 3}, 0))
	for i := range specs {
		specs[i].Ops = gridOps(i)
		if i%3 < 2 { // those with attention or its gradient
			specs[i].With = [][]string{nil, {"mask", "dropout"}, nil, {"mask"}, nil, {"dropout"}, {"bias"}}[i/3%7]
		}
	}
	return specs
}

// VariantSpecs are specs of the variants of the pyramid, each kind alone and several together.
func VariantSpecs() []Package {
	specs := []Package{
		{Window: 3, Strides: []int{4, 4}, Dim: 8, Variant: Variant{Causal: "last"}},
		{Window: 5, Strides: []int{3, 1, 2}, Dim: 16, Variant: Variant{Causal: "strict"}},
		{Window: 4, Strides: []int{5, 3}, Dim: 12, Variant: Variant{Links: "up"}},
		{Window: 3, Strides: []int{2, 2}, Dim: 0, Variant: Variant{Links: "down"}},
		{Window: 5, Strides: []int{4}, Dim: 16, Variant: Variant{Dilation: 3}},
		{Window: 6, Strides: []int{4, 2}, Dim: 7, Variant: Variant{Windows: []int{6, 3, 2}}},
		{Window: 7, Strides: []int{1, 3}, Dim: 8, Variant: Variant{Windows: []int{4, 7, 1}, Dilation: 2, Causal: "strict", Links: "up"}},
		{Window: 3, Strides: []int{25}, Dim: 64, Variant: Variant{Dilation: 2, Causal: "last", Links: "down"}},
		{Window: 4, Strides: nil, Dim: 16, Variant: Variant{Causal: "last"}},
		{Window: 3, Strides: []int{4, 2, 2}, Dim: 8, Variant: Variant{Ancestors: 3}},
		{Window: 4, Strides: []int{3, 2}, Dim: 5, Variant: Variant{Ancestors: 2, Causal: "last"}},
	}
	for i, p := range specs {
		specs[i].Name, specs[i].Ops = specName(p.Window, p.Strides, p.Variant, p.Dim), gridOps(i)
		if i == 1 {
			specs[i].With = []string{"mask", "dropout"}
		}
	}
	return specs
}

// NarrowSpecs are the specs over which the grid runs for tensors in 16 bits: rows of whole vectors with a tail behind, rows of any length, and
// whole ones.
func NarrowSpecs() []Package {
	specs := []Package{gridSpec(3, []int{4, 4}, 20), gridSpec(2, []int{3}, 0), gridSpec(5, []int{6}, 32)}
	specs[0].Ops, specs[0].With = []string{"scores", "reverse", "attention", "attention-grad"}, []string{"mask", "dropout"}
	specs[1].Ops = []string{"scores", "context", "reverse", "softmax-grad"}
	specs[2].Ops = []string{"context", "softmax", "attention"}
	for i := range specs {
		specs[i].Types = []string{"f16", "bf16"}
	}
	return specs
}

// gridOps are the ops of a spec of the quick grid: the three modes in all, the ops of several stages, which take long to generate and to
// interpret, in turns.
func gridOps(i int) []string {
	modes := []string{"scores", "context", "reverse"}
	switch i % 3 {
	case 0:
		return append(modes, "softmax", "attention")
	case 1:
		return append(modes, "softmax-grad", "attention-grad")
	}
	return modes
}

func gridSpec(window int, strides []int, dim int) Package {
	return Package{Name: specName(window, strides, Variant{}, dim), Window: window, Strides: strides, Dim: dim}
}

// gridDims are the head dimensions of R1.
func gridDims() []int {
	dims := []int{31, 32, 33, 63, 64, 65, 96, 128}
	for d := 1; d <= 17; d++ {
		dims = append(dims, d)
	}
	return dims
}

// Grid lists the cases of R1 and R8 for a package: deterministic, of every length from 1 up, every class of each level's size
// modulo its stride and of the length modulo the lanes, every number of levels, a dimension equal to the slots, every special value
// in every operand, and every wrong call. The quick grid has about 85 cases, the long one over 1,500.
func Grid(p Package, quick bool) []Case {
	if p.Table {
		return tableGrid(p, quick)
	}
	limits := gridLimits{small: 24, reach: 700, anyDims: 2, spaced: 8, random: 0}
	if !quick {
		limits = gridLimits{small: 160, reach: 4000, anyDims: 24, spaced: 200, random: 1400}
	}
	b := newGridBuilder(p, quick, p.Window)
	for _, leaves := range b.lengths(limits) {
		b.add(leaves)
	}
	b.deepest()
	b.dimIsSlots()
	if p.Dim == 0 {
		for range limits.anyDims {
			for _, dim := range gridDims() {
				b.addDim(1+b.r.IntN(90), dim)
			}
		}
	}
	for range limits.random {
		b.add(1 + b.r.IntN(1+b.r.IntN(limits.reach)))
	}
	b.spaced(limits.spaced)
	b.specials()
	b.misuses()
	return b.cases
}

type gridLimits struct {
	small   int // every length up to this
	reach   int // longest length tried for a new class
	anyDims int // rounds over the dimensions for a package of any dimension
	spaced  int // cases of rows that lie apart
	random  int // further random cases
}

type gridBuilder struct {
	p        Package
	elements int // of an operand, above which a case has fewer batches and heads
	r        *rand.Rand
	cases    []Case
}

func newGridBuilder(p Package, quick bool, seed int) gridBuilder {
	b := gridBuilder{p: p, elements: 20_000, r: rand.New(rand.NewPCG(uint64(seed), uint64(p.Dim)))}
	if quick {
		b.elements = 8_000
	}
	return b
}

// class is one way in which a length differs from others: the size of a level modulo its stride, the lengths modulo the lanes
// (level -1), the number of levels (level -2).
type class struct{ level, residue int }

func (b *gridBuilder) classes(leaves int) []class {
	sizes := levels(b.p.Strides, leaves)
	out := []class{{-1, leaves % lanes}, {-2, len(sizes)}}
	for l, n := range sizes {
		if l < len(b.p.Strides) && n >= b.p.Strides[l] {
			out = append(out, class{l, n % b.p.Strides[l]})
		}
	}
	return out
}

// lengths are all small ones, then each length that meets a class not met before.
func (b *gridBuilder) lengths(limits gridLimits) []int {
	met := map[class]bool{}
	var out []int
	for leaves := 1; leaves <= limits.reach; leaves++ {
		found := leaves <= limits.small
		for _, c := range b.classes(leaves) {
			found = found || !met[c]
		}
		if !found {
			continue
		}
		for _, c := range b.classes(leaves) {
			met[c] = true
		}
		out = append(out, leaves)
	}
	return out
}

// deepest adds the shortest series that fills every level, where that is within reach of a quick run.
func (b *gridBuilder) deepest() {
	leaves := 1
	for _, c := range b.p.Strides {
		leaves *= c
	}
	if 1 < leaves && leaves <= 20_000 {
		b.addSizes(Sizes{Batch: 1, Len: leaves + 1, Heads: 1, Dim: max(b.p.Dim, 1)})
	}
}

// dimIsSlots adds a case whose dimension equals the number of slots, which the replaced kernel refused.
func (b *gridBuilder) dimIsSlots() {
	for leaves := 1; leaves <= 200; leaves++ {
		g, err := NewVariant(b.p.Window, b.p.Strides, b.p.Variant, leaves)
		if err != nil {
			return // the harness reports a spec that makes no graph
		}
		if g.Slots == b.p.Dim || b.p.Dim == 0 && leaves%40 == 1 {
			b.addSizes(Sizes{Batch: 2, Len: leaves, Heads: 2, Dim: g.Slots})
			if b.p.Dim != 0 {
				return
			}
		}
	}
}

// spaced adds cases of rows that lie apart: by one element, by a vector, or so that operands are parts of one tensor, which may have a gap
// too.
func (b *gridBuilder) spaced(cases int) {
	gaps := []int{1, 0, lanes, 3, 0, 5, 2 * lanes, 7}
	for i := range cases {
		b.add(1 + (i*i+9*i)%70)
		last := &b.cases[len(b.cases)-1]
		gap := gaps[i%len(gaps)]
		last.Gap, last.Packed = gap, gap == 0 || i%3 == 0
	}
}

// specials puts every special value into the operands that ops have, at lengths with a tail: the first two, v and dout of attention, and
// its mask and bias. An op with fewer operands gets plain numbers instead.
func (b *gridBuilder) specials() {
	operands := []int{0, 1, 2}
	for _, added := range []string{"mask", "bias"} {
		if slices.Contains(b.p.With, added) {
			operands = append(operands, len(operands))
		}
	}
	operands = append(operands, len(operands)+2)
	for i, s := range Specials() {
		for _, operand := range operands {
			b.add(5 + (7*i+operand*13)%40)
			last := &b.cases[len(b.cases)-1]
			last.Special, last.Operand = s.Name, operand
		}
	}
}

// misuses adds every wrong call.
func (b *gridBuilder) misuses() {
	for _, m := range Misuses() {
		if m.dim && b.p.Dim != 0 || !m.fits(b.p) || m.feature != "" && !slices.Contains(b.p.With, m.feature) {
			continue
		}
		b.add(9)
		b.cases[len(b.cases)-1].Misuse = m.Name
	}
}

func (b *gridBuilder) add(leaves int) {
	dim := b.p.Dim
	if dim == 0 {
		dims := gridDims()
		dim = dims[len(b.cases)%len(dims)]
	}
	b.addDim(leaves, dim)
}

// addDim picks batch and heads so that small cases see many of both, and large ones stay affordable.
func (b *gridBuilder) addDim(leaves, dim int) {
	n := len(b.cases)
	size := Sizes{Batch: []int{1, 2, 1, 3, 1}[n%5], Len: leaves, Heads: []int{1, 2, 4, 3, 8, 1, 5, 6, 9, 7, 16}[n%11], Dim: dim}
	for size.Batch*size.Heads > 1 && size.Batch*size.Heads*leaves*max(dim, 8) > b.elements {
		size.Batch, size.Heads = (size.Batch+1)/2, (size.Heads+1)/2
	}
	b.addSizes(size)
}

func (b *gridBuilder) addSizes(n Sizes) {
	b.cases = append(b.cases, Case{Package: b.p.key(), Sizes: n, Seed: uint64(len(b.cases) + 1)})
}
