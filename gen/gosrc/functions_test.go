package gosrc_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// functions are exponentials and logarithms: of numbers of all magnitudes, beyond the range, subnormal ones and zero.
const functions = `kernel NAME T {
  size n
  in x: T[n, 21]
  out z: T[n, 21]
  out s: T[n, 4]
  z[i < n, d < 21] = exp(x[i, d] * 0.0001) + log(x[i, d]) * exp(x[i, d] - x[i, d])
  s[i < n, k < 4] = exp(log(x[i, k]) * -9.5) + log(recip(x[i, k]) * 1e-37) + exp(log(x[i, k] - x[i, k]))
}`

// TestFunctions: exponentials and logarithms in Go, of the portable target and of vectors lane by lane, are those of the interpreter,
// to the bit.
func TestFunctions(t *testing.T) {
	var list []*ir.Program
	for _, typ := range []ir.Type{ir.F32, ir.F64} {
		for _, target := range schedule.Targets {
			k, err := ir.ParseKernel(strings.NewReplacer("NAME", "functions", "T", typ.String()).Replace(functions))
			if err != nil {
				t.Fatal(err)
			}
			s := schedule.Schedule{Op: k.Name, Type: typ, Target: target.Name}
			if lanes := target.Lanes(typ); lanes > 1 {
				s.Steps = []schedule.Action{{Step: "vectorise", Args: []string{"d", fmt.Sprint(lanes), "mask"}}}
			}
			p, err := schedule.Run(k, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, p)
		}
	}
	checkPrograms(t, list, func(*ir.Program) []map[string]int64 {
		return []map[string]int64{{"n": 1}, {"n": 40}}
	})
}
