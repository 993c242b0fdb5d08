package main

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pyragen/pyragen/examples/train/internal/figure"
)

// realFile is the real series beside the repository, where there is one.
const realFile = "../../../shared/data/ETTh1.csv"

// call runs the command and returns what it wrote.
func call(args ...string) (code int, stdout, stderr string) {
	return callUntil(context.Background(), args...)
}

func callUntil(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, args, &out, &errs)
	return code, out.String(), errs.String()
}

// quick are flags for a small model.
func quick(out string, more ...string) []string {
	return append([]string{"-out", out, "-history", "40", "-batch", "2", "-steps", "60"}, more...)
}

func TestEmbeddedSeries(t *testing.T) {
	out := t.TempDir()
	code, text, errs := call(quick(out, "-type", "f64")...)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	const ms, err = ` +\d+\.\d\d ms`, ` +\d\.\d{4}`
	matches(t, text, `^series     embedded series, column OT: 2016 values, one every 1 h, 2024-01-01 00:00 to 2024-03-24 23:00\n`)
	matches(t, text, `windows    40 steps before, 24 to forecast: 1146 to train on, 380 to validate, 381 to test\n`)
	matches(t, text, `pyramid    window 3, strides 4,4,4: levels of 40 \+ 10 \+ 2 = 52 nodes\n`)
	matches(t, text, `model      2 layers of 2 heads of dim 16: \d+ weights in f64; batches of 2 windows, Adam at 0.001, 60 steps\n`)
	for _, name := range []string{"generated", "naive"} {
		matches(t, text, `(?m)^ +1 +`+name+ms+ms+err+err+err+err+`$`)
	}
	matches(t, text, `(?m)^ +the last value`+err+err+err+`$`)
	matches(t, text, `(?m)^ +the day before it`+err+err+err+`$`)
	matches(t, text, `losses     the two ways agree within \d\.\de-\d\d, relative, in the first 60 steps`)
	for _, name := range []string{"losses.png", "forecast.png"} {
		f, openErr := os.Open(filepath.Join(out, name))
		if openErr != nil {
			t.Fatal(openErr)
		}
		defer f.Close()
		if c, decodeErr := png.DecodeConfig(f); decodeErr != nil || c.Width != figure.Width || c.Height != figure.Height {
			t.Errorf("%s is %d x %d, %v", name, c.Width, c.Height, decodeErr)
		}
	}
}

func TestRealSeries(t *testing.T) {
	if _, err := os.Stat(realFile); err != nil {
		t.Skipf("no real series: %v", err)
	}
	code, text, errs := call(quick(t.TempDir(), "-data", realFile, "-kernels", "generated", "-seeds", "2")...)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	matches(t, text, `ETTh1.csv, column OT: 17420 values`)
	matches(t, text, `10389 to train on, 3461 to validate, 3461 to test`)
	matches(t, text, `(?m)^ +2 +generated `)
}

func matches(t *testing.T, text, pattern string) {
	t.Helper()
	if !regexp.MustCompile(pattern).MatchString(text) {
		t.Errorf("no line like %s in\n%s", pattern, text)
	}
}

// TestReproducible: the same seed gives the same table but for times, and the same pictures; another seed others.
func TestReproducible(t *testing.T) {
	times := regexp.MustCompile(` +\d+\.\d\d ms`)
	var tables, losses, forecasts []string
	for _, seed := range []string{"7", "7", "8"} {
		out := t.TempDir()
		code, text, errs := call(quick(out, "-seed", seed)...)
		if code != exitOK {
			t.Fatalf("exit %d: %s", code, errs)
		}
		text, _, _ = strings.Cut(times.ReplaceAllString(text, ""), "\npictures")
		tables = append(tables, text[strings.Index(text, "MAE"):])
		losses, forecasts = append(losses, read(t, out, "losses.png")), append(forecasts, read(t, out, "forecast.png"))
	}
	for name, got := range map[string][]string{"table": tables, "losses.png": losses, "forecast.png": forecasts} {
		if got[0] != got[1] {
			t.Errorf("%s: the same seed gives another", name)
		}
		if got[0] == got[2] {
			t.Errorf("%s: another seed gives the same", name)
		}
	}
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestStopAndResume: a run that is told to stop says so and how to go on, and is then the run without a stop, pictures and all.
func TestStopAndResume(t *testing.T) {
	whole, parts := t.TempDir(), t.TempDir()
	if code, _, errs := call(quick(whole, "-quiet")...); code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	code, text, errs := callUntil(ctx, quick(parts)...)
	if code != exitStopped || text != "" {
		t.Fatalf("exit %d, want %d: %s%s", code, exitStopped, text, errs)
	}
	matches(t, errs, `^train: stopped after step \d+; -resume goes on from .*train\.ckpt\n$`)
	if _, err := os.Stat(filepath.Join(parts, "losses.png")); err == nil {
		t.Error("a stopped run draws pictures")
	}
	if code, text, errs := call(quick(parts, "-resume", "-quiet")...); code != exitOK || text != "" || errs != "" {
		t.Fatalf("exit %d: %s%s", code, text, errs)
	}
	for _, name := range []string{"losses.png", "forecast.png"} {
		if read(t, whole, name) != read(t, parts, name) {
			t.Errorf("%s is not that of a run without a stop", name)
		}
	}
	code, _, errs = call(quick(parts, "-resume", "-seed", "2")...)
	if want := "-seed and -seeds: [1] there, [2] here"; code != exitFailed || !strings.Contains(errs, want) {
		t.Errorf("another seed: exit %d, %s", code, errs)
	}
	code, _, errs = call(append(quick(parts, "-resume"), "-steps", "59")...)
	if want := "train.ckpt: is after 60 steps, want at most the 59 of -steps\n"; code != exitFailed || !strings.HasSuffix(errs, want) {
		t.Errorf("fewer steps: exit %d, %s", code, errs)
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
	write("word.csv", "date,OT\n2016-07-01 00:00:00,warm\n")
	write("train.ckpt", "old")
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"-data none.csv", exitFailed, "train: open none.csv: "},
		{"-data folder", exitFailed, "train: folder: is a folder, want a CSV file\n"},
		{"-data short.csv", exitFailed, "train: short.csv:4:1: the file ends after 2 rows, want at least 320\n"},
		{"-data word.csv", exitFailed, "train: word.csv:2:21: OT = \"warm\" is not a number\n"},
		{"-history 2000", exitFailed, "train: embedded series: 2016 rows, want at least 3374 to train on histories of 2000 steps\n"},
		{"-resume", exitFailed, "train: train.ckpt: is no checkpoint of this program, want one that it wrote\n"},
		{"-resume -checkpoint none.ckpt", exitFailed, "train: open none.ckpt: "},
		{"-steps 0", exitUsage, "train: -steps 0: want 1 to 1000000 (see train -help)\n"},
		{"-seeds 0", exitUsage, "train: -seeds 0: want 1 to 100 (see train -help)\n"},
		{"-history 23", exitUsage, "train: -history 23: want 24 to 4096 (see train -help)\n"},
		{"-batch 0", exitUsage, "train: -batch 0: want 1 to 1024 (see train -help)\n"},
		{"-rate 0", exitUsage, "train: -rate 0: want more than 0, and at most 1 (see train -help)\n"},
		{"-rate NaN", exitUsage, "train: -rate NaN: want more than 0, and at most 1 (see train -help)\n"},
		{"-type f16", exitUsage, "train: -type \"f16\": want f32 or f64 (see train -help)\n"},
		{"-kernels fast", exitUsage, "train: -kernels \"fast\": want generated or naive or both (see train -help)\n"},
		{"-seed -1", exitUsage, "train: invalid value \"-1\" for flag -seed: parse error (see train -help)\n"},
		{"-color", exitUsage, "train: flag provided but not defined: -color (see train -help)\n"},
		{"short.csv", exitUsage, "train: argument \"short.csv\" is not wanted, only flags; a file is named by -data (see train -help)\n"},
		{"-out none", exitUsage, "train: -out none/losses.png: cannot be written: "},
		{"-out short.csv", exitUsage, "train: -out short.csv/losses.png: cannot be written: short.csv is not a folder (see train -help)\n"},
		{"-checkpoint folder", exitUsage, "train: -checkpoint folder: cannot be written: it exists and is not a regular file (see train -help)\n"},
	} {
		code, text, errs := call(strings.Split(c.args, " ")...)
		if code != c.code || !strings.HasPrefix(errs, c.want) || strings.Count(errs, "\n") != 1 || text != "" {
			t.Errorf("%q: exit %d, %q, %q\nwant %d, %q", c.args, code, errs, text, c.code, c.want)
		}
	}
	entries, err := os.ReadDir(".")
	if err != nil || len(entries) != 4 {
		t.Errorf("the folder holds %v, want the four entries from before", entries)
	}
	if old := read(t, ".", "train.ckpt"); old != "old" {
		t.Errorf("train.ckpt became %q", old)
	}
	if code, text, _ := call("-help"); code != exitOK || !strings.Contains(text, "-checkpoint file") {
		t.Errorf("-help: exit %d, %s", code, text)
	}
}
