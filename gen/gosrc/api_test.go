package gosrc_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/spec"
)

var updateAPI = flag.Bool("update-api", false, "write the golden files of the API's errors")

// stubUnit is a unit for an API: the ops' programs with their arguments, and nothing in them.
func stubUnit(t *testing.T, s spec.Spec, targets ...string) *gen.Unit {
	t.Helper()
	u := &gen.Unit{Spec: s.Canonical()}
	for _, name := range u.Spec.Ops {
		op, err := ops.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, typeName := range u.Spec.Types {
			typ, err := ir.ParseType(typeName)
			if err != nil {
				t.Fatal(err)
			}
			k := ops.Spaced(op.Build(ops.Options{Type: typ, Graph: ir.Graph{Kind: ir.Pyramid, Window: s.Window, Strides: s.Strides}, Dim: s.Dim,
				Mask: slices.Contains(s.With, "mask"), Bias: slices.Contains(s.With, "bias"), Dropout: slices.Contains(s.With, "dropout")}))
			for _, target := range targets {
				u.Programs = append(u.Programs, &ir.Program{Name: k.Name, Type: k.Type, Graph: k.Graph, Target: target, Sizes: k.Sizes,
					Consts: k.Consts, Buffers: k.Buffers})
			}
		}
	}
	return u
}

// stubFeatures are what programs of every target would need.
var stubFeatures = map[string][]string{"avx2": {"HasAVX", "HasFMA"}, "avx512": {"HasAVX512F", "HasAVX512DQ"}}

// stubs is the back end, in the place of that of the assembly, of drivers that leave the number of their target in the first element of
// the first tensor, from a worker.
var stubs = gen.Backend{Name: "goasm", Doc: "writes NAME_stub.go", Emit: func(u *gen.Unit, p *gen.Package) error {
	p.Features = stubFeatures
	var b strings.Builder
	b.WriteString(u.Header() + "package " + u.Spec.Package + "\n\nimport \"sync\"\n")
	want := gen.Expect{Package: u.Spec.Package, Imports: []string{"sync"}}
	numbers := map[string]int{"go": 1, "avx2": 2, "avx512": 3}
	for _, prog := range u.Programs {
		name := gosrc.DriverName(prog)
		want.Decls = append(want.Decls, name, name+"Idle")
		params := strings.ReplaceAll(strings.Join(prog.Sizes, ", "), "len", "length") + ", workers int, done <-chan struct{}"
		for _, buf := range prog.Buffers {
			if buf.Role == ir.Temp {
				continue
			}
			typ := "float" + prog.Type.String()[1:]
			if len(buf.Dims) > 0 {
				typ = "[]" + typ
			}
			params += ", " + buf.Name + " " + typ
		}
		fmt.Fprintf(&b, "\nvar %[1]sIdle sync.Pool\n\nfunc %[1]s(%[2]s) {\n\trun(&%[1]sIdle, workers, done, 5, %[3]s, func(z *[]float%[4]s, task int) {\n\t\tif task == 3 {\n"+
			"\t\t\t(*z)[0] = %[5]d\n\t\t}\n\t})\n}\n", name, params, prog.Buffers[0].Name, prog.Type.String()[1:], numbers[prog.Target])
	}
	p.Add(gen.File{Name: u.Spec.Package + "_stub.go", Content: []byte(b.String())}, want)
	return nil
}}

// stubTable emits the API with stubs for drivers.
var stubTable = []gen.Backend{stubs, gosrc.API, gosrc.Dispatch}

// apiModule writes a module with the API of each unit over stubs, in a folder each, after the check of what was generated.
func apiModule(t *testing.T, units ...*gen.Unit) string {
	t.Helper()
	dir := t.TempDir()
	for _, u := range units {
		files, err := gen.Emit(u, stubTable)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := gen.Write(filepath.Join(dir, u.Spec.Package), files); err != nil {
			t.Fatal(err)
		}
	}
	const module = "module scratch\n\ngo 1.26.0\n\nrequire golang.org/x/sys v0.50.0\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o666); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"../../go.sum": "go.sum", "testdata/api/main.go": "main.go"} {
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var (
	pamSpec    = spec.Spec{Package: "pam", Window: 3, Strides: []int{4, 3}, Dim: 2}
	anydimSpec = spec.Spec{Package: "anydim", Window: 3, Strides: []int{4, 3}}
)

// TestAPIErrors calls generated functions with every kind of wrong argument, on machines of 64 and of 32 bits, and compares what
// they say with testdata/api. `go test ./gen/gosrc -run APIErrors -update-api` writes those files.
func TestAPIErrors(t *testing.T) {
	dir := apiModule(t, stubUnit(t, pamSpec, "go", "avx2"), stubUnit(t, anydimSpec, "go"))
	for _, arch := range []string{runtime.GOARCH, "386"} {
		if runtime.GOARCH != "amd64" && arch == "386" {
			continue
		}
		bin := filepath.Join(dir, "main."+arch)
		goTool(t, dir, []string{"GOARCH=" + arch, "CGO_ENABLED=0"}, "build", "-o", bin, ".")
		got, err := exec.Command(bin, "errors").CombinedOutput()
		if err != nil {
			if arch == "386" && strings.Contains(err.Error(), "exec format error") {
				t.Skip("this system does not run programs of 32 bits")
			}
			t.Fatalf("%v\n%s", err, got)
		}
		bits := "64"
		if arch == "386" {
			bits = "32"
		}
		golden := filepath.Join("testdata", "api", "errors"+bits+".txt")
		if *updateAPI {
			if err := os.WriteFile(golden, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v; run with -update-api and read what changed: got\n%s", golden, err, got)
		}
		if n := bytes.Count(got, []byte(": pam.")) + bytes.Count(got, []byte(": anydim.")); n < 60 {
			t.Errorf("%s: got %d refused calls, want at least 60", golden, n)
		}
		if bytes.Contains(got, []byte("WROTE")) || bytes.Contains(got, []byte("NOTHING RAN")) {
			t.Errorf("%s: a refused call wrote, or an accepted one did not", golden)
		}
	}
}

// TestAPIPlatforms vets packages of every shape for machines with and without assembly.
func TestAPIPlatforms(t *testing.T) {
	everything := func(name string, targets ...string) *gen.Unit {
		return stubUnit(t, spec.Spec{Package: name, Window: 5, Dim: 64, Strides: []int{2}}, targets...)
	}
	mixed := everything("mixed", "go", "avx2", "avx512")
	// ScoresF64 has no AVX-512 and ReverseF64 nothing but Go: what is best below runs.
	mixed.Programs = slices.Concat(mixed.Programs[:5], mixed.Programs[6:16])
	dir := apiModule(t, stubUnit(t, pamSpec, "go", "avx2", "avx512"), stubUnit(t, anydimSpec, "go"), mixed,
		stubUnit(t, spec.Spec{Package: "flat", Window: 4, Types: []string{"f64"}, Ops: []string{"context"}}, "go", "avx512"),
		stubUnit(t, spec.Spec{Package: "scores", Window: 1, Dim: 1, Types: []string{"f32"}, Ops: []string{"scores"}}, "go", "avx2"))
	for _, c := range [][]string{{"GOARCH=amd64"}, {"GOARCH=arm64"}, {"GOARCH=386"}, {"GOOS=windows", "GOARCH=amd64"}, {"GOARCH=amd64", "GOFLAGS=-tags=purego"}} {
		goTool(t, dir, c, "vet", "./...")
	}
}

// TestAPIRace runs the tests of the part that all packages have in common, choice of instructions and workers among them, under the
// race detector.
func TestAPIRace(t *testing.T) {
	if testing.Short() {
		t.Skip("builds with the race detector")
	}
	cmd := exec.Command("go", "test", "-race", "-skip", "Allocations", "./internal/fixed") // a sync.Pool forgets at random then
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
