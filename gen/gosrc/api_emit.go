package gosrc

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"text/template"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/gen/gosrc/internal/fixed"
	"github.com/pyragen/pyragen/ir"
)

// The API files are templates, not syntax trees: nearly all of them is the same in every package, and reads here as it does there.
// What is filled in is numbers, identifiers that were checked, and comments that went through [gen.CommentText].
//
//go:embed templates
var templateFiles embed.FS

// apiPart is one file of the API.
type apiPart struct {
	end      string // of the file's name
	template string
	common   bool // with the part that is the same in every package
	cache    bool // with what tells the size of the last-level cache, if a driver asks for it
	expect   gen.Expect
}

var (
	apiFile = apiPart{end: ".go", template: "api.go.tmpl", common: true, expect: gen.Expect{
		Decls: []string{"Dim", "packageName", "Sizes", "Sizes.dim", "kernels", "known"}}}
	isaFile = apiPart{end: "_isa.go", template: "isa.go.tmpl", cache: true, expect: gen.Expect{Constraint: AsmTag,
		Imports: []string{"strings", "golang.org/x/sys/cpu"}, Decls: []string{"assembly", "feature", "lacking"}}}
	noasmFile = apiPart{end: "_noasm.go", template: "noasm.go.tmpl", expect: gen.Expect{Constraint: "!(" + AsmTag + ")",
		Decls: []string{"assembly", "noAssembly"}}}
)

// emit writes one file and says all that may stand in it. The files for assembly are nil where there is none.
func (s APISpec) emit(part apiPart, header string) (text []byte, want gen.Expect, err error) {
	where := "package " + s.Package
	defer catch(&where, &err)
	s.check()
	fs := s.funcs(&where)
	where = "package " + s.Package
	if !part.common && len(s.targets()) < 2 {
		return nil, gen.Expect{}, nil
	}
	var common, cache fixed.Text
	want = part.expect
	want.Package = s.Package
	if part.cache && slices.ContainsFunc(s.Programs, (*ir.Program).AsksCache) {
		if cache, err = fixed.Cache(); err != nil {
			return nil, gen.Expect{}, err
		}
		want.Decls = slices.Concat(want.Decls, cache.Decls)
	}
	if part.common {
		source, own := fixed.Source, append([]string{"Window", "Strides"}, s.Variant.decls()...)
		if s.Table {
			source, own = fixed.Common, []string{"Slots"}
		}
		extras := halfTypes(fs)
		if slices.ContainsFunc(s.Programs, hasArrays) {
			extras = append(extras, fixed.Memory)
		}
		if common, err = source(extras...); err != nil {
			return nil, gen.Expect{}, err
		}
		want.Decls = slices.Concat(want.Decls, own)
		want.Imports = common.Imports
		want.Decls = slices.Concat(want.Decls, common.Decls)
		for _, f := range fs {
			want.Decls = append(want.Decls, f.name())
		}
	}
	page, err := template.New(part.template).Funcs(template.FuncMap{"comment": wrapComment, "join": joinInts}).
		ParseFS(templateFiles, "templates/"+part.template)
	if err != nil {
		return nil, gen.Expect{}, err
	}
	var b bytes.Buffer
	if err := page.Execute(&b, s.page(headerOf(header), fs, common, cache.Body)); err != nil {
		return nil, gen.Expect{}, err
	}
	if text, err = format.Source(b.Bytes()); err != nil {
		return nil, gen.Expect{}, fmt.Errorf("gosrc: %s: internal error: %s is no Go: %w", where, part.template, err)
	}
	return text, want, nil
}

// halfTypes are the types of 16 bits that the package has, as they are called in Go.
func halfTypes(fs []*apiFunc) (names []string) {
	for _, t := range []ir.Type{ir.F16, ir.BF16} {
		if slices.ContainsFunc(fs, func(f *apiFunc) bool { return f.typ == t }) {
			names = append(names, halfNames[t])
		}
	}
	return names
}

// check refuses what would not come out as Go, or not as what was meant.
func (s APISpec) check() {
	checkName(s.Package)
	if !s.Table && s.Window < 1 || s.Dim < 0 || s.Slots < 0 || slices.ContainsFunc(s.Strides, func(c int) bool { return c < 1 }) {
		fail("got window %d, strides %v, dim %d, slots %d, want a spec that is valid", s.Window, s.Strides, s.Dim, s.Slots)
	}
	s.Variant.check()
	if len(s.Programs) == 0 {
		fail("got no program, want some")
	}
	for _, p := range s.Programs {
		if !slices.Contains(s.targets(), p.Target) {
			fail("got the target %q, want one of schedule.Targets", p.Target)
		}
	}
	for _, t := range s.targets()[1:] {
		if len(s.Features[t]) == 0 {
			fail("got no CPU features for the target %s, want those that its instructions need", t)
		}
		for _, f := range s.Features[t] {
			if checkName(f); !strings.HasPrefix(f, "Has") {
				fail("got the CPU feature %q, want a field of cpu.X86 such as HasAVX2", f)
			}
		}
	}
}

// headerOf is a header of comments in printable ASCII, whatever was in it.
func headerOf(header string) string {
	lines := strings.Split(strings.TrimRight(header, "\n"), "\n")
	for i, line := range lines {
		lines[i] = gen.CommentLine(strings.TrimPrefix(line, "//"))
	}
	return strings.Join(lines, "\n") + "\n\n"
}

// joinInts lists integers.
func joinInts(list []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ", "), "[]")
}
