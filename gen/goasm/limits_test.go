package goasm_test

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
)

// TestLimits emits the default schedule of whatever the spec allows (R20: windows to 129, strides to 64, 16 levels, dims to 1024):
// there are registers and stack enough for every function, and none is longer than it may be.
func TestLimits(t *testing.T) {
	more := 20
	if os.Getenv("PYRAGEN_LONG") != "" {
		more = 3000
	}
	emitted, biased := 0, false
	emitWith := func(features bool, op string, typ ir.Type, g ir.Graph, dim int, target string) {
		build, err := ops.ByName(op)
		if err != nil {
			t.Fatal(err)
		}
		p := scheduled(t, ops.Spaced(build.Build(ops.Options{Type: typ, Graph: g, Dim: dim, Mask: features, Bias: biased, Dropout: features})), target)
		out, err := goasm.Emit([]*ir.Program{p}, func(_ *ir.Program, f *ir.Func) string { return f.Name })
		if err != nil {
			t.Errorf("dim=%d %v", dim, err)
			return
		}
		functions := len(p.Funcs)
		if p.AsksCache() {
			functions++ // cpuid
		}
		if len(out.Stubs) != functions {
			t.Errorf("%s %s dim=%d %s: %d functions, want %d", op, typ, dim, target, len(out.Stubs), functions)
		}
		emitted++
	}
	emit := func(op string, typ ir.Type, g ir.Graph, dim int, target string) {
		emitWith(true, op, typ, g, dim, target)
	}

	// Their stack is full.
	emit("attention-grad", ir.F32, ir.Graph{Kind: ir.Pyramid, Window: 7, Strides: repeated(2, 5)}, 64, "avx2")
	emit("attention-grad", ir.F32, ir.Graph{Kind: ir.Pyramid, Window: 33, Strides: []int{1, 3}}, 0, "avx2")
	emitWith(false, "attention-grad", ir.F32, ir.Graph{Kind: ir.Pyramid, Window: 17, Strides: []int{16}}, 48, "avx2")

	emit("attention-grad", ir.BF16, ir.Graph{Kind: ir.Pyramid, Window: 33, Strides: []int{1, 3}}, 0, "avx2")
	emit("attention-grad", ir.F16, ir.Graph{Kind: ir.Pyramid, Window: 7, Strides: repeated(2, 5)}, 20, "avx2")

	// Their edges take much code.
	emitWith(false, "attention-grad", ir.BF16, ir.Graph{Kind: ir.Pyramid, Window: 9, Strides: []int{4, 4, 4}}, 0, "avx2")
	emitWith(false, "attention-grad", ir.BF16, ir.Graph{Kind: ir.Pyramid, Window: 9, Strides: []int{12, 7, 4}}, 160, "avx512")
	emit("attention-grad", ir.BF16, ir.Graph{Kind: ir.Pyramid, Window: 9, Strides: []int{12, 7, 4}}, 160, "avx512")

	biased = true // more stages yet
	emit("attention-grad", ir.F64, ir.Graph{Kind: ir.Pyramid, Window: 7, Strides: repeated(2, 5)}, 0, "avx2")
	emit("attention-grad", ir.F64, ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: repeated(25, 3)}, 64, "avx512")
	biased = false

	names, types, isas := []string{"scores", "context", "reverse"}, []ir.Type{ir.F32, ir.F64, ir.F16, ir.BF16}, []string{"avx2", "avx512"}
	n := 0
	for _, g := range []ir.Graph{
		{Kind: ir.Pyramid, Window: 129, Strides: repeated(64, 15)},
		{Kind: ir.Pyramid, Window: 128, Strides: repeated(1, 15)},
		{Kind: ir.Pyramid, Window: 7},
		{Kind: ir.Pyramid, Window: 10, Strides: []int{64, 1, 63}},
	} {
		for _, dim := range []int{0, 1023, 1024} {
			emit(names[n%3], types[n/3%4], g, dim, isas[n/2%2])
			n++
		}
	}

	r := rand.New(rand.NewPCG(20, 2))
	pick := func(list ...int) int { return list[r.IntN(len(list))] }
	for range more {
		g := ir.Graph{Kind: ir.Pyramid, Window: 1 + r.IntN(pick(8, 16, 129))}
		for range r.IntN(1 + pick(2, 4, 15)) {
			g.Strides = append(g.Strides, 1+r.IntN(pick(4, 30, 64)))
		}
		dim := pick(0, 1+r.IntN(17), 8*(1+r.IntN(16))+r.IntN(2), 1+r.IntN(1024))
		emit(names[r.IntN(3)], types[r.IntN(2)], g, dim, isas[r.IntN(2)])
	}
	if emitted < more {
		t.Errorf("only %d programs were emitted, want at least %d", emitted, more)
	}
}

// repeated is a list of n times c.
func repeated(c, n int) []int {
	var list []int
	for range n {
		list = append(list, c)
	}
	return list
}
