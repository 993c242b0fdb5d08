package schedule_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"slices"
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

// randomVariant is, in every other case, a variant of a pyramid.
func randomVariant(r *rand.Rand, g ir.Graph) ir.Graph {
	if r.IntN(2) == 0 {
		return g
	}
	g.Causal, g.Links, g.Dilation = ir.Causal(r.IntN(3)), ir.Links(r.IntN(3)), r.IntN(4)
	if r.IntN(3) == 0 && len(g.Strides) > 1 {
		g.Ancestors = 1 + r.IntN(len(g.Strides))
	}
	if r.IntN(3) == 0 {
		for range len(g.Strides) + 1 {
			g.Windows = append(g.Windows, 1+r.IntN(5))
		}
		g.Window = slices.Max(g.Windows)
	}
	return g
}

func randomAction(r *rand.Rand) schedule.Action {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	number := func() string { return strconv.Itoa(1 + r.IntN(6)) }
	loop := func() string {
		v := pick("b", "l", "i", "h", "j", "c", "u", "d", "e", "f", "i0", "i1", "hb", "ib", "leaf", "ih", "task", "zz")
		if r.IntN(3) == 0 {
			v = pick("s", "m", "e", "out", "p", "ds", "dst", "dq", "lse") + "." + v
		}
		return v
	}
	temp := func() string {
		return pick("s", "x", "m", "e", "sum", "r", "p", "dp", "ds", "dx", "delta", "pt", "dst", "lsec", "biasc", "zz")
	}
	step := schedule.Steps[r.IntN(len(schedule.Steps))]
	a := schedule.Action{Step: step.Name}
	switch step.Name {
	case "vectorise":
		a.Args = []string{loop(), pick("2", "4", "8", "16", "3"), pick("mask", "cut", "perfect", "none")}
	case "unroll":
		a.Args = []string{loop(), number()}
	case "jam":
		a.Args = []string{loop(), number()}
		if r.IntN(2) == 0 {
			a.Args = append(a.Args, "rest")
		}
		if r.IntN(2) == 0 {
			a.Args = append(a.Args, "turn")
		}
	case "tile":
		a.Args = []string{loop(), strconv.Itoa(r.IntN(3)), number()}
	case "split":
		a.Args = []string{loop(), number(), pick("o", "q"), pick("perfect", "guard", "clip")}
	case "stage":
		a.Args = []string{pick("x", "y", "p", "z"), loop()}
	case "reorder":
		a.Args = []string{loop(), loop()}
	case "prefetch":
		a.Args = []string{pick("x", "y"), loop(), number(), pick("far", "near")}[:3+r.IntN(2)]
	case "stream":
		a.Args = []string{pick("z", "s", "x"), pick("1", "512", "0", "cache")}
	case "inline", "gather", "shrink", "transpose":
		a.Args = []string{temp()}
	case "compress":
		a.Args = []string{pick("qk", "kq", "m")}
	case "edgewise":
		a.Args = []string{pick("p", "ds", "p,ds", "s", "dp")}
	case "chunks":
		a.Args = []string{pick("b", "i", "dk.b", "dv.b"), pick("i", "h", "dk.i", "dv.i")}
	case "sink":
		a.Args = []string{pick("dk,dv", "dk", "dv", "dq", "out", "z", "p")}
	case "cache":
		a.Args = []string{pick("lse", "out", "dq", "p", "q", "bias")}
	case "families":
		a.Args = []string{"i", pick("f", "g"), pick("leaf", "n", "i"), pick("alike", "joined", "apart")}[:2+r.IntN(3)]
	case "distribute":
		a.Args = []string{loop(), pick("s", "e", "r", "lse", "lsec", "ds", "dq", "s,lse", "ds,dst")}
	case "reuse":
		a.Args = []string{loop(), pick("pt", "dst", "pt,dst", "p"), pick("2", "4", "5"), "turn"}[:2+r.IntN(3)]
	case "invariant":
		a.Args = []string{pick("deltat", "delta", "st", "pt", "lsec", "p"), loop()}
	case "copy":
		a.Args = []string{pick("x", "y", "q", "k", "v", "dout"), pick("f", "i", "leaf", "ib", "hb", "b", "turn", "j")}
	case "handover":
		a.Args = []string{pick("pt", "dst", "pt,dst", "p")}
	case "partial":
		a.Args = []string{pick("dq", "dk", "dv", "dk,dv", "dq,dk,dv", "out", "p")}
	case "pad":
		a.Args = []string{loop(), pick("2", "4", "8")}
	case "flatten":
		a.Args = []string{loop(), loop()}
	case "tree", "contract", "edges", "pairs":
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
	names := append([]string{"scores", "context", "reverse"}, fusedOps...)
	r := rand.New(rand.NewPCG(1, 2))
	legal, refused, fused := 0, 0, 0
	for n := range tries {
		op, _ := ops.ByName(names[n%len(names)])
		o := ops.Options{Type: ir.F32, Graph: randomVariant(r, pyramids[r.IntN(len(pyramids))]), Dim: []int{0, 3, 8, 20}[r.IntN(4)]}
		target := schedule.Targets[r.IntN(len(schedule.Targets))]
		o.Bias = n/len(names)%3 == 2 // of attention; other ops are the same
		k := op.Build(o)
		o.Type = ir.F64
		k64 := op.Build(o)
		isFused := len(k.Stages) > 1
		if !isFused && n%2 == 0 {
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
		sizes := map[string]int64{"batch": 2, "len": int64(1 + r.IntN(70)), "heads": int64(1 + r.IntN(6)), "dim": int64(1 + r.IntN(20))}
		if len(k.Consts) > 0 {
			delete(sizes, "dim")
		}
		if isFused {
			fused++
			err = compare(t, k64, k, p).close(sizes)
		} else {
			apart(k, sizes, int64(n))
			err = compare(t, k, k, p).same(sizes)
		}
		if err != nil {
			t.Fatalf("try %d: %s sizes %v: %v\n%s", n, schedule.Describe(p), sizes, err, s)
		}
	}
	t.Logf("%d legal, %d of them fused, %d refused", legal, fused, refused)
	if legal < tries/4 || fused < tries/10 || refused < tries/10 {
		t.Fatalf("%d legal, %d of them fused, and %d refused of %d: the generator has drifted", legal, fused, refused, tries)
	}
}
