package main

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"text/template"

	"github.com/pyragen/pyragen/verify"
)

//go:embed internal/timer/*.go
var timerSource embed.FS

// timerCall is one generated function, in one package or in several that are compared: an entry of the timer's table.
type timerCall struct {
	Packages []int
	Op       verify.Op
	Type     string
	AnyDim   bool
	Table    bool
}

// goTypes are the types of the timer's operands. Those of 16 bits are viewed as each package's own type.
var goTypes = map[string]string{"f32": "float32", "f64": "float64", "f16": "uint16", "bf16": "uint16"}

// halfTypes are the types of 16 bits as packages call them.
var halfTypes = map[string]string{"f16": "Float16", "bf16": "BFloat16"}

// random is an operand of random numbers.
func (c timerCall) random(t verify.Float, length string) string {
	if half := halfTypes[t.Name]; half != "" {
		return fmt.Sprintf("halves(%s, p%d.To%s)", length, c.Packages[0], half)
	}
	return fmt.Sprintf("random[%s](%s)", goTypes[t.Name], length)
}

// viewed is an operand as an argument of package p.
func viewed(p int, t verify.Float, name string) string {
	if half := halfTypes[t.Name]; half != "" {
		return fmt.Sprintf("view[p%d.%s](%s)", p, half, name)
	}
	return name
}

// Prepare is the body of the call's prepare in the timer, in Go.
func (c timerCall) Prepare() string {
	t, _ := verify.FindFloat(c.Type) // the spec was validated
	length := map[verify.Extent]string{verify.PerDim: "perDim", verify.PerSlot: "perSlot", verify.PerRow: "perRow", verify.PerKey: "perRow/q.Heads"}
	var made, names, scalars []string
	var types []verify.Float
	for i, o := range c.Op.Outputs {
		made = append(made, fmt.Sprintf("make([]%s, %s)", goTypes[t.Of(o).Name], length[o.Extent]))
		names, types = append(names, fmt.Sprintf("out%d", i)), append(types, t.Of(o))
	}
	for i, o := range c.Op.Inputs {
		made = append(made, c.random(t.Of(o), length[o.Extent]))
		names, types = append(names, fmt.Sprintf("in%d", i)), append(types, t.Of(o))
	}
	views := func(p int) []string {
		list := slices.Clone(names)
		for i, name := range list {
			list[i] = viewed(p, types[i], name)
		}
		return list
	}
	switch c.Op.Scalar {
	case "padding":
		scalars = append(scalars, "-1e9")
	case "scale":
		scalars = append(scalars, "0.125")
	}
	if c.Op.Has("dropout") {
		scalars = append(scalars, "0.1", "1")
	}
	sizes := "Batch: q.Batch, Heads: q.Heads, Workers: q.Workers"
	if !c.Table {
		sizes += ", Len: q.Len"
	}
	if c.AnyDim {
		sizes += ", Dim: q.Dim"
	}
	var b strings.Builder
	graph := map[int][]string{} // of each package, as a first argument
	if c.Table {
		for _, p := range c.Packages {
			fmt.Fprintf(&b, "g%d, err := p%[1]d.NewGraphCOO(q.Queries, q.Keys, q.Len)\n\t\tif err != nil {\n\t\t\treturn failing(err)\n\t\t}\n\t\t", p)
			graph[p] = []string{fmt.Sprint("g", p)}
		}
	}
	fmt.Fprintf(&b, "%s := %s\n\t\treturn []func() error{\n", strings.Join(names, ", "), strings.Join(made, ", "))
	for _, p := range c.Packages {
		list := slices.Concat(graph[p], views(p), scalars)
		fmt.Fprintf(&b, "\t\t\tfunc() error { return p%d.%s(%s, p%[1]d.Sizes{%[4]s}) },\n",
			p, c.Op.Func+strings.ToUpper(c.Type), strings.Join(list, ", "), sizes)
	}
	return b.String() + "\t\t}"
}

var timerTable = template.Must(template.New("calls.go").Parse(`package main

import (
{{- range $i, $p := .Packages}}
	p{{$i}} "scratch/p{{$i}}"
{{- end}}
)

var packages = []kernels{
{{- range $i, $p := .Packages}}
{{- if $p.Table}}
	{isas: p{{$i}}.ISAs, setISA: p{{$i}}.SetISA},
{{- else}}
	{p{{$i}}.Nodes, p{{$i}}.Slots, p{{$i}}.ISAs, p{{$i}}.SetISA},
{{- end}}
{{- end}}
}

type kernels struct {
	nodes, slots func(len int) int // nil for table graphs
	isas         func() []string
	setISA       func(string) error
}

type call struct {
	packages []int
	prepare  func(q request, perDim, perSlot, perRow int) []func() error
}

var calls = []call{
{{- range .Calls}}
	{ []int{ {{- range .Packages}}{{.}}, {{end -}} }, func(q request, perDim, perSlot, perRow int) []func() error {
		{{.Prepare}}
	}},
{{- end}}
}
`))

// writeTimer writes the scratch module of the timer: the packages, the timer and its table of calls.
func writeTimer(dir string, packages []timedPackage, calls []timerCall) error {
	files := map[string][]byte{}
	main, err := timerSource.ReadFile("internal/timer/main.go")
	if err != nil {
		return err
	}
	files["timer/main.go"] = main
	var table bytes.Buffer
	if err := timerTable.Execute(&table, map[string]any{"Packages": packages, "Calls": calls}); err != nil {
		return err
	}
	if files["timer/calls.go"], err = format.Source(table.Bytes()); err != nil {
		return err
	}
	for i, p := range packages {
		for _, f := range p.files {
			files[fmt.Sprintf("p%d/%s", i, f.Name)] = f.Content
		}
	}
	return verify.WriteModule(dir, files)
}
