package gen

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// children are what this test binary does instead of testing when it is started by a test, with the argument of that test.
var children = map[string]func(dir string) error{}

// TestMain lets tests start processes that they can kill, or whose limits they can set.
func TestMain(m *testing.M) {
	if name := os.Getenv("GEN_TEST_CHILD"); name != "" {
		if err := children[name](os.Getenv("GEN_TEST_DIR")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is the command that runs one of children.
func child(name, dir string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "GEN_TEST_CHILD="+name, "GEN_TEST_DIR="+dir)
	return cmd
}
