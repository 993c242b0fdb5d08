package pyragen_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// block is a fenced block of a page. Its first line says what it is: a language, a kind, and attributes such as op=scores; at= takes
// the rest of the line.
type block struct {
	kind  string // as in blockKinds
	attrs map[string]string
	body  string
}

// blockKind is how one kind of block is checked.
type blockKind struct {
	Name string // the language, and the word behind it
	Doc  string
	// Want returns what the block must be; an error says why it is wrong in itself.
	Want func(b block) (string, error)
}

// blockKinds are all kinds; a block of another kind is an error, so that nothing on a page goes unchecked unseen.
var blockKinds = []blockKind{
	{"pyr kernel", "a kernel: parses, verifies, prints back; with op= it is what package ops builds", wantKernel},
	{"pyr stages", "stages of a kernel with the declarations of stageFrame", wantStages},
	{"pyr statements", "statements of a program with the declarations of statementFrame", wantStatements},
	{"pyr program", "a program: parses, verifies, prints back; with op= it is the scheduled kernel, with at= a part of it", wantProgram},
	{"schedule", "a schedule: parses, prints back; with op= it is the default", wantSchedule},
	{"go file", "a part of a file of the repository", wantFile},
	{"go generated", "a part of a generated Go file", wantGenerated},
	{"asm generated", "a part of a generated assembly file", wantGenerated},
	{"go api", "the exported declarations of a generated package", wantAPI},
	{"go example", "the body of an Example, whose output its own test compares", wantExample},
	{"go main", "a program, which TestPrograms runs", asItIs},
	{"text output", "what that program prints, which TestPrograms compares", asItIs},
	{"go calls", "calls of a program's package that are wrong, which TestPrograms makes", asItIs},
	{"text errors", "the errors that they return, which TestPrograms compares", asItIs},
	{"text drawing", "a drawing in letters", asItIs},
	{"yaml", "a pyragen.yaml: is read without problems", wantYAML},
	{"sh", "commands: make targets, subcommands and flags exist", wantCommands},
}

func asItIs(b block) (string, error) { return b.body, nil }

// newBlock reads the line behind the fence.
func newBlock(info, body string) block {
	b := block{attrs: map[string]string{}, body: body}
	info, at, found := strings.Cut(info, " at=")
	if found {
		b.attrs["at"] = at
	}
	var words []string
	for _, w := range strings.Fields(info) {
		if key, value, ok := strings.Cut(w, "="); ok {
			b.attrs[key] = value
		} else {
			words = append(words, w)
		}
	}
	b.kind = strings.Join(words, " ")
	return b
}

// checkBlocks checks every block of a page and returns the page with the blocks as they should be.
func checkBlocks(t *testing.T, page string, lines []string) []string {
	var out []string
	generated := false // in a section that checkSections has compared
	for n := 0; n < len(lines); n++ {
		out = append(out, lines[n])
		generated = strings.HasPrefix(lines[n], "<!-- generated ") || generated && lines[n] != "<!-- end -->"
		info, ok := strings.CutPrefix(lines[n], "```")
		if !ok || generated {
			continue
		}
		first := n + 1
		for n++; n < len(lines) && lines[n] != "```"; n++ {
		}
		if n == len(lines) {
			t.Fatalf("%s:%d: the block has no end", page, first)
		}
		b := newBlock(info, joined(lines[first:n]))
		want, err := wantBlock(b)
		switch {
		case err != nil:
			t.Errorf("%s:%d: %s: %v", page, first, info, err)
			want = b.body
		case want != b.body && !*update:
			t.Errorf("%s:%d: %s: the page shows\n%s\nwant\n%s\nrun go test -run TestDocs . -update", page, first, info, b.body, want)
		}
		if want != "" {
			out = append(out, strings.TrimSuffix(want, "\n"))
		}
		out = append(out, lines[n])
	}
	return out
}

// joined ends every line.
func joined(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l + "\n")
	}
	return b.String()
}

func wantBlock(b block) (string, error) {
	for _, k := range blockKinds {
		if k.Name == b.kind {
			return k.Want(b)
		}
	}
	return "", fmt.Errorf("kind %q is unknown, want one of blockKinds", b.kind)
}

// part returns the part of a text that the attributes name: with func= the function of that name alone; with at= the first line that
// begins so, up to the end of its braces, or lines= lines; without common indentation.
func (b block) part(text string) (string, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	at := b.attrs["at"]
	if f := b.attrs["func"]; f != "" {
		start := max(indexOf(lines, "func "+f+"("), indexOf(lines, "TEXT ·"+f+"("))
		if start < 0 {
			return "", fmt.Errorf("there is no func %s", f)
		}
		lines = lines[start:]
		if strings.HasPrefix(lines[0], "func ") {
			lines = lines[:braces(lines)]
		}
	}
	if at != "" {
		start := indexOf(lines, at)
		if start < 0 {
			return "", fmt.Errorf("no line begins with %q", at)
		}
		count := braces(lines[start:])
		if l := b.attrs["lines"]; l != "" {
			n, err := strconv.Atoi(l)
			if err != nil || n < 1 || start+n > len(lines) {
				return "", fmt.Errorf("lines=%s: want a number of lines that are there", l)
			}
			count = n
		}
		lines = lines[start : start+count]
	}
	return dedent(lines), nil
}

func indexOf(lines []string, start string) int {
	for n, l := range lines {
		if strings.HasPrefix(strings.TrimSpace(l), start) {
			return n
		}
	}
	return -1
}

// braces counts the lines up to the one that closes what the first opens.
func braces(lines []string) int {
	depth := 0
	for n, l := range lines {
		depth += strings.Count(l, "{") + strings.Count(l, "(") - strings.Count(l, "}") - strings.Count(l, ")")
		if depth <= 0 {
			return n + 1
		}
	}
	return len(lines)
}

// dedent joins lines without the blanks or tabs that all begin with.
func dedent(lines []string) string {
	margin, first := "", true
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		space := l[:len(l)-len(strings.TrimLeft(l, " \t"))]
		if first || len(space) < len(margin) {
			margin, first = space, false
		}
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimPrefix(l, margin) + "\n")
	}
	return b.String()
}
