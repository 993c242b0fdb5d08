package gosrc

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/gen/gosrc/internal/graph"
)

// Graph is the back end of the graphs of a package for tables, and writes nothing for a pyramid. It relies on the constants Slots and
// packageName of NAME.go.
var Graph = gen.Backend{
	Name: "graph",
	Doc:  "writes NAME_graph.go: graphs of tables, which are made, checked, reversed, saved and read",
	Emit: func(u *gen.Unit, p *gen.Package) error {
		if !u.Spec.IsTable() {
			return nil
		}
		text, want, err := emitGraph(u.Spec.Package, u.Header())
		if err != nil {
			return err
		}
		p.Add(gen.File{Name: u.Spec.Package + "_graph.go", Content: text}, want)
		return nil
	},
}

// emitGraph writes the file and says all that stands in it.
func emitGraph(pkg, header string) (text []byte, want gen.Expect, err error) {
	source, err := graph.Source()
	if err != nil {
		return nil, gen.Expect{}, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%spackage %s\n\nimport (\n\t\"%s\"\n)\n%s", header, pkg, strings.Join(source.Imports, "\"\n\t\""), source.Body)
	if text, err = format.Source(b.Bytes()); err != nil {
		return nil, gen.Expect{}, fmt.Errorf("gosrc: package %s: internal error: the graph is no Go: %w", pkg, err)
	}
	return text, gen.Expect{Package: pkg, Imports: source.Imports, Decls: source.Decls}, nil
}
