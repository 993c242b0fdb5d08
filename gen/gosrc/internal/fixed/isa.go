package fixed

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
)

// inUse are the kernels that ops run. A call goes on with those that it began with.
var inUse atomic.Pointer[kernels]

// isaErr is why PYRAGEN_ISA was not followed.
var isaErr error

func init() {
	for i := range known {
		if known[i].lacks == "" {
			inUse.Store(&known[i])
		}
	}
	if name := os.Getenv("PYRAGEN_ISA"); name != "" {
		if err := use(name); err != nil {
			isaErr = fmt.Errorf("%s: PYRAGEN_ISA: %w", packageName, err)
		}
	}
}

// ISA returns the instruction set that ops use: the best of [ISAs], unless the environment variable PYRAGEN_ISA or [SetISA] chose
// another.
func ISA() string { return inUse.Load().isa }

// ISAs returns the instruction sets that can be used here, the best last.
func ISAs() []string {
	var names []string
	for _, k := range known {
		if k.lacks == "" {
			names = append(names, k.isa)
		}
	}
	return names
}

// SetISA makes ops use one of [ISAs]. It can be called at any time; calls that have begun are not affected. On an error nothing
// changes.
func SetISA(name string) error {
	if err := use(name); err != nil {
		return fmt.Errorf("%s.SetISA: %w", packageName, err)
	}
	return nil
}

// ISAErr returns why the environment variable PYRAGEN_ISA was not followed when the program started, nil if it was, or was not set.
func ISAErr() error { return isaErr }

// use puts the kernels of an instruction set in use.
func use(name string) error {
	for i, k := range known {
		switch {
		case k.isa != name:
		case k.lacks != "":
			return fmt.Errorf("%s can't be used, %s; want one of: %s", name, k.lacks, strings.Join(ISAs(), ", "))
		default:
			inUse.Store(&known[i])
			return nil
		}
	}
	return fmt.Errorf("got %q, want one of: %s", name, strings.Join(ISAs(), ", "))
}
