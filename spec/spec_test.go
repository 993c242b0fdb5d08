package spec_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pyragen/pyragen/spec"
)

const presets = `# comment
packages:
  - pkg: ett
    out: generated/ett
    window: 3
    strides: [4, 4, 4]
    dim: 128
  - {pkg: plain, window: 4, strides: [], dim: 0, types: [f64], ops: [reverse, scores], isa: [avx2]}
  - pkg: ones
    window: 129
    strides:
      - 1
      - 64
    dim: 1024
  - {pkg: causal, window: [5, 3, 4], strides: [4, 4], dilation: 2, causal: last, links: down, ancestors: root, dim: 8}
`

func TestParse(t *testing.T) {
	got, err := spec.Parse("pyragen.yaml", []byte(presets))
	if err != nil {
		t.Fatal(err)
	}
	want := []spec.Target{
		{Spec: spec.Spec{Package: "ett", Window: 3, Strides: []int{4, 4, 4}, Dim: 128}, Out: "generated/ett"},
		{Spec: spec.Spec{Package: "plain", Window: 4, Strides: []int{}, Types: []string{"f64"}, Ops: []string{"reverse", "scores"},
			ISA: []string{"avx2"}}, Out: "plain"},
		{Spec: spec.Spec{Package: "ones", Window: 129, Strides: []int{1, 64}, Dim: 1024}, Out: "ones"},
		{Spec: spec.Spec{Package: "causal", Windows: []int{5, 3, 4}, Strides: []int{4, 4}, Dilation: 2, Causal: "last", Links: "down", Ancestors: spec.ToRoot, Dim: 8}, Out: "causal"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	crlf, err := spec.Parse("pyragen.yaml", []byte(strings.ReplaceAll(presets, "\n", "\r\n")))
	if d := cmp.Diff(want, crlf); d != "" || err != nil {
		t.Error("with CRLF:", err, d)
	}
}

func TestText(t *testing.T) {
	a := spec.Spec{Package: "pam", Window: 3, Strides: []int{25, 4}, Dim: 64, Types: []string{"f64", "f32"}, ISA: []string{"avx2"}}
	b := spec.Spec{Package: "pam", Window: 3, Strides: []int{25, 4}, Dim: 64, Ops: []string{"attention-grad", "reverse", "context", "scores", "attention", "softmax-grad", "softmax"},
		ISA: []string{"avx2", "go"}}
	const want = `pkg: pam
window: 3
strides: [25, 4]
dim: 64
types: [f32, f64]
ops: [scores, context, reverse, softmax, softmax-grad, attention, attention-grad]
isa: [go, avx2]
`
	const wantTable = `pkg: pam
graph: table
slots: 0
dim: 64
types: [f32]
ops: [scores]
isa: [go]
`
	table := spec.Spec{Package: "pam", Graph: "table", Dim: 64, Types: []string{"f32"}, Ops: []string{"scores"}, ISA: []string{"go"}}
	if got := table.Text(); got != wantTable {
		t.Errorf("got\n%s\nwant\n%s", got, wantTable)
	}
	pyramid := a
	pyramid.Graph = "pyramid"
	if pyramid.Text() != want {
		t.Errorf("graph: pyramid is not the default:\n%s", pyramid.Text())
	}
	if a.Text() != want || b.Text() != want {
		t.Errorf("got\n%s\nand\n%s\nwant\n%s", a.Text(), b.Text(), want)
	}
	if a.Hash() != b.Hash() || len(a.Hash()) != 64 {
		t.Errorf("hashes %s and %s", a.Hash(), b.Hash())
	}
	if b.Strides = []int{4, 25}; a.Hash() == b.Hash() {
		t.Error("the order of strides does not count")
	}
	c := spec.Spec{Package: "pam", Window: 3, Types: []string{"bf16", "f64", "f16"}}
	if text := c.Text(); !strings.Contains(text, "\ntypes: [f64, f16, bf16]\n") {
		t.Errorf("got\n%s\nwant types in their order; those of 16 bits are there where they are named", text)
	}
	if a.Types[0] != "f64" {
		t.Error("Text changed its receiver")
	}
	a.With = []string{"dropout", "bias", "mask", "mask"}
	if got := a.Text(); got != strings.Replace(want, "isa:", "with: [mask, bias, dropout]\nisa:", 1) {
		t.Errorf("with features: got\n%s", got)
	}
	if a.With = []string{}; a.Text() != want {
		t.Errorf("without features: got\n%s", a.Text())
	}
}

// TestTextOfHostileSpec: the canonical text goes into the head of generated files, so nothing in it may end its line or comment.
func TestTextOfHostileSpec(t *testing.T) {
	for _, bad := range []string{"a\nb", "*/ x", "a\u2028b", "а", "\xff", "", "a: b", "//go:build x", strings.Repeat("x\x00", 1000)} {
		s := spec.Spec{Package: bad, Causal: bad, Links: bad, Types: []string{bad}, Ops: []string{bad}, With: []string{bad}, ISA: []string{bad}}
		text, lines := s.Text(), 10
		if bad == "" {
			lines = 8
		}
		if n := strings.Count(text, "\n"); n != lines {
			t.Errorf("%q: %d lines:\n%s", bad, n, text)
		}
		for _, c := range text {
			if c != '\n' && (c < ' ' || c > '~') {
				t.Errorf("%q: %q in\n%s", bad, c, text)
			}
		}
		if len(s.Validate()) == 0 {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestArgs(t *testing.T) {
	str := func(s string) *string { return &s }
	good := spec.Args{Pkg: str("pam"), Window: str("3"), Strides: str("4, 4,4"), Dim: str("0"), Types: str("f32"), With: str("mask, dropout"), ISA: str("avx2,go")}
	got, err := good.Spec()
	want := spec.Spec{Package: "pam", Window: 3, Strides: []int{4, 4, 4}, Types: []string{"f32"}, With: []string{"mask", "dropout"},
		ISA: []string{"avx2", "go"}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(err, d)
	}
	good.Strides = str("")
	if got, err := good.Spec(); err != nil || len(got.Strides) != 0 {
		t.Errorf("no strides: %v, %v", got.Strides, err)
	}
	got, err = spec.Args{Pkg: str("pam"), Graph: str("table"), Slots: str("16"), Dim: str("64")}.Spec()
	if d := cmp.Diff(spec.Spec{Package: "pam", Graph: "table", Slots: 16, Dim: 64}, got); d != "" || err != nil {
		t.Error("table:", err, d)
	}
	_, err = spec.Args{Pkg: str("pam"), Graph: str("graph"), Slots: str("x"), Dim: str("64")}.Spec()
	const wrongTable = `--slots: slots must be a whole number, got "x" (PYR016); write --slots 16
--graph: graph must be pyramid or table, got "graph" (PYR023); use one of these`
	if err == nil || err.Error() != wrongTable {
		t.Errorf("got\n%v\nwant\n%s", err, wrongTable)
	}
	_, err = spec.Args{Window: str("0"), Strides: str("4,,x"), Dim: str("1e3"), Types: str(""), Ops: str("scores,scores"), ISA: str("sse")}.Spec()
	const texts = `--pkg: pkg must be given, got nothing (PYR015); add the Go package name, such as pam
--strides: a stride must be a whole number, got "" (PYR016); write --strides 4,4,4
--dim: dim must be a decimal whole number without sign + and leading zeros, got "1e3" (PYR016); write --dim 64
--window: window must be >= 1, got 0 (PYR003); use an odd window such as 3
--types: types must name at least one type, got an empty list (PYR010); leave it out for f32 and f64, or name some of f32, f64, f16 and bf16
--ops: ops must name each op once, got scores again (PYR009); remove it
--isa: isa must be go, avx2 or avx512, got "sse" (PYR008); use one of these`
	if err == nil || err.Error() != texts {
		t.Errorf("got\n%v\nwant\n%s", err, texts)
	}
	got, err = spec.Args{Pkg: str("pam"), Window: str("5, 3,4"), Strides: str("4,4"), Dim: str("8"), Dilation: str("2"), Causal: str("last"), Links: str("up"), Ancestors: str("2")}.Spec()
	want = spec.Spec{Package: "pam", Windows: []int{5, 3, 4}, Strides: []int{4, 4}, Dim: 8, Dilation: 2, Causal: "last", Links: "up", Ancestors: 2}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(err, d)
	}
}

// TestTextOfVariants: what is as in the pyramid in which all is seen has no line, so that files do not change for who does not ask.
func TestTextOfVariants(t *testing.T) {
	plain := spec.Spec{Package: "pam", Window: 3, Strides: []int{4, 4}, Dim: 8}
	spelt := spec.Spec{Package: "pam", Windows: []int{3, 3, 3}, Strides: []int{4, 4}, Dim: 8, Dilation: 1, Causal: "none", Links: "both", Ancestors: 1}
	if plain.Text() != spelt.Text() || spelt.Canonical().Window != 3 {
		t.Errorf("got\n%s\nwant\n%s", spelt.Text(), plain.Text())
	}
	spelt.Windows, spelt.Dilation, spelt.Causal, spelt.Links, spelt.Ancestors = []int{3, 5, 1}, 2, "strict", "up", spec.ToRoot
	want := strings.Replace(plain.Text(), "window: 3\nstrides: [4, 4]\n", "window: [3, 5, 1]\nstrides: [4, 4]\ndilation: 2\ncausal: strict\nlinks: up\nancestors: 2\n", 1)
	if spelt.Text() != want || spelt.Canonical().Window != 5 {
		t.Errorf("got\n%s\nwant\n%s", spelt.Text(), want)
	}
	if ps := spelt.Validate(); len(ps) > 0 {
		t.Error(ps)
	}
}

func TestDirected(t *testing.T) {
	for _, c := range []struct {
		spec spec.Spec
		want string
	}{
		{spec.Spec{Window: 3, Strides: []int{4}, Dilation: 3}, ""},
		{spec.Spec{Windows: []int{5, 1}, Strides: []int{4}}, ""},
		{spec.Spec{Window: 3, Links: "up"}, ""}, // there are no parents
		{spec.Spec{Window: 4, Strides: []int{4}}, "a window of 4 nodes reaches one further back than forward"},
		{spec.Spec{Windows: []int{3, 4}, Strides: []int{4}}, "the window of level 1, of 4 nodes, reaches one further back than forward"},
		{spec.Spec{Window: 4, Causal: "last"}, "causal: a node sees no node whose last leaf is after its own last leaf"},
		{spec.Spec{Window: 3, Causal: "strict"}, "causal: a node sees no other node whose last leaf is after its own first leaf"},
		{spec.Spec{Window: 3, Strides: []int{4}, Links: "up"}, "links: children see their parents, which do not see them"},
		{spec.Spec{Window: 3, Strides: []int{4}, Ancestors: spec.ToRoot}, ""}, // the parents
		{spec.Spec{Window: 3, Strides: []int{4, 4}, Ancestors: spec.ToRoot}, "ancestors: nodes see their ancestors up to 2 levels above, of which the parent alone may see them"},
		{spec.Spec{Window: 3, Strides: []int{4}, Causal: "last", Links: "down"}, "causal: a node sees no node whose last leaf is after its own last leaf; " +
			"links: parents see their children, which do not see them"},
	} {
		if got := strings.Join(c.spec.Directed(), "; "); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.spec, got, c.want)
		}
	}
}
