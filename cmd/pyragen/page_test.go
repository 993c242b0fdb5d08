package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pyragen/pyragen/spec"
)

// TestPage compares docs/command.md with what the commands say of themselves: go test ./cmd/pyragen -run TestPage -update writes it.
func TestPage(t *testing.T) {
	const file = "../../docs/command.md"
	a := &app{stdout: io.Discard, stderr: io.Discard}
	want := commandPage(a.root())
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale; run go test ./cmd/pyragen -run TestPage -update", file)
	}
}

// commandPage is the manual as a page in Markdown.
func commandPage(root *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The command\n\n%s\n", paragraphs(root.Long))
	b.WriteString("\n`--json` on each command writes JSON Lines. This page is written from the command's own help, and a test compares them.\n")
	for _, c := range root.Commands() {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		fmt.Fprintf(&b, "\n## pyragen %s\n\n`pyragen %s`\n\n%s\n", c.Name(), c.Use, paragraphs(c.Long))
		flags := 0
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "help" {
				return
			}
			if flags++; flags == 1 {
				b.WriteString("\n| flag | what |\n|---|---|\n")
			}
			value, usage := pflag.UnquoteUsage(f)
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.TrimSpace("--"+f.Name+" "+value), cell(usage, f.DefValue))
		})
		if c.Example != "" {
			fmt.Fprintf(&b, "\n```sh\n%s\n```\n", strings.ReplaceAll(strings.TrimPrefix(c.Example, "  "), "\n  ", "\n"))
		}
	}
	b.WriteString("\n## Codes\n\n| code | what | meaning | fix |\n|---|---|---|---|\n")
	for _, c := range spec.Codes() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Code, c.Title, c.Meaning, c.Fix)
	}
	return b.String()
}

// paragraphs makes indented lines of a help text code.
func paragraphs(text string) string {
	lines := strings.Split(text, "\n")
	for n, l := range lines {
		if strings.HasPrefix(l, "  ") {
			lines[n] = "    " + strings.TrimSpace(l)
		}
	}
	return strings.Join(lines, "\n")
}

// cell is the usage of a flag, with its default where it says none itself.
func cell(usage, byDefault string) string {
	if byDefault != "" && byDefault != "false" && byDefault != "[]" && byDefault != "0" && !strings.Contains(usage, "default") {
		usage += " (default " + byDefault + ")"
	}
	return strings.ReplaceAll(usage, "|", `\|`)
}
