package goasm_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/cpu"

	"github.com/pyragen/pyragen/gen/amd64"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// job is a program with sizes and arguments; its calls are made by a scratch program.
type job struct {
	p     *ir.Program
	sizes map[string]int64
	args  ir.Args
}

// funcName is the Go name of a function in the tests.
func funcName(p *ir.Program, f *ir.Func) string { return p.Name + p.Target + f.Name }

// calls evaluates a driver: the functions that it calls, with their integers, in order.
func calls(body []ir.Stmt, env map[ir.Var]int64, call func(f *ir.Func, ints []int64)) {
	for _, s := range body {
		switch s := s.(type) {
		case *ir.Let:
			env[ir.Var(s.Var)] = value(s.Value, env)
		case *ir.For:
			for v, hi := value(s.Lo, env), value(s.Hi, env); v < hi; v += s.Step {
				env[ir.Var(s.Var)] = v
				calls(s.Body, env, call)
			}
		case *ir.If:
			c := s.Cond.(*ir.Compare)
			if value(&ir.Pick{Cond: c, X: ir.Int(1), Y: ir.Int(0)}, env) == 1 {
				calls(s.Then, env, call)
			} else {
				calls(s.Else, env, call)
			}
		case *ir.Call:
			var ints []int64
			for _, x := range s.Args {
				ints = append(ints, value(x, env))
			}
			call(s.Func, ints)
		}
	}
}

// value evaluates an index by substituting and folding.
func value(x ir.Index, env map[ir.Var]int64) int64 {
	known := map[ir.Var]ir.Index{}
	for v, n := range env {
		known[v] = ir.Int(n)
	}
	n, ok := ir.Facts(nil).Simplify(foldQuotients(ir.Substitute(known).OfIndex(x))).(ir.Int)
	if !ok {
		panic("not a constant: " + ir.FormatIndex(x))
	}
	return int64(n)
}

// foldQuotients divides constants, also by what has become a constant only now.
func foldQuotients(x ir.Index) ir.Index {
	return ir.Rewrite{Index: func(y ir.Index) ir.Index { return ir.Facts(nil).Simplify(y) }}.OfIndex(x)
}

// scratch writes a module with the assembly and a main package that makes all calls of the jobs, reads tensors from a file and
// writes them back.
func scratch(t *testing.T, jobs []job) {
	t.Helper()
	dir := t.TempDir()
	seen := map[*ir.Program]bool{}
	var programs []*ir.Program
	for _, j := range jobs {
		if !seen[j.p] {
			seen[j.p] = true
			programs = append(programs, j.p)
		}
	}
	a, err := goasm.Emit(programs, funcName)
	if err != nil {
		t.Fatal(err)
	}
	var src, data strings.Builder
	src.WriteString("package main\n\nimport (\n\t\"encoding/binary\"\n\t\"os\"\n)\n\nvar le = binary.LittleEndian\n\n")
	for _, s := range a.Stubs {
		fmt.Fprintf(&src, "//go:noescape\nfunc %s%s\n\n", s.Name, s.Signature)
	}
	src.WriteString("func main() {\n\tin, _ := os.Open(os.Args[1])\n\tout, _ := os.Create(os.Args[2])\n")
	for n := range jobs {
		fmt.Fprintf(&src, "\tjob%d(in, out)\n", n)
	}
	src.WriteString("}\n")
	for n, j := range jobs {
		writeJob(&src, &data, n, j)
	}
	for name, text := range map[string]string{
		"main.go": src.String(), "k_amd64.s": string(a.Source), "go.mod": "module scratch\n\ngo 1.26\n", "in": data.String(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"go", "vet", "."}, {"go", "build", "-o", "run", "."}, {"./run", "in", "out"}} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	got, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		got = compare(t, j, got)
	}
}

func writeJob(src, data *strings.Builder, n int, j job) {
	fmt.Fprintf(src, "\nfunc job%d(in, out *os.File) {\n", n)
	typ := map[ir.Type]string{ir.F32: "float32", ir.F64: "float64"}[j.p.Type]
	for _, b := range j.p.Buffers {
		a := j.args[b.Name]
		fmt.Fprintf(src, "\tb_%s := make([]%s, %d)\n\tbinary.Read(in, le, b_%s)\n", b.Name, typ, a.Len(), b.Name)
		if j.p.Type == ir.F32 {
			binary.Write(writer{data}, binary.LittleEndian, a.F32)
		} else {
			binary.Write(writer{data}, binary.LittleEndian, a.F64)
		}
	}
	env := map[ir.Var]int64{}
	for s, v := range j.sizes {
		env[ir.Var(s)] = v
	}
	calls(j.p.Body, env, func(f *ir.Func, ints []int64) {
		var args []string
		for _, b := range f.Buffers {
			if len(b.Dims) == 0 {
				args = append(args, "b_"+b.Name+"[0]")
			} else {
				args = append(args, "&b_"+b.Name+"[0]")
			}
		}
		for _, v := range ints {
			args = append(args, fmt.Sprint(v))
		}
		fmt.Fprintf(src, "\t%s(%s)\n", funcName(j.p, f), strings.Join(args, ", "))
	})
	for _, b := range j.p.Buffers {
		fmt.Fprintf(src, "\tbinary.Write(out, le, b_%s)\n", b.Name)
	}
	src.WriteString("}\n")
}

type writer struct{ b *strings.Builder }

func (w writer) Write(p []byte) (int, error) { return w.b.Write(p) }

// compare runs the interpreter on a job and takes its tensors off the front of what the assembly computed: they are equal to the bit.
func compare(t *testing.T, j job, got []byte) []byte {
	t.Helper()
	if err := ir.RunProgram(j.p, j.sizes, j.args); err != nil {
		t.Fatalf("%s: interpreter: %v", schedule.Describe(j.p), err)
	}
	for _, b := range j.p.Buffers {
		a := j.args[b.Name]
		for i := range a.F32 {
			g := math.Float32frombits(binary.LittleEndian.Uint32(got))
			if w := a.F32[i]; math.Float32bits(g) != math.Float32bits(w) && !(g != g && w != w) {
				t.Fatalf("%s sizes %v: %s[%d] = %x, the interpreter has %x", schedule.Describe(j.p), j.sizes, b.Name, i, g, w)
			}
			got = got[4:]
		}
		for i := range a.F64 {
			g := math.Float64frombits(binary.LittleEndian.Uint64(got))
			if w := a.F64[i]; math.Float64bits(g) != math.Float64bits(w) && !(g != g && w != w) {
				t.Fatalf("%s sizes %v: %s[%d] = %x, the interpreter has %x", schedule.Describe(j.p), j.sizes, b.Name, i, g, w)
			}
			got = got[8:]
		}
	}
	return got
}

// arrays are arguments of a program with values that round in every sum.
func arrays(p *ir.Program, sizes map[string]int64) ir.Args {
	lv, err := p.Graph.Levels(sizes["len"])
	if err != nil {
		panic(err)
	}
	extent := map[ir.Index]int64{ir.Var("nodes"): lv.Nodes, ir.Var("slots"): lv.Slots}
	for n, v := range sizes {
		extent[ir.Var(n)] = v
	}
	args := ir.Args{}
	for bi, b := range p.Buffers {
		n := int64(1)
		for _, d := range b.Dims {
			if c, ok := d.(ir.Int); ok {
				n *= int64(c)
			} else {
				n *= extent[d]
			}
		}
		a := ir.NewArray(p.Type, int(n))
		for i := range n {
			v := math.Sin(float64(i*7 + int64(bi)*1001 + 1))
			if p.Type == ir.F32 {
				a.F32[i] = float32(v)
			} else {
				a.F64[i] = v
			}
		}
		args[b.Name] = a
	}
	return args
}

// targets are those that this processor can run.
func targets(t *testing.T) []string {
	var out []string
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		out = append(out, "avx2")
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL {
		out = append(out, "avx512")
	} else {
		t.Log("this processor has no AVX-512: its code is assembled, not run")
	}
	if len(out) == 0 {
		t.Skip("this processor has no AVX2")
	}
	return out
}

// TestEqualsInterpreter runs the default schedules of the three modes in assembly and in the interpreter: 0 ulp.
func TestEqualsInterpreter(t *testing.T) {
	var jobs []job
	for gi, g := range []ir.Graph{
		{Kind: ir.Pyramid, Window: 3, Strides: []int{4, 3}}, {Kind: ir.Pyramid, Window: 2}, {Kind: ir.Pyramid, Window: 5, Strides: []int{12}},
	} {
		for di, dim := range []int{0, 1, 8, 20, 64} {
			for oi, name := range []string{"scores", "context", "reverse"} {
				for ti, target := range targets(t) {
					op, err := ops.ByName(name)
					if err != nil {
						t.Fatal(err)
					}
					typ := []ir.Type{ir.F32, ir.F64}[(gi+di+oi+ti)%2]
					p := program(t, op.Build(ops.Options{Type: typ, Graph: g, Dim: dim}), target)
					p.Name = fmt.Sprintf("%s%d_%d_", name, gi, dim)
					for li, length := range []int64{1, 9, 41} {
						sizes := map[string]int64{"batch": 1 + int64(li%2), "len": length, "heads": 1 + int64((li+di)%3)}
						if dim == 0 {
							sizes["dim"] = 1 + (length*5)%23
						}
						jobs = append(jobs, job{p, sizes, arrays(p, sizes)})
					}
				}
			}
		}
	}
	scratch(t, jobs)
}

func program(t *testing.T, k *ir.Kernel, name string) *ir.Program {
	t.Helper()
	target, err := schedule.FindTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := schedule.Default(k, target)
	if err != nil {
		t.Fatal(err)
	}
	p, err := schedule.Run(k, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
