package main

import (
	"bytes"
	"testing"

	"github.com/pyragen/pyragen/verify"
)

// TestStreamed runs calls so large that this CPU stores their results past the cache, without and with room between rows: whole vectors, and pieces of
// them where rows are none. Whatever cache it has, it is taken for the smallest that is.
func TestStreamed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds kernels")
	}
	ops := []string{"attention", "attention-grad"}
	packages := packagesFor(t, []verify.Package{
		{Name: "past", Window: 3, Strides: []int{25}, Dim: 64, Types: []string{"f32"}, Ops: ops[1:]},
		{Name: "pieces", Window: 3, Strides: []int{25}, Dim: 20, Types: []string{"f32", "f64"}, Ops: ops},
	})
	most := []byte("mostCache  = 128 << 20")
	for _, p := range packages {
		name := p.Name + "_isa.go"
		if !bytes.Contains(p.Files[name], most) {
			t.Fatalf("no %q in\n%s", most, p.Files[name])
		}
		p.Files[name] = bytes.Replace(p.Files[name], most, []byte("mostCache  = leastCache"), 1)
	}
	h := harnessOf(t, packages)
	defer h.Close()
	isas := isasHere()
	for i, texts := range [][]string{
		{"len=520 batch=1 heads=16 seed=1", "len=520 batch=1 heads=16 seed=2 gap=16"},  // 2.1 MiB a tensor, of eight, from 16 MiB on
		{"len=520 batch=1 heads=104 seed=3", "len=520 batch=1 heads=104 seed=4 gap=4"}, // 4.3 MiB a tensor of float32, of four
	} {
		var cases []verify.Case
		for _, text := range texts {
			c, err := verify.ParseCase(text, packages[i])
			if err != nil {
				t.Fatal(err)
			}
			cases = append(cases, c)
		}
		checks := len(cases) * len(packages[i].Ops) * len(packages[i].Types) * len(isas)
		s := runGrid(t, h, cases, verify.Options{ISAs: isas, Oracle: newInterpreter().call})
		if want := (verify.Summary{Cases: len(cases), Checks: checks}); s != want {
			t.Errorf("%s: got %+v, want %+v", packages[i].Name, s, want)
		}
	}
}
