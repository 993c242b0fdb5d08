package gosrc_test

import (
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// scheduled are the default schedules of the three modes for a pyramid and a type, on all targets.
func scheduled(t *testing.T, g ir.Graph, typ ir.Type, dim int) []*ir.Program {
	t.Helper()
	var list []*ir.Program
	for _, name := range []string{"scores", "context", "reverse"} {
		op, err := ops.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range schedule.Targets {
			k := ops.Spaced(op.Build(ops.Options{Type: typ, Graph: g, Dim: dim}))
			s, err := schedule.Default(k, target)
			if err != nil {
				t.Fatal(err)
			}
			p, err := schedule.Run(k, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, p)
		}
	}
	return list
}

// TestScheduled runs what the compiler makes of real kernels: odd and even windows, no levels, one child, dimensions below, at and
// beside the lanes, fixed and of run time.
func TestScheduled(t *testing.T) {
	for _, c := range []struct {
		name string
		g    ir.Graph
		typ  ir.Type
		dim  int
	}{
		{"w3_f32_d20", ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4, 4}}, ir.F32, 20},
		{"w4_f64_any", ir.Graph{Kind: ir.Pyramid, Window: 4, Strides: []int{5, 1}}, ir.F64, 0},
		{"w2_f32_any", ir.Graph{Kind: ir.Pyramid, Window: 2}, ir.F32, 0},
		{"w3_f16_d20", ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}, ir.F16, 20},
		{"w2_bf16_any", ir.Graph{Kind: ir.Pyramid, Window: 2, Strides: []int{3}}, ir.BF16, 0},
		{"w1_f64_d3", ir.Graph{Kind: ir.Pyramid, Window: 1, Strides: []int{2, 3, 2}}, ir.F64, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			checkPrograms(t, scheduled(t, c.g, c.typ, c.dim), func(p *ir.Program) []map[string]int64 {
				var list []map[string]int64
				for i, length := range []int64{1, 2, 7, 17, 66, 131} {
					n := map[string]int64{"batch": 1 + int64(i)%2, "len": length, "heads": 1 + int64(i)%3}
					dim := int64(c.dim)
					if len(p.Consts) == 0 {
						dim = []int64{1, 8, 3, 33, 16, 4}[i]
						n["dim"] = dim
					}
					n[ops.RowStride] = n["heads"]*dim + int64(i)*7%5 // gaps of 0 to 4 elements
					list = append(list, n)
				}
				return list
			})
		})
	}
}
