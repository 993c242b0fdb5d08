package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/spec"
)

// shown is one line of show --json.
type shown struct {
	Op    string `json:"op"`
	Type  string `json:"type"`
	ISA   string `json:"isa"`
	Stage string `json:"stage"`
	Doc   string `json:"doc"`
	Text  string `json:"text,omitempty"`
}

func (a *app) showCommand() *cobra.Command {
	var stageName string
	var list bool
	var leaves int
	cmd := &cobra.Command{
		Use:   "show OP",
		Short: "Print a kernel at any stage of the compiler",
		Long: `Show prints a kernel at one stage: the expression that says what is computed, the schedule that says how, the loop nest after
each pass, and the Go or assembly that is written. --list names the stages; --stage all prints them one after another.

With --mask and a number of leaves it takes no op, and draws which nodes each node of that pyramid sees.

Types and instruction sets are the first of --types and the last of --isa.`,
		Example: "  pyragen show scores --window 3 --strides 4,4,4 --dim 64 --types f32 --isa avx2 --stage schedule",
		Args: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("mask") {
				return noArgs(cmd, args)
			}
			return oneOp(cmd, args)
		},
		ValidArgsFunction: cobra.FixedCompletions(spec.Ops(), cobra.ShellCompDirectiveNoFileComp),
	}
	r := requestFlags(cmd)
	cmd.Flags().StringVar(&stageName, "stage", "final", "`stage` to print, as --list names it, or all")
	cmd.Flags().BoolVar(&list, "list", false, "list the stages")
	cmd.Flags().IntVar(&leaves, "mask", 0, "draw the edges of a pyramid over so many `leaves`")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if r.flag("ops") != nil {
			return usagef("show takes one op as its argument, and no --ops")
		}
		s, err := r.one()
		if err != nil {
			return err
		}
		if r.flag("mask") != nil {
			if leaves < 1 || leaves > maxMask {
				return usagef("--mask must be a number of leaves from 1 to %d, got %d", maxMask, leaves)
			}
			return a.mask(s, leaves)
		}
		op := args[0]
		c := s.Canonical()
		if !slices.Contains(c.Ops, op) {
			return usagef("package %s has the ops %s, got %s", c.Package, strings.Join(c.Ops, ", "), op)
		}
		k := shown{Op: op, Type: c.Types[0], ISA: c.ISA[len(c.ISA)-1]}
		stages, err := pyragen.Stages(&s, k.Op, k.Type, k.ISA)
		if err != nil {
			return err
		}
		return a.show(k, stages, stageName, list)
	}
	return cmd
}

// oneOp refuses anything but one op as argument.
func oneOp(_ *cobra.Command, args []string) error {
	if len(args) != 1 || !slices.Contains(spec.Ops(), args[0]) {
		return usagef("show takes one op of %s, got %+q", strings.Join(spec.Ops(), ", "), args)
	}
	return nil
}

func (a *app) show(k shown, stages []pyragen.Stage, name string, list bool) error {
	picked := stages
	if !list && name != "all" {
		picked = pickStages(stages, name)
	}
	if len(picked) == 0 {
		var names []string
		for _, s := range stages {
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
		return usagef("--stage must be all, final or one of %s, got %+q", strings.Join(names, ", "), name)
	}
	for _, s := range picked {
		k.Stage, k.Doc, k.Text = s.Name, s.Doc, s.Text
		text := strings.TrimSuffix(s.Text, "\n")
		switch {
		case list:
			first, _, _ := strings.Cut(s.Doc, "\n")
			k.Text, text = "", fmt.Sprintf("%-24s %s", s.Name, first)
		case len(picked) > 1:
			text = fmt.Sprintf("==== %s ====\n%s", s.Name, text)
		}
		if err := a.line(k, text); err != nil {
			return err
		}
	}
	return nil
}

// pickStages returns the stages of a name, with or without after: in front. Final is the last one before files are written.
func pickStages(stages []pyragen.Stage, name string) (picked []pyragen.Stage) {
	if name == "final" {
		for i, s := range stages {
			if s.Name == "go" || s.Name == "asm" {
				return stages[i-1 : i]
			}
		}
	}
	name = strings.TrimPrefix(name, "after:")
	for _, s := range stages {
		if s.Name == name {
			picked = append(picked, s)
		}
	}
	return picked
}
