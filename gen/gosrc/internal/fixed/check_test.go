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

// TestCheckAllocations: right arguments cost nothing.
func TestCheckAllocations(t *testing.T) {
	x, z := make([]float32, 12), make([]float32, 12)
	n := Sizes{Batch: 1, Len: 3, Heads: 2, Dim: 2}
	allocs := testing.AllocsPerRun(100, func() {
		if err := check("Op", n, output("z", z, "batch", "nodes", "heads", "dim"), input("y", x, "batch", "nodes", "heads", "dim")); err != nil {
			t.Error(err)
		}
	})
	if allocs > 0 {
		t.Errorf("got %v allocations, want none", allocs)
	}
}

// TestCheckSpaced has 2 pyramids of 3 nodes with rows of 2*2 elements, 10 apart: from the first to the last there are 5*10 + 4.
func TestCheckSpaced(t *testing.T) {
	n := Sizes{Batch: 2, Len: 3, Heads: 2, Dim: 2, RowStride: 10, GradStride: 10}
	m := make([]float32, 200)
	in := func(name string, from, length int, stride int) tensor {
		return input(name, m[from:from+length], "batch", "nodes", "heads", "dim").spaced("RowStride", stride)
	}
	out := func(name string, from, length int, stride int) tensor {
		x := in(name, from, length, stride)
		x.written = true
		return x
	}
	for _, c := range []struct {
		tensors []tensor
		want    string
	}{
		{[]tensor{in("q", 0, 24, 0)}, ""},
		{[]tensor{in("q", 0, 25, 0)}, "fixed.Op: len(q) = 25, want batch*nodes*heads*dim = 2*3*2*2 = 24"},
		{[]tensor{in("q", 0, 24, 4)}, ""},
		{[]tensor{in("q", 0, 54, 10)}, ""},
		{[]tensor{in("q", 0, 60, 10)}, ""},
		{[]tensor{in("q", 0, 53, 10)}, "fixed.Op: len(q) = 53, want (batch*nodes-1)*RowStride + heads*dim = (2*3-1)*10 + 2*2 = 54 to 60"},
		{[]tensor{in("q", 0, 61, 10)}, "fixed.Op: len(q) = 61, want (batch*nodes-1)*RowStride + heads*dim = (2*3-1)*10 + 2*2 = 54 to 60"},
		{[]tensor{in("q", 0, 24, 3)}, "fixed.Op: RowStride = 3, want 0 for rows without gaps, or >= heads*dim = 2*2 = 4"},
		{[]tensor{in("q", 0, 24, -4)}, "fixed.Op: RowStride = -4, want 0 for rows without gaps, or >= heads*dim = 2*2 = 4"},
		{[]tensor{in("q", 0, 54, math.MaxInt)}, "that many elements of 4 bytes overflow int"},
		{[]tensor{in("q", 0, 54, math.MaxInt/20)}, "that many elements of 4 bytes overflow int"},
		{[]tensor{in("q", 0, 54, math.MaxInt/20-4)}, "want (batch*nodes-1)*RowStride + heads*dim = (2*3-1)*"},

		{[]tensor{out("dq", 0, 60, 10), out("dk", 4, 56, 10)}, ""},
		{[]tensor{out("dk", 4, 56, 10), out("dq", 0, 60, 10)}, ""},
		{[]tensor{out("dq", 0, 60, 10), in("q", 4, 56, 10), in("k", 6, 54, 10)}, ""},
		{[]tensor{out("dq", 0, 54, 10), in("q", 56, 54, 10)}, ""},
		{[]tensor{out("dq", 0, 54, 10), in("q", 54, 54, 10)}, ""},
		{[]tensor{out("dq", 0, 60, 10), out("dk", 3, 57, 10)}, "fixed.Op: dq overlaps dk, want memory of its own for an output"},
		{[]tensor{out("dq", 0, 60, 10), in("k", 7, 54, 10)}, "fixed.Op: dq overlaps k, want memory of its own for an output"},
		{[]tensor{in("k", 7, 54, 10), out("dq", 0, 60, 10)}, "fixed.Op: dq overlaps k, want memory of its own for an output"},
		{[]tensor{out("dq", 0, 60, 10), in("k", 13, 54, 10)}, "fixed.Op: dq overlaps k, want memory of its own for an output"},
		{[]tensor{out("dq", 0, 60, 10), in("k", 14, 54, 10)}, ""},
		{[]tensor{out("dq", 0, 60, 10), in("k", 5, 59, 11)}, "fixed.Op: dq overlaps k, want memory of its own for an output"},
		{[]tensor{out("dq", 0, 60, 10), in("k", 5, 24, 0)}, "fixed.Op: dq overlaps k, want memory of its own for an output"},
		{[]tensor{out("dq", 0, 24, 0), out("dk", 24, 24, 0)}, ""},
		{[]tensor{out("dq", 0, 24, 0), out("dk", 23, 24, 0)}, "fixed.Op: dq overlaps dk, want memory of its own for an output"},
	} {
		got := ""
		if err := check("Op", n, c.tensors...); err != nil {
			got = err.Error()
		}
		if got != c.want && (c.want == "" || !strings.Contains(got, c.want)) {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	if got := n.apart(0); got != 4 {
		t.Errorf("rows without gaps lie %d apart, want 4", got)
	}
	if got := n.apart(10); got != 10 {
		t.Errorf("rows lie %d apart, want 10", got)
	}
}
