package pyragen_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	codeForm = regexp.MustCompile("`([^`]+)`")
	nameForm = regexp.MustCompile(`^(pyragen|spec|ir|diff|ops|schedule|gen|goasm|gosrc|verify|emulate)((?:\.[A-Z]\w*)+)`)
	testForm = regexp.MustCompile(`^(?:Test|Example|Fuzz)[A-Z]\w*$`)
	fileForm = regexp.MustCompile(`^[\w./-]+\.(?:go|md|sh|yaml|pyr|png)$`)
)

// TestDocsNames looks up what pages call by name: exported Go names of the compiler, tests and files.
func TestDocsNames(t *testing.T) {
	names, tests := declared(t)
	found := 0
	for _, page := range pages(t) {
		inBlock := false
		for n, line := range readPage(t, page) {
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				inBlock = !inBlock
				continue
			}
			if inBlock {
				continue
			}
			for _, m := range codeForm.FindAllStringSubmatch(line, -1) {
				word := m[1]
				if q := nameForm.FindStringSubmatch(word); q != nil {
					found++
					if !names[q[1]+q[2]] {
						t.Errorf("%s:%d: %s%s is not declared", page, n+1, q[1], q[2])
					}
				}
				if testForm.MatchString(word) {
					found++
					if !tests[word] {
						t.Errorf("%s:%d: there is no %s", page, n+1, word)
					}
				}
				if fileForm.MatchString(word) && strings.Contains(word, "/") {
					found++
					if _, err := os.Stat(filepath.FromSlash(word)); err != nil {
						t.Errorf("%s:%d: there is no file %s", page, n+1, word)
					}
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("%d names looked up, want at least 30", found)
	}
}

// declared returns the exported names of our packages, as package.Name, package.Type.Method or package.Type.Field, and the names of
// all tests.
func declared(t *testing.T) (names, tests map[string]bool) {
	t.Helper()
	names, tests = map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && strings.HasSuffix(path, "_test.go") {
				tests[f.Name.Name] = true
			}
			for _, name := range namesOf(decl) {
				names[file.Name.Name+"."+name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, tests
}

// namesOf returns what a declaration declares, with fields and methods behind their type.
func namesOf(decl ast.Decl) []string {
	var names []string
	switch d := decl.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			typ := d.Recv.List[0].Type
			if star, ok := typ.(*ast.StarExpr); ok {
				typ = star.X
			}
			if id, ok := typ.(*ast.Ident); ok {
				name = id.Name + "." + name
			}
		}
		names = append(names, name)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				for _, id := range s.Names {
					names = append(names, id.Name)
				}
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
				if st, ok := s.Type.(*ast.StructType); ok {
					for _, f := range st.Fields.List {
						for _, id := range f.Names {
							names = append(names, s.Name.Name+"."+id.Name)
						}
					}
				}
			}
		}
	}
	return names
}
