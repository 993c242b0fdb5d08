package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen/verify"
)

// quiet is an app without surroundings.
func quiet() (a *app, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return &app{stdout: stdout, stderr: stderr, getenv: func(string) string { return "" }}, stdout, stderr
}

// TestVerifyFails spoils a generated kernel: its checks fail, the run ends with code 4, and the failure has its reproducer.
func TestVerifyFails(t *testing.T) {
	if testing.Short() {
		t.Skip("builds kernels")
	}
	a, stdout, _ := quiet()
	cmd := &cobra.Command{}
	r := requestFlags(cmd)
	if err := cmd.ParseFlags([]string{"--window", "3", "--strides", "4", "--dim", "8", "--types", "f32", "--ops", "scores", "--isa", "go"}); err != nil {
		t.Fatal(err)
	}
	w, err := a.verifyWork(r, verifyFlags{oneCase: "len=9"})
	if err != nil {
		t.Fatal(err)
	}
	const file = "pyramid_generic.go"
	good := string(w.packages[0].Files[file])
	bad := strings.Replace(good, "= padding", "= padding + padding", 1)
	if bad == good {
		t.Fatalf("nothing to spoil in %s:\n%s", file, good)
	}
	w.packages[0].Files[file] = []byte(bad)
	h, err := verify.NewHarness(filepath.Join(t.TempDir(), "scratch"), w.packages)
	if err != nil {
		t.Fatal(err)
	}
	err = a.runChecks(t.Context(), h, w)
	if code, text := report(t.Context(), "pyragen verify", err); code != exitVerify || text != "pyragen: 1 of 1 checks failed" {
		t.Errorf("exit code %d, %q", code, text)
	}
	const repro = `pyragen verify --window 3 --strides 4 --dim 8 --ops scores --types f32 --isa go --case "len=9 batch=1 heads=1 seed=1"`
	if out := stdout.String(); !strings.Contains(out, "FAIL pyramid scores f32 go") || !strings.Contains(out, repro) {
		t.Errorf("stdout lacks the failure or %s:\n%s", repro, out)
	}
}

// cancelling is a stdout that cancels a run when something is written to it.
type cancelling struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (c *cancelling) Write(b []byte) (int, error) {
	c.cancel()
	return c.Buffer.Write(b)
}

// TestInterrupted stops long work at its first line of output: the command ends soon, says so, and leaves nothing in the temporary
// folder.
func TestInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("builds kernels")
	}
	for _, args := range []string{
		"verify --window 3 --strides 4 --dim 8 --types f32 --isa go",
		"bench --window 3 --strides 4 --dim 8 --types f32 --isa go --len 1000,2000,3000 --count 1000 --benchtime 1ms",
	} {
		t.Run(strings.Fields(args)[0], func(t *testing.T) {
			tmp := t.TempDir()
			t.Setenv("TMPDIR", tmp)
			t.Setenv("TMP", tmp)
			ctx, cancel := context.WithCancel(t.Context())
			a, _, stderr := quiet()
			stdout := &cancelling{cancel: cancel}
			a.stdout = stdout
			code := a.run(ctx, strings.Fields(args))
			if text := stderr.String(); code != exitFailed || text != "pyragen: interrupted\n" {
				t.Errorf("exit code %d, stderr %q, stdout %s", code, text, stdout)
			}
			if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
				t.Errorf("left in the temporary folder: %v %v", left, err)
			}
		})
	}
}
