package schedule_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// arrays are arguments filled with small integers, so that every sum is exact and its order cannot show.
func arrays(k *ir.Kernel, sizes map[string]int64) ir.Args {
	lv, err := k.Graph.Levels(sizes["len"])
	if err != nil {
		panic(err)
	}
	extent := map[string]int64{"nodes": lv.Nodes, "slots": lv.Slots}
	for _, c := range k.Consts {
		extent[c.Name] = c.Value
	}
	for n, v := range sizes {
		extent[n] = v
	}
	args := ir.Args{}
	for bi, b := range k.Buffers {
		if b.Role == ir.Temp {
			continue
		}
		if b.Type == ir.U64 {
			args[b.Name] = &ir.Array{Type: ir.U64, U64: []uint64{1<<40 + 7}}
			continue
		}
		n, step := int64(1), int64(1)
		for d := len(b.Dims) - 1; d >= 0; d-- {
			if b.Steps != nil && b.Steps[d] != nil {
				step = extent[string(b.Steps[d].(ir.Var))]
			}
			n += (extent[string(b.Dims[d].(ir.Var))] - 1) * step
			step *= extent[string(b.Dims[d].(ir.Var))]
		}
		a := ir.NewArray(k.Type, int(n))
		for i := range n {
			v := float64((i*7+int64(bi)*5)%13 - 6)
			if b.Role == ir.Out {
				v = -99
			}
			if k.Type == ir.F32 {
				a.F32[i] = float32(v)
			} else {
				a.F64[i] = v
			}
		}
		args[b.Name] = a
	}
	return args
}

// comparison is a kernel and a program that compute the same, compiled once for all sizes.
type comparison struct {
	k, made         *ir.Kernel // what is run, and what the program was made of: the same, or the same in another type
	kernel, program *ir.Compiled
}

func compare(t *testing.T, k, made *ir.Kernel, p *ir.Program) comparison {
	t.Helper()
	c := comparison{k: k, made: made}
	var err error
	if c.kernel, err = ir.CompileKernel(k); err != nil {
		t.Fatal(err)
	}
	if c.program, err = ir.CompileProgram(p); err != nil {
		t.Fatal(err)
	}
	return c
}

// run runs the kernel and the program, each with its arguments.
func (c comparison) run(sizes map[string]int64, want, got ir.Args) error {
	if err := c.kernel.Run(sizes, want); err != nil {
		return err
	}
	return c.program.Run(sizes, got)
}

// same runs the kernel and the program on the same exact inputs; they must agree to the bit.
func (c comparison) same(sizes map[string]int64) error {
	want, got := arrays(c.k, sizes), arrays(c.made, sizes)
	if err := c.run(sizes, want, got); err != nil {
		return err
	}
	for _, b := range c.k.Buffers {
		w, g := want[b.Name], got[b.Name]
		for i := range w.F32 {
			if w.F32[i] != g.F32[i] {
				return fmt.Errorf("%s[%d] = %g, want %g", b.Name, i, g.F32[i], w.F32[i])
			}
		}
		for i := range w.F64 {
			if w.F64[i] != g.F64[i] {
				return fmt.Errorf("%s[%d] = %g, want %g", b.Name, i, g.F64[i], w.F64[i])
			}
		}
	}
	return nil
}

// apart gives some kernels rows that lie apart, and with them the sizes that say how far: gaps of 0 to 4 elements.
func apart(k *ir.Kernel, sizes map[string]int64, n int64) {
	dim := sizes["dim"]
	for _, c := range k.Consts {
		dim = c.Value
	}
	for i, size := range []string{ops.RowStride, ops.GradStride} {
		if slices.Contains(k.Sizes, size) {
			sizes[size] = sizes["heads"]*dim + (n+int64(i)*2)%5
		}
	}
}

// pyramids are windows and strides that differ in every class: even windows, no levels, one child, many levels, dilations that do and do not divide what
// goes through the stages together.
var pyramids = []ir.Graph{
	{Kind: ir.Pyramid, Window: 3, Strides: []int{4, 4}},
	{Kind: ir.Pyramid, Window: 1, Strides: []int{2, 2, 2, 2, 2}},
	{Kind: ir.Pyramid, Window: 4, Strides: []int{5, 3}},
	{Kind: ir.Pyramid, Window: 2},
	{Kind: ir.Pyramid, Window: 9, Strides: []int{12}},
	{Kind: ir.Pyramid, Window: 5, Strides: []int{1, 3}},
	{Kind: ir.Pyramid, Window: 3, Strides: []int{6, 2}, Dilation: 2},
	{Kind: ir.Pyramid, Window: 6, Strides: []int{7}, Dilation: 3},
}

// TestDefault compares the default schedule of every op and target with the expression that it computes.
func TestDefault(t *testing.T) {
	ran := 0
	for _, op := range []string{"scores", "context", "reverse"} {
		build, err := ops.ByName(op)
		if err != nil {
			t.Fatal(err)
		}
		for gi, g := range pyramids {
			for di, dim := range []int{0, 1, 3, 8, 20, 64} {
				for ti, target := range schedule.Targets {
					typ := ir.F32
					if (gi+di+ti)%3 == 0 {
						typ = ir.F64
					}
					k := build.Build(ops.Options{Type: typ, Graph: g, Dim: dim})
					if (gi+di+ti)%2 == 0 {
						k = ops.Spaced(k)
					}
					s, err := schedule.Default(k, target)
					if err != nil {
						t.Fatal(err)
					}
					p, err := schedule.Run(k, s, nil)
					if err != nil {
						t.Fatal(err)
					}
					c := compare(t, k, k, p)
					for li, length := range []int64{1, 2, 7, 17, 64, 131} {
						sizes := map[string]int64{"batch": 1 + int64(li)%2, "len": length, "heads": 1 + int64(li+di)%3}
						if dim == 0 {
							sizes["dim"] = 1 + length%19
						}
						apart(k, sizes, int64(li))
						if err := c.same(sizes); err != nil {
							t.Fatalf("%s dim %d sizes %v: %v\n%s", schedule.Describe(p), dim, sizes, err, s)
						}
						ran++
					}
				}
			}
		}
	}
	if ran < 1000 {
		t.Fatalf("only %d cases ran", ran)
	}
}
