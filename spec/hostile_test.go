package spec_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/spec"
)

// pieces of texts that would mean something to Go, to the assembler, to a shell, to a terminal or to a reader's eye.
var pieces = []string{"\n", "\r", "\u2028", "\u2029", "\u0085", "*/", "/*", "//", "//go:linkname a b", "//go:build ignore", "// +build x", "//line x:1",
	"#include \"textflag.h\"", "TEXT ·x(SB)", "import \"C\"", "func init() {", "}", "\"", "`", "'", "\\", "$(id)", "; rm -rf /", "\x00", "\x1b[2J", "\xff",
	"\u202e", "\u200b", "\ufeff", "а", "ρ", "ａ", "../", "/etc/passwd", "C:\\", "con", "nul", "aux.go", "_test", "_linux_amd64", "%s%n", "{{.}}", "<script>",
	"pam", "f32", "scores", "avx2", "go", " ", "\t", "0", "-", ".", "~", "!!python/object", "*a", "&a", "<<: "}

// TestHostile puts 10,000 texts into every free text of a request, as YAML and as flags (R18). What is accepted is a plain name; what
// is refused is refused with whole lines of visible ASCII; the canonical text has its seven lines in any case.
func TestHostile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	plain := regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	folder := regexp.MustCompile(`^[A-Za-z0-9._+~-][A-Za-z0-9/._+~-]*$`)
	for range 10_000 {
		bad := ""
		for range 1 + r.IntN(4) {
			bad += pieces[r.IntN(len(pieces))]
		}
		fields := map[string]string{"pkg": "pam", "out": "pam", "types": "f32", "ops": "scores", "isa": "go"}
		names := []string{"pkg", "out", "types", "ops", "isa"}
		field := names[r.IntN(len(names))]
		fields[field] = bad
		src := fmt.Sprintf("packages: [{window: 3, strides: [4], dim: 8, pkg: %s, out: %s, types: [%s], ops: [%s], isa: [%s]}]\n", strconv.Quote(fields["pkg"]),
			strconv.Quote(fields["out"]), strconv.Quote(fields["types"]), strconv.Quote(fields["ops"]), strconv.Quote(fields["isa"]))
		if r.IntN(2) == 0 {
			src = strings.ReplaceAll(src, strconv.Quote(bad), bad)
		}
		targets, err := spec.Parse("pyragen.yaml", []byte(src))
		if err != nil {
			checkProblems(t, err)
		}
		for _, target := range targets {
			if !plain.MatchString(target.Package) || !folder.MatchString(target.Out) || strings.Contains(target.Out, "..") {
				t.Errorf("accepted %q as %+v", src, target)
			}
		}
		_, err = spec.Args{Pkg: ref(fields["pkg"]), Window: ref("3"), Strides: ref("4"), Dim: ref("8"), Types: ref(fields["types"]), Ops: ref(fields["ops"]),
			ISA: ref(fields["isa"])}.Spec()
		if err == nil && field != "out" && !plain.MatchString(strings.TrimSpace(bad)) && !strings.Contains(bad, " ") {
			t.Errorf("accepted --%s %q", field, bad)
		}
		if err != nil && strings.ContainsFunc(strings.ReplaceAll(err.Error(), "\n", ""), func(c rune) bool { return c < ' ' || c > '~' }) {
			t.Errorf("message with what hides: %q", err)
		}
		s := spec.Spec{Package: bad, Types: []string{bad}, Ops: []string{bad}, ISA: []string{bad}}
		if text := s.Text(); strings.Count(text, "\n") != 7 || strings.ContainsFunc(text, func(c rune) bool { return c != '\n' && (c < ' ' || c > '~') }) {
			t.Errorf("%q in the canonical text:\n%s", bad, text)
		}
	}
}

func ref(s string) *string { return &s }
