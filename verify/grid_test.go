package verify

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestGridCovers counts what R1 asks for over the specs of the grid.
func TestGridCovers(t *testing.T) {
	const checksPerCase = 3 * 2 * 2 // ops, types, and the two instruction sets that every amd64 machine of today runs
	cases := 0
	names := map[string]bool{}
	dims := map[int]bool{}
	dimIsSlots := false
	features := map[string]bool{}
	for _, p := range append(NarrowSpecs(), GridSpecs()...) {
		grid := Grid(p, true)
		if names[p.Name] {
			t.Errorf("two specs are called %s", p.Name)
		}
		names[p.Name] = true
		cases += len(grid)
		b := gridBuilder{p: p}
		met := map[class]bool{}
		specials := map[string]bool{}
		sizes := map[string]bool{}
		for _, c := range grid {
			dims[c.Sizes.Dim] = true
			sizes[fmt.Sprintf("batch %d", c.Sizes.Batch)], sizes[fmt.Sprintf("heads %d", c.Sizes.Heads)] = true, true
			if c.Special != "" {
				specials[fmt.Sprint(c.Special, c.Operand)] = true
			}
			g, err := NewGraph(p.Window, p.Strides, c.Sizes.Len)
			if err != nil {
				t.Fatal(err)
			}
			dimIsSlots = dimIsSlots || g.Slots == c.Sizes.Dim
			for _, k := range b.classes(c.Sizes.Len) {
				met[k] = true
			}
			if _, err := ParseCase(c.Text(p), p); err != nil {
				t.Error(err)
			}
		}
		for leaves := range 700 {
			for _, k := range b.classes(leaves + 1) {
				if !met[k] {
					t.Errorf("%s: no case of class %+v, such as len %d", p.Spec(), k, leaves+1)
				}
			}
		}
		operands := 4
		for _, f := range p.With {
			if f != "dropout" { // a tensor
				operands++
			}
		}
		if len(specials) != 14*operands {
			t.Errorf("%s: %d special values by operand, want 14 in %d", p.Spec(), len(specials), operands)
		}
		for _, f := range p.With {
			features[f] = true
		}
		for _, want := range []string{"batch 1", "batch 2", "batch 3", "heads 1", "heads 3", "heads 8"} {
			if !sizes[want] {
				t.Errorf("%s: no case of %s", p.Spec(), want)
			}
		}
		for n := 1; n <= 24; n++ {
			if !slices.ContainsFunc(grid, func(c Case) bool { return c.Sizes.Len == n && c.Special == "" }) {
				t.Errorf("%s: no case of len %d", p.Spec(), n)
			}
		}
	}
	for _, d := range gridDims() {
		if !dims[d] {
			t.Errorf("no case of dim %d", d)
		}
	}
	if !dimIsSlots {
		t.Error("no case where dim = slots")
	}
	if len(features) != 3 {
		t.Errorf("specs with the features %v, want mask, bias and dropout", features)
	}
	if cases*checksPerCase < 20_000 {
		t.Errorf("%d cases, %d checks, want 20,000", cases, cases*checksPerCase)
	}
	t.Logf("%d specs, %d cases, %d checks", len(GridSpecs()), cases, cases*checksPerCase)
}

func TestGridIsDeterministic(t *testing.T) {
	for _, p := range GridSpecs()[20:] {
		if !reflect.DeepEqual(Grid(p, true), Grid(p, true)) {
			t.Errorf("%s: two grids differ", p.Spec())
		}
	}
}

func TestLongGrid(t *testing.T) {
	cases := 0
	for _, p := range GridSpecs() {
		cases += len(Grid(p, false))
	}
	if checks := cases * 12; checks < 500_000 {
		t.Errorf("%d cases, %d checks, want 500,000", cases, checks)
	}
}

func TestCaseText(t *testing.T) {
	fixed := Package{Name: "a", Window: 3, Strides: []int{4, 4}, Dim: 8}
	open := Package{Name: "b", Window: 3}
	for _, c := range []struct {
		p          Package
		text, same string
	}{
		{fixed, "len=17 batch=1 heads=2 seed=5", ""},
		{fixed, "len=17", "len=17 batch=1 heads=1 seed=1"},
		{fixed, "len=17 batch=1 heads=2 seed=5 special=nan operand=1", ""},
		{fixed, "len=17 batch=1 heads=2 seed=5 misuse=len-zero", ""},
		{fixed, "len=17 batch=1 heads=2 seed=5 gap=3", ""},
		{fixed, "len=17 batch=1 heads=2 seed=5 gap=3 packed=true", ""},
		{fixed, "packed=false gap=0 len=17", "len=17 batch=1 heads=1 seed=1"},
		{open, "len=17 batch=1 heads=2 dim=9 seed=5", ""},
		{fixed, "seed=5  heads=2 dim=8 len=17", "len=17 batch=1 heads=2 seed=5"},
	} {
		got, err := ParseCase(c.text, c.p)
		if c.same == "" {
			c.same = c.text
		}
		if err != nil || got.Text(c.p) != c.same {
			t.Errorf("%q: got %q, %v, want %q", c.text, got.Text(c.p), err, c.same)
		}
	}
	for _, c := range []struct {
		p          Package
		text, want string
	}{
		{fixed, "", "len = 0, want >= 1"},
		{fixed, "len", `"len" is not key=value`},
		{fixed, "len=x", `len: strconv.Atoi: parsing "x"`},
		{fixed, "len=4 size=3", `unknown key "size", want len, batch, heads, dim, seed, special, operand, misuse, gap or packed`},
		{fixed, "len=4 gap=-1", "gap = -1, want elements, >= 0"},
		{fixed, "len=4 packed=yes", `packed: strconv.ParseBool: parsing "yes"`},
		{fixed, "len=4 heads=-1", "heads = -1, want >= 1"},
		{fixed, "len=4 dim=9", "dim = 9, but the package is made for dim 8"},
		{open, "len=4", "dim = 0, want >= 1"},
		{fixed, "len=4 special=pi", `special value "pi" is unknown, want one of zero, minus-zero`},
		{fixed, "len=4 misuse=none", `misuse "none" is unknown, want one of output-short`},
		{fixed, "len=4 operand=-1", "operand = -1"},
		{fixed, "len=4 seed=-1", "seed: "},
	} {
		if _, err := ParseCase(c.text, c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.text, err, c.want)
		}
	}
	if got, want := fixed.Spec(), "--window 3 --strides 4,4 --dim 8"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := open.Spec(), `--window 3 --strides "" --dim 0`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestInputs pins the numbers of one case: a reproducer must mean the same on every machine and after every change.
func TestInputs(t *testing.T) {
	p := Package{Name: "a", Window: 3, Strides: []int{4}, Dim: 3}
	g, err := NewGraph(3, []int{4}, 9)
	if err != nil {
		t.Fatal(err)
	}
	op, err := FindOp("scores")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		t    Float
		want []float64
	}{
		{F32, []float64{-1.4307246208190918, 0.186856210231781, 0.7438133358955383}},
		{F64, []float64{-1.4307246788853183, 0.18685621260386184, 0.7438133385270711}},
	} {
		in, scalar, err := mustParse(t, "len=9 seed=5", p).inputs(op, c.t, g)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(in[0][:3], c.want) || scalar != -1e9 {
			t.Errorf("%s: x = %v, padding %v, want %v", c.t.Name, in[0][:3], scalar, c.want)
		}
		for _, v := range in {
			for _, x := range v {
				if a := math.Abs(x); a < 1.0/32 || a >= 8 || c.t.Round(x) != x {
					t.Fatalf("%s: input %v, want a number of the type from 1/32 to 8", c.t.Name, x)
				}
			}
		}
		if reflect.DeepEqual(in[0], in[1]) {
			t.Error("x and y are the same")
		}
	}
}

func TestSpecialsTakePlace(t *testing.T) {
	g, err := NewGraph(3, []int{4}, 9)
	if err != nil {
		t.Fatal(err)
	}
	op, err := FindOp("context")
	if err != nil {
		t.Fatal(err)
	}
	n := Sizes{1, 9, 2, 3}
	plain, _, err := Case{Sizes: n, Seed: 3}.inputs(op, F32, g)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Specials() {
		for operand := range 2 {
			in, _, err := Case{Sizes: n, Seed: 3, Special: s.Name, Operand: operand}.inputs(op, F32, g)
			if err != nil {
				t.Fatal(err)
			}
			if firstOtherBits(in[operand], plain[operand]) < 0 {
				t.Errorf("%s is not in operand %d", s.Name, operand)
			}
			if firstOtherBits(in[1-operand], plain[1-operand]) >= 0 {
				t.Errorf("%s of operand %d is in the other", s.Name, operand)
			}
		}
		for seed := range uint64(8) { // a single element takes it too
			v := []float64{0.625}
			s.fill(F32, 1, v, Case{Seed: seed}.random(0))
			if v[0] == 0.625 {
				t.Errorf("%s leaves a single element as it is", s.Name)
			}
		}
	}
}

// TestScratchVersions compares the scratch module's requirement with that of this module.
func TestScratchVersions(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	requirement := strings.TrimPrefix(scratchMod[strings.Index(scratchMod, "require "):], "require ")
	if !strings.Contains(string(mod), strings.TrimSpace(requirement)+" ") && !strings.Contains(string(mod), requirement) {
		t.Errorf("go.mod does not require %q: update scratchMod", strings.TrimSpace(requirement))
	}
	for line := range strings.Lines(scratchSum) {
		if !strings.Contains(string(sum), line) {
			t.Errorf("go.sum does not hold %q: update scratchSum", strings.TrimSpace(line))
		}
	}
}

func TestWireIsTheServers(t *testing.T) {
	ours, err := os.ReadFile("wire.go")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile("server/wire.go")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Replace(string(ours), "package verify", "package main", 1) != string(theirs) {
		t.Error("wire.go and server/wire.go differ: copy one to the other, all but the package clause")
	}
}
