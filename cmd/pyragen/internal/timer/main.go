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
)

// request asks for the time of one function at one size.
type request struct {
	Call                            int
	ISA                             string
	Batch, Len, Heads, Dim, Workers int
	Count                           int           // samples
	Sample                          time.Duration // least length of one sample
	Iterations                      int           // calls in a sample; 0: as many as Sample needs
}

// The timer's first line has the instruction sets that this machine runs of each package. Then it answers requests.

// answer has the time of one call in ns, a sample each.
type answer struct {
	Samples    []float64
	Iterations int
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

// measure prepares operands, warms up, and takes the samples.
func measure(q request) answer {
	if q.Call < 0 || q.Call >= len(calls) {
		return answer{Error: fmt.Sprintf("no call %d: %d were built", q.Call, len(calls))}
	}
	c := calls[q.Call]
	if err := packages[c.pkg].setISA(q.ISA); err != nil {
		return answer{Error: err.Error()}
	}
	rows := q.Batch * packages[c.pkg].nodes(q.Len) * q.Heads
	run := c.prepare(q, rows*q.Dim, rows*packages[c.pkg].slots(q.Len), rows)
	if err := run(); err != nil { // also touches every page
		return answer{Error: err.Error()}
	}
	a := answer{Iterations: q.Iterations}
	for n := 1; a.Iterations == 0; {
		took, err := repeat(run, n)
		switch {
		case err != nil:
			return answer{Error: err.Error()}
		case took >= q.Sample/2 || n >= 1<<30:
			a.Iterations = max(1, int(float64(n)*float64(q.Sample)/float64(max(took, 1))))
		default:
			n *= 2
		}
	}
	for range q.Count {
		took, err := repeat(run, a.Iterations)
		if err != nil {
			return answer{Error: err.Error()}
		}
		a.Samples = append(a.Samples, float64(took.Nanoseconds())/float64(a.Iterations))
	}
	return a
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
