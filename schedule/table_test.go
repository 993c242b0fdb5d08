package schedule_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// table is a table graph in both forms: the tables that kernels are defined over, and the lists of edges that compressed programs walk.
type table struct {
	nodes, slots, inSlots int
	tables, lists         map[string][]int32
}

// newTable takes rows of nodes, -1 for an empty slot, all of one length.
func newTable(rows [][]int32) table {
	g := table{nodes: len(rows), slots: len(rows[0])}
	queries, slots, edges := make([][]int32, g.nodes), make([][]int32, g.nodes), make([][]int32, g.nodes)
	var at, node, slot []int32
	at = append(at, 0)
	for i, row := range rows {
		for j, key := range row {
			if key >= 0 {
				queries[key], slots[key], edges[key] = append(queries[key], int32(i)), append(slots[key], int32(j)), append(edges[key], int32(len(node)))
				node, slot = append(node, key), append(slot, int32(j))
			}
		}
		at = append(at, int32(len(node)))
	}
	g.inSlots = 1
	for _, q := range queries {
		g.inSlots = max(g.inSlots, len(q))
	}
	g.tables = map[string][]int32{"qk": slices.Concat(rows...)}
	g.lists = map[string][]int32{"qk_at": at, "qk_node": node, "qk_slot": slot}
	kqAt := []int32{0}
	for i := range rows {
		kqAt = append(kqAt, kqAt[i]+int32(len(queries[i])))
		for j := range g.inSlots {
			q, m := int32(-1), int32(-1)
			if j < len(queries[i]) {
				q, m = queries[i][j], slots[i][j]
			}
			g.tables["kq"], g.tables["m"] = append(g.tables["kq"], q), append(g.tables["m"], m)
		}
	}
	g.lists["kq_at"], g.lists["kq_node"], g.lists["kq_slot"], g.lists["kq_edge"] = kqAt, slices.Concat(queries...), slices.Concat(slots...), slices.Concat(edges...)
	for _, name := range []string{"qk_node", "kq_node", "kq_edge"} {
		g.lists[name] = append(g.lists[name], make([]int32, schedule.NodesMore)...)
	}
	g.lists["cuts"] = []int32{int32(g.nodes / 3), int32(g.nodes), 0, int32(g.nodes / 3), 0, 0} // in any order, and one without nodes
	return g
}

// randomTable has rows that are full, empty and in between, with empty slots anywhere.
func randomTable(r *rand.Rand, nodes, slots int) table {
	rows := make([][]int32, nodes)
	for i := range rows {
		keys := r.Perm(nodes)
		share := r.Float64() * 1.3
		for j := range slots {
			key := int32(-1)
			if j < nodes && r.Float64() < share && i%7 != 6 {
				key = int32(keys[j])
			}
			rows[i] = append(rows[i], key)
		}
	}
	return newTable(rows)
}

// sizes are those of a kernel or program of the graph.
func (g table) sizes(names []string, batch, heads, dim int64) map[string]int64 {
	all := map[string]int64{"batch": batch, "heads": heads, "dim": dim, "nodes": int64(g.nodes), "slots": int64(g.slots), "in_slots": int64(g.inSlots),
		"edges": int64(len(g.lists["qk_node"]) - schedule.NodesMore), "chunks": int64(len(g.lists["cuts"]) / 2), ops.RowStride: heads*dim + 3, ops.GradStride: heads*dim + 1}
	out := map[string]int64{}
	for _, n := range names {
		out[n] = all[n]
	}
	return out
}

// args are arguments of about one; those of outputs are marked.
func (g table) args(t ir.Type, buffers []*ir.Buffer, sizes map[string]int64, consts []ir.ConstSize) ir.Args {
	extent := func(x ir.Index) int64 {
		v, ok := x.(ir.Var)
		if !ok {
			return int64(x.(ir.Int))
		}
		for _, c := range consts {
			if c.Name == string(v) {
				return c.Value
			}
		}
		return sizes[string(v)]
	}
	args := ir.Args{}
	for n, b := range buffers {
		switch {
		case b.Role == ir.Temp:
		case b.Type == ir.I32:
			list := g.tables[b.Name]
			if list == nil {
				list = g.lists[b.Name]
			}
			args[b.Name] = &ir.Array{Type: ir.I32, I32: list}
		case b.Type == ir.U64:
			args[b.Name] = &ir.Array{Type: ir.U64, U64: []uint64{7}}
		default:
			elements, step := int64(1), int64(1)
			for d := len(b.Dims) - 1; d >= 0; d-- {
				if b.Steps != nil && b.Steps[d] != nil {
					step = extent(b.Steps[d])
				}
				elements += (extent(b.Dims[d]) - 1) * step
				step *= extent(b.Dims[d])
			}
			a := ir.NewArray(t, int(elements))
			for i := range elements {
				v := float64((i*7+int64(len(b.Name)+int(b.Name[0]))*5)%13-6) / 16
				switch {
				case b.Role == ir.Out:
					v = -99
				case b.Name == "dropout":
					v = 0.25
				case b.Name == "bias" && i%5 == 2:
					v = math.Inf(-1)
				}
				if t == ir.F32 {
					a.F32[i] = float32(v)
				} else {
					a.F64[i] = v
				}
			}
			args[b.Name] = a
		}
		_ = n
	}
	return args
}

// check compares a program with the kernel that it is scheduled from, computed in float64.
func (g table) check(k64, k *ir.Kernel, p *ir.Program, batch, heads, dim int64) error {
	for _, c := range k.Consts {
		if c.Name == "dim" {
			dim = c.Value
		}
	}
	sizes := g.sizes(k64.Sizes, batch, heads, dim)
	want := g.args(ir.F64, k64.Buffers, sizes, k64.Consts)
	if err := ir.RunKernel(k64, sizes, want); err != nil {
		return err
	}
	sizes = g.sizes(p.Sizes, batch, heads, dim)
	got := g.args(k.Type, p.Buffers, sizes, k.Consts)
	if err := ir.RunProgram(p, sizes, got); err != nil {
		return err
	}
	tolerance := 1e-12
	if k.Type == ir.F32 {
		tolerance = 2e-5
	}
	for _, b := range k.Buffers {
		if b.Role != ir.Out {
			continue
		}
		for i, w := range want[b.Name].F64 {
			v := 0.0
			if k.Type == ir.F32 {
				v = float64(got[b.Name].F32[i])
			} else {
				v = got[b.Name].F64[i]
			}
			if !(math.Abs(v-w) <= tolerance*(1+math.Abs(w))) && v != w {
				return fmt.Errorf("%s[%d] = %g, want %g", b.Name, i, v, w)
			}
		}
	}
	return nil
}

// TestDefaultTable compares the default schedules over tables with the expressions that they compute.
func TestDefaultTable(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	ran := 0
	for _, op := range ops.All {
		for di, dim := range []int{0, 1, 3, 8, 20, 64} {
			for ti, target := range schedule.Targets {
				for _, with := range []ops.Options{{}, {Slots: 5}, {Mask: true, Dropout: true}, {Bias: true}, {Mask: true, Bias: true, Dropout: true}} {
					if (with.Mask || with.Bias) && !strings.HasPrefix(op.Name, "attention") {
						continue
					}
					o := with
					o.Type, o.Graph, o.Dim = ir.F32, ir.Graph{Kind: ir.Table}, dim
					if (di+ti)%3 == 0 {
						o.Type = ir.F64
					}
					k := op.Build(o)
					o.Type = ir.F64
					k64 := op.Build(o)
					if (di+ti)%2 == 0 {
						k, k64 = ops.Spaced(k), ops.Spaced(k64)
					}
					s, err := schedule.Default(k, target)
					if err != nil {
						t.Fatal(err)
					}
					p, err := schedule.Run(k, s, nil)
					if err != nil {
						t.Fatalf("%v\n%s", err, s)
					}
					for range 3 {
						slots := 5
						if with.Slots == 0 {
							slots = 1 + r.IntN(9)
						}
						g := randomTable(r, 1+r.IntN(20), slots)
						batch, heads, dim := 1+r.Int64N(2), 1+r.Int64N(6), 1+r.Int64N(19)
						if err := g.check(k64, k, p, batch, heads, dim); err != nil {
							t.Fatalf("%s dim %d, %d nodes, %d slots, batch %d, heads %d: %v\n%s", schedule.Describe(p), dim, g.nodes, g.slots, batch, heads, err, s)
						}
						ran++
					}
				}
			}
		}
	}
	if ran < 500 {
		t.Fatalf("only %d cases ran", ran)
	}
}

// TestRandomTable is check R11 over tables: every schedule either is refused with a typed error or computes what the expression says.
func TestRandomTable(t *testing.T) {
	tries := 300
	if os.Getenv("PYRAGEN_LONG") != "" {
		tries = 30000
	}
	r := rand.New(rand.NewPCG(33, 34))
	legal, refused := 0, 0
	for n := range tries {
		op := ops.All[n%len(ops.All)]
		o := ops.Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Table}, Dim: []int{0, 3, 8, 20}[r.IntN(4)]}
		k := op.Build(o)
		o.Type = ir.F64
		k64 := op.Build(o)
		base, err := schedule.Default(k, schedule.Targets[r.IntN(len(schedule.Targets))])
		if err != nil {
			t.Fatal(err)
		}
		s := randomSchedule(r, base)
		p, err := schedule.Run(k, s, nil)
		var typed *schedule.Error
		switch {
		case errors.As(err, &typed):
			refused++
			continue
		case err != nil:
			t.Fatalf("try %d: untyped error %v\n%s", n, err, s)
		}
		legal++
		g := randomTable(r, 1+r.IntN(20), 1+r.IntN(9))
		batch, heads, dim := 1+r.Int64N(2), 1+r.Int64N(6), 1+r.Int64N(19)
		if err := g.check(k64, k, p, batch, heads, dim); err != nil {
			t.Fatalf("try %d: %s dim %d, %d nodes, %d slots, batch %d, heads %d: %v\n%s", n, schedule.Describe(p), dim, g.nodes, g.slots, batch, heads, err, s)
		}
	}
	t.Logf("%d legal, %d refused", legal, refused)
	if legal < tries/4 || refused < tries/10 {
		t.Fatalf("%d legal and %d refused of %d: the generator has drifted", legal, refused, tries)
	}
}
