package schedule

import (
	"fmt"
	"strings"
	"testing"
)

// TestStreamByCache: inputs and results of the size of what is stored count, temporaries and others do not.
func TestStreamByCache(t *testing.T) {
	before, after, _ := example(streamStep.Doc)
	n := nestWith(t, declarations+halfDeclarations+"  temp t: f32[batch, nodes, heads, 64]\n", before)
	if err := n.apply(Action{"stream", []string{"z", "cache"}}); err != nil {
		t.Fatal(err)
	}
	// 16 bytes: 4 of x, y and z each, 2 of xh and zh.
	want := strings.Replace(after, "batch*nodes*heads*64 > 131072", "uncached(batch*nodes*heads*64*16)", 1)
	if got := text(n); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestStreamPieces: rows that are no whole vectors are stored in pieces, what a mask leaves of the last vector too, and those that do not consist of such not.
func TestStreamPieces(t *testing.T) {
	const row = `for i0 in 0..n0 { // level 0, interior
  for h in 0..heads {
    mask k: f32x8 = %s
    w[0, i0, h, 0:8] = broadcast(1.0, 8)
    w[0, i0, h, 8:8] = broadcast(2.0, 8)
    w[0, i0, h, 16:8 if k] = broadcast(3.0, 8)
  }
}
`
	for _, c := range []struct{ dim, rest, piece, err string }{
		{"20", "4", "16", ""},
		{"24", "8", "32", ""},
		{"40", "4", "16", ""}, // the rest is half a piece of 32
		{"18", "2", "", "got vectors of w that lie anywhere, or of which any number of lanes is stored, want multiples of 16 bytes; leave the step out"},
		{"20", "heads", "", "got vectors of w that lie anywhere"},
		{"18", "4", "", "got vectors of w that lie anywhere"},
	} {
		n := nestWith(t, declarations+"  out w: f32[batch, nodes, heads, "+c.dim+"]\n", fmt.Sprintf(row, c.rest))
		err := n.apply(Action{"stream", []string{"w", "512"}})
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("dim %s, rest %s: got %v, want %q", c.dim, c.rest, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got := text(n)
		if !strings.Contains(got, "aligned(w, "+c.piece+")") || strings.Count(got, "stream ") != 3 {
			t.Errorf("dim %s, rest %s: want pieces of %s bytes in\n%s", c.dim, c.rest, c.piece, got)
		}
		if strings.Contains(got, "stream "+c.piece+" w[0, i0, h, 16:8 if k]") != (c.dim != "24") {
			t.Errorf("dim %s, rest %s: want the rest in pieces unless it is whole in\n%s", c.dim, c.rest, got)
		}
	}
}
