package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run this test binary as pyragen.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pyragen": main})
}

// TestScripts runs testdata/script: each is a session at a shell, with the files it begins with.
func TestScripts(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := filepath.Abs("../../../shared/vectors") // beside the repository
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			// The go command needs its caches, and the module must not be looked for above the script's folder.
			e.Setenv("GOCACHE", goEnv("GOCACHE", filepath.Join(cache, "go-build")))
			e.Setenv("GOMODCACHE", goEnv("GOMODCACHE", ""))
			e.Setenv("GOPROXY", "off")
			e.Setenv("CI", "true")
			e.Setenv("VECTORS", vectors)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": exitCode,
			"jsonkeys": jsonKeys,
		},
		Condition: func(cond string) (bool, error) {
			if cond != "vectors" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			_, err := os.Stat(vectors)
			return err == nil, nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
	})
}
