package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/examples/graph/internal/cite"
	"github.com/pyragen/pyragen/examples/graph/internal/picture"
)

// call runs the command and returns what it wrote.
func call(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return code, out.String(), errs.String()
}

// TestRun: a line for each type and instruction set, all of whose numbers have been checked, and a picture.
func TestRun(t *testing.T) {
	out := filepath.Join(t.TempDir(), "graph.png")
	code, text, errs := call("-papers", "400", "-out", out)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, isa := range cite.ISAs() {
		for _, typ := range []string{"f32", "f64"} {
			line := `(?m)^ +` + typ + ` +` + isa + ` +` + strings.Repeat(`\d+\.\d\d ms +`, 3) + `\d{5,} +\d\.\de[-+]\d\d +\d\.\de[-+]\d\d$`
			if !regexp.MustCompile(line).MatchString(text) {
				t.Errorf("no line %s in\n%s", line, text)
			}
		}
	}
	for _, want := range []string{"400 papers with ", "undirected: false", "picture    " + out} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if c, err := png.DecodeConfig(f); err != nil || c.Width != picture.Width || c.Height != picture.Height {
		t.Errorf("%s is %d x %d, %v", out, c.Width, c.Height, err)
	}
}

func TestQuiet(t *testing.T) {
	out := filepath.Join(t.TempDir(), "graph.png")
	if code, text, errs := call("-papers", "100", "-quiet", "-out", out); code != exitOK || text != "" || errs != "" {
		t.Errorf("exit %d, %q, %q", code, text, errs)
	}
}

// TestWrong: what cannot work is refused, on one line, before any work.
func TestWrong(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-papers", "99"}, "-papers 99: want 100 to 20000"},
		{[]string{"-papers", "many"}, `invalid value "many" for flag -papers`},
		{[]string{"-out", filepath.Join(dir, "graph.jpg")}, "want a file name that ends in .png"},
		{[]string{"-out", filepath.Join(dir, "none", "graph.png")}, "cannot be written"},
		{[]string{"edges.txt"}, `argument "edges.txt" is not wanted`},
	} {
		code, text, errs := call(c.args...)
		if code != exitUsage || text != "" || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: exit %d, %q, %q, want %q", c.args, code, text, errs, c.want)
		}
	}
	if code, text, _ := call("-help"); code != exitOK || !strings.Contains(text, "-papers n") {
		t.Errorf("help: exit %d, %q", code, text)
	}
}
