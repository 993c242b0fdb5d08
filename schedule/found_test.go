package schedule_test

import (
	"math/rand/v2"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// TestFound runs schedules that a long TestRandom has found wrong once; without steps, the default one.
func TestFound(t *testing.T) {
	for _, c := range []struct {
		name  string
		graph ir.Graph
		sizes map[string]int64
		text  string
	}{
		{"arguments of calls are named alike in copies of a loop", ir.Graph{Window: 4, Strides: []int{5, 3}}, map[string]int64{"batch": 2, "len": 15, "heads": 6}, `schedule context f32 avx512
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
		{"a parent is whole where a child of it is at the edge", ir.Graph{Window: 3, Windows: []int{3, 1, 1}, Strides: []int{2, 2}}, map[string]int64{"batch": 1, "len": 38, "heads": 3},
			"schedule attention-grad f32 avx2\n"},
		{"parts of a loop use what a let names in front of the first", ir.Graph{Window: 2, Causal: ir.CausalLast}, map[string]int64{"batch": 2, "len": 300, "heads": 3}, `schedule softmax-grad f32 avx2
  fuse b
  fuse i
  fuse h
  shrink delta
  levels i
  segments j
  vectorise ds.e 8 mask
  contract
  specialise l
  parallel b
  tile b 0 256
  peel i
  edges
  families i f
  distribute task ds
`},
		{"the rest of a loop over heads is vectorised, behind the first elements of rows as long as a vector", ir.Graph{Window: 3, Strides: []int{4}}, map[string]int64{"batch": 1, "len": 9, "heads": 4}, `schedule attention f32 avx2
  inline x
  split h 4 hb clip
  fuse b
  fuse i
  fuse hb
  fuse e.h
  fuse sum.h
  fuse r.h
  fuse sum.j
  shrink s
  shrink e
  shrink m
  shrink sum
  shrink r
  transpose s
  transpose e
  levels i
  segments j
  unroll m.h 3
  vectorise m.h 4 mask
  specialise l
  parallel b
`},
		{"parts of a turn that come later than it is long", ir.Graph{Window: 6, Strides: []int{7}, Dilation: 3}, map[string]int64{"batch": 2, "len": 32, "heads": 3}, `schedule attention-grad f32 avx2
  inline dx
  gather ds
  gather p
  gather dp
  gather delta
  gather s
  cache lse
  split h 4 hb clip
  fuse b
  fuse i
  fuse hb
  shrink delta
  shrink s
  shrink p
  shrink dp
  shrink ds
  shrink st
  shrink pt
  shrink dpt
  shrink deltat
  shrink dst
  shrink lsec
  transpose s
  transpose p
  transpose dp
  transpose ds
  transpose st
  transpose pt
  transpose deltat
  transpose dpt
  transpose dst
  reorder i hb
  levels i
  segments j
  specialise l
  parallel b
  tile b 1 37
  peel i
  families i f leaf
  split leaf 32 ib clip
  distribute leaf lsec,p,delta,ds,dq,dst
  reuse dst.leaf pt,dst 8 turn
  jam leaf 2 turn
`},
		{"two arrays of one name and shape in a function", ir.Graph{Window: 4, Strides: []int{5, 3}}, map[string]int64{"batch": 2, "len": 67, "heads": 3}, `schedule softmax f32 avx2
  cache s
  cache lse
  split h 4 hb clip
  fuse b
  fuse i
  fuse hb
  fuse e.h
  fuse r.h
  fuse sum.h
  fuse lsec.h
  fuse sum.j
  shrink sc
  shrink e
  shrink m
  shrink sum
  shrink r
  shrink lsec
  transpose sc
  transpose e
  levels i
  segments j
  unroll sc.j 4
  unroll m.j 4
  unroll e.j 4
  unroll p.j 4
  vectorise p.e 8 mask
  contract
  specialise l
  tile b 2 18
  peel i
  families i f
  split i 4 ib clip
  reorder i hb
  distribute i sc,lsec
  pad m.h 4
  flatten i m.h
  pad m.ih 8
  vectorise m.ih 8 perfect
  vectorise m.h 4 perfect
  vectorise lse.h 4 mask
`},
		{"the right edge of a level with fewer nodes than a window has is cut in two", ir.Graph{Window: 5, Strides: []int{1, 3}}, map[string]int64{"batch": 2, "len": 1, "heads": 3}, `schedule reverse f32 avx512
  levels i
  segments j
  vectorise d 16 mask
  contract
  unroll j 5
  prefetch y i 6
  specialise l
  parallel b
  tile b 2 86
  peel i
  unroll i1 6
  edges
  families i f
  stream z cache
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, op := found(t, c.text)
			c.graph.Kind = ir.Pyramid
			k := op.Build(ops.Options{Type: s.Type, Graph: c.graph, Dim: 20})
			if len(s.Steps) == 0 {
				target, err := schedule.FindTarget(s.Target)
				if err != nil {
					t.Fatal(err)
				}
				if s, err = schedule.Default(k, target); err != nil {
					t.Fatal(err)
				}
			}
			p, err := schedule.Run(k, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(k.Stages) == 1 {
				err = compare(t, k, k, p).same(c.sizes)
			} else {
				err = compare(t, op.Build(ops.Options{Type: ir.F64, Graph: c.graph, Dim: 20}), k, p).close(c.sizes)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestFoundTable keeps what random schedules of tables have found.
func TestFoundTable(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	for _, c := range []struct{ name, text string }{
		{"what is computed before a loop is made of what has another name there", `schedule attention f32 avx512
  inline x
  cache lse
  split h 4 hb clip
  fuse b
  fuse i
  fuse hb
  fuse e.h
  fuse sum.h
  fuse r.h
  fuse lsec.h
  fuse sum.j
  shrink s
  shrink e
  shrink m
  shrink sum
  shrink r
  shrink lsec
  transpose s
  transpose e
  chunks b i
  compress qk
  tree
  split i 4 ib clip
  reorder i hb
  distribute i s
  vectorise s.d 16 mask
  jam s.h 4 rest
  jam s.j 2
  vectorise out.d 16 mask
  unroll out.j 2
  unroll m.j 4
  unroll e.j 4
  contract
  tree
  vectorise lse.h 4 mask
  vectorise m.h 4 mask
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, op := found(t, c.text)
			build := func(typ ir.Type) *ir.Kernel {
				return op.Build(ops.Options{Type: typ, Graph: ir.Graph{Kind: ir.Table}, Dim: 20})
			}
			k := build(s.Type)
			p, err := schedule.Run(k, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			for range 10 {
				if err := randomTable(r, 20, 9).check(build(ir.F64), k, p, 2, 6, 20); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// found reads a schedule that has been found, and what it is of.
func found(t *testing.T, text string) (schedule.Schedule, ops.Op) {
	t.Helper()
	s, err := schedule.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	op, err := ops.ByName(s.Op)
	if err != nil {
		t.Fatal(err)
	}
	return s, op
}
