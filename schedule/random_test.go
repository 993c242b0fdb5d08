package schedule_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// randomSchedule changes a default schedule: steps are dropped, doubled, exchanged, and new ones put in with arguments that may or
// may not be legal.
func randomSchedule(r *rand.Rand, s schedule.Schedule) schedule.Schedule {
	steps := append([]schedule.Action(nil), s.Steps...)
	for range r.IntN(5) {
		at := r.IntN(len(steps) + 1)
		switch r.IntN(4) {
		case 0:
			if at < len(steps) {
				steps = append(steps[:at], steps[at+1:]...)
			}
		case 1:
			if at+1 < len(steps) {
				steps[at], steps[at+1] = steps[at+1], steps[at]
			}
		default:
			steps = append(steps[:at:at], append([]schedule.Action{randomAction(r)}, steps[at:]...)...)
		}
		if len(steps) == 0 {
			break
		}
	}
	s.Steps = steps
	return s
}

func randomAction(r *rand.Rand) schedule.Action {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	number := func() string { return strconv.Itoa(1 + r.IntN(6)) }
	loop := func() string { return pick("b", "l", "i", "h", "j", "c", "u", "d", "e", "f", "i0", "i1", "task", "zz") }
	step := schedule.Steps[r.IntN(len(schedule.Steps))]
	a := schedule.Action{Step: step.Name}
	switch step.Name {
	case "vectorise":
		a.Args = []string{loop(), pick("2", "4", "8", "16", "3"), pick("mask", "cut", "perfect", "none")}
	case "jam", "unroll":
		a.Args = []string{loop(), number()}
	case "tile":
		a.Args = []string{loop(), strconv.Itoa(r.IntN(3)), number()}
	case "split":
		a.Args = []string{loop(), pick("stride", number()), pick("o", "q"), pick("perfect", "guard")}
	case "stage":
		a.Args = []string{pick("x", "y", "p", "z"), loop()}
	case "reorder":
		a.Args = []string{loop(), loop()}
	case "prefetch":
		a.Args = []string{pick("x", "y"), loop(), number()}
	case "stream":
		a.Args = []string{pick("z", "s", "x"), pick("1", "512", "0")}
	case "tree", "contract":
	default:
		a.Args = []string{loop()}
	}
	return a
}

// TestRandom is check R11: every schedule either is refused with a typed error or computes what the expression says.
func TestRandom(t *testing.T) {
	tries := 1000
	if os.Getenv("PYRAGEN_LONG") != "" {
		tries = 150000
	}
	r := rand.New(rand.NewPCG(1, 2))
	legal, refused := 0, 0
	for n := range tries {
		g := pyramids[r.IntN(len(pyramids))]
		target := schedule.Targets[r.IntN(len(schedule.Targets))]
		op, _ := ops.ByName([]string{"scores", "context", "reverse"}[r.IntN(3)])
		k := op.Build(ops.Options{Type: ir.F32, Graph: g, Dim: []int{0, 3, 8, 20}[r.IntN(4)]})
		if n%2 == 0 {
			k = ops.Spaced(k)
		}
		base, err := schedule.Default(k, target)
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
		sizes := map[string]int64{"batch": 2, "len": int64(1 + r.IntN(70)), "heads": int64(1 + r.IntN(3)), "dim": int64(1 + r.IntN(20))}
		if len(k.Consts) > 0 {
			delete(sizes, "dim")
		}
		apart(k, sizes, int64(n))
		if err := sameResult(k, p, sizes); err != nil {
			t.Fatalf("try %d: %s sizes %v: %v\n%s", n, schedule.Describe(p), sizes, err, s)
		}
	}
	t.Logf("%d legal, %d refused", legal, refused)
	if legal < tries/4 || refused < tries/10 {
		t.Fatalf("%d legal and %d refused of %d: the generator has drifted", legal, refused, tries)
	}
}
