package gosrc

import (
	"bytes"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// AsmTag is the build constraint of files that need the assembly.
const AsmTag = "amd64 && gc && !purego && !noasm"

// EmitKernels writes the file of the portable target: the functions of the programs in Go and their drivers.
func EmitKernels(pkg string, programs []*ir.Program, header string) ([]byte, error) {
	return emit(pkg, header, "", programs, "", func(p *ir.Program, h *helpers) []jen.Code {
		return inGo(p, h, "")
	})
}

// EmitTwins writes programs for vectors as Go, under the names of their drivers and functions with Twin behind: what the assembly
// computes, lane by lane, to compare it with.
func EmitTwins(pkg string, programs []*ir.Program, header string) ([]byte, error) {
	return emit(pkg, header, "", programs, "twin", func(p *ir.Program, h *helpers) []jen.Code {
		return inGo(p, h, "Twin")
	})
}

// EmitAsmDrivers writes the file beside the assembly: the declarations of its functions and the drivers that call them.
func EmitAsmDrivers(pkg string, programs []*ir.Program, header string) ([]byte, error) {
	return emit(pkg, header, AsmTag, programs, "amd64", func(p *ir.Program, h *helpers) []jen.Code {
		var decls []jen.Code
		for _, f := range p.Funcs {
			decls = append(decls, stub(f, FuncName(p, f)), jen.Line())
		}
		name := func(f *ir.Func) string { return FuncName(p, f) }
		return append(decls, driverDecl(p, DriverName(p), name, true, h), jen.Line())
	})
}

// inGo is a program in Go, the driver first.
func inGo(p *ir.Program, h *helpers, suffix string) []jen.Code {
	name := func(f *ir.Func) string { return FuncName(p, f) + suffix }
	decls := []jen.Code{driverDecl(p, DriverName(p)+suffix, name, false, h), jen.Line()}
	for _, f := range p.Funcs {
		decls = append(decls, funcDecl(p, f, name(f), h), jen.Line())
	}
	return decls
}

// stub declares a function in assembly. Its parameters have the names of the IR: the assembly refers to them.
func stub(f *ir.Func, name string) *jen.Statement {
	var list []parameter
	for _, b := range f.Buffers {
		typ := goType(b.Type)
		if len(b.Dims) > 0 {
			typ = jen.Op("*").Add(typ)
		}
		list = append(list, parameter{b.Name, typ})
	}
	for _, n := range f.Ints {
		list = append(list, parameter{n, jen.Int()})
	}
	doc := docComment(name, f.Doc).Comment("//").Line().Comment("//go:noescape").Line() // as gofmt has it
	return doc.Func().Id(name).Add(params(list))
}

// emit renders a file.
func emit(pkg, header, tag string, programs []*ir.Program, prefix string,
	decls func(p *ir.Program, h *helpers) []jen.Code) (src []byte, err error) {
	where := "package " + pkg
	defer catch(&where, &err)
	if !isName(pkg) {
		fail("got the name %q, want an identifier: letters, digits and _", pkg)
	}
	file := jen.NewFile(pkg)
	file.ImportName("math", "math")
	for _, line := range strings.Split(strings.TrimRight(header, "\n"), "\n") {
		file.HeaderComment("// " + CommentText(line))
	}
	if tag != "" {
		file.HeaderComment("//go:build " + tag)
	}
	h := newHelpers(prefix)
	for _, p := range programs {
		where = p.Name + " " + p.Type.String() + " " + p.Target
		for _, d := range decls(p, h) {
			file.Add(d)
		}
	}
	for _, d := range h.decls {
		file.Add(d)
	}
	var b bytes.Buffer
	if err := file.Render(&b); err != nil {
		return nil, err
	}
	return bytes.Replace(b.Bytes(), []byte("\n//go:build "), []byte("\n\n//go:build "), 1), nil
}
