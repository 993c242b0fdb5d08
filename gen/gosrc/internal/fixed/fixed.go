// Package fixed is the part of a generated package's API file that is the same in all of them: number of nodes and slots, checks of
// arguments, choice of the instruction set, workers and cancelling. It is a package like a generated one, with sample.go in place of what
// depends on the spec, so that it can be read, vetted and tested as such; its text is what is emitted.
package fixed

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
)

//go:embed nodes.go isa.go check.go tensor.go run.go share.go help.go cancel.go memory.go float16.go bfloat16.go cache.go
var files embed.FS

// The order of the parts in a generated file: what users call comes first. What is about pyramids alone is the first.
var (
	common  = []string{"isa.go", "check.go", "tensor.go", "run.go", "share.go", "help.go", "cancel.go"}
	pyramid = append([]string{"nodes.go"}, common...)
)

// extras are the parts of packages that need them: those that have elements of 16 bits, by their types, and those whose tasks have arrays.
var extras = map[string]string{"Float16": "float16.go", "BFloat16": "bfloat16.go", Memory: "memory.go"}

// Memory names the part that has the arrays of tasks.
const Memory = "memory"

// elements is the constraint of what tensors consist of.
const elements = "float32 | float64"

// Text is Go source without package clause and imports.
type Text struct {
	Body    string
	Imports []string // sorted
	Decls   []string // names declared at the top; methods as Type.Name
}

// Source returns the text of a package for pyramids, and with it that of extras: [Memory], or types of 16 bits.
func Source(extras ...string) (Text, error) { return withExtras(pyramid, extras) }

// Common returns what a package has whatever its graphs are. It relies on the methods checkGraph, nodes and slots of Sizes.
func Common(extras ...string) (Text, error) { return withExtras(common, extras) }

// Cache returns what tells a package with assembly the size of the last-level cache. It relies on the function cpuid.
func Cache() (Text, error) { return TextOf(files, []string{"cache.go"}) }

// withExtras is the text of files and extras. Tensors may consist of types of 16 bits where these are among them.
func withExtras(order, names []string) (Text, error) {
	types := []string{elements}
	for _, name := range names {
		order = append(slices.Clip(order), extras[name])
		if name != Memory {
			types = append(types, name)
		}
	}
	t, err := TextOf(files, order)
	t.Body = strings.ReplaceAll(t.Body, elements, strings.Join(types, " | "))
	return t, err
}

// TextOf returns the text of Go files, one after the other.
func TextOf(files embed.FS, order []string) (Text, error) {
	var t Text
	imports := map[string]bool{}
	for _, name := range order {
		src, err := files.ReadFile(name)
		if err != nil {
			return Text{}, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return Text{}, err
		}
		from := file.Name.End() - file.FileStart
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
				from = g.End() - file.FileStart
			}
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return Text{}, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
			}
			imports[path] = true
		}
		t.Body += string(src[from:])
		t.Decls = append(t.Decls, declared(file)...)
	}
	t.Imports = slices.Sorted(maps.Keys(imports))
	return t, nil
}

// declared returns the names that a file declares at the top.
func declared(file *ast.File) (names []string) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				receiver := d.Recv.List[0].Type
				if star, ok := receiver.(*ast.StarExpr); ok {
					receiver = star.X
				}
				if generic, ok := receiver.(*ast.IndexExpr); ok {
					receiver = generic.X
				}
				name = receiver.(*ast.Ident).Name + "." + name
			}
			names = append(names, name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					names = append(names, s.Name.Name)
				case *ast.ValueSpec:
					for _, id := range s.Names {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return names
}
