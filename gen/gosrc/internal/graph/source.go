// Package graph is the part of a generated package for table graphs that holds the graph: what makes, checks, reverses, saves and reads it.
// It is a package like a generated one, with sample.go in place of what depends on the spec, so that it can be read, vetted and tested as
// such; its text is what is emitted.
package graph

import (
	"embed"

	"github.com/pyragen/pyragen/gen/gosrc/internal/fixed"
)

//go:embed graph.go sizes.go make.go reverse.go order.go parts.go cuts.go file.go
var files embed.FS

// order is that of the parts in a generated file: what users call comes first.
var order = []string{"graph.go", "make.go", "file.go", "reverse.go", "order.go", "parts.go", "cuts.go", "sizes.go"}

// Source returns the text of the package.
func Source() (fixed.Text, error) { return fixed.TextOf(files, order) }
