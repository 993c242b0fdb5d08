package schedule

import (
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
