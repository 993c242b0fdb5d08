// Ett runs pyramid attention over a time series with kernels that pyragen generated, and shows that they are right and fast.
//
//	go run . [-data FILE] [-last N] [-out PNG] [-seed N] [-quiet]
//
// The series is the column OT of a file in the form of ETTh1.csv: a header that begins with date, then rows of a time and numbers,
// evenly spaced. Without -data it is a generated one that is embedded here. Each value becomes a leaf of a pyramid with
// queries, keys and values; generated kernels compute attention and its gradient, fused, and the same attention in three steps, on
// every instruction set of this machine and in both types. Every number is compared with the float64 truth of pyragen's verify
// package, and the times with that of dense attention under a mask. A picture shows where the last steps look.
//
// Exit codes: 0 ok, 1 failed, 2 usage, 4 a number is farther from the truth than its bound. On an error nothing is written.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/pyragen/pyragen/examples/ett/atomic"
	"github.com/pyragen/pyragen/examples/ett/internal/demo"
	"github.com/pyragen/pyragen/examples/ett/terminal"
)

//go:generate go tool pyragen gen

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// Exit codes, as pyragen has them.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitWrong  = 4
)

// run is the command without the process around it.
func run(args []string, stdout, stderr io.Writer) int {
	var o demo.Options
	var quiet bool
	flags := flag.NewFlagSet("ett", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.Data, "data", "", "read the series from `file`, in the form of ETTh1.csv (default: the embedded series)")
	flags.IntVar(&o.Last, "last", 0, "use only the last `n` rows of the series; 0 is all")
	flags.StringVar(&o.Out, "out", "ett.png", "write the picture to `file`")
	flags.Uint64Var(&o.Seed, "seed", 1, "`number` that fixes the random projections")
	flags.BoolVar(&quiet, "quiet", false, "print errors only")

	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(stdout, "Usage: ett [flags]: pyramid attention over a series with generated kernels, checked and timed.")
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return exitOK
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("argument %q is not wanted, only flags; a file is named by -data", flags.Arg(0))
	case err == nil:
		err = o.Check()
	}
	if err != nil {
		fmt.Fprintln(stderr, "ett:", terminal.OneLine(err), "(see ett -help)")
		return exitUsage
	}

	if quiet {
		stdout = io.Discard
	}
	progress := demo.NewProgress(stderr, !quiet && terminal.Is(stderr))
	png, err := demo.Run(o, stdout, progress)
	progress.Clear()
	if err == nil {
		err = atomic.WriteFile(o.Out, png)
	}
	if err != nil {
		fmt.Fprintln(stderr, "ett:", terminal.OneLine(err))
		if errors.As(err, new(*demo.WrongNumber)) {
			return exitWrong
		}
		return exitFailed
	}
	fmt.Fprintf(stdout, "\npicture    %s\n", o.Out)
	return exitOK
}
