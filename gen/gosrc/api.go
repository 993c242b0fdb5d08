package gosrc

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"text/template"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/spec"
)

// API is the back end of what callers see.
var API = gen.Backend{
	Name:  "api",
	Doc:   "writes NAME.go: constants, checks of arguments, one function an op and type, choice of the instruction set, workers",
	After: map[string]string{"go": "it calls the drivers of the portable target", "drivers": "it calls the drivers of the assembly"},
	Emit: func(u *gen.Unit, p *gen.Package) error {
		return addTemplate(u, p, ".go", apiTemplate, "", gen.Expect{
			Imports: []string{"cmp", "fmt", "math", "math/bits", "os", "runtime", "strings", "sync", "sync/atomic", "unsafe"},
			Decls:   apiDecls(u),
		})
	},
}

// Dispatch is the back end of what is known about instruction sets on either side of the build constraint.
var Dispatch = gen.Backend{
	Name:  "dispatch",
	Doc:   "writes NAME_isa.go and NAME_noasm.go: the instruction sets beside portable Go that the processor can run",
	After: map[string]string{"goasm": "the features that decide come from the instructions that were emitted"},
	Emit: func(u *gen.Unit, p *gen.Package) error {
		if len(vectorPrograms(u)) == 0 {
			return addTemplate(u, p, "_noasm.go", noasmTemplate, "", gen.Expect{Decls: []string{"vectorSets"}})
		}
		want := gen.Expect{Constraint: AsmTag, Imports: []string{"golang.org/x/sys/cpu"}, Decls: []string{"vectorSets"}}
		if err := addTemplate(u, p, "_isa.go", isaTemplate, AsmTag, want); err != nil {
			return err
		}
		return addTemplate(u, p, "_noasm.go", noasmTemplate, noAsmTag, gen.Expect{Constraint: noAsmTag, Decls: []string{"vectorSets"}})
	},
}

// noAsmTag is the opposite of [AsmTag].
const noAsmTag = "!amd64 || !gc || purego || noasm"

//go:embed api.tmpl
var apiText string

var (
	apiTemplate   = template.Must(template.New("api").Funcs(apiFuncs).Parse(apiText))
	isaTemplate   = template.Must(template.New("isa").Funcs(apiFuncs).Parse(isaText))
	noasmTemplate = template.Must(template.New("noasm").Parse(noasmText))

	apiFuncs = template.FuncMap{"upper": strings.ToUpper, "camel": camel, "join": strings.Join}
)

const isaText = `package {{.Package}}

import "golang.org/x/sys/cpu"

// vectorSets lists the instruction sets beside portable Go that this processor can run, the best last. What each needs is what its
// instructions were seen to need.
func vectorSets() []*instructionSet {
	var sets []*instructionSet
{{- range .Vectors}}{{$suffix := .Suffix}}
	if {{range $i, $f := .Features}}{{if $i}} && {{end}}cpu.X86.{{$f}}{{end}} {
		sets = append(sets, &instructionSet{
			name: "{{.Name}}",
{{- range $.Functions}}
			{{.Field}}: {{.Field}}{{$suffix}},
{{- end}}
		})
	}
{{- end}}

	return sets
}
`

const noasmText = `package {{.Package}}

// vectorSets lists the instruction sets beside portable Go: none in this build.
func vectorSets() []*instructionSet { return nil }
`

// apiPackage is what the templates see.
type apiPackage struct {
	spec.Spec
	Functions []apiFunction
	Vectors   []apiVector
}

// AnyDim reports whether the head dimension is a run-time size.
func (p apiPackage) AnyDim() bool { return p.Dim == 0 }

// MostLevels is the number of levels of a long sequence.
func (p apiPackage) MostLevels() int { return len(p.Strides) + 1 }

// apiFunction is one op for one type.
type apiFunction struct {
	Name, Field, GoType       string
	Summary, Equation, Terms  string
	Tensors                   []apiTensor
	Outputs                   int
	Scalars                   []apiScalar
	InstructionSets, UnitName string
}

// Params lists the tensors for a signature.
func (f apiFunction) Params() string {
	names := make([]string, len(f.Tensors))
	for i, t := range f.Tensors {
		names[i] = t.name
	}
	s := strings.Join(names, ", ") + " []" + f.GoType
	for _, x := range f.Scalars {
		s += ", " + x.name + " " + f.GoType
	}
	return s
}

// Args lists the arguments for a call.
func (f apiFunction) Args() string {
	var names []string
	for _, t := range f.Tensors {
		names = append(names, t.name)
	}
	for _, x := range f.Scalars {
		names = append(names, x.name)
	}
	return strings.Join(names, ", ")
}

// ScalarDocs says what the scalars are.
func (f apiFunction) ScalarDocs() []string {
	var out []string
	for _, x := range f.Scalars {
		out = append(out, x.name+" is "+x.doc)
	}
	return out
}

// Lengths are the checks of lengths: argument and last extent.
func (f apiFunction) Lengths() [][2]string {
	var out [][2]string
	for _, t := range f.Tensors {
		out = append(out, [2]string{t.name, t.last})
	}
	return out
}

// Overlaps are the pairs of a result and another tensor that must not share memory.
func (f apiFunction) Overlaps() [][2]string {
	var out [][2]string
	for i := range f.Outputs {
		for _, t := range f.Tensors[i+1:] {
			out = append(out, [2]string{f.Tensors[i].name, t.name})
		}
	}
	return out
}

// apiVector is an instruction set with assembly.
type apiVector struct {
	Name, Suffix string
	Features     []string
}

// describe collects what the templates need.
func describe(u *gen.Unit, p *gen.Package) (*apiPackage, error) {
	a := &apiPackage{Spec: u.Spec}
	sets := "go"
	for _, isa := range []string{"avx2", "avx512"} {
		if len(u.For(isa)) > 0 {
			a.Vectors = append(a.Vectors, apiVector{isa, isaNames[isa], p.Features[isa]})
			sets += ", " + isa
			if len(p.Features[isa]) == 0 {
				return nil, fmt.Errorf("no features are known for %s, want those of its instructions", isa)
			}
		}
	}
	for _, op := range apiOps {
		if !slices.Contains(u.Spec.Ops, op.name) {
			continue
		}
		for _, typ := range u.Spec.Types {
			f := apiFunction{
				Name:  camel(op.name) + strings.ToUpper(typ),
				Field: strings.ToLower(camel(op.name)[:1]) + camel(op.name)[1:] + strings.ToUpper(typ), GoType: "float" + typ[1:],
				Summary: op.summary, Equation: op.equation, Terms: op.terms,
				Tensors: op.tensors, Outputs: op.outputs, Scalars: op.scalars, InstructionSets: sets, UnitName: "2^-24",
			}
			if typ == "f64" {
				f.UnitName = "2^-53"
			}
			a.Functions = append(a.Functions, f)
		}
	}
	return a, nil
}

// addTemplate renders a file and adds it.
func addTemplate(u *gen.Unit, p *gen.Package, end string, t *template.Template, tag string, want gen.Expect) error {
	data, err := describe(u, p)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString(u.Header())
	if tag != "" {
		b.WriteString("//go:build " + tag + "\n\n")
	}
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	src, err := format.Source(b.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", u.Spec.Package+end, err, b.Bytes())
	}
	want.Package = u.Spec.Package
	p.Add(gen.File{Name: u.Spec.Package + end, Content: src}, want)
	return nil
}

// apiDecls lists what the API file declares.
func apiDecls(u *gen.Unit) []string {
	decls := []string{
		"Window", "Dim", "strides", "Strides", "levels", "Nodes", "Slots", "Sizes", "Sizes.check", "Sizes.workers", "product",
		"checkLength", "checkApart", "instructionSet", "portable", "usable", "current", "isaErr", "init", "ISA", "ISAs", "ISAErr",
		"SetISA", "run", "fault", "fault.keep", "maxInt",
	}
	for _, op := range apiOps {
		if slices.Contains(u.Spec.Ops, op.name) {
			for _, typ := range u.Spec.Types {
				decls = append(decls, camel(op.name)+strings.ToUpper(typ))
			}
		}
	}
	return decls
}
