package main

import (
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pyragen/pyragen/spec"
)

// written prints what a function writes: as it is, or in a JSON object.
func (a *app) written(key string, write func(io.Writer) error) error {
	var b strings.Builder
	if err := write(&b); err != nil {
		return err
	}
	return a.line(map[string]string{key: b.String()}, strings.TrimSuffix(b.String(), "\n"))
}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Write a completion script for a shell",
		Long:  "Completion writes a script that completes pyragen's commands, flags and names, for example\n\n  source <(pyragen completion bash)",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(cmd.ValidArgs, args[0]) {
				return usagef("completion takes one shell of %s, got %+q", strings.Join(cmd.ValidArgs, ", "), args)
			}
			return nil
		},
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			return a.written("script", map[string]func(io.Writer) error{
				"bash":       func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
				"zsh":        root.GenZshCompletion,
				"fish":       func(w io.Writer) error { return root.GenFishCompletion(w, true) },
				"powershell": root.GenPowerShellCompletionWithDesc,
			}[args[0]])
		},
	}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long:  "Version prints the module version of this command, and the Go version that built it. Generated files hold neither.",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			v := struct {
				Version string `json:"version"`
				Go      string `json:"go"`
			}{"(devel)", ""}
			if info, ok := debug.ReadBuildInfo(); ok {
				v.Version, v.Go = or(info.Main.Version, v.Version), info.GoVersion
			}
			return a.line(v, "pyragen "+v.Version+" "+v.Go)
		},
	}
}

// helpCommand is cobra's help, and the table of codes.
func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | errors | PYRnnn]",
		Short: "Help about a command, or the meaning of PYR codes",
		Long:  "Help explains a command. `pyragen help errors` explains every PYR code, `pyragen help PYR003` one.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "errors" {
				for _, c := range spec.Codes() {
					if err := a.explainCode(c); err != nil {
						return err
					}
				}
				return nil
			}
			if len(args) == 1 {
				if c, ok := spec.FindCode(strings.ToUpper(args[0])); ok {
					return a.explainCode(c)
				}
			}
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usagef("no help about %+q; it is about a command, errors, or a code such as PYR003", strings.Join(args, " "))
			}
			return about.Help()
		},
	}
}

func (a *app) explainCode(c spec.Code) error {
	return a.line(struct {
		Code    string `json:"code"`
		Title   string `json:"title"`
		Meaning string `json:"meaning"`
		Fix     string `json:"fix"`
	}{c.Code, c.Title, c.Meaning, c.Fix}, fmt.Sprintf("%s  %s\n        %s\n        %s", c.Code, c.Title, c.Meaning, c.Fix))
}

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man",
		Short: "Write the manual page",
		Long:  "Man writes a manual page in roff: `pyragen man | man -l -` shows it.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.written("page", func(w io.Writer) error { return manualPage(w, cmd.Root()) })
		},
	}
}

// manualPage writes one page for the command with all its subcommands. It has no date: the same program writes the same page.
func manualPage(w io.Writer, root *cobra.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH PYRAGEN 1 \"\" \"\" \"pyragen\"\n.SH NAME\npyragen \\- %s\n.SH SYNOPSIS\n.B pyragen\nCOMMAND [flags]\n.SH DESCRIPTION\n%s\n", roff(root.Short),
		roff(root.Long))
	for _, c := range root.Commands() {
		if c.Hidden {
			continue
		}
		fmt.Fprintf(&b, ".SH %s\n.B pyragen %s\n.PP\n%s\n", roff(strings.ToUpper(c.Name())), roff(c.Use), roff(c.Long))
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			name, usage := pflag.UnquoteUsage(f)
			fmt.Fprintf(&b, ".TP\n.B \\-\\-%s %s\n%s\n", roff(f.Name), roff(name), roff(usage))
		})
		if c.Example != "" {
			fmt.Fprintf(&b, ".PP\n.nf\n%s\n.fi\n", roff(c.Example))
		}
	}
	b.WriteString(".SH CODES\n")
	for _, c := range spec.Codes() {
		fmt.Fprintf(&b, ".TP\n.B %s %s\n%s %s\n", c.Code, roff(c.Title), roff(c.Meaning), roff(c.Fix))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// roff escapes text for a manual page: backslashes, dashes, and lines that would be requests.
func roff(s string) string {
	lines := strings.Split(strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
