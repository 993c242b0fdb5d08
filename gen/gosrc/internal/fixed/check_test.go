package fixed

import (
	"math"
	"strings"
	"testing"
)

// TestCheck has outputs in the middle of the list and more than one of them, as no op has yet.
func TestCheck(t *testing.T) {
	m := make([]float64, 100)
	n := Sizes{Batch: 1, Len: 3, Heads: 2, Dim: 2} // 3 nodes, 4 slots: (batch, nodes, heads) has 6 elements
	for _, c := range []struct {
		tensors []tensor
		want    string
	}{
		{nil, ""},
		{[]tensor{output("a", m[:6], "batch", "nodes", "heads")}, ""},
		{[]tensor{output("a", m[:24], "batch", "nodes", "heads", "slots"), output("b", m[24:30], "batch", "nodes", "heads")}, ""},
		{[]tensor{output("a", m[:6], "batch", "nodes", "heads"), output("b", m[5:11], "batch", "nodes", "heads")},
			"fixed.Op: a overlaps b, want memory of its own for an output"},
		{[]tensor{input("a", m[:6], "batch", "nodes", "heads"), output("b", m[5:11], "batch", "nodes", "heads")},
			"fixed.Op: b overlaps a, want memory of its own for an output"},
		{[]tensor{input("a", m[:6], "batch", "nodes", "heads"), input("b", m[5:11], "batch", "nodes", "heads")}, ""},
		{[]tensor{input("a", m[:5], "batch", "nodes", "heads")}, "fixed.Op: len(a) = 5, want batch*nodes*heads = 1*3*2 = 6"},
		{[]tensor{input("a", m[:6], "batch", "nodes", "heads"), input("b", m[:6], "nodes", "slots")},
			"fixed.Op: len(b) = 6, want nodes*slots = 3*4 = 12"},
		{[]tensor{input("a", m[:2], "dim")}, ""},
	} {
		got := ""
		if err := check("Op", n, c.tensors...); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	n.Dim = 0
	if err := check("Op", n); err == nil || err.Error() != "fixed.Op: Dim = 0, want >= 1" {
		t.Errorf("got %v, want the dim refused", err)
	}
}

// TestCheckBytes: the largest slice has math.MaxInt bytes, not elements.
func TestCheckBytes(t *testing.T) {
	for _, c := range []struct {
		dim  int
		fits bool
	}{{math.MaxInt / 8, true}, {math.MaxInt/8 + 1, false}, {math.MaxInt, false}} {
		err := check("Op", Sizes{Batch: 1, Len: 1, Heads: 1, Dim: c.dim}, input("a", make([]float64, 1), "dim"))
		if err == nil || strings.Contains(err.Error(), "overflow") == c.fits {
			t.Errorf("dim %d: got %v", c.dim, err)
		}
	}
}

// TestCheckAllocations: right arguments cost no more than their lists of axes; an op on a short series takes about as long as some.
func TestCheckAllocations(t *testing.T) {
	x := make([]float32, 12)
	n := Sizes{Batch: 1, Len: 3, Heads: 2, Dim: 2}
	allocs := testing.AllocsPerRun(100, func() {
		if err := check("Op", n, input("x", x, "batch", "nodes", "heads", "dim"), input("y", x, "batch", "nodes", "heads", "dim")); err != nil {
			t.Error(err)
		}
	})
	if allocs > 2 {
		t.Errorf("got %v allocations, want at most one a tensor", allocs)
	}
}
