package emulate_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runner is the program that calls every function of table on blocks from its input and writes the blocks out.
const runner = `package main

import (
	"io"
	"os"
	"strconv"
)

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	b, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	for i, f := range table {
		for s := range n {
			f(&b[(i*n+s)*%d])
		}
	}
	os.Stdout.Write(b)
}

var table = []func(p *byte){`

// build makes a program of n functions and returns its path.
func build(t *testing.T, n int, asm string) string {
	t.Helper()
	var main strings.Builder
	fmt.Fprintf(&main, runner, blockSize)
	for i := range n {
		fmt.Fprintf(&main, "t%d, ", i)
	}
	main.WriteString("}\n")
	for i := range n {
		fmt.Fprintf(&main, "\n//go:noescape\nfunc t%d(p *byte)\n", i)
	}
	return buildModule(t, map[string]string{"main.go": main.String(), "asm_amd64.s": asm})
}

// buildModule builds the main package of the given files for linux/amd64.
func buildModule(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module scratch\n\ngo 1.26\n"
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "scratch.exe")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}
