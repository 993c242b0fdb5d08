package gosrc

import (
	"bytes"
	"go/format"
	"go/parser"
	"go/token"

	"github.com/dave/jennifer/jen"
)

// parameter is a parameter of a function.
type parameter struct {
	name, typ string
}

// params writes the parameters of a function, those next to each other of one type together.
func params(list []parameter) *jen.Statement {
	var words []word
	for i, p := range list {
		w := word{jen.Id(p.name), len(p.name)}
		if i+1 == len(list) || list[i+1].typ != p.typ {
			w = word{jen.Id(p.name).Id(p.typ), len(p.name) + 1 + len(p.typ)}
		}
		words = append(words, w)
	}
	return wrapped(words)
}

// word is a part of a list, with the letters that it takes.
type word struct {
	code  jen.Code
	width int
}

// argument is an expression as part of a list.
func argument(o operand) word {
	if o.width > 0 {
		return word{o.code, o.width}
	}
	return word{o.code, letters(o.code)}
}

// letters is how many an expression takes as gofmt writes it. Jennifer would find that out by trying first whether it is a file, or a declaration.
func letters(x jen.Code) int {
	file := jen.NewFile("p")
	file.NoFormat = true
	file.Var().Id("_").Op("=").Add(x)
	var text bytes.Buffer
	if err := file.Render(&text); err != nil {
		fail("%v", err)
	}
	_, value, _ := bytes.Cut(text.Bytes(), []byte("_ ="))
	positions := token.NewFileSet()
	parsed, err := parser.ParseExprFrom(positions, "", value, 0)
	if err != nil {
		fail("%v", err)
	}
	var formatted bytes.Buffer
	if err := format.Node(&formatted, positions, parsed); err != nil {
		fail("%v", err)
	}
	return formatted.Len()
}

// lineWidth is where lists of parameters and arguments are broken.
const lineWidth = 100

// wrapped is a list in parentheses, broken into lines where it is long.
func wrapped(words []word) *jen.Statement { return jen.Params(lines(words)...) }

// lines are the words of a list, with line ends between them where it is long. gofmt keeps them as they are.
func lines(words []word) (list []jen.Code) {
	width := 0
	for i, w := range words {
		if width += w.width + 2; width > lineWidth && i > 0 {
			w.code = jen.Line().Add(w.code)
			width = w.width + 2
		}
		list = append(list, w.code)
	}
	return list
}
