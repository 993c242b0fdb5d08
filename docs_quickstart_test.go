package pyragen_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrograms does what a page says in a module of its own, and compares what its program prints and what wrong calls return.
func TestPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command and programs")
	}
	for _, c := range []struct {
		page, calls string // the page of the program, and that of the calls
		frame       string // what stands around the calls
	}{
		{"README.md", "docs/generated.md", pamCalls},
		{"docs/directed.md", "docs/directed.md", webCalls},
	} {
		t.Run(c.page, func(t *testing.T) { runPage(t, c.page, c.calls, c.frame) })
	}
}

func runPage(t *testing.T, page, callsPage, frame string) {
	shown := shownIn(t, page)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": downstreamMod(t), "go.sum": read(t, "go.sum"), "pyragen.yaml": shown["yaml"], "main.go": shown["go main"],
	} {
		if text == "" {
			t.Fatalf("%s shows no %s", page, name)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	downstream(t, dir, "generate", "./...")
	if got, want := downstream(t, dir, "run", "."), shown["text output"]; got != want {
		t.Errorf("the program prints\n%s\n%s shows\n%s", got, page, want)
	}
	downstream(t, dir, "tool", "pyragen", "gen", "--check")

	errors := shownIn(t, callsPage)
	if err := os.MkdirAll(filepath.Join(dir, "calls"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "calls", "main.go"), []byte(wrongCalls(frame, errors["go calls"])), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, want := downstream(t, dir, "run", "./calls"), errors["text errors"]; got != want {
		t.Errorf("the calls of %s return\n%s\nthe page shows\n%s", callsPage, got, want)
	}
}

// shownIn returns the last block of each kind on a page.
func shownIn(t *testing.T, page string) map[string]string {
	shown := map[string]string{}
	lines := readPage(t, page)
	for n := 0; n < len(lines); n++ {
		info, ok := strings.CutPrefix(lines[n], "```")
		if !ok {
			continue
		}
		start := n + 1
		for n++; lines[n] != "```"; n++ {
		}
		shown[newBlock(info, "").kind] = joined(lines[start:n])
	}
	return shown
}

// What stands around calls: one that returns an error, and one that returns a graph and an error.
const (
	pamCalls = `package main

import (
	"fmt"

	"example.com/forecast/internal/pam"
)

func main() {
	n := pam.Sizes{Batch: 1, Len: 100, Heads: 2}
	rows := n.Batch * pam.Nodes(n.Len) * n.Heads
	x, y := make([]float32, rows*pam.Dim), make([]float32, rows*pam.Dim)
	s := make([]float32, rows*pam.Slots(n.Len))
`
	webCalls = `package main

import (
	"fmt"

	"example.com/forecast/internal/web"
)

func show(_ *web.Graph, err error) { fmt.Println(err) }

func main() {
`
)

// wrongCalls is a program that prints the error of each call.
func wrongCalls(frame, calls string) string {
	print := "fmt.Println"
	if strings.Contains(frame, "func show(") {
		print = "show"
	}
	var b strings.Builder
	b.WriteString(frame)
	for call := range strings.Lines(calls) {
		b.WriteString("\t" + print + "(" + strings.TrimSpace(call) + ")\n")
	}
	return b.String() + "}\n"
}

// downstreamMod is the go.mod of a module that has added the tool, at the versions that this one requires.
func downstreamMod(t *testing.T) string {
	_, require, ok := strings.Cut(read(t, "go.mod"), "\n\n")
	if !ok {
		t.Fatal("go.mod has no requirements")
	}
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	return "module example.com/forecast\n\n" + require + "\ntool " + module + "/cmd/pyragen\n\nrequire " + module +
		" v0.0.0\n\nreplace " + module + " => " + filepath.ToSlash(root) + "\n"
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// downstream runs the go command in a module and returns what it prints.
func downstream(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, log.String())
	}
	return out.String()
}
