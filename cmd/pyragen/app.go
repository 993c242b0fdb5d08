package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pyragen/pyragen/spec"
)

// app is everything that a command takes from its surroundings.
type app struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	terminal       bool // stderr is one

	json bool // --json
}

// run executes one command line and returns its exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	code, text := report(ctx, cmd.CommandPath(), err)
	if text != "" {
		fmt.Fprintln(a.stderr, text)
	}
	return code
}

// root is the command with all its subcommands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "pyragen",
		Short: "Write Go packages with attention kernels for one pyramid",
		Long: `pyragen writes Go packages with kernels for attention over one pyramid: Go for every platform and assembly for amd64.
A window, the strides of the pyramid and a head dimension are all it needs; begin with ` + "`pyragen init`" + `.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 stale (gen --check), 4 a check of verify failed, 5 request rejected.`,
		Args:              knownCommand,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().BoolVar(&a.json, "json", false, "write JSON Lines")
	root.AddCommand(
		a.initCommand(), a.genCommand(), a.diffCommand(), a.verifyCommand(), a.benchCommand(), a.showCommand(), a.explainCommand(),
		a.doctorCommand(), a.completionCommand(), a.manCommand(), a.versionCommand(),
	)
	root.SetHelpCommand(a.helpCommand())
	return root
}

// noArgs is for commands that take flags only.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no arguments, got %+q", cmd.Name(), args[0])
	}
	return nil
}

// flagError is a flag that is not understood, with the one that was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		if like := spec.Nearest(unknown.GetSpecifiedName(), known); like != "" {
			return usagef("%w; did you mean --%s?", err, like)
		}
	}
	return usageError{err}
}

// knownCommand refuses what is no command, and says which one was probably meant.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if like := root.SuggestionsFor(args[0]); len(like) > 0 {
		return usagef("unknown command %+q; did you mean %s?", args[0], like[0])
	}
	return usagef("unknown command %+q", args[0])
}

// line writes one JSON object, or the text if --json was not given.
func (a *app) line(object any, text string) error {
	if !a.json {
		_, err := fmt.Fprintln(a.stdout, text)
		return err
	}
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(object)
}
