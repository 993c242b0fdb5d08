package main

import (
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write golden texts; read the difference before you commit it")

// goEnv asks the go command for one of its variables.
func goEnv(name, other string) string {
	out, err := exec.Command("go", "env", name).Output()
	if s := strings.TrimSpace(string(out)); err == nil && s != "" {
		return s
	}
	return other
}

// exitCode is `exitcode N command args`: the command must end with exit code N.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N command args")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v: %v", args[1:], err)
	}
	if got != want {
		ts.Fatalf("%v: exit code %d, want %d", args[1:], got, want)
	}
}

// jsonKeys is `jsonkeys FILE key,key...`: every line of FILE is a JSON object with at least these keys; with stdout, that of the last
// command.
func jsonKeys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: jsonkeys FILE key,key...")
	}
	text := strings.TrimSuffix(ts.ReadFile(args[0]), "\n")
	for i, line := range strings.Split(text, "\n") {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			ts.Fatalf("line %d is no JSON object: %v\n%s", i+1, err, line)
		}
		for _, key := range strings.Split(args[1], ",") {
			if _, ok := object[key]; !ok {
				ts.Fatalf("line %d lacks %s, it has %v", i+1, key, slices.Sorted(maps.Keys(object)))
			}
		}
	}
}
