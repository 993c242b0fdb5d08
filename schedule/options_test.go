package schedule_test

import (
	"math"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// options gives a mask that hides every third key, a bias that hides every seventh edge, and a rate that drops three of eight weights.
func options(args ir.Args) {
	set := func(name string, value func(i int) float64) {
		if a := args[name]; a != nil {
			for i := range a.F32 {
				a.F32[i] = float32(value(i))
			}
			for i := range a.F64 {
				a.F64[i] = value(i)
			}
		}
	}
	set("mask", func(i int) float64 { return [...]float64{0, 0.25, math.Inf(-1)}[i%3] })
	set("bias", func(i int) float64 { return [...]float64{0.5, -0.25, 1, math.Inf(-1), 0, -0.75, 0.125}[i%7] })
	set("dropout", func(int) float64 { return 0.375 })
}

// TestDefaultOptions compares the default schedules of attention with a mask, a bias and dropout with the expressions that they compute.
func TestDefaultOptions(t *testing.T) {
	ran := 0
	for _, op := range []string{"attention", "attention-grad"} {
		build, err := ops.ByName(op)
		if err != nil {
			t.Fatal(err)
		}
		for gi, g := range pyramids {
			for di, dim := range []int{0, 3, 8} {
				for ti, target := range schedule.Targets {
					with := [...]ops.Options{{Mask: true}, {Bias: true}, {Dropout: true}, {Mask: true, Dropout: true}, {Mask: true, Bias: true},
						{Bias: true, Dropout: true}, {Mask: true, Bias: true, Dropout: true}}[(gi*9+di*3+ti)%7]
					with.Graph, with.Dim, with.Type = g, dim, ir.F64
					k64 := build.Build(with)
					if (gi+di)%2 == 0 {
						with.Type = ir.F32
					}
					k := build.Build(with)
					s, err := schedule.Default(k, target)
					if err != nil {
						t.Fatal(err)
					}
					p, err := schedule.Run(k, s, nil)
					if err != nil {
						t.Fatalf("%v\n%s", err, s)
					}
					c := compare(t, k64, k, p)
					for li, length := range []int64{1, 17, 64} {
						sizes := map[string]int64{"batch": 1 + int64(li)%2, "len": length, "heads": 1 + int64(li+di)%6}
						if dim == 0 {
							sizes["dim"] = 1 + length%19
						}
						if err := c.close(sizes); err != nil {
							t.Fatalf("%s dim %d sizes %v: %v\n%s", schedule.Describe(p), dim, sizes, err, s)
						}
						ran++
					}
				}
			}
		}
	}
	if ran < 300 {
		t.Fatalf("only %d cases ran", ran)
	}
}

// A loop along which the row of random numbers moves has no vectors of them.
func TestRandomRowRefused(t *testing.T) {
	k, err := ir.ParseKernel(`kernel drop f32 {
  size n
  in p: f32
  in seed: u64
  out z: f32[n]

  z[i < n] = random(seed, i, 0) < p ? 0.0 : 1.0
}
`)
	if err != nil {
		t.Fatal(err)
	}
	target, err := schedule.FindTarget("avx2")
	if err != nil {
		t.Fatal(err)
	}
	n, err := schedule.Lower(k, target)
	if err != nil {
		t.Fatal(err)
	}
	step, err := schedule.FindStep("vectorise")
	if err != nil {
		t.Fatal(err)
	}
	err = step.Run(n, []string{"i", "8", "mask"})
	if err == nil || !strings.Contains(err.Error(), "got random(seed, i, 0), want its column in steps of one, or none, and its row without i") {
		t.Errorf("got error %v", err)
	}
}
