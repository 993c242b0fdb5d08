// Train trains a small forecaster whose attention is computed by kernels that pyragen generated, or by the naive ones of its package
// verify, or once with each, and shows that both give the same model.
//
//	go run . [-data FILE] [-steps N] [-seed N] [-seeds N] [-type f32|f64] [-kernels generated|naive|both]
//	         [-history N] [-batch N] [-rate X] [-checkpoint FILE] [-resume] [-out DIR] [-quiet]
//
// The series is the column OT of a file in the form of ETTh1.csv, or the embedded one of examples/ett. The model sees some steps and
// forecasts the next 24. It learns from the first three fifths of the series; the next fifth says which weights were best, and the
// last one tests them. All random numbers come from the seed. A table has the time per step and the errors; losses.png the loss of
// every step, and forecast.png a forecast.
//
// A checkpoint is written every 50 steps, at the end and when the program is told to stop by an interrupt (Ctrl-C) or SIGTERM. With
// -resume it goes on from there, to the last bit as if it had never stopped; -steps may be larger than before.
//
// Exit codes: 0 ok, 1 failed, 2 usage, 4 the two ways differ: in float64 by more than 1e-9 in a loss of the first 200 steps, with
// several seeds by more in the mean test error than its spread; 130 stopped.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/pyragen/pyragen/examples/ett/terminal"
	"github.com/pyragen/pyragen/examples/train/internal/session"
	"github.com/pyragen/pyragen/examples/train/internal/train"
)

//go:generate go tool pyragen gen

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Exit codes, as pyragen has them, and a shell's for a program that was interrupted.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2
	exitDiffer  = 4
	exitStopped = 130
)

// run is the command without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o session.Options
	var quiet bool
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.Data, "data", "", "read the series from `file`, in the form of ETTh1.csv (default: the embedded series)")
	flags.IntVar(&o.Steps, "steps", 1000, "`number` of steps of training, those of a checkpoint included")
	flags.Uint64Var(&o.Seed, "seed", 1, "`number` that fixes the first weights and the order of the windows")
	flags.IntVar(&o.Seeds, "seeds", 1, "train with so many seeds, the `number` of -seed and those after it")
	flags.StringVar(&o.Type, "type", "f32", "`type` of all numbers: f32 or f64")
	flags.StringVar(&o.Kernels, "kernels", session.Both, "`way` to compute attention: generated, naive or both")
	flags.IntVar(&o.History, "history", 168, "`steps` that the model sees")
	flags.IntVar(&o.Batch, "batch", 16, "`windows` of a step")
	flags.Float64Var(&o.Rate, "rate", 0.001, "how `far` Adam goes in a step")
	flags.StringVar(&o.Checkpoint, "checkpoint", "", "write checkpoints to `file` (default: train.ckpt in the folder of -out)")
	flags.BoolVar(&o.Resume, "resume", false, "go on from the checkpoint")
	flags.StringVar(&o.Out, "out", ".", "write the pictures to `folder`")
	flags.BoolVar(&quiet, "quiet", false, "print errors only")

	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(stdout, "Usage: train [flags]: a forecaster trained with generated attention, naive attention, or one of each.")
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return exitOK
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("argument %q is not wanted, only flags; a file is named by -data", flags.Arg(0))
	case err == nil:
		err = o.Check()
	}
	if err != nil {
		fmt.Fprintln(stderr, "train:", terminal.OneLine(err), "(see train -help)")
		return exitUsage
	}

	if quiet {
		stdout = io.Discard
	}
	progress := session.NewProgress(stderr, !quiet && terminal.Is(stderr))
	err = session.Run(ctx, o, stdout, progress)
	progress.Clear()
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(stderr, "train:", terminal.OneLine(err))
	switch {
	case errors.Is(err, train.ErrStopped):
		return exitStopped
	case errors.As(err, new(*session.Differ)):
		return exitDiffer
	}
	return exitFailed
}
