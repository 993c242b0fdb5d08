// The timer times generated kernels for the bench command, in a process of its own. Bench copies this folder into a scratch module,
// replaces calls.go by the table of the packages to time, and talks to it in JSON Lines over stdin and stdout.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"time"
	"unsafe"
)

// request asks for the time of one function at one size, in each of the packages that have it.
type request struct {
	Call                            int
	ISA                             string
	Batch, Len, Heads, Dim, Workers int
	Count                           int           // samples of each package
	Sample                          time.Duration // least length of one sample
	Iterations                      int           // calls in a sample; 0: as many as Sample needs

	// Of a table graph with Len nodes: the slots of its tensors, and its edges.
	Slots         int
	Queries, Keys []int32
}

// The timer's first line has the instruction sets that this machine runs of each package. Then it answers requests.

// answer has the times of one call in ns: of each package, in the order of the call's, a sample each.
type answer struct {
	Samples    [][]float64
	Iterations []int // calls in a sample of each package
	Error      string
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "timer:", err)
		os.Exit(1)
	}
}

func serve(r io.Reader, w io.Writer) error {
	debug.SetGCPercent(-1) // kernels allocate nothing to speak of; buffers are collected between requests
	in, out := json.NewDecoder(r), json.NewEncoder(w)
	var isas [][]string
	for _, p := range packages {
		isas = append(isas, p.isas())
	}
	if err := out.Encode(isas); err != nil {
		return err
	}
	for {
		var q request
		if err := in.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := out.Encode(measure(q)); err != nil {
			return err
		}
		runtime.GC()
	}
}

// measure prepares operands, warms up, and takes the samples in rounds: one of each package, forwards and backwards in turns, so that
// what slows the machine down for a while, or runs first, does not count against one of them.
func measure(q request) answer {
	if q.Call < 0 || q.Call >= len(calls) {
		return answer{Error: fmt.Sprintf("no call %d: %d were built", q.Call, len(calls))}
	}
	c := calls[q.Call]
	for _, p := range c.packages {
		if err := packages[p].setISA(q.ISA); err != nil {
			return answer{Error: err.Error()}
		}
	}
	first := packages[c.packages[0]]
	nodes, slots := q.Len, q.Slots
	if first.nodes != nil {
		nodes, slots = first.nodes(q.Len), first.slots(q.Len)
	}
	rows := q.Batch * nodes * q.Heads
	runs := c.prepare(q, rows*q.Dim, rows*slots, rows)
	a := answer{Samples: make([][]float64, len(runs)), Iterations: make([]int, len(runs))}
	for i, run := range runs {
		var err error
		if a.Iterations[i], err = calibrate(run, q); err != nil {
			return answer{Error: err.Error()}
		}
	}
	for round := range q.Count {
		for i := range runs {
			if round%2 == 1 {
				i = len(runs) - 1 - i
			}
			took, err := repeat(runs[i], a.Iterations[i])
			if err != nil {
				return answer{Error: err.Error()}
			}
			a.Samples[i] = append(a.Samples[i], float64(took.Nanoseconds())/float64(a.Iterations[i]))
		}
	}
	return a
}

// failing is a call that cannot be prepared.
func failing(err error) []func() error { return []func() error{func() error { return err }} }

// calibrate warms up and returns the number of calls in a sample.
func calibrate(run func() error, q request) (int, error) {
	if err := run(); err != nil || q.Iterations > 0 { // also touches every page
		return q.Iterations, err
	}
	for n := 1; ; n *= 2 {
		took, err := repeat(run, n)
		if err != nil {
			return 0, err
		}
		if took >= q.Sample/2 || n >= 1<<30 {
			return max(1, int(float64(n)*float64(q.Sample)/float64(max(took, 1)))), nil
		}
	}
}

func repeat(run func() error, n int) (time.Duration, error) {
	start := time.Now()
	for range n {
		if err := run(); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

// random returns n numbers from -1 to 1.
func random[T float32 | float64](n int) []T {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	x := make([]T, n)
	for i := range x {
		x[i] = T(2*r.Float64() - 1)
	}
	return x
}

// halves returns n numbers from -1 to 1, rounded to a type of 16 bits.
func halves[T ~uint16](n int, round func(float32) T) []uint16 {
	x := make([]uint16, n)
	for i, v := range random[float32](n) {
		x[i] = uint16(round(v))
	}
	return x
}

// view is the same memory as a package's own type of 16 bits.
func view[T ~uint16](x []uint16) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
