package gosrc

import (
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/ir"
)

// funcDecl writes a function of a program: tensors as slices, scalars by value, then the integers, in the order of f.
func funcDecl(p *ir.Program, f *ir.Func, name string, h *helpers) *jen.Statement {
	e := newEmitter(p.Type, newNames(nil), h)
	var list []parameter
	for _, b := range f.Buffers {
		list = append(list, parameter{e.names.get(b.Name), sliceOf(b)})
	}
	for _, name := range f.Ints {
		list = append(list, parameter{e.bind(name), "int"})
	}
	body := e.block(func() { e.statements(prune(portable(f.Body))) })
	return docComment(name, f.Doc).Add(jen.Func().Id(name).Add(params(list)).Block(body...))
}

// docComment is the comment of a function: its name, then what it computes.
func docComment(name, doc string) *jen.Statement {
	text := strings.TrimSuffix(gen.CommentText(doc), ".")
	if text == "" {
		return jen.Null()
	}
	return jen.Add(comment(name + " computes " + text + ".")).Line()
}

// sliceOf is the Go type of a buffer as an argument.
func sliceOf(b *ir.Buffer) string {
	if len(b.Dims) == 0 {
		return typeName(b.Type)
	}
	return "[]" + typeName(b.Type)
}
