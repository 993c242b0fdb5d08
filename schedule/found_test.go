package schedule_test

import (
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// TestFound runs schedules that a long TestRandom has found wrong once.
func TestFound(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"arguments of calls are named alike in copies of a loop", `schedule context f32 avx512
  levels i
  segments j
  vectorise d 16 mask
  contract
  unroll j 4
  specialise l
  parallel b
  tile b 2 5
  peel i
  edges
  families i f
  jam i0 2
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := schedule.Parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			op, err := ops.ByName(s.Op)
			if err != nil {
				t.Fatal(err)
			}
			k := op.Build(ops.Options{Type: s.Type, Graph: ir.Graph{Kind: ir.Pyramid, Window: 4, Strides: []int{5, 3}}, Dim: 20})
			p, err := schedule.Run(k, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := compare(t, k, k, p).same(map[string]int64{"batch": 2, "len": 15, "heads": 6}); err != nil {
				t.Fatal(err)
			}
		})
	}
}
