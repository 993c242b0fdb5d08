package pyragen_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pyragen/pyragen"
)

// wantAPI prints the exported declarations of a generated package without bodies and comments.
func wantAPI(b block) (string, error) {
	s, err := b.spec()
	if err != nil {
		return "", err
	}
	files, err := pyragen.Compile(&s)
	if err != nil {
		return "", err
	}
	fset := token.NewFileSet()
	var out bytes.Buffer
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".go") {
			continue
		}
		file, err := parser.ParseFile(fset, f.Name, f.Content, parser.SkipObjectResolution)
		if err != nil {
			return "", err
		}
		ast.FileExports(file)
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				d.Body = nil
			case *ast.GenDecl:
				if d.Tok == token.IMPORT {
					continue
				}
			}
			if err := format.Node(&out, fset, d); err != nil {
				return "", err
			}
			out.WriteString("\n")
		}
	}
	return out.String(), nil
}

// wantExample is the body of an Example of this package.
func wantExample(b block) (string, error) {
	paths, err := filepath.Glob("*_test.go")
	if err != nil {
		return "", err
	}
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			return "", err
		}
		_, rest, ok := strings.Cut(string(text), "\nfunc "+b.attrs["name"]+"() {\n")
		if !ok {
			continue
		}
		body, _, _ := strings.Cut(rest, "\n}\n")
		return dedent(strings.Split(body, "\n")), nil
	}
	return "", fmt.Errorf("there is no %s in this folder", b.attrs["name"])
}

var (
	targetForm = regexp.MustCompile(`(?m)^([\w-]+):`)
	flagForm   = regexp.MustCompile(`--([\w-]+)`)
)

// wantCommands looks up the make targets, subcommands and flags of shell commands. Comments are passed over.
func wantCommands(b block) (string, error) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		return "", err
	}
	var targets []string
	for _, m := range targetForm.FindAllStringSubmatch(string(makefile), -1) {
		targets = append(targets, m[1])
	}
	for line := range strings.Lines(b.body) {
		line, _, _ = strings.Cut(line, " #")
		words := strings.Fields(line)
		for len(words) > 0 && strings.Contains(words[0], "=") { // the environment
			words = words[1:]
		}
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "make":
			if err := checkMake(words[1:], targets, string(makefile)); err != nil {
				return "", err
			}
		case words[0] == "pyragen":
			if err := checkSubcommand(words[1:]); err != nil {
				return "", err
			}
		case len(words) > 3 && words[0] == "go" && words[1] == "tool" && words[2] == "pyragen":
			if err := checkSubcommand(words[3:]); err != nil {
				return "", err
			}
		case words[0] != "go":
			return "", fmt.Errorf("%q is no command that a page shows", words[0])
		}
		for _, w := range words {
			if path, ok := strings.CutPrefix(w, module+"/"); ok {
				path, _, _ = strings.Cut(path, "@")
				if _, err := os.Stat(filepath.FromSlash(path)); err != nil {
					return "", fmt.Errorf("%s: there is no package %s", w, path)
				}
			}
		}
	}
	return b.body, nil
}

func checkMake(args, targets []string, makefile string) error {
	for _, a := range args {
		if name, _, ok := strings.Cut(a, "="); ok {
			if !strings.Contains(makefile, "$("+name+")") && !strings.Contains(makefile, "$(if $("+name+")") {
				return fmt.Errorf("make %s: the Makefile does not read it", a)
			}
		} else if !slices.Contains(targets, a) {
			return fmt.Errorf("make %s: the Makefile has only %v", a, targets)
		}
	}
	return nil
}

// checkSubcommand looks a subcommand and its flags up on the command's page, which a test of the command keeps up to date.
func checkSubcommand(args []string) error {
	text, err := os.ReadFile("docs/command.md")
	if err != nil {
		return err
	}
	_, section, ok := strings.Cut(string(text), "\n## pyragen "+args[0]+"\n")
	if !ok {
		return fmt.Errorf("pyragen %s is not on docs/command.md", args[0])
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for _, m := range flagForm.FindAllStringSubmatch(strings.Join(args, " "), -1) {
		if !strings.Contains(section, "`--"+m[1]) && m[1] != "json" {
			return fmt.Errorf("pyragen %s has no flag --%s", args[0], m[1])
		}
	}
	return nil
}
