package spec_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/spec"
)

// wrongFiles reads testdata/wrong.txt: cases of `== name`, the file, and lines `! message`. In the file, <TAB> and such stand for
// what an editor would hide.
func wrongFiles(t testing.TB) (names []string, files, wants map[string]string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		t.Fatal(err)
	}
	files, wants = map[string]string{}, map[string]string{}
	name := ""
	for _, line := range strings.SplitAfter(string(raw), "\n") {
		switch {
		case strings.HasPrefix(line, "== "):
			name = strings.TrimSpace(line[3:])
			if _, twice := files[name]; twice {
				t.Fatalf("case %s twice", name)
			}
			names = append(names, name)
			files[name] = ""
		case strings.HasPrefix(line, "! "):
			wants[name] += line[2:]
		case name != "":
			files[name] += hidden.Replace(line)
		}
	}
	return names, files, wants
}

var hidden = strings.NewReplacer("<TAB>", "\t", "<BOM>", "\ufeff", "<FF>", "\xff", "<NUL>", "\x00", "<CR>", "\r", "<LS>", "\u2028",
	"<RLO>", "\u202e", "<NBSP>", "\u00a0", "<END>\n", "")

var update = flag.Bool("update", false, "write the messages into testdata/wrong.txt")

func TestWrongFiles(t *testing.T) {
	names, files, wants := wrongFiles(t)
	if *update {
		updateWrong(t, files)
		return
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			targets, err := spec.Parse("pyragen.yaml", []byte(files[name]))
			if err == nil {
				t.Fatalf("accepted as %+v, want\n%s", targets, wants[name])
			}
			if got := err.Error() + "\n"; got != wants[name] {
				t.Errorf("go test ./spec -run WrongFiles -update writes it; got\n! %s\nwant\n! %s", strings.ReplaceAll(got, "\n", "\n! "), strings.ReplaceAll(wants[name], "\n", "\n! "))
			}
		})
	}
}

// updateWrong replaces the messages of testdata/wrong.txt; read the difference before you commit it.
func updateWrong(t *testing.T, files map[string]string) {
	raw, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, part := range strings.Split("\n"+string(raw), "\n== ")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		fmt.Fprintf(&out, "== %s\n", name)
		for line := range strings.Lines(strings.TrimSuffix(body, "\n") + "\n") {
			if !strings.HasPrefix(line, "! ") && body != "" {
				out.WriteString(line)
			}
		}
		_, err := spec.Parse("pyragen.yaml", []byte(files[name]))
		fmt.Fprintf(&out, "! %s\n", strings.ReplaceAll(fmt.Sprint(err), "\n", "\n! "))
	}
	if err := os.WriteFile("testdata/wrong.txt", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestCodes: every code is explained, and every one that this package gives is seen in a test of its text.
func TestCodes(t *testing.T) {
	_, _, wants := wrongFiles(t)
	all := fmt.Sprint(wants)
	codes := spec.Codes()
	for i, c := range codes {
		if want := fmt.Sprintf("PYR%03d", i+1); c.Code != want {
			t.Errorf("code %d is %s, want %s", i, c.Code, want)
		}
		if c.Title == "" || c.Meaning == "" || c.Fix == "" {
			t.Errorf("%s lacks a title, a meaning or a fix", c.Code)
		}
		elsewhere := []string{"PYR001", "PYR021"} // TestReadFile; the compiler
		if !strings.Contains(all, "("+c.Code+")") && !slices.Contains(elsewhere, c.Code) {
			t.Errorf("%s: no test shows its text", c.Code)
		}
	}
	if _, ok := spec.FindCode("PYR999"); ok {
		t.Error("PYR999 was found")
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	os.Mkdir("folder", 0o755)
	os.WriteFile("good.yaml", []byte("packages: [{pkg: pam, window: 3, strides: [4], dim: 8}]\n"), 0o644)
	os.WriteFile("large.yaml", make([]byte, spec.MaxConfig+1), 0o644)
	for name, want := range map[string]string{
		"good.yaml":  "",
		"none.yaml":  "none.yaml: a readable configuration file is needed, got no such file (PYR001); run `pyragen init`, or name another file with --config",
		"a\nb.yaml":  `"a\nb.yaml": a readable configuration file is needed, got no such file (PYR001); run ` + "`pyragen init`, or name another file with --config",
		"folder":     "folder: a readable configuration file is needed, got a directory (PYR001); run `pyragen init`, or name another file with --config",
		"large.yaml": "large.yaml: a configuration must have at most 1048576 bytes, got more (PYR002); split it over several folders",
	} {
		_, err := spec.ReadFile(name)
		if got := fmt.Sprint(err); err != nil && got != want || err == nil && want != "" {
			t.Errorf("%q: got  %v\nwant %v", name, err, want)
		}
	}
	if _, err := os.Stat(os.DevNull); err == nil {
		if _, err := spec.ReadFile(os.DevNull); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", os.DevNull, err)
		}
	}
}

func TestProblemsIsError(t *testing.T) {
	_, err := spec.Parse("f", nil)
	var ps spec.Problems
	if !errors.As(err, &ps) || len(ps) != 1 || ps[0].Code != "PYR020" {
		t.Errorf("got %#v", err)
	}
	if err := (spec.Problems{}).Err(); err != nil {
		t.Errorf("no problems: %v", err)
	}
}
