package goasm_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// functions are exponentials and logarithms of vectors, of the tail of a row, and of scalars.
const functions = `kernel functions T {
  size n
  in x: T[n, 37]
  out z: T[n, 37]
  out s: T[n, 2]
  z[i < n, d < 37] = exp(x[i, d]) - log(x[i, d])
  s[i < n, k < 2] = log(x[i, k]) + exp(x[i, k])
}`

// scheduledFunctions is the program for a type and a target.
func scheduledFunctions(t *testing.T, typ ir.Type, target schedule.Target) *ir.Program {
	t.Helper()
	k, err := ir.ParseKernel(strings.ReplaceAll(functions, "T", typ.String()))
	if err != nil {
		t.Fatal(err)
	}
	lanes := fmt.Sprint(target.Lanes(typ))
	p, err := schedule.Run(k, schedule.Schedule{Op: k.Name, Type: typ, Target: target.Name,
		Steps: []schedule.Action{{Step: "vectorise", Args: []string{"d", lanes, "mask"}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Name += typ.String()
	return p
}

// TestFunctions: exponentials and logarithms in assembly are those of the interpreter, to the bit, at the ends of their ranges and
// between.
func TestFunctions(t *testing.T) {
	var jobs []job
	for _, name := range targets(t) {
		target, err := schedule.FindTarget(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range []ir.Type{ir.F32, ir.F64} {
			p := scheduledFunctions(t, typ, target)
			sizes := map[string]int64{"n": 60}
			args := arguments(p, sizes)
			x := args["x"]
			for i := range x.Len() {
				set(x, i, functionArgument(i, typ))
			}
			jobs = append(jobs, job{p, sizes, args, false})
		}
	}
	scratch(t, jobs)
}

// functionArgument is the i-th argument: a special value, one of any magnitude, or one for which the exponential is a number.
func functionArgument(i int, typ ir.Type) float64 {
	least, most, bits := -180.0, 89.0, 149
	if typ == ir.F64 {
		least, most, bits = -1500, 710, 1074
	}
	part := math.Mod(float64(i+1)*0.6180339887498949, 1)
	switch i % 3 {
	case 0:
		s := append(specials(), least, most, -103.97, -745.13, math.Ldexp(1, -bits), math.Ldexp(1, 24-bits), -1e30, 1e30)
		return s[i/3%len(s)]
	case 1:
		return math.Ldexp(part+0.5, i*7%(2*bits-60)-bits)
	}
	return least + part*(most-least)
}
