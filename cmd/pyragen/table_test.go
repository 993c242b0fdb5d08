package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// TestTables is TestGrid on table graphs: every kind of graph, directed ones and hubs among them, between guard pages as the lists of edges
// are, against float64 truth and, to the bit, against the interpreted schedule.
func TestTables(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	quick := os.Getenv("PYRAGEN_LONG") == ""
	h, packages := harnessFor(t, verify.TableSpecs())
	defer h.Close()
	var cases []verify.Case
	for _, p := range packages {
		cases = append(cases, verify.Grid(p, quick)...)
	}
	programs := newInterpreter()
	o := verify.Options{Oracle: programs.call, Workers: []int{1, 2, 3}, Emulate: emulatorFor(t, h, packages, programs)}
	s := runGrid(t, h, cases, o)
	t.Logf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)
	if s.Checks < 8000 {
		t.Errorf("%d checks, want at least 8000", s.Checks)
	}
}

// TestEmulatedTables runs a part of that in the instruction interpreter.
func TestEmulatedTables(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	specs := verify.TableSpecs()
	h, packages := harnessFor(t, []verify.Package{specs[0], specs[2]}, verify.WithEnv("GODEBUG=cpu.all=off"))
	defer h.Close()
	programs := newInterpreter()
	e, err := newEmulator(h.Server(), packages, programs)
	if err != nil {
		t.Fatal(err)
	}
	var cases []verify.Case
	for _, p := range packages {
		for i, c := range verify.Grid(p, true) {
			if i%6 == 0 && c.Misuse == "" && c.Sizes.Len < 60 {
				cases = append(cases, c)
			}
		}
	}
	s := runGrid(t, h, cases, verify.Options{ISAs: spec.ISAs()[1:], Oracle: programs.call, Emulate: e.call})
	t.Logf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)
	if s.Checks < 200 {
		t.Errorf("%d checks, want at least 200", s.Checks)
	}
}

// TestPyramidAsTable runs the vectors of pyramids with their edges given as a table: what the closed form must give, the general one must, too.
func TestPyramidAsTable(t *testing.T) {
	t.Parallel()
	vectors := vectorsBeside(t)
	h, packages := harnessFor(t, []verify.Package{{Name: "anydim", Table: true, Types: []string{"f64"}}})
	defer h.Close()
	var cases []verify.Case
	for _, v := range vectors {
		if v.Table {
			continue
		}
		v.Table, v.Sizes.Len = true, v.Graph.Nodes()
		c, err := verify.VectorCase(packages[0], v)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	isas := isasHere()
	s := runGrid(t, h, cases, verify.Options{ISAs: isas})
	if want := (verify.Summary{Cases: 28, Checks: 28 * 6 * len(isas)}); s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
}

// TestKeysForQueries gives generated kernels q_k in place of k_q, with the slots to it: the kernels of the replaced code read a graph so. It is
// right for undirected graphs, and is found on all others.
func TestKeysForQueries(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	ops := []string{"reverse", "attention-grad"}
	made, err := (&app{}).verifyPackage(specOf(verify.Package{Name: "web", Table: true, Dim: 4, Types: []string{"f64"}, Ops: ops, ISAs: []string{"go"}}))
	if err != nil {
		t.Fatal(err)
	}
	const right, kept = "func (g *Graph) reverse() {", "func (g *Graph) transpose() {"
	text := string(made.Files["web_graph.go"])
	if !strings.Contains(text, right) {
		t.Fatalf("no %s in web_graph.go", right)
	}
	made.Files["web_graph.go"] = []byte(strings.Replace(text, right, kept, 1))
	made.Files["web_wrong.go"] = []byte(`package web

func (g *Graph) reverse() {
	g.transpose()
	slots := map[[2]int32]int32{} // of edges, by query and key
	for i := range g.nodes {
		for e := g.keyAt[i]; e < g.keyAt[i+1]; e++ {
			slots[[2]int32{int32(i), g.keyNode[e]}] = g.keySlot[e]
		}
	}
	g.queryAt, g.queryNode = g.keyAt, g.keyNode
	for i := range g.nodes {
		for e := g.keyAt[i]; e < g.keyAt[i+1]; e++ {
			g.querySlot[e] = slots[[2]int32{g.keyNode[e], int32(i)}]
		}
	}
}
`)
	h, err := verify.NewHarness(filepath.Join(t.TempDir(), "scratch"), []verify.Package{made})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, c := range []struct {
		text  string
		found bool
	}{
		{"graph=none nodes=20", false},
		{"graph=longformer nodes=30 seed=1", false}, // a window with gaps and global nodes, both ways
		{"graph=random nodes=30", true},
		{"graph=full nodes=30", true},
		{"graph=hub-out nodes=30", true},
		{"graph=hub-in nodes=30", true},
		{"graph=causal nodes=30", true},
		{"graph=bigbird nodes=60", true},
		{"graph=citations nodes=30", true},
	} {
		cs, err := verify.ParseCase(c.text, made)
		if err != nil {
			t.Fatal(err)
		}
		failed := map[string]bool{}
		if _, err := h.Run(t.Context(), []verify.Case{cs}, verify.Options{}, func(r verify.Result) { failed[r.Op] = !r.OK }); err != nil {
			t.Fatal(err)
		}
		for _, op := range ops {
			if failed[op] != c.found {
				t.Errorf("%s %s: found %v, want %v", op, c.text, failed[op], c.found)
			}
		}
	}
}
