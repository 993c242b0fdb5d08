package gosrc_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/ir"
)

// library writes a package of kernels, twins and drivers of assembly, without the assembly, and returns its folder.
func library(t *testing.T, programs []*ir.Program) string {
	t.Helper()
	dir := t.TempDir()
	var kernels, vectors []*ir.Program
	for _, p := range programs {
		if p.Target == "go" {
			kernels = append(kernels, p)
		} else {
			vectors = append(vectors, p)
		}
	}
	write := func(name string, src []byte, err error) {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), src, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	src, err := gosrc.EmitKernels("pam", kernels, "Made by a test.")
	write("pam_generic.go", src, err)
	src, err = gosrc.EmitTwins("pam", vectors, "Made by a test.")
	write("pam_twin.go", src, err)
	src, err = gosrc.EmitAsmDrivers("pam", vectors, "Made by a test.")
	write("pam_amd64.go", src, err)
	write("uncached.go", []byte("package pam\n\nfunc uncached(int) bool { return false }\n"), nil)
	write("pam_amd64.s", []byte("// The functions are somewhere else.\n"), nil)
	write("run.go", []byte(sequentialRun("pam")), nil)
	write("go.mod", []byte("module pam\n\ngo 1.26\n"), nil)
	return dir
}

// TestPlatforms vets a package for 32 and 64 bits, with and without assembly.
func TestPlatforms(t *testing.T) {
	g := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{5}}
	dir := library(t, append(scheduled(t, g, ir.F32, 20), scheduled(t, g, ir.F64, 0)...))
	goTool(t, dir, nil, "vet", "-tags=noasm", ".")
	goTool(t, dir, nil, "build", ".")
	for _, arch := range []string{"386", "arm64"} {
		goTool(t, dir, []string{"GOARCH=" + arch}, "vet", ".")
	}
}

// TestBounds wants no bounds check of an element left in loops without loops in them, as far as their rows are known to be whole:
// rows of fixed length, and stretches of rows. Where a row is found anew in each iteration, slicing it is the one check.
func TestBounds(t *testing.T) {
	g := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{25}}
	for _, dim := range []int{64, 0} {
		dir := library(t, scheduled(t, g, ir.F32, dim))
		out := goTool(t, dir, nil, "build", "-gcflags=-d=ssa/check_bce", ".")
		loops := innermost(t, filepath.Join(dir, "pam_generic.go"), dim == 0)
		if len(loops) < 10 {
			t.Fatalf("dim %d: %d loops, want those of three kernels", dim, len(loops))
		}
		source, err := os.ReadFile(filepath.Join(dir, "pam_generic.go"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(source), "\n")
		for _, report := range strings.Split(out, "\n") {
			words := strings.Split(report, ":")
			if !strings.HasSuffix(words[0], "pam_generic.go") || !strings.Contains(report, "Found IsInBounds") {
				continue
			}
			at, _ := strconv.Atoi(words[1])
			for _, l := range loops {
				// a row of p has one element for each node of the loop: there is no slice to take it from
				if at > l[0] && at < l[1] && !strings.Contains(lines[at-1], ":= p[pBase") {
					t.Errorf("dim %d: line %d of the loop from line %d is checked: %s", dim, at, l[0], lines[at-1])
				}
			}
		}
	}
}

// innermost returns the lines of loops without loops in them that add products, in the functions of interiors. With stretches,
// only of those whose header asks for the length of a slice, or ranges over one.
func innermost(t *testing.T, path string, stretches bool) [][2]int {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var loops [][2]int
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || strings.HasSuffix(fn.Name.Name, "Edge") {
			continue
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			var over ast.Expr
			var body *ast.BlockStmt
			switch n := n.(type) {
			case *ast.ForStmt:
				over, body = n.Cond, n.Body
			case *ast.RangeStmt:
				over, body = n.X, n.Body
			default:
				return true
			}
			if count[*ast.ForStmt](body)+count[*ast.RangeStmt](body) == 0 && count[*ast.CallExpr](body) > 0 &&
				(!stretches || mentionsRow(over)) {
				loops = append(loops, [2]int{fset.Position(n.Pos()).Line, fset.Position(n.End()).Line})
			}
			return true
		})
	}
	return loops
}

// count is the number of nodes of a kind.
func count[N ast.Node](n ast.Node) int {
	k := 0
	ast.Inspect(n, func(n ast.Node) bool {
		if _, ok := n.(N); ok {
			k++
		}
		return true
	})
	return k
}

func mentionsRow(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && strings.Contains(id.Name, "Row")
		return true
	})
	return found
}
