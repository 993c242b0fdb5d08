package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) diffCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Show what gen would change",
		Long:  "Diff writes a unified diff from the files that are there to those that gen would write, and changes nothing.",
		Args:  noArgs,
	}
	r := requestFlags(cmd)
	cmd.Flags().StringVar(&out, "out", "", "`folder` of the package (default its name)")
	cmd.RunE = func(*cobra.Command, []string) error {
		outputs, err := a.compileAll(r)
		if err != nil {
			return err
		}
		for _, o := range outputs {
			if err := a.diff(o); err != nil {
				return err
			}
		}
		return nil
	}
	return cmd
}

// folderDiff is one line of diff --json.
type folderDiff struct {
	Folder string     `json:"folder"`
	Files  []fileLine `json:"files"`
	Diff   string     `json:"diff"` // unified
}

// diff prints what differs in a folder, and nothing if nothing does.
func (a *app) diff(o output) error {
	states, err := o.folder.Check(o.files)
	if err != nil {
		return err
	}
	d := folderDiff{Folder: o.path(".")}
	for _, s := range states {
		d.Files = append(d.Files, fileLine{o.path(s.File), s.State})
	}
	if d.Diff, err = o.folder.Diff(o.files); err != nil || d.Diff == "" && !a.json {
		return err
	}
	return a.line(d, "# in "+visible(d.Folder)+"\n"+strings.TrimSuffix(d.Diff, "\n"))
}
