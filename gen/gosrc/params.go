package gosrc

import (
	"fmt"

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
	return word{o.code, len(fmt.Sprintf("%#v", o.code))}
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
