package ops

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"codeberg.org/sbinet/npyio"

	"github.com/pyragen/pyragen/ir"
)

// vectors is where the test vectors lie: beside the repository.
const vectors = "../../shared/vectors"

// vectorCase is a case.json of the vectors.
type vectorCase struct {
	Graph             string
	Window            int
	Strides           []int
	Len               int
	Nodes, Slots      int
	Batch, Heads, Dim int
	Scale, Padding    float64
	dir               string
}

// vectorFiles gives the npy file that stands for each buffer of each op.
var vectorFiles = map[string]map[string]string{
	"scores":       {"s": "scores", "x": "q", "y": "k"},
	"context":      {"z": "context", "p": "x_slots", "y": "v"},
	"reverse":      {"z": "reverse", "p": "x_slots", "y": "v"},
	"softmax":      {"p": "probs", "lse": "lse", "s": "scaled"},
	"softmax-grad": {"ds": "ds", "p": "probs", "dp": "x_slots"},
	"attention":    {"out": "out", "lse": "lse", "q": "q", "k": "k", "v": "v"},
	"attention-grad": {"dq": "dq", "dk": "dk", "dv": "dv", "q": "q", "k": "k", "v": "v", "out": "out", "lse": "lse",
		"dout": "do"},
}

// floats reads a float64 array, or makes what the vectors do not hold: the scaled scores that attention takes the softmax of,
// and the gradient of the softmax of probs for the incoming gradient x_slots, whose empty slots count for nothing.
func (c *vectorCase) floats(name string) (x []float64, err error) {
	switch name {
	case "scaled":
		x, err = c.floats("scores")
		for n := range x {
			x[n] *= c.Scale
		}
		return x, err
	case "ds":
		p, err := c.floats("probs")
		if err != nil {
			return nil, err
		}
		dp, err := c.floats("x_slots")
		for row := 0; row < len(p); row += c.Slots {
			x = append(x, jacobian(p[row:row+c.Slots], dp[row:row+c.Slots])...)
		}
		return x, err
	}
	return x, c.read(name, &x)
}

func (c *vectorCase) read(name string, into any) error {
	f, err := os.Open(filepath.Join(c.dir, name+".npy"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := npyio.Read(f, into); err != nil {
		return fmt.Errorf("%s: %w", f.Name(), err)
	}
	return nil
}

// args reads the arguments of a kernel; outputs are filled with NaN. It sets the number of in_slots where the kernel has it.
func (c *vectorCase) args(k *ir.Kernel, sizes map[string]int64) (ir.Args, error) {
	args := ir.Args{}
	for _, buf := range k.Buffers {
		switch {
		case buf.Role == ir.Temp:
		case buf.Name == "padding":
			args[buf.Name] = store(buf.Type, []float64{c.Padding})
		case buf.Name == "scale":
			args[buf.Name] = store(buf.Type, []float64{c.Scale})
		case buf.Type == ir.I32:
			file := map[string]string{"qk": "qk", "kq": "kq_in", "m": "m"}[buf.Name]
			a := &ir.Array{Type: ir.I32}
			if err := c.read(file, &a.I32); err != nil {
				return nil, err
			}
			if slices.Contains(k.Sizes, "in_slots") && buf.Name != "qk" {
				sizes["in_slots"] = int64(len(a.I32) / c.Nodes)
			}
			args[buf.Name] = a
		default:
			x, err := c.floats(vectorFiles[k.Name][buf.Name])
			if err != nil {
				return nil, err
			}
			args[buf.Name] = store(buf.Type, x)
			if buf.Role == ir.Out {
				fill(args[buf.Name])
			}
		}
	}
	return args, nil
}

// worst is the largest difference of an output from what the vectors say, relative to the largest expected value or to 1.
func (c *vectorCase) worst(k *ir.Kernel, args ir.Args) (float64, error) {
	worst := 0.0
	for _, buf := range k.Buffers {
		if buf.Role != ir.Out {
			continue
		}
		want, err := c.floats(vectorFiles[k.Name][buf.Name])
		if err != nil {
			return 0, err
		}
		got, size := load(args[buf.Name]), 1.0
		for _, v := range want {
			if !math.IsInf(v, 0) {
				size = max(size, math.Abs(v))
			}
		}
		for n := range want {
			switch diff := math.Abs(got[n]-want[n]) / size; {
			case got[n] == want[n]:
			case math.IsNaN(diff):
				return 0, fmt.Errorf("%s[%d] = %v, want %v", buf.Name, n, got[n], want[n])
			default:
				worst = max(worst, diff)
			}
		}
	}
	return worst, nil
}

// Every op gives what the vectors say, in float64.
func TestVectors(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(vectors, "*", "case.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("no test vectors in %s", vectors)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := &vectorCase{dir: filepath.Dir(file)}
		if err := json.Unmarshal(src, c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, op := range All {
			name := filepath.Base(c.dir) + "/" + op.Name
			t.Run(name, func(t *testing.T) {
				o := Options{Type: ir.F64, Dim: c.Dim, Graph: ir.Graph{Kind: ir.Table}}
				sizes := map[string]int64{"batch": int64(c.Batch), "heads": int64(c.Heads)}
				if c.Graph == "pyramid" {
					o.Graph = ir.Graph{Kind: ir.Pyramid, Window: c.Window, Strides: c.Strides}
					sizes["len"] = int64(c.Len)
				} else {
					sizes["nodes"], sizes["slots"] = int64(c.Nodes), int64(c.Slots)
				}
				k := op.Build(o)
				args, err := c.args(k, sizes)
				if err != nil {
					t.Fatal(err)
				}
				if err := ir.RunKernel(k, sizes, args); err != nil {
					t.Fatal(err)
				}
				worst, err := c.worst(k, args)
				if err != nil {
					t.Fatal(err)
				}
				if worst > 1e-12 {
					t.Errorf("error %.3g, want <= 1e-12", worst)
				}
			})
		}
	}
}
