package pyragen_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
	"github.com/pyragen/pyragen/verify"
)

// long reports whether the long column of the reliability page was asked for.
func long() bool { return os.Getenv("PYRAGEN_LONG") != "" }

// TestIndexMaps is check R2 for the language: the closed-form neighbour, its reverse and the slot there, against the brute-force
// graph, for every window up to 9, lists of up to four strides up to 8, and every length up to 256 (long: 2048).
func TestIndexMaps(t *testing.T) {
	lengths := 256
	if long() {
		lengths = 2048
	}
	checked := 0
	for window := 1; window <= 9; window++ {
		for _, strides := range strideLists() {
			g := ir.Graph{Kind: ir.Pyramid, Window: window, Strides: strides}
			for n := 1; n <= lengths; n += 1 + window*len(strides)%5 {
				if err := sameMaps(g, n); err != nil {
					t.Fatalf("window %d strides %v len %d: %v", window, strides, n, err)
				}
				checked++
			}
		}
	}
	if checked < 10000 {
		t.Fatalf("only %d graphs were compared", checked)
	}
}

// truthOf is the brute-force graph of a pyramid.
func truthOf(g ir.Graph, n int) (*verify.Graph, error) {
	causal := map[ir.Causal]string{ir.CausalLast: "last", ir.CausalStrict: "strict"}
	links := map[ir.Links]string{ir.LinksUp: "up", ir.LinksDown: "down"}
	return verify.NewVariant(g.Window, g.Strides, verify.Variant{
		Windows: g.Windows, Dilation: g.Dilation, Causal: causal[g.Causal], Links: links[g.Links], Ancestors: g.Ancestors}, n)
}

// variants are all combinations of causal cut, links, dilation and windows by level of a pyramid.
func variants(window int, strides []int) []ir.Graph {
	byLevel := make([]int, len(strides)+1)
	for l := range byLevel {
		byLevel[l] = 1 + (window+3*l)%6
	}
	var graphs []ir.Graph
	for up := 2; up <= len(strides); up++ {
		for causal := ir.CausalNone; causal <= ir.CausalStrict; causal++ {
			for links := ir.LinksBoth; links <= ir.LinksDown; links++ {
				graphs = append(graphs, ir.Graph{Kind: ir.Pyramid, Window: window, Strides: strides, Causal: causal, Links: links, Ancestors: up})
			}
		}
	}
	for _, windows := range [][]int{nil, byLevel} {
		for _, dilation := range []int{0, 2, 3} {
			for causal := ir.CausalNone; causal <= ir.CausalStrict; causal++ {
				for links := ir.LinksBoth; links <= ir.LinksDown; links++ {
					g := ir.Graph{Kind: ir.Pyramid, Window: window, Strides: strides, Windows: windows, Dilation: dilation, Causal: causal, Links: links}
					if windows != nil {
						g.Window = slices.Max(windows)
					}
					graphs = append(graphs, g)
				}
			}
		}
	}
	return graphs
}

// TestVariantMaps is check R2 for the language over the variants of the pyramid, every length up to 70 (long: 256).
func TestVariantMaps(t *testing.T) {
	lengths := 70
	if long() {
		lengths = 256
	}
	checked := 0
	for window := 1; window <= 6; window++ {
		for si, strides := range strideLists() {
			for vi, g := range variants(window, strides) {
				for n := 1 + (si+vi)%5; n <= lengths; n += 5 {
					if err := sameMaps(g, n); err != nil {
						t.Fatalf("%+v len %d: %v", g, n, err)
					}
					checked++
				}
			}
		}
	}
	if checked < 100_000 {
		t.Fatalf("only %d graphs were compared", checked)
	}
}

// TestVariantEdges is check R2 for the scheduled kernels of variants, on all targets.
func TestVariantEdges(t *testing.T) {
	checked, step := 0, 13
	if long() {
		step = 1
	}
	for window := 1; window <= 6; window++ {
		for si, strides := range strideLists() {
			for vi, g := range variants(window, strides) {
				if (window*7+si*5+vi)%29 != 0 && !long() {
					continue
				}
				target := schedule.Targets[(window+si+vi)%len(schedule.Targets)]
				scores, reverse := edgeProgram(t, ops.Scores, g, target), edgeProgram(t, ops.Reverse, g, target)
				for n := 1 + (si+vi)%7; n <= 256; n += step {
					if err := sameEdges(scores, reverse, g, n); err != nil {
						t.Fatalf("%+v %s len %d: %v", g, target.Name, n, err)
					}
					checked++
				}
			}
		}
	}
	if checked < 1000 {
		t.Fatalf("only %d graphs were compared", checked)
	}
}

// strideLists are lists of up to four strides from 1 to 8: all of one, many of more.
func strideLists() [][]int {
	lists := [][]int{nil}
	for c := 1; c <= 8; c++ {
		lists = append(lists, []int{c}, []int{c, 9 - c}, []int{c, c, c}, []int{9 - c, 2, c}, []int{2, c, 1 + c%4, 3})
	}
	return lists
}

func sameMaps(g ir.Graph, n int) error {
	lv, err := g.Levels(int64(n))
	if err != nil {
		return err
	}
	truth, err := truthOf(g, n)
	if err != nil {
		return err
	}
	if int(lv.Nodes) != len(truth.Neighbours) || int(lv.Slots) != truth.Slots {
		return fmt.Errorf("got %d nodes and %d slots, want %d and %d", lv.Nodes, lv.Slots, len(truth.Neighbours), truth.Slots)
	}
	for i := range truth.Neighbours {
		queries := slices.Clone(truth.Queries[i])
		for j := range int(lv.InSlots) {
			if j >= truth.Slots {
				// a place for a query that is further below
			} else if got, want := lv.Nbr(int64(i), int64(j)), truth.Neighbours[i][j]; int(got) != want {
				return fmt.Errorf("nbr(%d, %d) = %d, want %d", i, j, got, want)
			}
			r := int(lv.Rev(int64(i), int64(j)))
			if r < 0 {
				continue
			}
			q := verify.Query{Node: r, Slot: int(lv.RevSlot(int64(i), int64(j)))}
			at := slices.Index(queries, q)
			if at < 0 {
				return fmt.Errorf("rev(%d, %d) = %d in slot %d, which does not attend to it, or came before", i, j, r, q.Slot)
			}
			queries = slices.Delete(queries, at, at+1)
		}
		if len(queries) > 0 {
			return fmt.Errorf("rev leaves out %v, which attend to %d", queries, i)
		}
	}
	return nil
}

// TestKernelEdges is check R2 for scheduled kernels: where x is 1 and y the node's own number, scores writes the table of
// neighbours; where p is the number of its place in the table and y is 1, reverse writes the sums over those who attend.
func TestKernelEdges(t *testing.T) {
	step := 23
	if long() {
		step = 1
	}
	checked := 0
	for wi, window := range []int{1, 2, 3, 4, 5, 8, 9} {
		for si, strides := range strideLists() {
			if (wi+si)%3 != 0 && !long() {
				continue
			}
			g := ir.Graph{Kind: ir.Pyramid, Window: window, Strides: strides}
			target := schedule.Targets[(wi+si)%len(schedule.Targets)]
			scores, reverse := edgeProgram(t, ops.Scores, g, target), edgeProgram(t, ops.Reverse, g, target)
			for n := 1 + (wi+si)%7; n <= 256; n += step {
				if err := sameEdges(scores, reverse, g, n); err != nil {
					t.Fatalf("window %d strides %v %s len %d: %v", window, strides, target.Name, n, err)
				}
				checked++
			}
		}
	}
	if checked < 500 {
		t.Fatalf("only %d graphs were compared", checked)
	}
}

func edgeProgram(t *testing.T, build func(ops.Options) *ir.Kernel, g ir.Graph, target schedule.Target) *ir.Compiled {
	t.Helper()
	k := build(ops.Options{Type: ir.F64, Graph: g, Dim: 1})
	s, err := schedule.Default(k, target)
	if err != nil {
		t.Fatal(err)
	}
	p, err := schedule.Run(k, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ir.CompileProgram(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sameEdges(scores, reverse *ir.Compiled, g ir.Graph, n int) error {
	truth, err := truthOf(g, n)
	if err != nil {
		return err
	}
	nodes, slots := len(truth.Neighbours), truth.Slots
	number := func(n int, f func(i int) float64) *ir.Array {
		a := ir.NewArray(ir.F64, n)
		for i := range a.F64 {
			a.F64[i] = f(i)
		}
		return a
	}
	one := func(int) float64 { return 1 }
	self := func(i int) float64 { return float64(i) }
	sizes := map[string]int64{"batch": 1, "len": int64(n), "heads": 1}

	table := number(nodes*slots, one)
	err = scores.Run(sizes, ir.Args{"s": table, "x": number(nodes, one), "y": number(nodes, self), "padding": number(1, func(int) float64 { return -1 })})
	if err != nil {
		return err
	}
	sums := number(nodes, one)
	if err := reverse.Run(sizes, ir.Args{"z": sums, "p": number(nodes*slots, self), "y": number(nodes, one)}); err != nil {
		return err
	}
	for i, row := range truth.Neighbours {
		for j, want := range row {
			if got := table.F64[i*slots+j]; got != float64(want) {
				return fmt.Errorf("scores: slot %d of node %d holds %g, want %d", j, i, got, want)
			}
		}
		want := 0.0
		for _, q := range truth.Queries[i] {
			want += float64(q.Node*slots + q.Slot)
		}
		if sums.F64[i] != want {
			return fmt.Errorf("reverse: node %d got %g from its queries, want %g", i, sums.F64[i], want)
		}
	}
	return nil
}
