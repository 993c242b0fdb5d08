package gosrc_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// changed is a default schedule with steps dropped, exchanged and put in.
func changed(r *rand.Rand, s schedule.Schedule) schedule.Schedule {
	steps := append([]schedule.Action(nil), s.Steps...)
	loop := func() string { return []string{"b", "i", "h", "j", "c", "u", "d", "e", "f", "i0", "i1"}[r.IntN(11)] }
	number := func() string { return strconv.Itoa(1 + r.IntN(6)) }
	for range 1 + r.IntN(3) {
		at := r.IntN(len(steps) + 1)
		put := func(step string, args ...string) {
			steps = append(steps[:at:at], append([]schedule.Action{{Step: step, Args: args}}, steps[at:]...)...)
		}
		switch k := r.IntN(7); {
		case k == 0 && at < len(steps):
			steps = append(steps[:at:at], steps[at+1:]...)
		case k == 1 && at+1 < len(steps):
			steps[at], steps[at+1] = steps[at+1], steps[at]
		case k == 2:
			put("unroll", loop(), number())
		case k == 3:
			put("jam", loop(), number())
		case k == 4:
			put("reorder", loop(), loop())
		case k == 5:
			put("split", loop(), number(), "q", "guard")
		case k == 6:
			put("stage", []string{"x", "y", "p"}[r.IntN(3)], loop())
		}
	}
	s.Steps = steps
	return s
}

// TestRandomSchedules is check R11 for this back end: whatever legal schedule, its Go is its interpretation, to the bit.
func TestRandomSchedules(t *testing.T) {
	want := 24
	if os.Getenv("PYRAGEN_LONG") != "" {
		want = 600
	}
	r := rand.New(rand.NewPCG(11, 5))
	graphs := []ir.Graph{
		{Kind: ir.Pyramid, Window: 3, Strides: []int{4, 4}}, {Kind: ir.Pyramid, Window: 4, Strides: []int{3}},
		{Kind: ir.Pyramid, Window: 2}, {Kind: ir.Pyramid, Window: 5, Strides: []int{1, 3}},
	}
	var list []*ir.Program
	sizes := map[*ir.Program]map[string]int64{}
	for tries := 0; len(list) < want; tries++ {
		if tries > 40*want {
			t.Fatalf("%d of %d schedules are legal, want more: the changes have drifted", len(list), tries)
		}
		op, _ := ops.ByName([]string{"scores", "context", "reverse"}[r.IntN(3)])
		typ, dim := []ir.Type{ir.F32, ir.F64}[r.IntN(2)], []int{0, 3, 8, 20}[r.IntN(4)]
		k := ops.Spaced(op.Build(ops.Options{Type: typ, Graph: graphs[r.IntN(len(graphs))], Dim: dim}))
		base, err := schedule.Default(k, schedule.Targets[r.IntN(3)])
		if err != nil {
			t.Fatal(err)
		}
		s := changed(r, base)
		p, err := schedule.Run(k, s, nil)
		if err != nil || s.String() == base.String() {
			continue
		}
		p.Name = fmt.Sprintf("%s%d", p.Name, len(list))
		n := map[string]int64{"batch": 1 + int64(r.IntN(2)), "len": 1 + int64(r.IntN(70)), "heads": 1 + int64(r.IntN(3))}
		if dim == 0 {
			n["dim"] = 1 + int64(r.IntN(20))
		}
		n[ops.RowStride] = n["heads"]*max(n["dim"], int64(dim)) + int64(len(list)%5)
		list = append(list, p)
		sizes[p] = n
	}
	checkPrograms(t, list, func(p *ir.Program) []map[string]int64 { return []map[string]int64{sizes[p]} })
}
