package schedule_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// close runs the kernel, which is in float64, and the program on the same inputs; they must agree up to rounding.
func (c comparison) close(sizes map[string]int64) error {
	want, got := small(c.k, sizes), small(c.made, sizes)
	if err := c.run(sizes, want, got); err != nil {
		return err
	}
	tolerance := 1e-12
	if c.made.Type == ir.F32 {
		tolerance = 2e-5
	}
	for _, b := range c.made.Buffers {
		if b.Role == ir.Temp {
			continue
		}
		for i, w := range want[b.Name].F64 {
			g := 0.0
			if c.made.Type == ir.F32 {
				g = float64(got[b.Name].F32[i])
			} else {
				g = got[b.Name].F64[i]
			}
			if !(math.Abs(g-w) <= tolerance*(1+math.Abs(w))) && g != w {
				return fmt.Errorf("%s[%d] = %g, want %g", b.Name, i, g, w)
			}
		}
	}
	return nil
}

// small are arguments of about one, the same numbers in both types.
func small(k *ir.Kernel, sizes map[string]int64) ir.Args {
	args := arrays(k, sizes)
	for _, a := range args {
		for i := range a.F32 {
			a.F32[i] /= 16
		}
		for i := range a.F64 {
			a.F64[i] /= 16
		}
	}
	options(args)
	return args
}

// fusedOps are the ops of several stages that have a default schedule.
var fusedOps = []string{"attention", "attention-grad", "softmax", "softmax-grad"}

// TestDefaultFused compares the default schedules of the fused ops with the expressions that they compute.
func TestDefaultFused(t *testing.T) {
	ran := 0
	for _, op := range fusedOps {
		build, err := ops.ByName(op)
		if err != nil {
			t.Fatal(err)
		}
		for gi, g := range pyramids {
			for di, dim := range []int{0, 1, 3, 8, 20, 64} {
				for ti, target := range schedule.Targets {
					typ := ir.F32
					if (gi+di+ti)%3 == 0 {
						typ = ir.F64
					}
					o := ops.Options{Type: typ, Graph: g, Dim: dim}
					k := build.Build(o)
					o.Type = ir.F64
					k64 := build.Build(o)
					if (gi+di+ti)%2 == 0 {
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
					c := compare(t, k64, k, p)
					for li, length := range []int64{1, 2, 7, 17, 64} {
						sizes := map[string]int64{"batch": 1 + int64(li)%2, "len": length, "heads": 1 + int64(li+di)%6}
						for _, size := range k.Sizes {
							if size == "dim" {
								sizes["dim"] = 1 + length%19
							}
						}
						apart(k, sizes, int64(li))
						if err := c.close(sizes); err != nil {
							t.Fatalf("%s dim %d sizes %v: %v\n%s", schedule.Describe(p), dim, sizes, err, s)
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
