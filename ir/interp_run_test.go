package ir

import (
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"testing"
)

// A compiled program may be run again with other sizes, and from several goroutines at once.
func TestCompiledIsReusable(t *testing.T) {
	src, err := os.ReadFile("testdata/masks.pyr")
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParseProgram(string(src))
	if err != nil {
		t.Fatal(err)
	}
	c, err := CompileProgram(p)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for n := 1; n <= 40; n++ {
		all.Go(func() {
			x, z := NewArray(F32, 3*n), NewArray(F32, 3*n)
			for k := range x.F32 {
				x.F32[k] = float32(n + k)
			}
			err := c.Run(map[string]int64{"rows": 3, "len": int64(n)}, Args{"x": x, "z": z, "f": {Type: F32, F32: []float32{2}}})
			if err != nil {
				t.Errorf("len %d: %v", n, err)
				return
			}
			for k := range z.F32 {
				if z.F32[k] != 2*float32(n+k) {
					t.Errorf("len %d: z[%d] = %v, want %v", n, k, z.F32[k], 2*float32(n+k))
				}
			}
		})
	}
	all.Wait()
}

// What is as large as the cache is expected to stay in it.
func TestUncached(t *testing.T) {
	body := fmt.Sprintf("  z[0] = uncached(%d) ? 1 : 2\n  z[1] = uncached(%d) ? 1 : 2", CachedBytes, CachedBytes+1)
	if z, err := probe("f64", body, "", make([]float64, 2)); err != nil || !slices.Equal(z, []float64{2, 1}) {
		t.Errorf("got %v, %v, want 2 1", z, err)
	}
}

// The same nest with index maps gives what the kernel gives.
func TestProgramEqualsKernel(t *testing.T) {
	src, err := os.ReadFile("testdata/reverse.pyr")
	if err != nil {
		t.Fatal(err)
	}
	k, err := ParseKernel(string(src))
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParseProgram(`program reverse f64 go {
  pyramid window 3
  size batch, len, heads, dim
  in p: f64[batch, nodes, heads, slots]
  in y: f64[batch, nodes, heads, dim]
  out z: f64[batch, nodes, heads, dim]

  parallel for b in 0..batch {
    for i in 0..len {
      for h in 0..heads {
        for d in 0..dim {
          alloc sum: f64
          sum = 0.0
          for t in max(0, 1 - i)..min(3, len + 1 - i) {
            sum = sum + p[b, i - 1 + t, h, 2 - t] * y[b, i - 1 + t, h, d]
          }
          z[b, i, h, d] = sum
        }
      }
    }
  }
}
`)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 6; n++ {
		sizes := map[string]int64{"batch": 2, "len": int64(n), "heads": 3, "dim": 2}
		args := Args{"p": NewArray(F64, 2*n*3*4), "y": NewArray(F64, 2*n*3*2), "z": NewArray(F64, 2*n*3*2)}
		for k := range args["p"].F64 {
			args["p"].F64[k] = math.Sin(float64(k))
		}
		for k := range args["y"].F64 {
			args["y"].F64[k] = math.Cos(float64(k))
		}
		if err := RunKernel(k, sizes, args); err != nil {
			t.Fatal(err)
		}
		want := args["z"].F64
		args["z"] = NewArray(F64, len(want))
		if err := RunProgram(p, sizes, args); err != nil {
			t.Fatal(err)
		}
		if !same(args["z"].F64, want) {
			t.Errorf("len %d: got %v, want %v", n, args["z"].F64, want)
		}
	}
}
