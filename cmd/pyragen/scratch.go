package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/pyragen/pyragen/verify"
)

//go:embed internal/timer/*.go
var timerSource embed.FS

// The scratch module requires what generated packages may import, at the version that this module itself requires, so that the
// module cache has it and no network is needed. A test compares these with go.mod and go.sum.
const (
	scratchMod = `module scratch

go 1.26.0

require golang.org/x/sys v0.50.0
`
	scratchSum = `golang.org/x/sys v0.50.0 h1:dkKZEFTEKaLr1sjhs0WiKqoi8Jj5nHbS3Njmx1UoMJs=
golang.org/x/sys v0.50.0/go.mod h1:hNLxWAXmnKAxqDtdwIYC4bM9oQPEecfsnNMuSxOs3og=
`
)

// timerCall is one generated function, in one package or in several that are compared: an entry of the timer's table.
type timerCall struct {
	Packages []int
	Op       verify.Op
	Type     string
	AnyDim   bool
	Table    bool
}

// Prepare is the body of the call's prepare in the timer, in Go.
func (c timerCall) Prepare() string {
	element := map[string]string{"f32": "float32", "f64": "float64"}[c.Type]
	length := map[verify.Extent]string{verify.PerDim: "perDim", verify.PerSlot: "perSlot", verify.PerRow: "perRow", verify.PerKey: "perRow/q.Heads"}
	var made, args []string
	for i, o := range c.Op.Outputs {
		made = append(made, fmt.Sprintf("make([]%s, %s)", element, length[o.Extent]))
		args = append(args, fmt.Sprintf("out%d", i))
	}
	for i, o := range c.Op.Inputs {
		made = append(made, fmt.Sprintf("random[%s](%s)", element, length[o.Extent]))
		args = append(args, fmt.Sprintf("in%d", i))
	}
	tensors := strings.Join(args, ", ")
	switch c.Op.Scalar {
	case "padding":
		args = append(args, "-1e9")
	case "scale":
		args = append(args, "0.125")
	}
	if c.Op.Has("dropout") {
		args = append(args, "0.1", "1")
	}
	sizes := "Batch: q.Batch, Heads: q.Heads, Workers: q.Workers"
	if !c.Table {
		sizes += ", Len: q.Len"
	}
	if c.AnyDim {
		sizes += ", Dim: q.Dim"
	}
	var b strings.Builder
	graph := map[int]string{} // of each package, as a first argument
	if c.Table {
		for _, p := range c.Packages {
			fmt.Fprintf(&b, "g%d, err := p%[1]d.NewGraphCOO(q.Queries, q.Keys, q.Len)\n\t\tif err != nil {\n\t\t\treturn failing(err)\n\t\t}\n\t\t", p)
			graph[p] = fmt.Sprintf("g%d, ", p)
		}
	}
	fmt.Fprintf(&b, "%s := %s\n\t\treturn []func() error{\n", tensors, strings.Join(made, ", "))
	for _, p := range c.Packages {
		fmt.Fprintf(&b, "\t\t\tfunc() error { return p%d.%s(%[5]s%[3]s, p%[1]d.Sizes{%[4]s}) },\n",
			p, c.Op.Func+strings.ToUpper(c.Type), strings.Join(args, ", "), sizes, graph[p])
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
	files := map[string][]byte{"go.mod": []byte(scratchMod), "go.sum": []byte(scratchSum)}
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
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// buildTimer compiles the scratch module and returns the path of the timer. The go command sees the environment of this process,
// except for what would tie the scratch module to the module or workspace around it.
func buildTimer(dir string) (string, error) {
	const name = "timer.exe" // the suffix matters on Windows only
	cmd := exec.Command("go", "build", "-o", name, "./timer")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GO111MODULE=on")
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("the go command is needed to build kernels, and is not in PATH")
	}
	if err != nil {
		return "", fmt.Errorf("go build of the generated packages: %w\n%s", err, out)
	}
	return filepath.Join(dir, name), nil
}
