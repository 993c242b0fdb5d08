// The kernel server runs generated kernels for the verify package, in a process that may crash. The harness copies this folder into
// a scratch module, replaces calls.go by the table of the packages under test, and talks to it over stdin and stdout.
package main

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	// MXCSR and the direction flag belong to a thread: stay on the one that they are checked on.
	runtime.LockOSThread()
	debug.SetPanicOnFault(true)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "kernel server:", err)
		os.Exit(1)
	}
}

func serve(r io.Reader, w io.Writer) error {
	in := gob.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	buffered := bufio.NewWriterSize(w, 1<<16)
	out := gob.NewEncoder(buffered)
	send := func(message any) error {
		if err := out.Encode(message); err != nil {
			return err
		}
		return buffered.Flush()
	}

	if err := send(hello()); err != nil {
		return err
	}
	var memory memory
	for {
		var q Request
		if err := in.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for _, isa := range q.ISAs {
			// Sent one by one: when the process dies, the harness knows with which instruction set.
			if err := send(memory.answer(q, isa)); err != nil {
				return err
			}
		}
	}
}

func hello() Hello {
	h := Hello{SeesUppers: seesUppers}
	for _, p := range packages {
		h.Packages = append(h.Packages, HelloPackage{Table: p.table, Slots: p.fixedSlots, Window: p.window, Strides: p.strides, Dim: p.dim, ISAs: p.isas()})
	}
	return h
}
