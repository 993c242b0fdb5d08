package gen

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestCommentText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"level 0, left edge", "level 0, left edge"},
		{"  two\nlines\r\n", "two lines"},
		{"*/ func init() {} /*", "*/ func init() {} /*"},
		{"//go:linkname a b", "//go:linkname a b"},
		{"+build ignore", "'+build ignore"},
		{"line\u2028separator", `line\u2028separator`},
		{"\u202etfel ot thgir", `\u202etfel ot thgir`},
		{"sc\u043eres", `sc\u043eres`},
		{"\x00\x7f\x1b[2J", `\u0000\u007f\u001b[2J`},
		{"\U0001f600 \xff", `\U0001f600 \ufffd`},
		{" \n ", ""},
	} {
		if got := CommentText(c.text); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// hostileText joins some parts.
func hostileText(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(5) {
		b.WriteString(hostile[r.IntN(len(hostile))])
	}
	return b.String()
}

// TestHostileComments is check R18 for comments: each text is one line of comment that no tool acts on.
func TestHostileComments(t *testing.T) {
	r := rand.New(rand.NewPCG(18, 1))
	for range 10_000 {
		text := hostileText(r)
		line := CommentLine(text)
		for _, c := range []byte(line) {
			if c < ' ' || c > '~' {
				t.Fatalf("%q has the byte %#x", line, c)
			}
		}
		f, err := parser.ParseFile(token.NewFileSet(), "x.go", line+"\n\npackage x\n", parser.ParseComments|parser.ImportsOnly)
		if err != nil || len(f.Comments) != 1 || len(f.Comments[0].List) != 1 || f.Comments[0].List[0].Text != line {
			t.Fatalf("%q of %q is not one comment: %v", line, text, err)
		}
		if constraint.IsGoBuild(line) || constraint.IsPlusBuild(line) || f.Name.Name != "x" || len(f.Imports) > 0 {
			t.Fatalf("%q of %q acts", line, text)
		}
	}
}
