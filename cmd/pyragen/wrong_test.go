package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A wrongCase is a command line that must be refused: a part of testdata/wrong.txt with `== name`, `$ arguments`, lines of
// pyragen.yaml, and `! message` with `exit N` first.
type wrongCase struct {
	name, args, yaml, want string
}

func readWrong(t *testing.T) (cases []wrongCase) {
	t.Helper()
	raw, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split("\n"+string(raw), "\n== ")[1:] {
		var c wrongCase
		c.name, part, _ = strings.Cut(part, "\n")
		for line := range strings.Lines(strings.TrimSuffix(part, "\n") + "\n") {
			switch {
			case strings.HasPrefix(line, "$ "):
				c.args = strings.TrimSpace(line[2:])
			case strings.HasPrefix(line, "! "):
				c.want += line[2:]
			default:
				c.yaml += line
			}
		}
		cases = append(cases, c)
	}
	return cases
}

// hostile are texts that cases name by a word: they must reach no file and end no line.
var hostile = strings.NewReplacer("<NL>", "\n", "<LS>", "\u2028", "<CR>", "\r", "<ESC>", "\x1b", "<FF>", "\xff", "<NUL>", "\x00", "<EMPTY>", "", "<SP>", " ",
	"<LONG>", strings.Repeat("x", 5000))

// TestWrong runs every case in a folder with its pyragen.yaml, a foreign file where a package would go, and nothing else: the exit
// code and the text are golden, stdout is empty, and the folder is as before.
func TestWrong(t *testing.T) {
	cases := readWrong(t)
	var golden strings.Builder
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := runWrong(t, c)
			if got != c.want && !*update {
				t.Errorf("pyragen %s: go test ./cmd/pyragen -run TestWrong -update writes it; got\n%s\nwant\n%s", c.args, got, c.want)
			}
			fmt.Fprintf(&golden, "== %s\n$ %s\n%s! %s\n", c.name, c.args, c.yaml, strings.ReplaceAll(strings.TrimSuffix(got, "\n"), "\n", "\n! "))
		})
	}
	if *update {
		if err := os.WriteFile("testdata/wrong.txt", []byte(golden.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if len(cases) < 60 {
		t.Errorf("%d wrong command lines are tried, want at least 60", len(cases))
	}
}

// runWrong returns the exit code and stderr.
func runWrong(t *testing.T, c wrongCase) string {
	here := t.TempDir()
	t.Chdir(here)
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("foreign/pam.go", "package pam // by hand\n")
	write("vectors/notes.txt", "no case here\n")
	if c.yaml != "" {
		write("pyragen.yaml", c.yaml)
	}
	before := listing(t)
	var args []string
	for _, word := range strings.Fields(c.args) {
		args = append(args, hostile.Replace(word))
	}
	var stdout, stderr bytes.Buffer
	a := &app{stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
	code := a.run(context.Background(), args)
	if stdout.Len() > 0 {
		t.Errorf("wrote to stdout: %s", &stdout)
	}
	if after := listing(t); after != before {
		t.Errorf("changed the folder from\n%s\nto\n%s", before, after)
	}
	text := stderr.String()
	for line := range strings.Lines(text) {
		if len(line) > 600 || strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(c rune) bool { return c < ' ' || c == 0x2028 || c == 0xfffd }) {
			t.Errorf("a line of %d bytes, or with what an editor hides: %q", len(line), line)
		}
	}
	return fmt.Sprintf("exit %d\n%s", code, text)
}

// listing has the name, kind, size and content of everything in the working directory.
func listing(t *testing.T) string {
	var b strings.Builder
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			fmt.Fprintln(&b, path, err)
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %q\n", path, content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
