package verify

import (
	"embed"
	"errors"
	"fmt"
	"go/format"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed server/*.go server/*.s
var serverSource embed.FS

// callsTemplate is the server's calls.go for the packages under test.
var callsTemplate = template.Must(template.New("calls.go").Parse(`package main

import (
{{- range $i, $p := .Packages}}
	p{{$i}} "scratch/p{{$i}}"
{{- end}}
)

var packages = []kernels{
{{- range $i, $p := .Packages}}
	{
		dim: p{{$i}}.Dim, isas: p{{$i}}.ISAs, setISA: p{{$i}}.SetISA, isa: p{{$i}}.ISA,
{{- if $p.Table}}
		table: true, fixedSlots: p{{$i}}.Slots, noGraph: (*p{{$i}}.Graph)(nil), zeroGraph: new(p{{$i}}.Graph),
		newGraph: func(table []int32, slots int) (graph, error) { return p{{$i}}.NewGraph(table, slots) },
{{- else}}
		window: p{{$i}}.Window, strides: p{{$i}}.Strides(), nodes: p{{$i}}.Nodes, slots: p{{$i}}.Slots,
{{- end}}
	},
{{- end}}
}

var calls = []call{
{{- range .Calls}}
	{ {{.Package}}, []element{ {{- .Elements -}} }, func(a arguments) error { return {{.Expression}} } },
{{- end}}
}
`))

// kernelCall is one generated function: an entry of the server's table of calls.
type kernelCall struct {
	Package int
	Op      Op
	Type    Float
	AnyDim  bool
	Table   bool
}

// Expression is the call in Go, in terms of the server's arguments. A graph comes first, then outputs, then inputs, then the scalars.
func (c kernelCall) Expression() string {
	var args []string
	if c.Table {
		args = append(args, fmt.Sprintf("a.graph.(*p%d.Graph)", c.Package))
	}
	for i, o := range c.Op.operands() {
		args = append(args, fmt.Sprintf("elements[%s](a, %d)", c.goType(c.Type.Of(o)), i))
	}
	scalar := c.goType(c.Type.Arith())
	if c.Op.Scalar != "" {
		args = append(args, scalar+"(a.scalar)")
	}
	if c.Op.Has("dropout") {
		args = append(args, scalar+"(a.dropout)", "a.seed")
	}
	sizes := "Batch: a.batch, Heads: a.heads, RowStride: a.rowStride, GradStride: a.gradStride, Workers: a.workers"
	if !c.Table {
		sizes += ", Len: a.len"
	}
	if c.AnyDim {
		sizes += ", Dim: a.dim"
	}
	return fmt.Sprintf("p%d.%s%s(%s, p%d.Sizes{%s})",
		c.Package, c.Op.Func, strings.ToUpper(c.Type.Name), strings.Join(args, ", "), c.Package, sizes)
}

// goType is a type of elements as the package of the call has it.
func (c kernelCall) goType(t Float) string {
	switch t {
	case F16:
		return fmt.Sprintf("p%d.Float16", c.Package)
	case BF16:
		return fmt.Sprintf("p%d.BFloat16", c.Package)
	case F32:
		return "float32"
	}
	return "float64"
}

// Elements are the types of the operands, by the names that the server has for them.
func (c kernelCall) Elements() string {
	var names []string
	for _, o := range c.Op.operands() {
		names = append(names, c.Type.Of(o).Name)
	}
	return strings.Join(names, ", ")
}

// kernelCalls lists the generated functions of the packages, in the order of the server's table.
func kernelCalls(pkgs []Package) ([]kernelCall, error) {
	var calls []kernelCall
	for i, p := range pkgs {
		for _, opName := range p.Ops {
			op, err := FindOp(opName)
			if err != nil {
				return nil, fmt.Errorf("package %s: %w", p.key(), err)
			}
			op = op.With(p.With)
			for _, typeName := range p.Types {
				t, err := FindFloat(typeName)
				if err != nil {
					return nil, fmt.Errorf("package %s: %w", p.key(), err)
				}
				calls = append(calls, kernelCall{Package: i, Op: op, Type: t, AnyDim: p.Dim == 0, Table: p.Table})
			}
		}
	}
	if len(calls) == 0 {
		return nil, errors.New("no package has an op and a type to check")
	}
	return calls, nil
}

// writeScratch writes the scratch module: the packages, the server and its table of calls.
func writeScratch(dir string, pkgs []Package, calls []kernelCall) error {
	files := map[string][]byte{}
	entries, err := fs.ReadDir(serverSource, "server")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if files["server/"+e.Name()], err = serverSource.ReadFile("server/" + e.Name()); err != nil {
			return err
		}
	}
	var source strings.Builder
	if err := callsTemplate.Execute(&source, map[string]any{"Packages": pkgs, "Calls": calls}); err != nil {
		return err
	}
	if files["server/calls.go"], err = format.Source([]byte(source.String())); err != nil {
		return err
	}
	for i, p := range pkgs {
		if !token.IsIdentifier(p.Name) {
			return fmt.Errorf("package name %q is not a Go identifier", p.Name)
		}
		if len(p.Files) == 0 {
			return fmt.Errorf("package %s has no files", p.key())
		}
		for name, text := range p.Files {
			if name == "" || name != filepath.Base(name) || name == ".." || strings.HasSuffix(name, ".mod") {
				return fmt.Errorf("package %s: file name %q, want a plain base name", p.key(), name)
			}
			files[fmt.Sprintf("p%d/%s", i, name)] = text
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if left, err := os.ReadDir(dir); err != nil {
		return err
	} else if len(left) > 0 {
		return fmt.Errorf("scratch folder %s is not empty: it holds %s", dir, left[0].Name())
	}
	return WriteModule(dir, files)
}
