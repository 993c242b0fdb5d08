package schedule

import (
	"fmt"
	"math"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// elementwise is a program that applies a function to n values, as vectors of the target.
func elementwise(t *testing.T, name string, typ ir.Type, target Target) *ir.Program {
	t.Helper()
	at, lanes := "i", target.Lanes(typ)
	if lanes > 1 {
		at = fmt.Sprintf("i:%d", lanes)
	}
	p, err := ir.ParseProgram(fmt.Sprintf(`program %[1]s %[2]s %[3]s {
  size n
  in x: %[2]s[n]
  out z: %[2]s[n]
  call all(n)
}

func all(n) {
  in x: %[2]s[n]
  out z: %[2]s[n]
  for i in 0..n step %[4]d {
    z[%[5]s] = %[1]s(x[%[5]s])
  }
}
`, name, typ, target.Name, lanes, at))
	if err != nil {
		t.Fatal(err)
	}
	nest := newNest(p, target)
	for _, pass := range []Pass{intrinsicsPass, sharePass, namesPass, budgetPass} {
		if err := pass.Run(nest, Schedule{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := nest.Program.VerifyScheduled(); err != nil {
		t.Fatal(err)
	}
	return nest.Program
}

// results runs a program of elementwise on values, whose number is filled up with ones.
func results(t *testing.T, p *ir.Program, values []float64) []float64 {
	t.Helper()
	n := (len(values) + 63) / 64 * 64
	x, z := ir.NewArray(p.Type, n), ir.NewArray(p.Type, n)
	for i := range n {
		v := 1.0
		if i < len(values) {
			v = values[i]
		}
		if p.Type == ir.F32 {
			x.F32[i] = float32(v)
		} else {
			x.F64[i] = v
		}
	}
	if err := ir.RunProgram(p, map[string]int64{"n": int64(n)}, ir.Args{"x": x, "z": z}); err != nil {
		t.Fatal(err)
	}
	out := make([]float64, len(values))
	for i := range out {
		if p.Type == ir.F32 {
			out[i] = float64(z.F32[i])
		} else {
			out[i] = z.F64[i]
		}
	}
	return out
}

// everywhere calls f for both types on every target.
func everywhere(t *testing.T, f func(t *testing.T, typ ir.Type, target Target)) {
	for _, typ := range []ir.Type{ir.F32, ir.F64} {
		for _, target := range Targets {
			t.Run(fmt.Sprint(typ, " ", target.Name), func(t *testing.T) {
				t.Parallel()
				f(t, typ, target)
			})
		}
	}
}

// TestIntrinsicsSpecial: what the doc of the pass says of the ends of the range.
func TestIntrinsicsSpecial(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	everywhere(t, func(t *testing.T, typ ir.Type, target Target) {
		least, most := -103.98, 88.73
		if typ == ir.F64 {
			least, most = -745.14, 709.79
		}
		for _, c := range []struct {
			name string
			x, y []float64
		}{
			{"exp", []float64{0, zero, inf, -inf, nan, least, 2 * least, -1e30, most, 2 * most, 1e30},
				[]float64{1, 1, inf, 0, nan, 0, 0, 0, inf, inf, inf}},
			{"log", []float64{1, 0, zero, -1, -inf, -1e-30, inf, nan}, []float64{0, -inf, -inf, nan, nan, nan, inf, nan}},
		} {
			got := results(t, elementwise(t, c.name, typ, target), c.x)
			for i, y := range got {
				if want := c.y[i]; math.Float64bits(y) != math.Float64bits(want) && (y == y || want == want) {
					t.Errorf("%s(%v) = %v, want %v", c.name, c.x[i], y, want)
				}
			}
		}
	})
}

// TestIntrinsicsError measures the error in ulps of the exact result, over dense samples of float32 and random ones of float64.
func TestIntrinsicsError(t *testing.T) {
	for _, typ := range []ir.Type{ir.F32, ir.F64} {
		for _, name := range []string{"exp", "log"} {
			t.Run(fmt.Sprint(name, " ", typ), func(t *testing.T) {
				t.Parallel()
				worst, at := map[string]float64{}, map[string]float64{}
				for part := range samplings(name) {
					samples := samplesOf(name, typ, part)
					xs := make([]float64, len(samples))
					for i, s := range samples {
						xs[i] = s.x
					}
					for _, target := range Targets {
						for i, y := range results(t, elementwise(t, name, typ, target), xs) {
							if u := samples[i].ulps(typ, y); u > worst[target.Name] || u != u {
								worst[target.Name], at[target.Name] = u, xs[i]
							}
						}
					}
				}
				for target, u := range worst {
					t.Logf("%s: %.3f ulp at %v", target, u, at[target])
					if !(u <= 1) {
						t.Errorf("%s: %s(%v): error of %.3f ulp, want at most 1", target, name, at[target], u)
					}
				}
			})
		}
	}
}
