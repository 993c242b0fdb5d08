package gosrc

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/ir"
)

// AsmTag is the build constraint of files that need the assembly.
const AsmTag = "amd64 && gc && !purego && !noasm"

// EmitKernels writes the file of the portable target: the functions of the programs in Go and their drivers. The header is the
// comment that the file starts with. Errors name kernel, type and target.
func EmitKernels(pkg string, programs []*ir.Program, header string) ([]byte, error) {
	return bytesOf(kernels(pkg, programs, header))
}

// EmitTwins writes programs for vectors as Go, under the names of their drivers and functions with Twin behind: what the assembly
// computes, lane by lane, to compare it with.
func EmitTwins(pkg string, programs []*ir.Program, header string) ([]byte, error) {
	return bytesOf(twins(pkg, programs, header))
}

// EmitAsmDrivers writes the file beside the assembly: the declarations of its functions and the drivers that call them.
func EmitAsmDrivers(pkg string, programs []*ir.Program, header string) ([]byte, error) {
	return bytesOf(asmDrivers(pkg, programs, header))
}

func bytesOf(s *source, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return s.text, nil
}

func kernels(pkg string, programs []*ir.Program, header string) (*source, error) {
	return emit(pkg, header, "", "", programs, func(s *source, p *ir.Program) { s.inGo(p, "") })
}

func twins(pkg string, programs []*ir.Program, header string) (*source, error) {
	return emit(pkg, header, "", "twin", programs, func(s *source, p *ir.Program) { s.inGo(p, "Twin") })
}

func asmDrivers(pkg string, programs []*ir.Program, header string) (*source, error) {
	return emit(pkg, header, AsmTag, "amd64", programs, func(s *source, p *ir.Program) {
		for _, f := range p.Funcs {
			name := FuncName(p, f)
			s.add(name, stub(f, name))
			s.Directives = append(s.Directives, "go:noescape "+name)
		}
		if p.AsksCache() && !slices.Contains(s.Decls, "cpuid") {
			s.add("cpuid", jen.Add(comment("cpuid is the instruction of that name.")).Line().
				Func().Id("cpuid").Params(jen.List(jen.Id("leaf"), jen.Id("sub")).Uint32()).
				Params(jen.List(jen.Id("eax"), jen.Id("ebx"), jen.Id("ecx"), jen.Id("edx")).Uint32()))
		}
		name := func(f *ir.Func) string { return FuncName(p, f) }
		s.driver(p, DriverName(p), name, true)
	})
}

// source is a file and all that may stand in it.
type source struct {
	gen.Expect
	file    *jen.File
	helpers *helpers
	text    []byte
}

// add adds a declaration, which must be the only one of its name.
func (s *source) add(name string, decl jen.Code) {
	checkName(name)
	if slices.Contains(s.Decls, name) {
		fail("got a second %s, want one name a function; names of functions may not differ by _ and capitals alone", name)
	}
	s.Decls = append(s.Decls, name)
	s.file.Add(decl)
	s.file.Line()
}

// inGo adds a program in Go, the driver first.
func (s *source) inGo(p *ir.Program, suffix string) {
	name := func(f *ir.Func) string { return FuncName(p, f) + suffix }
	s.driver(p, DriverName(p)+suffix, name, false)
	for _, f := range p.Funcs {
		s.add(name(f), funcDecl(p, f, name(f), s.helpers))
	}
}

// stub declares a function in assembly. Its parameters have the names of the IR: the assembly refers to them.
func stub(f *ir.Func, name string) *jen.Statement {
	var list []parameter
	for _, b := range f.Buffers {
		typ := typeName(b.Type)
		if len(b.Dims) > 0 {
			typ = "*" + typ
		}
		list = append(list, parameter{b.Name, typ})
	}
	for _, n := range f.Ints {
		list = append(list, parameter{n, "int"})
	}
	doc := docComment(name, f.Doc).Comment("//").Line().Comment("//go:noescape").Line() // as gofmt has it
	return doc.Func().Id(name).Add(params(list))
}

// emit renders a file behind a header: comments and a blank line, as they are to stand there.
func emit(pkg, header, tag, prefix string, programs []*ir.Program, write func(*source, *ir.Program)) (s *source, err error) {
	where := "package " + pkg
	defer catch(&where, &err)
	checkName(pkg)
	s = &source{Expect: gen.Expect{Package: pkg, Constraint: tag}, file: jen.NewFile(pkg), helpers: newHelpers(prefix)}
	s.file.ImportNames(map[string]string{"math": "math", "math/bits": "bits", "sync": "sync", "unsafe": "unsafe"})
	for _, line := range strings.Split(strings.TrimRight(header, "\n"), "\n") {
		s.file.HeaderComment(gen.CommentLine(strings.TrimPrefix(line, "//")))
	}
	if tag != "" {
		s.file.HeaderComment("//go:build " + tag)
	}
	for _, p := range programs {
		where = p.Name + " " + p.Storage().String() + " " + p.Target
		write(s, p)
	}
	for i, name := range s.helpers.names {
		s.add(name, s.helpers.decls[i])
	}
	s.Imports = slices.Sorted(maps.Keys(s.helpers.imports))
	var b bytes.Buffer
	if err := s.file.Render(&b); err != nil { // jennifer's text ends in all that it could not format
		problem, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("gosrc: package %s: internal error: what was written is no Go: %s", pkg, problem)
	}
	s.text = bytes.Replace(b.Bytes(), []byte("\n//go:build "), []byte("\n\n//go:build "), 1)
	return s, nil
}
