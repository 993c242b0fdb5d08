package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestProgress: a bar is shown on a terminal, after two seconds, outside CI, and taken away for lines of output.
func TestProgress(t *testing.T) {
	for _, c := range []struct {
		name     string
		terminal bool
		ci       string
		age      time.Duration
		want     bool
	}{
		{"on a terminal", true, "", 3 * time.Second, true},
		{"with CI=false", true, "false", 3 * time.Second, true},
		{"not on a terminal", false, "", 3 * time.Second, false},
		{"in CI", true, "true", 3 * time.Second, false},
		{"too early", true, "", time.Second, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			a := &app{stdout: &stdout, stderr: &stderr, terminal: c.terminal, getenv: func(name string) string {
				return map[string]string{"CI": c.ci}[name]
			}}
			p := a.progress("verifying", 10)
			p.begun = time.Now().Add(-c.age)
			p.step()
			time.Sleep(150 * time.Millisecond) // the bar is drawn ten times a second
			p.step()
			if got := strings.Contains(stderr.String(), "verifying"); got != c.want {
				t.Errorf("bar shown: %v, want %v: %q", got, c.want, &stderr)
			}
			p.pause()
			if stdout.Len() > 0 {
				t.Errorf("stdout: %q", &stdout)
			}
		})
	}
}
