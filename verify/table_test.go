package verify

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// fakeTable is the hand-written package of testdata/faketable with a fault compiled in.
func fakeTable(t *testing.T, fault string, slots int) Package {
	t.Helper()
	text, err := os.ReadFile("testdata/faketable/fake.go")
	if err != nil {
		t.Fatal(err)
	}
	return Package{
		Name: "faketable", Key: fmt.Sprintf("faketable-%s-%d", fault, slots), Table: true, Slots: slots,
		Files: map[string][]byte{
			"fake.go": text,
			"spec.go": fmt.Appendf(nil, "package faketable\n\nconst (\n\tSlots = %d\n\tfault = %q\n)\n", slots, fault),
		},
		Ops: []string{"scores", "context", "reverse"}, Types: []string{"f32", "f64"}, ISAs: []string{"go"},
	}
}

// TestTables looks at every kind of graph: its rows are those of a graph, fit in the slots, and are the same every time.
func TestTables(t *testing.T) {
	for _, k := range Tables() {
		edges, empty, hidden, directed := 0, 0, 0, 0
		for seed := range uint64(40) {
			for _, slots := range []int{0, 1, 3, 16} {
				nodes := 1 + int(seed*seed)%70
				table := k.make(nodes, slots, rand.New(rand.NewPCG(seed, 1)))
				g, err := NewTableGraph(table)
				if err != nil || len(table) != nodes || slots > 0 && g.Slots > slots || g.Slots < 1 {
					t.Fatalf("%s, %d nodes, %d slots: %d rows, %v", k.Name, nodes, slots, len(table), err)
				}
				if again := k.make(nodes, slots, rand.New(rand.NewPCG(seed, 1))); !reflect.DeepEqual(again, table) {
					t.Fatalf("%s: not the same the second time", k.Name)
				}
				edges += g.Edges()
				for i, row := range table {
					for s, key := range row {
						if key < 0 && s+1 < len(row) && row[s+1] >= 0 {
							hidden++
						}
						if key >= 0 && !slices.Contains(table[key], i) {
							directed++
						}
					}
					if len(g.Queries[i]) == 0 {
						empty++
					}
				}
			}
		}
		t.Logf("%s: %d edges, %d one way, %d empty slots before full ones, %d nodes are nobody's key", k.Name, edges, directed, hidden, empty)
		if (edges == 0) != (k.Name == "none") || directed == 0 && k.Name != "none" {
			t.Errorf("%s: %d edges, %d of them one way", k.Name, edges, directed)
		}
		if k.Name == "random" && (hidden == 0 || empty == 0) {
			t.Errorf("%s: %d empty slots before full ones, %d nodes that are nobody's key, want some", k.Name, hidden, empty)
		}
	}
}

// TestCausalRows: a node never attends to what is later, and to all of the pyramid that is not.
func TestCausalRows(t *testing.T) {
	for seed := range uint64(30) {
		nodes := 1 + int(seed*7)%60
		all := pyramidRows(nodes, nodes, rand.New(rand.NewPCG(seed, 2)), false)
		cut := pyramidRows(nodes, nodes, rand.New(rand.NewPCG(seed, 2)), true)
		var last func(i int) int // by its children, which are the keys before it of the level below
		last = func(i int) int {
			at := -1
			for _, key := range all[i] {
				if key >= 0 && key < i && slices.Contains(all[key], i) && all[key][len(all[key])-1] == i {
					at = max(at, last(key))
				}
			}
			return max(at, map[bool]int{true: i}[at < 0])
		}
		for i, row := range all {
			for s, key := range row {
				if want := key >= 0 && last(key) <= last(i); (cut[i][s] >= 0) != want {
					t.Fatalf("seed %d: node %d (last leaf %d) has key %d, %v, want %v", seed, i, last(i), key, cut[i][s] >= 0, want)
				}
			}
		}
	}
}

// tableFaults says what every fault must look like.
var tableFaults = []struct {
	fault, op, typ string
	slots          int
	text, want     string
}{
	{"undirected", "reverse", "f32", 0, "graph=citations nodes=40 dim=3", "bound"},
	{"undirected", "reverse", "f64", 0, "graph=causal nodes=40 dim=3 seed=3", "bound"},
	{"undirected", "reverse", "f64", 9, "graph=random nodes=40 dim=3 seed=3", "want"},
	{"places", "context", "f32", 0, "graph=random nodes=40 dim=3 seed=5", "bound"},
	{"places", "scores", "f64", 12, "graph=random nodes=40 dim=3 seed=5", "want"},
	{"lost-query", "reverse", "f64", 0, "graph=hub-in nodes=65 dim=2", "bound"},
	{"extent", "scores", "f32", 6, "graph=hub-in nodes=9 dim=2", "refused: faketable.ScoresF32: len(s) ="},
	{"refuses-graph", "scores", "f32", 0, "graph=full nodes=9 dim=2", "NewGraph: faketable.NewGraph: no"},
	{"read-past-list", "context", "f32", 0, "graph=full nodes=9 dim=2", "fault: access to byte 1 past the end of keyNode of the graph (workers=1, operands at the end of memory)"},
	{"read-before-list", "scores", "f64", 0, "graph=full nodes=9 dim=2", "fault: access to byte 4 before the start of queryAt of the graph (workers=1, operands at the start"},
	{"write-list", "reverse", "f32", 0, "graph=full nodes=9 dim=2", "fault: access to byte 0, which is read-only, of keySlot of the graph"},
	{"accepts-nil", "scores", "f32", 0, "graph=full nodes=9 dim=2 misuse=graph-nil", "ScoresF32 accepts the wrong call graph-nil: panic"},
	{"accepts-nil", "context", "f32", 0, "graph=full nodes=9 dim=2 misuse=graph-zero", `does not name the argument g`},
}

// TestTableHarness is TestHarnessCatchesFaults for table graphs. Among the faults is the wrong reading of a directed graph.
func TestTableHarness(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("guard pages on linux")
	}
	pkgs := []Package{fakeTable(t, "none", 0), fakeTable(t, "none", 5)}
	for _, f := range tableFaults {
		if p := fakeTable(t, f.fault, f.slots); !slices.ContainsFunc(pkgs, func(o Package) bool { return o.Key == p.Key }) {
			pkgs = append(pkgs, p)
		}
	}
	h := newHarness(t, pkgs...)
	o := Options{Workers: []int{1}}
	for _, p := range pkgs[:2] {
		t.Run(p.Key, func(t *testing.T) {
			cases := Grid(p, true)
			s, err := h.Run(t.Context(), cases, o, func(r Result) {
				if !r.OK {
					t.Error(r)
				}
			})
			if want := (Summary{len(cases), len(cases) * 6, 0}); err != nil || s != want {
				t.Errorf("got %+v, %v, want %+v", s, err, want)
			}
		})
	}
	for _, f := range tableFaults {
		t.Run(f.fault, func(t *testing.T) {
			p := fakeTable(t, f.fault, f.slots)
			one := o
			one.Ops, one.Types = []string{f.op}, []string{f.typ}
			var got []Result
			if _, err := h.Run(t.Context(), []Case{mustParse(t, f.text, p)}, one, func(r Result) { got = append(got, r) }); err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || got[0].OK || !strings.Contains(got[0].Why, f.want) {
				t.Fatalf("got %v, want %q", got, f.want)
			}
			want := fmt.Sprintf(`pyragen verify --graph table --slots %d --dim 0 --ops %s --types %s --isa go --case "graph=`, f.slots, f.op, f.typ)
			if !strings.HasPrefix(got[0].Repro, want) {
				t.Errorf("reproducer %s, want %s...", got[0].Repro, want)
			}
			t.Log(got[0])
		})
	}
}

// TestWrongReading: q_k in place of k_q is not seen where every edge goes both ways, which is why undirected graphs need one table, and in
// all kinds of directed ones it is.
func TestWrongReading(t *testing.T) {
	p := fakeTable(t, "undirected", 0)
	h := newHarness(t, p)
	failed := func(c Case) (failed int) {
		o := Options{Ops: []string{"reverse"}, Types: []string{"f64"}, Workers: []int{1}}
		if _, err := h.Run(t.Context(), []Case{c}, o, func(r Result) {
			if !r.OK {
				failed++
			}
		}); err != nil {
			t.Fatal(err)
		}
		return failed
	}
	both, oneWay := 0, 0
	for _, k := range Tables() {
		for seed := range 8 {
			c := mustParse(t, fmt.Sprintf("graph=%s nodes=30 dim=2 seed=%d", k.Name, seed), p)
			g, _, err := c.graph(p)
			if err != nil {
				t.Fatal(err)
			}
			undirected := true
			for i, row := range g.Neighbours {
				for _, key := range row {
					undirected = undirected && (key < 0 || slices.Contains(g.Neighbours[key], i))
				}
			}
			if undirected {
				both++
			} else {
				oneWay++
			}
			if got := failed(c) == 0; got != undirected {
				t.Errorf("%s, seed %d: undirected %v, passed %v", k.Name, seed, undirected, got)
			}
		}
	}
	if both < 8 || oneWay < 50 {
		t.Errorf("%d undirected graphs and %d directed ones", both, oneWay)
	}
}

// TestRunTableVectors runs every vector of a table on a fake of its slots, and on one for any.
func TestRunTableVectors(t *testing.T) {
	var pkgs []Package
	var cases []Case
	for _, v := range readVectors(t) {
		if !v.Table {
			continue
		}
		for _, p := range []Package{fakeTable(t, "none", v.Graph.Slots), fakeTable(t, "none", 0)} {
			if !slices.ContainsFunc(pkgs, func(o Package) bool { return o.Key == p.Key }) {
				pkgs = append(pkgs, p)
			}
			c, err := VectorCase(p, v)
			if err != nil {
				t.Fatal(err)
			}
			cases = append(cases, c)
		}
		if _, err := VectorCase(fakeTable(t, "none", v.Graph.Slots+1), v); err == nil || !strings.Contains(err.Error(), "a table with") {
			t.Errorf("other slots: %v", err)
		}
		if _, err := VectorCase(fakeFor(t, "none", 3, nil), v); err == nil || !strings.Contains(err.Error(), "a table with") {
			t.Errorf("a pyramid: %v", err)
		}
	}
	s, err := newHarness(t, pkgs...).Run(t.Context(), cases, Options{}, func(r Result) {
		if !r.OK || !strings.HasPrefix(r.Repro, "pyragen verify --vectors "+filepath.Join(vectorsDir, strings.TrimPrefix(r.Case, "vector="))) {
			t.Error(r)
		}
	})
	if want := (Summary{8, 8 * 6, 0}); err != nil || s != want {
		t.Errorf("got %+v, %v, want %+v", s, err, want)
	}
}

// TestTableCaseTexts: a case of a table package reads back as it is written, and says what it lacks.
func TestTableCaseTexts(t *testing.T) {
	p := tableSpec(4, 8)
	for _, c := range Grid(p, true) {
		back, err := ParseCase(c.Text(p), p)
		if err != nil || !reflect.DeepEqual(back, c) {
			t.Fatalf("%s: got %+v, %v, want %+v", c.Text(p), back, err, c)
		}
	}
	for text, want := range map[string]string{
		"nodes=4":               "graph is missing, want the kind of graph",
		"graph=random":          "nodes = 0, want >= 1",
		"graph=rand nodes=4":    `graph "rand" is unknown, want one of random, full`,
		"graph=random len=4":    `unknown key "len", want graph, nodes, batch`,
		"graph=none nodes=4 a=": `unknown key "a"`,
	} {
		if _, err := ParseCase(text, p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	if _, err := ParseCase("len=4 graph=random", Package{Window: 3, Dim: 1}); err == nil || !strings.Contains(err.Error(), `unknown key "graph"`) {
		t.Errorf("got %v", err)
	}
}
