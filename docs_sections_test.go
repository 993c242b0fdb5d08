package pyragen_test

import (
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
	"github.com/pyragen/pyragen/spec"
)

// sections are the parts of pages that are written from tables of the compiler: between <!-- generated NAME --> and <!-- end -->.
var sections = map[string]func() string{
	"ops":     opsSection,
	"targets": targetsSection,
	"steps":   stepsSection,
	"passes":  passesSection,
	"orders":  ordersSection,
	"arrows":  arrowsSection,
	"grammar": grammarSection,
	"files":   filesSection,

	"definition": definitionSection,
	"rules":      rulesSection,
}

// checkSections compares the generated sections of a page and returns the page with the sections as they should be.
func checkSections(t *testing.T, page string, lines []string) []string {
	var out []string
	for n := 0; n < len(lines); n++ {
		out = append(out, lines[n])
		name, ok := strings.CutPrefix(lines[n], "<!-- generated ")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, " -->")
		write, first := sections[name], n+1
		for n++; n < len(lines) && lines[n] != "<!-- end -->"; n++ {
		}
		if write == nil || n == len(lines) {
			t.Fatalf("%s:%d: section %q: want a name of sections, and an <!-- end -->", page, first, name)
		}
		want := strings.Split(strings.TrimSuffix(write(), "\n"), "\n")
		if !slices.Equal(lines[first:n], want) && !*update {
			t.Errorf("%s:%d: section %s is stale; run go test -run TestDocs . -update", page, first, name)
		}
		out = append(append(out, want...), lines[n])
	}
	return out
}

func opsSection() string {
	var b strings.Builder
	b.WriteString("| op | what |\n|---|---|\n")
	for _, op := range ops.All {
		fmt.Fprintf(&b, "| `%s` | %s |\n", op.Name, op.Doc)
	}
	return b.String()
}

func targetsSection() string {
	var b strings.Builder
	b.WriteString("| target | what | vector registers | FMA |\n|---|---|---|---|\n")
	for _, t := range schedule.Targets {
		registers, fma := "none", "no"
		if t.VectorBytes > 0 {
			registers = fmt.Sprintf("%d of %d bytes", t.VectorRegs, t.VectorBytes)
		}
		if t.FMA {
			fma = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", t.Name, t.Doc, registers, fma)
	}
	return b.String()
}

func stepsSection() string {
	args := exampleArgs()
	var b strings.Builder
	for _, s := range schedule.Steps {
		shown := strings.TrimSpace(s.Name + " " + args[s.Name])
		fmt.Fprintf(&b, "### %s\n\n`%s`\n\n%s\n", s.Name, strings.TrimSpace(s.Name+" "+s.Args), docText(s.Doc, ". With `"+shown+"`:"))
	}
	return b.String()
}

var stepArgsForm = regexp.MustCompile(`"(\w+)": "([^"]*)"`)

// exampleArgs are the arguments with which the tests of package schedule run the IR that a step's doc shows.
func exampleArgs() map[string]string {
	text, err := os.ReadFile("schedule/doc_test.go")
	if err != nil {
		return nil
	}
	_, table, _ := strings.Cut(string(text), "var stepArgs = ")
	table, _, _ = strings.Cut(table, "\n}")
	args := map[string]string{}
	for _, m := range stepArgsForm.FindAllStringSubmatch(table, -1) {
		args[m[1]] = m[2]
	}
	return args
}

func passesSection() string {
	var b strings.Builder
	for n, p := range schedule.Passes {
		fmt.Fprintf(&b, "### %d. %s\n\n%s\n", n+1, p.Name, docText(p.Doc, ":"))
	}
	return b.String()
}

func ordersSection() string {
	var b strings.Builder
	b.WriteString("| before | after | because |\n|---|---|---|\n")
	for _, o := range schedule.Orders {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", o.Before, o.After, o.Why)
	}
	return b.String()
}

// docText writes the doc of a step or pass: what it does as a sentence with an end of its own, the IR before and after as one
// block. The tests of package schedule run that block.
func docText(doc, end string) string {
	var b strings.Builder
	inBlock := false
	lines := strings.Split(doc, "\n")
	for n, line := range lines {
		code := strings.HasPrefix(line, "\t") || line == "->" ||
			inBlock && line == "" && n+1 < len(lines) && (strings.HasPrefix(lines[n+1], "\t") || lines[n+1] == "->")
		if code != inBlock {
			inBlock = code
			b.WriteString(fence(code))
		}
		line = strings.TrimPrefix(line, "\t")
		switch {
		case !code && n+1 < len(lines) && lines[n+1] == "" && !strings.HasSuffix(line, "."):
			line += end
		case !code && n+1 == len(lines) && !strings.HasSuffix(line, "."):
			line += "."
		}
		b.WriteString(line + "\n")
	}
	if inBlock {
		b.WriteString(fence(false))
	}
	text := b.String()
	return strings.ToUpper(text[:1]) + text[1:]
}

// fence is the start or end of an indented block.
func fence(start bool) string {
	if start {
		return "```pyr step\n"
	}
	return "```\n"
}

// packageDocs returns the first sentence of each package's comment, without the name of the package.
func packageDocs() map[string]string {
	docs := map[string]string{}
	for name := range arrows {
		paths, _ := filepath.Glob(filepath.Join(filepath.FromSlash(name), "*.go")) // the pattern is well-formed
		for _, path := range paths {
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil || f.Doc == nil || strings.HasSuffix(path, "_test.go") {
				continue
			}
			sentence := new(doc.Package).Synopsis(f.Doc.Text())
			for _, start := range []string{"Package " + f.Name.Name + " ", "Pyragen ", "is "} {
				sentence = strings.TrimPrefix(sentence, start)
			}
			docs[name] = strings.TrimSuffix(sentence, ".")
		}
	}
	return docs
}

// arrowsSection lists the packages with what they may import, from the table that TestArrows asserts.
func arrowsSection() string {
	docs := packageDocs()
	var b strings.Builder
	b.WriteString("| folder | what | may import |\n|---|---|---|\n")
	for _, name := range []string{"spec", "ir", "diff", "ops", "schedule", "gen", "gen/goasm", "gen/gosrc", "", "cmd/pyragen", "verify", "verify/emulate",
		"verify/mutate"} {
		folder, list := name, slices.Clone(arrows[name])
		if name == "" {
			folder = "."
		}
		for n, a := range list {
			if a == "" {
				list[n] = "."
			}
		}
		if len(list) == 0 {
			list = []string{"nothing of ours"}
		}
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s |\n", folder, folder, docs[name], strings.Join(list, ", "))
	}
	return b.String()
}

// grammarSection is the grammar that stands above the parser.
func grammarSection() string { return commentBlock("ir/parse.go") }

// commentBlock is the indented text in the comments of a file.
func commentBlock(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	b.WriteString("```text\n")
	for line := range strings.Lines(string(text)) {
		if rule, ok := strings.CutPrefix(line, "//\t"); ok {
			b.WriteString(rule)
		}
	}
	b.WriteString("```\n")
	return b.String()
}

// definitionSection is the definition that attention's gradient is derived from.
func definitionSection() string {
	graph := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}
	k := ops.AttentionDefinition(ops.Options{Type: ir.F32, Graph: graph, Dim: 64})
	return "```pyr kernel\n" + k.String() + "```\n"
}

// rulesSection is the table of rules that stands above their code.
func rulesSection() string { return commentBlock("diff/rules.go") }

// filesSection lists the files of a package with all ops and instruction sets: their build constraints, and what the back end that
// writes them says of them.
func filesSection() string {
	files, err := pyragen.Compile(&spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 8, Types: []string{"f32"}})
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	b.WriteString("| file | what | built |\n|---|---|---|\n")
	for _, f := range files {
		built := "always"
		if _, rest, ok := strings.Cut(string(f.Content), "\n//go:build "); ok {
			tag, _, _ := strings.Cut(rest, "\n")
			built = "`" + strings.ReplaceAll(tag, "|", "\\|") + "`"
		}
		end := strings.TrimPrefix(f.Name, "pam")
		fmt.Fprintf(&b, "| `NAME%s` | %s | %s |\n", end, fileDoc(end), built)
	}
	return b.String()
}

// fileDoc is what stands behind the names of files in the doc of the back end that writes them.
func fileDoc(end string) string {
	for _, back := range pyragen.Backends {
		for _, mark := range []string{": ", ", "} {
			names, doc, ok := strings.Cut(back.Doc, mark)
			if ok && slices.ContainsFunc(strings.Fields(names), func(w string) bool { return w == "NAME"+end || w == "<package>"+end }) {
				return doc
			}
		}
	}
	return ""
}
