package gen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// closedGo checks a Go file and returns its functions without body.
func closedGo(f File, want Expect) (stubs []string, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("gen: %s is no Go: %w", f.Name, err)
	}
	c := goFile{directives: map[*ast.Comment]string{}}
	for _, d := range file.Decls {
		c.decl(d)
	}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			c.comment(comment, comment.Pos() < file.Package)
		}
	}
	wantConstraints := []string{}
	if want.Constraint != "" {
		wantConstraints = append(wantConstraints, want.Constraint)
	}
	for _, err := range []error{
		sameSet("package clause", []string{file.Name.Name}, []string{want.Package}),
		sameSet("build constraint", c.constraints, wantConstraints),
		sameSet("imports", c.imports, want.Imports),
		sameSet("declarations", c.decls, want.Decls),
		sameSet("directives", c.found, want.Directives),
	} {
		if err != nil {
			c.problems = append(c.problems, err)
		}
	}
	for i, p := range c.problems {
		c.problems[i] = fmt.Errorf("gen: %s: %w", f.Name, p)
	}
	return c.stubs, errors.Join(c.problems...)
}

// goFile is what was found in a Go file.
type goFile struct {
	constraints, imports, decls, found []string
	stubs                              []string                // functions without body
	directives                         map[*ast.Comment]string // the function above which a comment stands
	problems                           []error
}

func (c *goFile) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			name = receiver(d.Recv) + "." + name
		}
		c.decls = append(c.decls, name)
		if d.Body == nil {
			c.stubs = append(c.stubs, name)
		}
		if d.Doc != nil {
			for _, comment := range d.Doc.List {
				c.directives[comment] = name
			}
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			c.spec(s)
		}
	}
}

// receiver is the name of a receiver's type.
func receiver(list *ast.FieldList) string {
	t := list.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return "?"
}

func (c *goFile) spec(s ast.Spec) {
	switch s := s.(type) {
	case *ast.ImportSpec:
		path, err := strconv.Unquote(s.Path.Value)
		if err != nil || s.Name != nil {
			path = "renamed or unreadable: " + s.Path.Value
		}
		c.imports = append(c.imports, path)
	case *ast.TypeSpec:
		c.decls = append(c.decls, s.Name.Name)
	case *ast.ValueSpec:
		for _, id := range s.Names {
			c.decls = append(c.decls, id.Name)
		}
	}
}

// acting are the starts of comments, besides //go:, that a Go tool acts on.
var acting = []string{"//line ", "//export ", "//extern ", "//nolint"}

func (c *goFile) comment(comment *ast.Comment, beforePackage bool) {
	text := comment.Text
	switch {
	case constraint.IsGoBuild(text) && beforePackage:
		c.constraints = append(c.constraints, strings.TrimPrefix(text, "//go:build "))
	case strings.HasPrefix(text, "//go:"):
		c.found = append(c.found, strings.TrimSpace(strings.TrimPrefix(text, "//")+" "+c.directives[comment]))
	case strings.HasPrefix(text, "/*"):
		c.problems = append(c.problems, fmt.Errorf("got a block comment, want line comments only: %.60q", text))
	case constraint.IsPlusBuild(text):
		c.problems = append(c.problems, fmt.Errorf("got the build constraint %.60q, want //go:build", text))
	default:
		for _, start := range acting {
			if strings.HasPrefix(text, start) {
				c.problems = append(c.problems, fmt.Errorf("got the directive %.60q, want none", text))
			}
		}
	}
}
