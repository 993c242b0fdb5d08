package verify

import (
	"reflect"
	"strings"
	"testing"
)

// TestVariantsByHand pins the definitions over five leaves, of which the second parent has three.
func TestVariantsByHand(t *testing.T) {
	for _, c := range []struct {
		name    string
		window  int
		variant Variant
		want    [][]int
	}{
		{"causal last", 3, Variant{Causal: "last"}, [][]int{
			{-1, 0, -1, -1, -1, -1, -1}, {0, 1, -1, -1, -1, -1, 5}, {1, 2, -1, -1, -1, -1, -1}, {2, 3, -1, -1, -1, -1, -1}, {3, 4, -1, -1, -1, -1, 6},
			{-1, 5, -1, 0, 1, -1, -1}, {5, 6, -1, 2, 3, 4, -1},
		}},
		{"causal strict", 3, Variant{Causal: "strict"}, [][]int{
			{-1, 0, -1, -1, -1, -1, -1}, {0, 1, -1, -1, -1, -1, 5}, {1, 2, -1, -1, -1, -1, -1}, {2, 3, -1, -1, -1, -1, -1}, {3, 4, -1, -1, -1, -1, 6},
			{-1, 5, -1, 0, -1, -1, -1}, {5, 6, -1, 2, -1, -1, -1},
		}},
		{"links up, dilation 2", 2, Variant{Links: "up", Dilation: 2}, [][]int{
			{-1, 0, -1, -1, -1, 5}, {-1, 1, -1, -1, -1, 5}, {0, 2, -1, -1, -1, 6}, {1, 3, -1, -1, -1, 6}, {2, 4, -1, -1, -1, 6},
			{-1, 5, -1, -1, -1, -1}, {-1, 6, -1, -1, -1, -1},
		}},
		{"links down, windows 1 and 3", 3, Variant{Links: "down", Windows: []int{1, 3}}, [][]int{
			{0, -1, -1, -1, -1, -1, -1}, {1, -1, -1, -1, -1, -1, -1}, {2, -1, -1, -1, -1, -1, -1}, {3, -1, -1, -1, -1, -1, -1}, {4, -1, -1, -1, -1, -1, -1},
			{-1, 5, 6, 0, 1, -1, -1}, {5, 6, -1, 2, 3, 4, -1},
		}},
	} {
		g, err := NewVariant(c.window, []int{2}, c.variant, 5)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(g.Neighbours, c.want) {
			t.Errorf("%s: neighbours\n got %v\nwant %v", c.name, g.Neighbours, c.want)
		}
	}
	up, err := NewVariant(1, []int{2, 2}, Variant{Ancestors: 2}, 5)
	if err != nil {
		t.Fatal(err)
	}
	ancestors := [][]int{{0, -1, -1, -1, 5, 7}, {1, -1, -1, -1, 5, 7}, {2, -1, -1, -1, 6, 7}, {3, -1, -1, -1, 6, 7}, {4, -1, -1, -1, 6, 7},
		{5, 0, 1, -1, 7, -1}, {6, 2, 3, 4, 7, -1}, {7, 5, 6, -1, -1, -1}}
	if !reflect.DeepEqual(up.Neighbours, ancestors) {
		t.Errorf("2 ancestors: neighbours\n got %v\nwant %v", up.Neighbours, ancestors)
	}
	g, err := NewVariant(1, []int{1, 2}, Variant{Causal: "strict"}, 3)
	if err != nil {
		t.Fatal(err)
	}
	// A node of level 1 is its one leaf: the two see each other. The node above sees its first child.
	want := [][]int{{0, -1, -1, -1, 3}, {1, -1, -1, -1, 4}, {2, -1, -1, -1, 5}, {3, 0, -1, -1, -1}, {4, 1, -1, -1, -1}, {5, 2, -1, -1, 6}, {6, 3, -1, -1, -1}}
	for i := range want {
		got := append([]int{}, g.Neighbours[i]...)
		if len(got) != g.Slots || got[0] != want[i][0] || got[1] != want[i][1] || got[g.Slots-1] != want[i][4] {
			t.Errorf("node %d: got %v, want itself, child and parent %v", i, got, want[i])
		}
	}
}

func TestVariantErrors(t *testing.T) {
	for _, c := range []struct {
		variant Variant
		want    string
	}{
		{Variant{Windows: []int{3}}, "1 windows, want one for each of 2 levels"},
		{Variant{Windows: []int{3, 5}}, "windows[1] = 5, want 1 to the window, 3"},
		{Variant{Windows: []int{0, 3}}, "windows[0] = 0, want 1 to the window, 3"},
		{Variant{Ancestors: 2}, "ancestors = 2, want 0 to 1"},
		{Variant{Dilation: -2}, "dilation = -2, want >= 0"},
		{Variant{Causal: "first"}, `causal = "first", want last or strict`},
		{Variant{Links: "both"}, `links = "both", want up or down`},
	} {
		if _, err := NewVariant(3, []int{4}, c.variant, 9); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestVariantNames: what tells packages and repeated calls apart has everything in it.
func TestVariantNames(t *testing.T) {
	v := Variant{Windows: []int{5, 3}, Dilation: 2, Causal: "last", Links: "up", Ancestors: 1}
	if got := specName(5, []int{4}, v, 8); got != "w5w3s4g2a1lastupd8" {
		t.Error(got)
	}
	p := Package{Window: 5, Strides: []int{4}, Variant: v, Dim: 8}
	if got := p.Spec(); got != "--window 5,3 --strides 4 --dilation 2 --causal last --links up --ancestors 1 --dim 8" {
		t.Error(got)
	}
}
