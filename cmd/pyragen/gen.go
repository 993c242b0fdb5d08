package main

import (
	"fmt"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/gen"
)

// output is a generated package and its folder.
type output struct {
	folder gen.Folder
	files  []gen.File
}

func (a *app) genCommand() *cobra.Command {
	var out string
	var check bool
	cmd := &cobra.Command{
		Use:   "gen",
		Short: "Write the packages of pyragen.yaml, or one that flags name",
		Long: `Gen writes the Go packages of pyragen.yaml, or the one that flags name. Every file is replaced in one step; files of the folder
without pyragen's header are never touched. Files with the header that are no longer part of the package are removed.

With --check nothing is written: it exits with 3 if a file is stale, missing or orphaned, and 0 if all is as gen would write it.`,
		Example: `  pyragen gen
  pyragen gen --check
  pyragen gen --window 3 --strides 4,4,4 --dim 64 --types f32 --pkg pam --out internal/pam`,
		Args: noArgs,
	}
	r := requestFlags(cmd)
	cmd.Flags().StringVar(&out, "out", "", "`folder` to write to (default the package name)")
	cmd.Flags().BoolVar(&check, "check", false, "write nothing; exit with 3 if gen would")
	cmd.RunE = func(*cobra.Command, []string) error {
		outputs, err := a.compileAll(r)
		if err != nil {
			return err
		}
		if check {
			return a.check(outputs)
		}
		return a.gen(outputs)
	}
	return cmd
}

// compileAll makes all packages of a request before any is written.
func (a *app) compileAll(r *request) ([]output, error) {
	targets, base, err := r.targets()
	if err != nil {
		return nil, err
	}
	// Garbage is collected when there is much of it and not before: R20 grants 512 MiB, but fresh pages take more time than memory that is used again.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(288 << 20))
	var outputs []output
	p := a.progress("compiling", len(targets))
	defer p.pause()
	for _, t := range targets {
		files, err := pyragen.Compile(&t.Spec)
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, output{gen.Folder{Base: base, Dir: t.Out}, files})
		p.step()
	}
	return outputs, nil
}

// fileLine is one line of gen --json.
type fileLine struct {
	File  string `json:"file"`
	State string `json:"state"`
}

// String is the line for a terminal, where a name must not break it.
func (l fileLine) String() string { return fmt.Sprintf("%-9s %s", l.State, visible(l.File)) }

// path is the place of a file as results name it.
func (o output) path(file string) string {
	return filepath.ToSlash(filepath.Join(o.folder.String(), file))
}

// compareAll compares all folders before any is written to, so that a foreign file in one leaves the others as they were.
func compareAll(outputs []output) (states [][]gen.State, err error) {
	for _, o := range outputs {
		s, err := o.folder.Check(o.files)
		if err != nil {
			return nil, err
		}
		states = append(states, s)
	}
	return states, nil
}

// check prints the state of every file.
func (a *app) check(outputs []output) error {
	states, err := compareAll(outputs)
	if err != nil {
		return err
	}
	differ := 0
	for i, o := range outputs {
		for _, s := range states[i] {
			if s.State != gen.OK {
				differ++
			}
			l := fileLine{File: o.path(s.File), State: s.State}
			if err := a.line(l, l.String()); err != nil {
				return err
			}
		}
	}
	if differ > 0 {
		return outcome{code: exitStale, text: fmt.Sprintf("%d files are not as gen writes them; run `pyragen gen`, or see `pyragen diff`", differ)}
	}
	return nil
}

// gen writes every folder and prints what became of each file.
func (a *app) gen(outputs []output) error {
	states, err := compareAll(outputs)
	if err != nil {
		return err
	}
	for i, o := range outputs {
		if _, err := o.folder.Write(o.files); err != nil {
			return err
		}
		for _, s := range states[i] {
			l := fileLine{File: o.path(s.File), State: "written"}
			switch s.State {
			case gen.OK:
				l.State = "unchanged"
			case gen.Orphan:
				l.State = "removed"
			}
			if err := a.line(l, l.String()); err != nil {
				return err
			}
		}
	}
	return nil
}
