/*
Pyragen writes Go packages with kernels for attention over one pyramid: Go for every platform and assembly for amd64.

Usage:

	pyragen init                 write a commented pyragen.yaml
	pyragen gen [flags]          write the packages of pyragen.yaml, or one that flags name
	pyragen diff [flags]         show what gen would change
	pyragen verify [flags]       build kernels, run them between guard pages, check every element against float64
	pyragen bench [flags]        time kernels
	pyragen show OP [flags]      print a kernel at any stage of the compiler
	pyragen explain [flags]      per kernel and instruction set: used or refused and why; nodes, edges, flops, bytes, registers, code,
	                             roofline
	pyragen doctor               what this machine can run
	pyragen help errors          the meaning of every PYR code
	pyragen completion SHELL, pyragen man, pyragen version

In a repository that uses it:

	//go:generate go tool pyragen gen

# Requests

A request is a window, the strides of the pyramid, a head dimension, and what to write for them. It stands in pyragen.yaml,
which --config may name elsewhere:

	packages:
	  - pkg: pam               # Go package name
	    out: internal/pam      # folder, beside pyragen.yaml; the package name if left out
	    window: 3              # nodes of its own level that a node sees
	    strides: [4, 4, 4]     # children of a node of each level; [] is sliding-window attention
	    dim: 64                # head dimension; 0 is any, at run time
	    types: [f32, f64]      # these two if left out; f16 and bf16: stored in 16 bits, computed in float32
	    ops: [scores, context, reverse, attention, attention-grad]
	    isa: [go, avx2, avx512] # ops and isa may be left out and are all then
	    with: [mask, bias, dropout]  # none if left out: what attention and attention-grad take beside

or in flags: --pkg pam --out DIR --window 3 --strides 4,4,4 --dim 64 --types f32 --ops scores --isa avx2. Go is always written
too: it is what runs where nothing else can. As soon as --window, --strides, --dim or --with is given, pyragen.yaml is not read. Otherwise
--pkg picks one of its packages, and for verify, bench, show and explain --types, --ops and --isa pick from what it has.

# Output

Results go to stdout, everything else to stderr. With --json every command writes JSON Lines. Work of more than two seconds shows
its progress if stderr is a terminal and CI is not set. A command that fails has written nothing.

# Exit codes

	0  done
	1  failed
	2  wrong usage of the command line
	3  gen --check: a file is stale, missing or orphaned
	4  verify: a check failed
	5  the request was rejected; `pyragen help errors` explains its codes
*/
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"
)

func main() {
	// Compiling a package makes much short-lived garbage in little memory: collecting it less often takes a third off the time.
	debug.SetGCPercent(800)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the process at once
	a := &app{
		stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv,
		terminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	code := a.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
