package schedule

import (
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// pressures are bodies of functions and the registers that they need at once, counted by hand.
var pressures = []struct {
	about, body string
	want        Pressure
}{
	{"nothing", "", Pressure{}},
	{"a copy goes through one register", "z[0, 0, 0:8] = x[0, 0, 0:8]", Pressure{Temps: 1}},
	{"of a sum of two loads one is an operand in memory", "z[0, 0, 0:8] = x[0, 0, 0:8] + x[1, 0, 0:8]", Pressure{Temps: 1}},
	{"one accumulator and a piece of the row", "alloc v: f32x8\nv = broadcast(0.0, 8)\nv = fma(x[0, 0, 0:8], x[1, 0, 0:8], v)\nz[0, 0, 0:8] = v",
		Pressure{Values: 1, Temps: 1}},
	{"two side by side", "alloc v, w: f32x8\nv = broadcast(0.0, 8)\nw = broadcast(0.0, 8)\nz[0, 0, 0:8] = v\nz[0, 0, 8:8] = w",
		Pressure{Values: 2, Temps: 1}},
	{"one after the other share a register",
		"alloc v: f32x8\nv = x[0, 0, 0:8]\nz[0, 0, 0:8] = v\nalloc w: f32x8\nw = x[1, 0, 0:8]\nz[1, 0, 0:8] = w", Pressure{Values: 1, Temps: 1}},
	{"what is never used takes none", "alloc v: f32x8\nz[0, 0, 0:8] = x[0, 0, 0:8]", Pressure{Temps: 1}},
	{"a value lives through the loop that reads it",
		"alloc v: f32x8\nv = x[0, 0, 0:8]\nfor i in 0..9 {\nalloc w: f32x8\nw = x[i, 0, 0:8]\nz[i, 0, 0:8] = v + w\n}", Pressure{Values: 2, Temps: 1}},
	{"and through one that does not, if it is read behind it",
		"alloc v: f32x8\nv = x[0, 0, 0:8]\nfor i in 0..9 {\nz[i, 0, 0:8] = x[i, 0, 0:8]\n}\nz[0, 0, 0:8] = v", Pressure{Values: 1, Temps: 1}},
	{"the worse of two branches", "if n > 0 {\nz[0, 0, 0] = 1.0\n} else {\nalloc v, w: f32x8\nv = x[0, 0, 0:8]\nw = x[1, 0, 0:8]\nz[0, 0, 0:8] = v + w\n}",
		Pressure{Values: 2, Temps: 1}},
	{"an array takes a register an element", "alloc v: f32x8[5]\nv[0] = x[0, 0, 0:8]\nz[0, 0, 0:8] = v[0]", Pressure{Values: 5, Temps: 1}},
	{"masks stay", "mask k: f32x8 = n\nz[0, 0, 0:8 if k] = x[0, 0, 0:8 if k]", Pressure{Masks: 1, Temps: 1}},
	{"and end with their block", "if n > 0 {\nmask k: f32x8 = n\nz[0, 0, 0:8 if k] = x[0, 0, 0:8 if k]\n}\nz[0, 0, 8:8] = x[0, 0, 0:8] + x[1, 0, 0:8]",
		Pressure{Masks: 1, Temps: 1}},
	{"the lanes of a vector are added in two", "alloc v: f32x8\nv = x[0, 0, 0:8]\nz[0, 0, 0] = hsum(v)", Pressure{Values: 1, Temps: 2}},
	{"a tree takes the place of its vectors", "alloc v: f32x8\nalloc t: f32x4\nv = x[0, 0, 0:8]\nt = tree(v, v, v, v)\nz[0, 0, 0:4] = t",
		Pressure{Values: 2, Temps: 1}},
	{"and three more where they are used again", "alloc v: f32x8\nalloc t: f32x4\nv = x[0, 0, 0:8]\nt = tree(v, v, v, v)\nz[0, 0, 0:4] = t\nz[1, 0, 0:8] = v",
		Pressure{Values: 2, Temps: 3}},
	{"a scalar argument takes one for good", "z[0, 0, 0] = padding", Pressure{Values: 1, Temps: 1}},
}

// functionOf reads the body of a function.
func functionOf(t *testing.T, body string) *ir.Func {
	t.Helper()
	decl := "  out z: f32[rows, 1, 64]\n  in x: f32[rows, 1, 64]\n"
	if strings.Contains(body, "padding") {
		decl += "  in padding: f32\n"
	}
	p, err := ir.ParseProgram("program budget f32 avx2 {\n}\n\nfunc f(n) {\n" + decl + "\n" + body + "\n}\n")
	if err != nil {
		t.Fatalf("%v in\n%s", err, body)
	}
	return p.Funcs[0]
}

func TestRegisters(t *testing.T) {
	for _, c := range pressures {
		if got := Registers(functionOf(t, c.body)); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.about, got, c.want)
		}
	}
}

// TestBudget has a function that needs one register too many on AVX2, and none too many on AVX-512 and in Go.
func TestBudget(t *testing.T) {
	needs := func(n int) *ir.Func {
		var body, sum strings.Builder
		for k := range n {
			name := "v" + string(rune('a'+k))
			body.WriteString("alloc " + name + ": f32x8\n" + name + " = x[" + string(rune('0'+k%10)) + ", 0, 0:8]\n")
			sum.WriteString("z[0, 0, 0:8] = " + name + "\n")
		}
		return functionOf(t, body.String()+sum.String())
	}
	for _, target := range Targets {
		for _, n := range []int{14, 15} {
			nest := newNest(&ir.Program{Name: "dots", Type: ir.F32, Target: target.Name, Funcs: []*ir.Func{needs(n)}}, target)
			err := budgetPass.Run(nest, Schedule{})
			want := ""
			if n == 15 && target.Name == "avx2" {
				want = "dots f32 w=0 s=- avx2: budget: f needs 15 values + 0 masks + 1 temporaries = 16 vector registers, avx2 has 15; jam or unroll less"
			}
			if got := textOf(err); got != want {
				t.Errorf("%d values on %s: got %q, want %q", n, target.Name, got, want)
			}
		}
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
