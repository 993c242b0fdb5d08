// Graph runs attention over a citation graph, which is no pyramid: directed, with rows of very different length, and given at run time.
//
//	go run . [-papers N] [-out PNG] [-seed N] [-quiet]
//
// Papers and what they cite are made. A paper attends to the papers that it cites: those are its keys. The gradient needs the way back, from
// each paper to those that cite it: those are its queries. Generated kernels compute attention, its gradient, and how much attention each
// paper gets, on every instruction set of this machine and in both types. Every number is compared with the float64 truth of pyragen's
// verify package. The graph is saved and read again on the way. The picture shows both ways for one paper.
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
	"github.com/pyragen/pyragen/examples/ett/terminal"
	"github.com/pyragen/pyragen/examples/graph/internal/check"
	"github.com/pyragen/pyragen/examples/graph/internal/demo"
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
	flags := flag.NewFlagSet("graph", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.IntVar(&o.Papers, "papers", 1200, "make so many papers, `n` from 100 to 20000")
	flags.StringVar(&o.Out, "out", "graph.png", "write the picture to `file`")
	flags.Uint64Var(&o.Seed, "seed", 1, "`number` that fixes the papers")
	flags.BoolVar(&quiet, "quiet", false, "print errors only")

	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(stdout, "Usage: graph [flags]: attention over a citation graph with generated kernels, checked and timed.")
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return exitOK
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("argument %q is not wanted, only flags", flags.Arg(0))
	case err == nil:
		err = o.Check()
	}
	if err != nil {
		fmt.Fprintln(stderr, "graph:", terminal.OneLine(err), "(see graph -help)")
		return exitUsage
	}
	if quiet {
		stdout = io.Discard
	}
	png, err := demo.Run(o, stdout)
	if err == nil {
		err = atomic.WriteFile(o.Out, png)
	}
	if err != nil {
		fmt.Fprintln(stderr, "graph:", terminal.OneLine(err))
		if errors.As(err, new(*check.WrongNumber)) {
			return exitWrong
		}
		return exitFailed
	}
	fmt.Fprintf(stdout, "\npicture    %s\n", o.Out)
	return exitOK
}
