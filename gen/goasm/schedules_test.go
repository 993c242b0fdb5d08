package goasm_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// TestEqualsInterpreter runs the default schedules of the three modes in assembly and in the interpreter: 0 ulp.
func TestEqualsInterpreter(t *testing.T) {
	var jobs []job
	n := 0
	for gi, g := range []ir.Graph{
		{Kind: ir.Pyramid, Window: 3, Strides: []int{4, 3}}, {Kind: ir.Pyramid, Window: 2}, {Kind: ir.Pyramid, Window: 5, Strides: []int{12}},
	} {
		for di, dim := range []int{0, 1, 20, 64} {
			for oi, name := range []string{"scores", "context", "reverse"} {
				for ti, target := range targets(t) {
					op, err := ops.ByName(name)
					if err != nil {
						t.Fatal(err)
					}
					typ := []ir.Type{ir.F32, ir.F64, ir.F16, ir.BF16}[(gi+di+oi+ti)%4]
					p := scheduled(t, ops.Spaced(op.Build(ops.Options{Type: typ, Graph: g, Dim: dim})), target)
					p.Name = fmt.Sprintf("%s%d_%d_", name, gi, dim)
					for li, length := range [][]int64{{1, 41}, {9}, {9, 40}, {27}}[di] {
						sizes := map[string]int64{"batch": 1 + int64(li%2), "len": length, "heads": 1 + int64((li+di)%3)}
						if dim == 0 {
							sizes["dim"] = 1 + (length*5)%23
						}
						sizes[ops.RowStride] = sizes["heads"]*max(sizes["dim"], int64(dim)) + int64(n)*7%5 // gaps of 0 to 4 elements
						n++
						jobs = append(jobs, job{p, sizes, pyramidArgs(p, sizes), n%2 == 0})
					}
				}
			}
		}
	}
	scratch(t, jobs)
}

// scheduled is the kernel under the default schedule.
func scheduled(t *testing.T, k *ir.Kernel, target string) *ir.Program {
	t.Helper()
	tg, err := schedule.FindTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	s, err := schedule.Default(k, tg)
	if err != nil {
		t.Fatal(err)
	}
	p, err := schedule.Run(k, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// pyramidArgs are arguments of a program over a pyramid.
func pyramidArgs(p *ir.Program, sizes map[string]int64) ir.Args {
	lv, err := p.Graph.Levels(sizes["len"])
	if err != nil {
		panic(err)
	}
	extent := map[string]int64{"nodes": lv.Nodes, "slots": lv.Slots}
	for n, v := range sizes {
		extent[n] = v
	}
	return arguments(p, extent)
}

// arguments are tensors with values that round in every sum.
func arguments(p *ir.Program, extent map[string]int64) ir.Args {
	args := ir.Args{}
	for bi, b := range p.Buffers {
		value := func(x ir.Index) int64 {
			if n, ok := x.(ir.Int); ok {
				return int64(n)
			}
			return extent[string(x.(ir.Var))]
		}
		n, step := int64(1), int64(1)
		for d := len(b.Dims) - 1; d >= 0; d-- {
			if b.Steps != nil && b.Steps[d] != nil {
				step = value(b.Steps[d])
			}
			n += (value(b.Dims[d]) - 1) * step
			step *= value(b.Dims[d])
		}
		if b.Type == ir.U64 {
			args[b.Name] = &ir.Array{Type: ir.U64, U64: []uint64{0x89abcdef01234567 + uint64(bi)}}
			continue
		}
		a := ir.NewArray(b.Type, int(n))
		for i := range n {
			set(a, int(i), math.Sin(float64(i*7+int64(bi)*1001+1)))
		}
		args[b.Name] = a
	}
	return args
}
