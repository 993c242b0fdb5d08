package pyragen_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// With -update, blocks and sections that the compiler can write are written anew: go test -run TestDocs . -update
var update = flag.Bool("update", false, "rewrite what README.md and docs show of the compiler")

// pages are the files whose blocks, sections, links and names are checked.
func pages(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob("docs/*.md")
	if err != nil || len(list) == 0 {
		t.Fatalf("docs/*.md: got %v, %v, want pages", list, err)
	}
	return append([]string{"README.md"}, list...)
}

// readPage returns the lines of a page.
func readPage(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

// TestDocs compares every block and every generated section of every page with what the compiler prints now.
func TestDocs(t *testing.T) {
	for _, name := range pages(t) {
		t.Run(name, func(t *testing.T) {
			lines := readPage(t, name)
			lines = checkSections(t, name, lines)
			lines = checkBlocks(t, name, lines)
			if *update {
				if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

var (
	linkForm    = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)`)
	headingForm = regexp.MustCompile(`^#+ (.+)$`)
)

// TestDocsLinks follows every link inside the repository, to its heading too.
func TestDocsLinks(t *testing.T) {
	followed := 0
	for _, name := range pages(t) {
		for n, line := range readPage(t, name) {
			for _, m := range linkForm.FindAllStringSubmatch(line, -1) {
				if strings.Contains(m[2], "://") {
					continue
				}
				file, heading, _ := strings.Cut(m[2], "#")
				target := name
				if file != "" {
					target = filepath.Join(filepath.Dir(name), filepath.FromSlash(file))
				}
				followed++
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s:%d: link to %s: no such file", name, n+1, m[2])
				} else if fileForm.MatchString(m[1]) && !strings.HasSuffix(filepath.ToSlash(target), m[1]) {
					t.Errorf("%s:%d: the link %s leads to %s", name, n+1, m[1], m[2])
				} else if heading != "" && !anchors(readPage(t, target))[heading] {
					t.Errorf("%s:%d: link to %s: no such heading", name, n+1, m[2])
				}
			}
		}
	}
	if followed < 20 {
		t.Errorf("%d links followed, want at least 20", followed)
	}
}

// anchors are the names under which GitHub knows the headings of a page.
func anchors(lines []string) map[string]bool {
	set := map[string]bool{}
	for _, l := range lines {
		if m := headingForm.FindStringSubmatch(l); m != nil {
			name := strings.Map(func(r rune) rune {
				switch {
				case r == ' ':
					return '-'
				case r == '-', r == '_', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
					return r
				}
				return -1
			}, strings.ToLower(m[1]))
			set[name] = true
		}
	}
	return set
}
