package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/gen/gosrc/internal/fixed"
	"github.com/pyragen/pyragen/ir"
)

// apiPage is what the templates are filled with.
type apiPage struct {
	APISpec
	Header             string
	Build              string // constraint of files with assembly
	Imports            []string
	Common             string // the part that is the same in every package
	Cache              string // what tells the size of the last-level cache, "" if no driver asks for it
	DimDoc, StridesDoc string
	SlotsDoc           string
	Funcs              []apiFuncText
	Targets            []apiTargetText // the best last
}

// apiFuncText is an exported function.
type apiFuncText struct {
	Name, Computes, Doc string
	Equation            []string
	Params              string
	Tensors             []string // as they are handed to check
	Field               string   // of the kernels
	FieldType, Args     string   // of the driver
	Drops               bool     // it has a rate to check
}

// apiTargetText is an instruction set.
type apiTargetText struct {
	Name     string
	Features []apiFeature
	Drivers  []apiDriver
}

// apiFeature is one thing that a CPU must have: HasAVX2 is called AVX2.
type apiFeature struct{ Name, Field string }

// apiDriver is what is called for a function.
type apiDriver struct{ Field, Driver string }

func (s APISpec) page(header string, fs []*apiFunc, common fixed.Text, cache string) apiPage {
	page := apiPage{APISpec: s, Header: header, Build: AsmTag, Imports: common.Imports, Common: s.Variant.slots(common.Body), Cache: cache, DimDoc: "any head dimension", StridesDoc: "no strides, that is one level"}
	if len(s.Strides) > 0 {
		page.StridesDoc = "strides " + joinInts(s.Strides)
	}
	page.SlotsDoc = "any number of slots"
	if s.Slots > 0 {
		page.SlotsDoc = fmt.Sprintf("up to %d slots", s.Slots)
	}
	if s.Dim > 0 {
		page.DimDoc = fmt.Sprintf("head dimension %d", s.Dim)
	}
	targets := s.targets()
	for _, f := range fs {
		page.Funcs = append(page.Funcs, s.text(f, targets))
	}
	for _, name := range targets {
		t := apiTargetText{Name: name}
		for _, field := range s.needs(name) {
			t.Features = append(t.Features, apiFeature{strings.TrimPrefix(field, "Has"), field})
		}
		for _, f := range fs {
			t.Drivers = append(t.Drivers, apiDriver{f.field(), DriverName(f.driver(targets, name))})
		}
		page.Targets = append(page.Targets, t)
	}
	return page
}

// needs returns the fields of cpu.X86 that a target needs: those of its instructions, and the one that it is named for. Someone who
// turns that one off, as GODEBUG=cpu.avx2=off does, wants none of the target, also where its instructions happen to need less.
func (s APISpec) needs(target string) []string {
	named := map[string]string{"avx2": "HasAVX2", "avx512": "HasAVX512F"}[target]
	all := slices.Clone(s.Features[target])
	if named != "" && !slices.Contains(all, named) {
		all = append(all, named)
	}
	slices.Sort(all)
	return all
}

// name is the name of the exported function, such as ScoresF32.
func (f *apiFunc) name() string { return camel(f.op.name) + typeSuffix(f.typ) }

// field is its name among the kernels, such as scoresF32.
func (f *apiFunc) field() string {
	return lowCamel(f.name())
}

// buffer is an argument as programs have it.
func (f *apiFunc) buffer(a apiArg) *ir.Buffer {
	buffers := f.drivers["go"].Buffers
	return buffers[slices.IndexFunc(buffers, func(b *ir.Buffer) bool { return b.Name == a.name })]
}

// stride is the field of Sizes that says how far the nodes of an argument lie apart, "" where there are no gaps.
func (f *apiFunc) stride(a apiArg) string {
	if step := rowStep(f.buffer(a)); step != "" {
		return fieldOf(step)
	}
	return ""
}

// fieldOf is the field of Sizes for a size.
func fieldOf(size string) string { return strings.ToUpper(size[:1]) + size[1:] }

func (s APISpec) text(f *apiFunc, targets []string) apiFuncText {
	t := apiFuncText{Name: f.name(), Computes: f.op.computes, Field: f.field(), Equation: f.op.equation}
	var params, given []apiParam
	program := f.drivers["go"]
	for _, size := range program.Sizes {
		params, given = append(params, apiParam{sizeName(size), "int"}), append(given, apiParam{name: s.sizeOf(size)})
	}
	params = append(params, apiParam{"workers", "int"}, apiParam{"done", "<-chan struct{}"})
	given = append(given, apiParam{name: "n.Workers"}, apiParam{name: "n.Done"})
	var public []apiParam
	for _, b := range program.Buffers {
		if b.Role == ir.Temp {
			continue
		}
		typ := sliceOf(b)
		if b.Type == ir.I32 {
			params, given = append(params, apiParam{lowCamel(b.Name), typ}), append(given, apiParam{name: graphLists[b.Name]})
			continue
		}
		p := apiParam{b.Name, typ}
		public, params, given = append(public, p), append(params, p), append(given, p)
	}
	for _, a := range f.op.args {
		if len(a.axes) == 0 {
			continue
		}
		kind := "input"
		if a.role == ir.Out {
			kind = "output"
		}
		call := fmt.Sprintf("%s(%q, %s, \"%s\")", kind, a.name, a.name, strings.Join(a.axes, `", "`))
		if stride := f.stride(a); stride != "" {
			call += fmt.Sprintf(".spaced(%q, n.%s)", stride, stride)
		}
		t.Tensors = append(t.Tensors, call)
	}
	if s.Table {
		public = append([]apiParam{{"g", "*Graph"}}, public...)
	}
	t.Params = listParams(public) + ", n Sizes"
	t.FieldType = "func(" + listParams(params) + ")"
	t.Args = listNames(given)
	t.Doc, t.Drops = f.doc(targets), f.op.drops()
	return t
}

// apiParam is a parameter of a function.
type apiParam struct{ name, typ string }

// listParams writes parameters, those next to each other of one type together.
func listParams(list []apiParam) string {
	text := ""
	for i, p := range list {
		if i > 0 {
			text += ", "
		}
		text += p.name
		if i+1 == len(list) || list[i+1].typ != p.typ {
			text += " " + p.typ
		}
	}
	return text
}

func listNames(list []apiParam) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.name
	}
	return strings.Join(names, ", ")
}

// sizeName is the name of a size in the type of a driver.
func sizeName(size string) string {
	if b, ok := better[size]; ok {
		return b
	}
	return lowCamel(size)
}

// sizeOf is what a call passes on as a size.
func (s APISpec) sizeOf(size string) string {
	switch {
	case s.Table && graphSizes[size] != "":
		return graphSizes[size]
	case slices.Contains(rowStrides, size):
		return "n.apart(n." + fieldOf(size) + ")"
	}
	return "n." + fieldOf(size)
}

// lowCamel is camel with a small letter first.
func lowCamel(name string) string {
	name = camel(name)
	return strings.ToLower(name[:1]) + name[1:]
}

// doc is what stands below the equation.
func (f *apiFunc) doc(targets []string) string {
	var outputs, inputs, has []string
	shapes := map[string][]string{}
	var order []string
	for _, a := range f.op.args {
		if len(a.axes) == 0 {
			continue
		}
		if a.role == ir.Out {
			outputs = append(outputs, a.name)
		} else {
			inputs = append(inputs, a.name)
		}
		shape := "(" + strings.Join(a.axes, ", ") + ")"
		if stride := f.stride(a); stride != "" {
			shape += ", nodes " + stride + " elements apart"
		}
		if shapes[shape] = append(shapes[shape], a.name); len(shapes[shape]) == 1 {
			order = append(order, shape)
		}
	}
	for i, shape := range order {
		order[i] = both(shapes[shape], "is", "are") + " " + shape
	}
	for _, t := range targets {
		if f.drivers[t] != nil {
			has = append(has, t)
		}
	}
	u := map[ir.Type]string{ir.F64: "2^-53",
		ir.F16:  "2^-24. Then it is rounded to a Float16, to nearest even: by at most 2^-11 of itself, or by 2^-25 where it is less than 2^-14",
		ir.BF16: "2^-24. Then it is rounded to a BFloat16, to nearest even: by at most 2^-8 of itself, or by 2^-134 where it is less than 2^-126",
	}[f.typ]
	if u == "" {
		u = "2^-24"
	}
	return fmt.Sprintf("%s. Nothing may overlap %s; %s may overlap each other. Short of overflow and underflow, %s, "+
		"with u = %s. Instruction sets: %s.",
		strings.Join(order, "; "), both(outputs, "", ""), both(inputs, "", ""), f.op.errors, u, strings.Join(has, ", "))
}

// both lists names, with the verb that goes with them if there is one.
func both(names []string, one, many string) string {
	verb := many
	if len(names) == 1 {
		verb = one
	}
	text := names[len(names)-1]
	if rest := names[:len(names)-1]; len(rest) > 0 {
		text = strings.Join(rest, ", ") + " and " + text
	}
	return strings.TrimSpace(text + " " + verb)
}

// wrapComment writes text as a comment of lines that are not long.
func wrapComment(text string) string {
	const width = 125
	var lines []string
	line := ""
	for _, word := range strings.Fields(gen.CommentText(text)) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	lines = slices.DeleteFunc(append(lines, line), func(l string) bool { return l == "" })
	return "// " + strings.Join(lines, "\n// ")
}
