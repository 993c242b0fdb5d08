package goasm_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/cpu"

	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// job is a run of a program: sizes and arguments. Its calls are made by a scratch program, with every tensor between two pages that
// must not be touched, at the end of its own pages or at their start.
type job struct {
	p     *ir.Program
	sizes map[string]int64
	args  ir.Args
	start bool
}

// name is the Go name of a function in the tests.
func name(p *ir.Program, f *ir.Func) string { return p.Name + p.Target + f.Name }

// scratch writes a module with the assembly and a main package that makes all calls of the jobs, runs it and compares what it
// leaves in the tensors with what the interpreter does.
func scratch(t *testing.T, jobs []job) {
	t.Helper()
	var programs []*ir.Program
	seen := map[*ir.Program]bool{}
	for _, j := range jobs {
		if !seen[j.p] {
			programs = append(programs, j.p)
		}
		seen[j.p] = true
	}
	a, err := goasm.Emit(programs, name)
	if err != nil {
		t.Fatal(err)
	}
	var src strings.Builder
	var in bytes.Buffer
	src.WriteString(mainHead)
	for n := range jobs {
		fmt.Fprintf(&src, "\tjob%d()\n", n)
	}
	src.WriteString("\tos.Stdout.Write(out.Bytes())\n}\n\n")
	for _, s := range a.Stubs {
		fmt.Fprintf(&src, "//go:noescape\nfunc %s%s\n\n", s.Name, s.Signature)
	}
	for n, j := range jobs {
		writeJob(&src, &in, n, j)
	}
	got := runScratch(t, map[string]string{"main.go": src.String(), "k_amd64.s": string(a.Source)}, in.Bytes())
	for _, j := range jobs {
		got = compare(t, j, got)
	}
	if len(got) != 0 {
		t.Fatalf("%d bytes too many come back", len(got))
	}
}

const mainHead = `package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"syscall"
	"unsafe"
)

var out bytes.Buffer

// guarded returns n elements, read from the input, between two pages that must not be touched.
func guarded[T float32 | float64 | uint64 | uint16](n int, start bool) []T {
	const page = 4096
	size := n * int(unsafe.Sizeof(*new(T)))
	pages := (size + page - 1) / page * page
	m, err := syscall.Mmap(-1, 0, pages+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	for _, guard := range [][]byte{m[:page], m[page+pages:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			panic(err)
		}
	}
	at := page
	if !start {
		at += pages - size
	}
	if _, err := io.ReadFull(os.Stdin, m[at:at+size]); err != nil {
		panic(err)
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&m[at])), n)
}

func main() {
`

// writeJob writes the function that makes a job's calls, and appends its tensors to the input.
func writeJob(src *strings.Builder, in *bytes.Buffer, n int, j job) {
	fmt.Fprintf(src, "func job%d() {\n", n)
	for _, b := range j.p.Buffers {
		a := j.args[b.Name]
		typ := map[ir.Type]string{ir.F32: "float32", ir.F64: "float64", ir.U64: "uint64", ir.F16: "uint16", ir.BF16: "uint16"}[a.Type]
		fmt.Fprintf(src, "\tb_%s := guarded[%s](%d, %v)\n", b.Name, typ, a.Len(), j.start)
		switch a.Type {
		case ir.F32:
			binary.Write(in, binary.LittleEndian, a.F32)
		case ir.F64:
			binary.Write(in, binary.LittleEndian, a.F64)
		case ir.U64:
			binary.Write(in, binary.LittleEndian, a.U64)
		case ir.F16, ir.BF16:
			binary.Write(in, binary.LittleEndian, a.U16)
		}
	}
	d := driver{env: map[ir.Var]int64{}}
	for s, v := range j.sizes {
		d.env[ir.Var(s)] = v
	}
	d.aligned = func(c *ir.Aligned) bool {
		size := int64(j.args[c.Buf.Name].Len() * c.Buf.Type.Size())
		return j.start || size%c.Bytes == 0 // a page is aligned to all that is asked for
	}
	d.call = func(f *ir.Func, ints []int64) {
		var args []string
		for _, b := range f.Buffers {
			if len(b.Dims) == 0 {
				args = append(args, "b_"+b.Name+"[0]")
			} else {
				args = append(args, "unsafe.SliceData(b_"+b.Name+")")
			}
		}
		for _, v := range ints {
			args = append(args, fmt.Sprint(v))
		}
		fmt.Fprintf(src, "\t%s(%s)\n", name(j.p, f), strings.Join(args, ", "))
	}
	d.run(j.p.Body)
	for _, b := range j.p.Buffers {
		fmt.Fprintf(src, "\tbinary.Write(&out, binary.LittleEndian, b_%s)\n", b.Name)
	}
	src.WriteString("}\n\n")
}

// driver evaluates a program's driver.
type driver struct {
	env     map[ir.Var]int64
	aligned func(*ir.Aligned) bool
	call    func(f *ir.Func, ints []int64)
}

func (d *driver) run(body []ir.Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case *ir.Let:
			d.env[ir.Var(s.Var)] = d.value(s.Value)
		case *ir.For:
			for v, hi := d.value(s.Lo), d.value(s.Hi); v < hi; v += s.Step {
				d.env[ir.Var(s.Var)] = v
				d.run(s.Body)
			}
		case *ir.If:
			if d.holds(s.Cond) {
				d.run(s.Then)
			} else {
				d.run(s.Else)
			}
		case *ir.Call:
			var ints []int64
			for _, x := range s.Args {
				ints = append(ints, d.value(x))
			}
			d.call(s.Func, ints)
		}
	}
}

func (d *driver) holds(c ir.Cond) bool {
	switch c := c.(type) {
	case *ir.And:
		return d.holds(c.X) && d.holds(c.Y)
	case *ir.Aligned:
		return d.aligned(c)
	case *ir.Uncached:
		return d.value(c.Bytes) > ir.CachedBytes
	}
	return d.value(&ir.Pick{Cond: c, X: ir.Int(1), Y: ir.Int(0)}) == 1
}

// value evaluates an index by substituting and folding.
func (d *driver) value(x ir.Index) int64 {
	known := map[ir.Var]ir.Index{}
	for v, n := range d.env {
		known[v] = ir.Int(n)
	}
	n, ok := ir.Facts(nil).Simplify(ir.Substitute(known).OfIndex(x)).(ir.Int)
	if !ok {
		panic("not a constant: " + ir.FormatIndex(x))
	}
	return int64(n)
}

// runScratch vets, builds and runs a module and returns what it prints.
func runScratch(t *testing.T, files map[string]string, in []byte) []byte {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module scratch\n\ngo 1.26\n"
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"go", "vet", "-asmdecl", "."}, {"go", "build", "-o", "run", "."}} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%.4000s", args, err, out)
		}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(filepath.Join(dir, "run"))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%.2000s", err, stderr.String())
	}
	return stdout.Bytes()
}

// compare runs the interpreter on a job and takes its tensors off the front of what the assembly left: they are equal to the bit.
func compare(t *testing.T, j job, got []byte) []byte {
	t.Helper()
	if err := ir.RunProgram(j.p, j.sizes, j.args); err != nil {
		t.Fatalf("%s: interpreter: %v", schedule.Describe(j.p), err)
	}
	for _, b := range j.p.Buffers {
		a := j.args[b.Name]
		got = got[8*len(a.U64):]
		for i := range a.F32 {
			g := math.Float32frombits(binary.LittleEndian.Uint32(got))
			if w := a.F32[i]; math.Float32bits(g) != math.Float32bits(w) && !(g != g && w != w) {
				t.Fatalf("%s %s sizes %v: %s[%d] = %x, the interpreter has %x", j.p.Name, j.p.Target, j.sizes, b.Name, i, g, w)
			}
			got = got[4:]
		}
		for i := range a.U16 {
			g, w := binary.LittleEndian.Uint16(got), a.U16[i]
			if g != w && !(isNaN(a.Type, g) && isNaN(a.Type, w)) {
				t.Fatalf("%s %s sizes %v: %s[%d] = %#x, the interpreter has %#x", j.p.Name, j.p.Target, j.sizes, b.Name, i, g, w)
			}
			got = got[2:]
		}
		for i := range a.F64 {
			g := math.Float64frombits(binary.LittleEndian.Uint64(got))
			if w := a.F64[i]; math.Float64bits(g) != math.Float64bits(w) && !(g != g && w != w) {
				t.Fatalf("%s %s sizes %v: %s[%d] = %x, the interpreter has %x", j.p.Name, j.p.Target, j.sizes, b.Name, i, g, w)
			}
			got = got[8:]
		}
	}
	return got
}

// isNaN reports whether 16 bits are one.
func isNaN(t ir.Type, h uint16) bool {
	v := ir.F16ToF32(h)
	if t == ir.BF16 {
		v = ir.BF16ToF32(h)
	}
	return v != v
}

// targets are those that this processor can run.
func targets(t *testing.T) []string {
	var out []string
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		out = append(out, "avx2")
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasBMI2 {
		out = append(out, "avx512")
	} else {
		t.Log("this processor has no AVX-512: its code is not run here")
	}
	if len(out) == 0 {
		t.Skip("this processor has no AVX2")
	}
	return out
}

// specials are values at which comparisons and signs differ.
func specials() []float64 {
	inf, zero := math.Inf(1), math.Copysign(0, -1)
	return []float64{0, zero, 0, zero, inf, -inf, inf, math.NaN(), 1, math.NaN(), -1, 1, 1, 2, 2}
}
