package check

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/pyragen/pyragen/examples/graph/internal/cite"
	"github.com/pyragen/pyragen/examples/graph/internal/layer"
	"github.com/pyragen/pyragen/examples/graph/internal/papers"
)

// TestLayer: a layer is right, and with one number of any result changed it is wrong.
func TestLayer(t *testing.T) {
	c := papers.Make(100, 5)
	g, err := cite.NewGraphCOO(c.Queries, c.Keys, len(c.Papers))
	if err != nil {
		t.Fatal(err)
	}
	truth, err := Graph(c.Queries, c.Keys, len(c.Papers))
	if err != nil {
		t.Fatal(err)
	}
	l := layer.New(layer.F32(), c, g, 5)
	if err := l.Run(); err != nil {
		t.Fatal(err)
	}
	w, err := Layer(l, truth)
	if want := 100 * layer.Heads * (5*cite.Dim + 2 + g.Slots()); err != nil || w.Numbers != want || !(w.Err <= w.Bound) {
		t.Fatalf("got %+v, %v, want %d numbers", w, err, want)
	}
	for name, list := range map[string][]float32{"out": l.Out, "dq": l.DQ, "dk": l.DK, "dv": l.DV, "weights": l.Weights,
		"received": l.Received, "lse": l.LSE, "normalisers": l.Normalisers} {
		for _, at := range []int{0, len(list) / 3} {
			was := list[at]
			for _, wrong := range []float32{max(was, -100) + 0.1, float32(math.NaN())} { // lse of the first paper, which cites none, is -Inf
				list[at] = wrong
				if _, err := Layer(l, truth); !errors.As(err, new(*WrongNumber)) {
					t.Errorf("%s[%d] = %v in place of %v: got %v", name, at, wrong, was, err)
				}
			}
			list[at] = was
		}
	}
}

// TestGraph spells a graph out, and the package's is the same.
func TestGraph(t *testing.T) {
	queries, keys := []int32{2, 0, 2, 1}, []int32{1, 2, 0, 1}
	truth, err := Graph(queries, keys, 3)
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]int{{2, -1}, {1, -1}, {1, 0}}; !reflect.DeepEqual(truth.Neighbours, want) {
		t.Errorf("got %v, want %v", truth.Neighbours, want)
	}
	g, err := cite.NewGraphCOO(queries, keys, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i, list := range truth.Queries {
		nodes, slots := g.Queries(i)
		if len(nodes) != len(list) {
			t.Fatalf("node %d: got queries %v, want %v", i, nodes, list)
		}
		for e, q := range list {
			if int(nodes[e]) != q.Node || int(slots[e]) != q.Slot {
				t.Errorf("node %d: got queries %v and slots %v, want %v", i, nodes, slots, list)
			}
		}
	}
}
