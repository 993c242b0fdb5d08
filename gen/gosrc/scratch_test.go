package gosrc_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/ir"
)

// goTool runs the go command in a folder.
func goTool(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append([]string{"GOWORK=off", "GOFLAGS="}, env...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s in %s: %v\n%.4000s", strings.Join(args, " "), dir, err, out)
	}
	return string(out)
}

// module writes a module of package main with a run that is sequential and a report of results.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module scratch\n\ngo 1.26\n"
	files["run.go"], files["report.go"] = string(sequentialRun("main")), reportSource
	for _, name := range []string{"float16.go", "bfloat16.go"} {
		src, err := os.ReadFile(filepath.Join("internal", "fixed", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = strings.Replace(string(src), "package fixed", "package main", 1)
	}
	for name, src := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sequentialRun is what the API file has in a generated package, with tasks in any order, and memory for them.
func sequentialRun(pkg string) []byte {
	return []byte("package " + pkg + `

import (
	"math"
	"sync"
)

func run[T any](_ *sync.Pool, _ int, _ <-chan struct{}, tasks int, call T, task func(*T, int)) {
	for i := tasks - 1; i >= 0; i-- {
		task(&call, i)
	}
}

// memory holds anything: NaN, so that what reads before it writes is found.
type memory[T float32 | float64] struct{}

func borrow[T float32 | float64](*sync.Pool, int, int) *memory[T] { return &memory[T]{} }

func (*memory[T]) take(n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(math.NaN())
	}
	return x
}
`)
}

// reportSource is what the tests need to fill and print arrays: as [fill] and [digest] do here.
const reportSource = `package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
)

type number interface{ float32 | float64 }

func fill[T number](seed uint64, n int) []T {
	v := make([]T, n)
	for i := range v {
		seed = seed*6364136223846793005 + 1442695040888963407
		v[i] = T(int64(seed>>33)-1<<30) / T(int64(1)<<(seed>>12%24))
	}
	return v
}

// halves are smaller: those of 16 bits reach less far.
func halves[T any](seed uint64, n int, round func(float32) T) []T {
	v := make([]T, n)
	for i, x := range fill[float32](seed, n) {
		v[i] = round(x * 0x1p-26)
	}
	return v
}

func wide[T interface{ Float32() float32 }](v []T) []float32 {
	w := make([]float32, len(v))
	for i, x := range v {
		w[i] = x.Float32()
	}
	return w
}

func table(seed uint64, n int) []int32 {
	v := make([]int32, n)
	for i := range v {
		seed = seed*6364136223846793005 + 1442695040888963407
		v[i] = int32(seed >> 40 % uint64(n))
	}
	return v
}

func marked[T number](n int) []T {
	v := make([]T, n)
	for i := range v {
		v[i] = -99
	}
	return v
}

func report[T number](name string, v []T) {
	h := sha256.New()
	for _, x := range v {
		y := float64(x)
		if y != y {
			y = math.NaN() // the one of float64: that of float32 has other bits
		}
		binary.Write(h, binary.LittleEndian, math.Float64bits(y))
	}
	fmt.Printf("%s %d %x\n", name, len(v), h.Sum(nil)[:8])
}
`

// fill makes the values of an input, deterministic and of many magnitudes, so that the order of a sum shows.
func fill(a *ir.Array, seed uint64) {
	for i := range a.Len() {
		seed = seed*6364136223846793005 + 1442695040888963407
		single := float32(int64(seed>>33)-1<<30) / float32(int64(1)<<(seed>>12%24))
		switch a.Type {
		case ir.I32:
			a.I32[i] = int32(seed >> 40 % uint64(a.Len()))
		case ir.F32:
			a.F32[i] = single
		case ir.F16:
			a.U16[i] = ir.F32ToF16(single * 0x1p-26)
		case ir.BF16:
			a.U16[i] = ir.F32ToBF16(single * 0x1p-26)
		default:
			a.F64[i] = float64(int64(seed>>33)-1<<30) / float64(int64(1)<<(seed>>12%24))
		}
	}
}

func mark(a *ir.Array) {
	for i := range a.F32 {
		a.F32[i] = -99
	}
	for i := range a.F64 {
		a.F64[i] = -99
	}
	for i := range a.U16 {
		a.U16[i] = ir.F32ToF16(-99)
		if a.Type == ir.BF16 {
			a.U16[i] = ir.F32ToBF16(-99)
		}
	}
}

// digest is the line that report prints of an array.
func digest(name string, a *ir.Array) string {
	h := sha256.New()
	put := func(x float64) {
		if x != x {
			x = math.NaN()
		}
		binary.Write(h, binary.LittleEndian, math.Float64bits(x))
	}
	for _, x := range a.F32 {
		put(float64(x))
	}
	for _, x := range a.F64 {
		put(x)
	}
	for _, h := range a.U16 {
		if a.Type == ir.BF16 {
			put(float64(ir.BF16ToF32(h)))
		} else {
			put(float64(ir.F16ToF32(h)))
		}
	}
	return fmt.Sprintf("%s %d %x", name, a.Len(), h.Sum(nil)[:8])
}

// sized is a program with the run-time sizes to run it with.
type sized struct {
	*ir.Program
	sizes map[string]int64
}

// extent evaluates a dimension.
func extent(x ir.Index, sizes map[string]int64) int64 {
	switch x := x.(type) {
	case ir.Int:
		return int64(x)
	case ir.Var:
		return sizes[string(x)]
	}
	panic(fmt.Sprintf("dimension %s", ir.FormatIndex(x)))
}

// elements is the number of elements of a buffer from its first to its last.
func elements(b *ir.Buffer, sizes map[string]int64) int64 {
	n, step := int64(1), int64(1)
	for d := len(b.Dims) - 1; d >= 0; d-- {
		if b.Steps != nil && b.Steps[d] != nil {
			step = extent(b.Steps[d], sizes)
		}
		n += (extent(b.Dims[d], sizes) - 1) * step
		step *= extent(b.Dims[d], sizes)
	}
	return n
}

// known are the sizes of a run with those that follow from them.
func (s sized) known(t *testing.T) map[string]int64 {
	all := map[string]int64{}
	for _, c := range s.Consts {
		all[c.Name] = c.Value
	}
	for name, n := range s.sizes {
		all[name] = n
	}
	if s.Graph.Kind == ir.Pyramid {
		levels, err := s.Graph.Levels(s.sizes["len"])
		if err != nil {
			t.Fatal(err)
		}
		all["nodes"], all["slots"] = levels.Nodes, levels.Slots
	}
	return all
}

// seedOf is the seed that is passed as the i-th argument.
func seedOf(i int) uint64 { return 0x89abcdef01234567 + uint64(i) }

// interpret returns what the interpreter computes, as report prints it.
func (s sized) interpret(t *testing.T, name string) []string {
	t.Helper()
	known := s.known(t)
	args := ir.Args{}
	var want []string
	for i, b := range s.Buffers {
		if b.Role == ir.Temp {
			continue
		}
		if b.Type == ir.U64 {
			args[b.Name] = &ir.Array{Type: ir.U64, U64: []uint64{seedOf(i)}}
			continue
		}
		n := elements(b, known)
		args[b.Name] = ir.NewArray(b.Type, int(n))
		if b.Role == ir.Out {
			mark(args[b.Name])
		} else {
			fill(args[b.Name], uint64(i))
		}
	}
	if err := ir.RunProgram(s.Program, s.sizes, args); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, s)
	}
	for _, b := range s.Buffers {
		if b.Role == ir.Out {
			want = append(want, digest(name+"."+b.Name, args[b.Name]))
		}
	}
	return want
}

// calls is Go source that runs the program's driver of that name on the same arguments and reports its outputs.
func (s sized) calls(t *testing.T, name, driver string) string {
	known := s.known(t)
	var b strings.Builder
	b.WriteString("{\n")
	var args []string
	for _, size := range s.Sizes {
		args = append(args, fmt.Sprint(s.sizes[size]))
	}
	args = append(args, "1", "nil")
	for i, buf := range s.Buffers {
		if buf.Role == ir.Temp {
			continue
		}
		if buf.Type == ir.U64 {
			args = append(args, fmt.Sprint(seedOf(i)))
			continue
		}
		n := elements(buf, known)
		typ := map[ir.Type]string{ir.F32: "float32", ir.F64: "float64"}[buf.Type]
		half := map[ir.Type]string{ir.F16: "Float16", ir.BF16: "BFloat16"}[buf.Type]
		v := fmt.Sprint("v", i)
		if buf.Role == ir.Out && half != "" {
			fmt.Fprintf(&b, "%s := make([]%s, %d)\nfor i := range %[1]s {\n%[1]s[i] = To%[2]s(-99)\n}\n", v, half, n)
		} else if half != "" {
			fmt.Fprintf(&b, "%s := halves(%d, %d, To%s)\n", v, i, n, half)
		} else if buf.Role == ir.Out {
			fmt.Fprintf(&b, "%s := marked[%s](%d)\n", v, typ, n)
		} else if buf.Type == ir.I32 {
			fmt.Fprintf(&b, "%s := table(%d, %d)\n", v, i, n)
		} else {
			fmt.Fprintf(&b, "%s := fill[%s](%d, %d)\n", v, typ, i, n)
		}
		if len(buf.Dims) == 0 {
			v += "[0]"
		}
		args = append(args, v)
	}
	fmt.Fprintf(&b, "%s(%s)\n", driver, strings.Join(args, ", "))
	for i, buf := range s.Buffers {
		if buf.Role == ir.Out {
			v := fmt.Sprint("v", i)
			if buf.Type.Narrow() {
				v = "wide(" + v + ")"
			}
			fmt.Fprintf(&b, "report(%q, %s)\n", name+"."+buf.Name, v)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// checkPrograms emits the programs, those of the target go as kernels and the others as twins, builds and vets them in one
// module, runs each for all its sizes, and compares every output with the interpreter's, to the bit.
func checkPrograms(t *testing.T, programs []*ir.Program, sizes func(*ir.Program) []map[string]int64) {
	t.Helper()
	var kernels, twins []*ir.Program
	var main strings.Builder
	var want []string
	main.WriteString("package main\n\nfunc main() {\n")
	for _, p := range programs {
		driver := gosrc.DriverName(p)
		if p.Target == "go" {
			kernels = append(kernels, p)
		} else {
			twins = append(twins, p)
			driver += "Twin"
		}
		for i, n := range sizes(p) {
			s, name := sized{p, n}, fmt.Sprintf("%s_%d", driver, i)
			want = append(want, s.interpret(t, name)...)
			main.WriteString(s.calls(t, name, driver))
		}
	}
	main.WriteString("}\n")
	files := map[string]string{"main.go": main.String()}
	for name, emit := range map[string]func() ([]byte, error){
		"kernels.go": func() ([]byte, error) { return gosrc.EmitKernels("main", kernels, "Made by a test.") },
		"twins.go":   func() ([]byte, error) { return gosrc.EmitTwins("main", twins, "Made by a test.") },
	} {
		src, err := emit()
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(src)
	}
	dir := module(t, files)
	goTool(t, dir, nil, "vet", ".")
	got := strings.Split(strings.TrimSpace(goTool(t, dir, nil, "run", ".")), "\n")
	if len(want) == 0 || len(got) != len(want) {
		t.Fatalf("got %d results, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %s, the interpreter has %s", got[i], want[i])
		}
	}
}

// parse reads programs in the text form.
func parse(t *testing.T, texts ...string) []*ir.Program {
	t.Helper()
	var list []*ir.Program
	for _, text := range texts {
		p, err := ir.ParseProgram(text)
		if err == nil {
			err = p.VerifyScheduled()
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		list = append(list, p)
	}
	return slices.Clip(list)
}
