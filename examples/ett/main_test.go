package main

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/examples/ett/internal/pam"
	"github.com/pyragen/pyragen/examples/ett/internal/picture"
)

// realFile is the real series beside the repository, where there is one.
const realFile = "../../../shared/data/ETTh1.csv"

// call runs the command and returns what it wrote.
func call(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestEmbeddedSeries(t *testing.T) {
	out := filepath.Join(t.TempDir(), "ett.png")
	text := runDemo(t, out, "-out", out)
	contains(t, text, "embedded series, column OT: 2016 values, one every 1 h, 2024-01-01 00:00 to 2024-03-24 23:00",
		"levels of 2016 + 504 + 126 + 31 = 2677 nodes, 13315 edges", "over the whole series")
	const values, rows = 2677 * 4 * 16, 2677 * 4 // of a tensor with an axis dim, and of lse
	matches(t, text, fmt.Sprintf(`(?m)^ +dense, masked .* %d +\S+ +\S+$`, values))
	matches(t, text, fmt.Sprintf(`(?m)^ +scores, softmax, context .* %d +\S+ +\S+$`, values+rows))
	matches(t, text, fmt.Sprintf(`(?m)^ +attention .* %d +\S+ +\S+$`, values+rows))
	matches(t, text, fmt.Sprintf(`(?m)^ +attention-grad .* %d +\S+ +\S+$`, 3*values))
}

func TestRealSeries(t *testing.T) {
	if _, err := os.Stat(realFile); err != nil {
		t.Skipf("no real series: %v", err)
	}
	out := filepath.Join(t.TempDir(), "h1.png")
	text := runDemo(t, out, "-data", realFile, "-out", out)
	contains(t, text, "ETTh1.csv, column OT: 17420 values, one every 1 h, 2016-07-01 00:00 to 2018-06-26 19:00",
		"17420 + 4355 + 1088 + 272 = 23135 nodes", "over the last 2016 values", "2677 x 2677 mask")
}

// runDemo runs the command, and checks the table's lines and the picture.
func runDemo(t *testing.T, out string, args ...string) string {
	t.Helper()
	code, text, errs := call(args...)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	const ms, err, never = `\d+\.\d\d ms +`, ` +\d\.\de[-+]\d\d`, `- +`
	isas := pam.ISAs()
	for _, isa := range isas {
		for _, typ := range []string{"f32", "f64"} {
			matches(t, text, `(?m)^ +`+typ+` +`+isa+` +`+strings.Repeat(ms, 6)+`\d+`+err+err+`$`)
		}
	}
	matches(t, text, `(?m)^ +dense, masked +- +`+ms+`1 x +\d+`+err+err+`$`)
	for _, isa := range []string{isas[0], isas[len(isas)-1]} {
		for way, faster := range map[string]string{"scores, softmax, context": `\d+ x +`, "attention": `\d+ x +`, "attention-grad": never} {
			matches(t, text, `(?m)^ +`+way+` +`+isa+` +`+ms+faster+`\d+`+err+err+`$`)
		}
	}
	contains(t, text, "picture    "+out+"\n")
	f, openErr := os.Open(out)
	if openErr != nil {
		t.Fatal(openErr)
	}
	defer f.Close()
	c, decodeErr := png.DecodeConfig(f)
	if decodeErr != nil || c.Width != picture.Width || c.Height != picture.Height {
		t.Errorf("%s is %d x %d, %v", out, c.Width, c.Height, decodeErr)
	}
	return text
}

func contains(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

func matches(t *testing.T, text, pattern string) {
	t.Helper()
	if !regexp.MustCompile(pattern).MatchString(text) {
		t.Errorf("no line like %s in\n%s", pattern, text)
	}
}

func TestFlags(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	if code, text, errs := call("-quiet", "-last", "64", "-seed", "7"); code != exitOK || text != "" || errs != "" {
		t.Errorf("-quiet: exit %d, %q, %q", code, text, errs)
	}
	first, err := os.ReadFile("ett.png")
	if err != nil {
		t.Fatal(err)
	}
	if code, _, errs := call("-last", "64", "-seed", "7", "-quiet", "-out", "again.PNG"); code != exitOK {
		t.Errorf("exit %d, %s", code, errs)
	} else if again, err := os.ReadFile("again.PNG"); err != nil || !bytes.Equal(first, again) {
		t.Errorf("a second run draws another picture; %v", err)
	}
	if code, text, _ := call("-last", "64", "-seed", "8"); code != exitOK {
		t.Errorf("exit %d", code)
	} else {
		contains(t, text, "64 values, one every 1 h, 2024-03-22 08:00 to 2024-03-24 23:00", "seed 8", "64 + 16 + 4 + 1 = 85 nodes")
	}
	if second, err := os.ReadFile("ett.png"); err != nil || bytes.Equal(first, second) {
		t.Errorf("another seed draws the same picture; %v", err)
	}
	if code, text, _ := call("-help"); code != exitOK || !strings.Contains(text, "-data file") {
		t.Errorf("-help: exit %d, %s", code, text)
	}
}

// TestWrongUse: one line that says what is wrong, its exit code, and nothing written or changed.
func TestWrongUse(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("short.csv", "date,OT\n2016-07-01 00:00:00,1\n2016-07-01 01:00:00,1\n")
	write("nan.csv", "date,OT\n2016-07-01 00:00:00,nan\n")
	write("empty.csv", "")
	write("ett.png", "old")
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"-data none.csv", exitFailed, "ett: open none.csv: "},
		{"-data folder", exitFailed, "ett: folder: is a folder, want a CSV file\n"},
		{"-data short.csv", exitFailed, "ett: short.csv:4:1: the file ends after 2 rows, want at least 64\n"},
		{"-data nan.csv", exitFailed, "ett: nan.csv:2:21: OT = \"nan\" is not finite, want a number\n"},
		{"-data empty.csv", exitFailed, "ett: empty.csv:1:1: the file is empty, want a header such as date,HUFL,OT\n"},
		{"-data a\nb.csv", exitFailed, "ett: open a?b.csv: "},
		{"-last 5000", exitFailed, "ett: embedded series: -last 5000: the series has only 2016 rows\n"},
		{"-last 63", exitUsage, "ett: -last 63: want 64 to 65536 rows, or 0 for all (see ett -help)\n"},
		{"-last -1", exitUsage, "ett: -last -1: want 64 to 65536 rows, or 0 for all (see ett -help)\n"},
		{"-last x", exitUsage, "ett: invalid value \"x\" for flag -last: parse error (see ett -help)\n"},
		{"-seed -1", exitUsage, "ett: invalid value \"-1\" for flag -seed: parse error (see ett -help)\n"},
		{"-color", exitUsage, "ett: flag provided but not defined: -color (see ett -help)\n"},
		{"short.csv", exitUsage, "ett: argument \"short.csv\" is not wanted, only flags; a file is named by -data (see ett -help)\n"},
		{"-out ett.jpg", exitUsage, "ett: -out \"ett.jpg\": want a file name that ends in .png (see ett -help)\n"},
		{"-out none/ett.png", exitUsage, "ett: -out none/ett.png: cannot be written: "},
		{"-out short.csv/ett.png", exitUsage, "ett: -out short.csv/ett.png: cannot be written: short.csv is not a folder (see ett -help)\n"},
	} {
		code, text, errs := call(strings.Split(c.args, " ")...)
		if code != c.code || !strings.HasPrefix(errs, c.want) || strings.Count(errs, "\n") != 1 || text != "" {
			t.Errorf("%q: exit %d, %q, %q\nwant %d, %q", c.args, code, errs, text, c.code, c.want)
		}
	}
	entries, err := os.ReadDir(".")
	if err != nil || len(entries) != 5 {
		t.Errorf("the folder holds %v, want the five entries from before", entries)
	}
	if old, _ := os.ReadFile("ett.png"); string(old) != "old" {
		t.Errorf("ett.png became %q", old)
	}
}
