package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestScratchVersions: the scratch module requires what this module requires, so that the module cache has it.
func TestScratchVersions(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`golang.org/x/sys v\S+`)
	if got, want := version.FindString(scratchMod), version.FindString(string(mod)); got != want {
		t.Errorf("scratch module requires %s, this one %s", got, want)
	}
	for line := range strings.Lines(scratchSum) {
		if !strings.Contains(string(sum), line) {
			t.Errorf("not in go.sum: %s", line)
		}
	}
}
