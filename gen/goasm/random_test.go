package goasm_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// TestRandomSchedules runs programs of schedules that nobody would write: what is accepted equals the interpreter.
func TestRandomSchedules(t *testing.T) {
	batches, each := 1, 24
	if os.Getenv("PYRAGEN_LONG") != "" {
		batches, each = 100, 40
	}
	r := rand.New(rand.NewPCG(7, 11))
	graphs := []ir.Graph{
		{Kind: ir.Pyramid, Window: 3, Strides: []int{4, 3}}, {Kind: ir.Pyramid, Window: 2}, {Kind: ir.Pyramid, Window: 5, Strides: []int{2, 2, 2}},
	}
	isas := targets(t)
	for range batches {
		var jobs []job
		for tries := 0; len(jobs) < each; tries++ {
			if tries > 20*each {
				t.Fatalf("%d programs of %d schedules: the generator has drifted", len(jobs), tries)
			}
			target, err := schedule.FindTarget(isas[r.IntN(len(isas))])
			if err != nil {
				t.Fatal(err)
			}
			op, err := ops.ByName([]string{"scores", "context", "reverse"}[r.IntN(3)])
			if err != nil {
				t.Fatal(err)
			}
			k := op.Build(ops.Options{
				Type: []ir.Type{ir.F32, ir.F64}[r.IntN(2)], Graph: graphs[r.IntN(len(graphs))], Dim: []int{0, 3, 8, 20, 40}[r.IntN(5)],
			})
			s, err := schedule.Default(k, target)
			if err != nil {
				t.Fatal(err)
			}
			p, err := schedule.Run(k, changed(r, s), nil)
			if err != nil {
				continue
			}
			p.Name = fmt.Sprintf("%s%d_", p.Name, len(jobs))
			if _, err := goasm.Emit([]*ir.Program{p}, name); err != nil {
				t.Logf("refused: %.200v", err)
				continue
			}
			sizes := map[string]int64{"batch": 1, "len": int64(1 + r.IntN(30)), "heads": int64(1 + r.IntN(3))}
			if len(k.Consts) == 0 {
				sizes["dim"] = int64(1 + r.IntN(40))
			}
			jobs = append(jobs, job{p, sizes, pyramidArgs(p, sizes), r.IntN(2) == 0})
		}
		scratch(t, jobs)
	}
}

// changed is a schedule with steps left out, exchanged and put in.
func changed(r *rand.Rand, s schedule.Schedule) schedule.Schedule {
	steps := append([]schedule.Action(nil), s.Steps...)
	for range 1 + r.IntN(4) {
		at := r.IntN(len(steps))
		switch r.IntN(3) {
		case 0:
			steps = append(steps[:at], steps[at+1:]...)
		case 1:
			other := r.IntN(len(steps))
			steps[at], steps[other] = steps[other], steps[at]
		default:
			steps = append(steps[:at:at], append([]schedule.Action{action(r)}, steps[at:]...)...)
		}
		if len(steps) == 0 {
			break
		}
	}
	s.Steps = steps
	return s
}

// action is a step that touches what the back end sees.
func action(r *rand.Rand) schedule.Action {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	number := strconv.Itoa(1 + r.IntN(6))
	loop := pick("i", "h", "j", "c", "u", "d", "e", "f")
	switch r.IntN(6) {
	case 0:
		return schedule.Action{Step: "vectorise", Args: []string{loop, pick("2", "4", "8", "16"), pick("mask", "cut")}}
	case 1:
		return schedule.Action{Step: "jam", Args: []string{loop, number}}
	case 2:
		return schedule.Action{Step: "unroll", Args: []string{loop, number}}
	case 3:
		return schedule.Action{Step: "split", Args: []string{loop, number, pick("o", "q"), "guard"}}
	case 4:
		return schedule.Action{Step: "prefetch", Args: []string{pick("x", "y"), loop, number}}
	}
	return schedule.Action{Step: "reorder", Args: []string{loop, pick("i", "h", "j", "c", "d")}}
}
