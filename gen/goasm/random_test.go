package goasm_test

import (
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// draws are random numbers in vectors and scalars, with counters of every form.
const draws = `program draws T TARGET {
  size n
  in p: T
  in seed: u64
  out z: T[5, n]
  call draws(n, n*n - 7)
}

func draws(n, row) {
  in p: T
  in seed: u64
  out z: T[5, n]
  for d in 0..n/W*W step W {
    z[0, d:W] = random(seed, row + d/W, 3*d - 5, W)
    z[1, d:W] = choose(random(seed, d, row, W) < broadcast(p, W), broadcast(0.0, W), recip(broadcast(1.0, W) - broadcast(p, W)))
    z[2, d:W] = broadcast(random(seed, d, min(d, 3)), W) + random(seed, 5000000000, 0 - d, W)
  }
  for d in 0..n {
    z[3, d] = random(seed, d, row)
    if random(seed, row, d*d) < p {
      z[4, d] = p
    } else {
      z[4, d] = random(seed, d, 1) - random(seed, 1, d)
    }
  }
}`

// TestRandom runs them in every width that there is, on instructions and in the interpreter.
func TestRandom(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		p := f.parse(t, "draws", draws)
		for _, n := range []int64{1, 70} {
			sizes := map[string]int64{"n": n}
			args := arguments(p, sizes)
			set(args["p"], 0, 0.375)
			jobs = append(jobs, job{p, sizes, args, n == 1})
		}
	}
	scratch(t, jobs)
	for _, j := range jobs {
		for _, x := range [][]float64{j.args["z"].F64, floats(j.args["z"])} {
			for i, v := range x {
				if k := i / int(j.sizes["n"]); k == 3 && !(v >= 0 && v < 1) {
					t.Errorf("%s: z[%d] = %v, want a number from 0 to below 1", j.p.Name, i, v)
				}
			}
		}
	}
}

func floats(a *ir.Array) []float64 {
	var out []float64
	for _, v := range a.F32 {
		out = append(out, float64(v))
	}
	return out
}
