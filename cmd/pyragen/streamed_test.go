package main

import (
	"bytes"
	"testing"

	"github.com/pyragen/pyragen/verify"
)

// TestStreamed runs gradients so large that this CPU stores them past the cache, without and with room between rows. Whatever cache it has, it is
// taken for the smallest that is.
func TestStreamed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	packages := packagesFor(t, []verify.Package{{Name: "past", Window: 3, Strides: []int{25}, Dim: 64, Types: []string{"f32"}, Ops: []string{"attention-grad"}}})
	most := []byte("mostCache  = 128 << 20")
	source := packages[0].Files["past_isa.go"]
	if !bytes.Contains(source, most) {
		t.Fatalf("no %q in\n%s", most, source)
	}
	packages[0].Files["past_isa.go"] = bytes.Replace(source, most, []byte("mostCache  = leastCache"), 1)
	h := harnessOf(t, packages)
	defer h.Close()
	var cases []verify.Case
	for _, text := range []string{"len=520 batch=1 heads=16 seed=1", "len=520 batch=1 heads=16 seed=2 gap=16"} { // 2.1 MiB, from 2 MiB on
		c, err := verify.ParseCase(text, packages[0])
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	isas := isasHere()
	s := runGrid(t, h, cases, verify.Options{ISAs: isas, Oracle: newInterpreter().call})
	if want := (verify.Summary{Cases: 2, Checks: 2 * len(isas)}); s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
}
