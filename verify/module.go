package verify

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The scratch module requires what generated packages may import, at the version that this module itself requires, so that the
// module cache has it and no network is needed. A test compares these with go.mod and go.sum.
const (
	scratchMod = `module scratch

go 1.26.0

require golang.org/x/sys v0.50.0
`
	scratchSum = `golang.org/x/sys v0.50.0 h1:dkKZEFTEKaLr1sjhs0WiKqoi8Jj5nHbS3Njmx1UoMJs=
golang.org/x/sys v0.50.0/go.mod h1:hNLxWAXmnKAxqDtdwIYC4bM9oQPEecfsnNMuSxOs3og=
`
)

// WriteModule writes files, given by their slash-separated paths, to a folder, as a module named scratch of their own.
func WriteModule(dir string, files map[string][]byte) error {
	write := func(name string, text []byte) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, text, 0o644)
	}
	for name, text := range files {
		if err := write(name, text); err != nil {
			return err
		}
	}
	if err := write("go.mod", []byte(scratchMod)); err != nil {
		return err
	}
	return write("go.sum", []byte(scratchSum))
}

// BuildModule compiles a command of a module that [WriteModule] has written, which is in the folder of that name, to NAME.exe, and returns the
// path of that: the suffix matters on Windows only. The go command takes the flags given and sees the environment of this process, except
// for what would tie the module to the module or workspace around it, with the variables given.
func BuildModule(dir, name string, flags, env []string) (string, error) {
	program := name + ".exe"
	args := append([]string{"build", "-o", program, "-ldflags=-w", "-gcflags=scratch/...=-dwarf=false"}, flags...) // nobody debugs it
	cmd := exec.Command("go", append(args, "./"+name)...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GO111MODULE=on"), env...)
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("the go command is needed to build kernels, and is not in PATH")
	}
	if err != nil {
		return "", fmt.Errorf("go build of the generated packages in %s: %w\n%s", dir, err, out)
	}
	return filepath.Join(dir, program), nil
}
