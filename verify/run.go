package verify

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// Options narrow and extend a run. The zero value runs everything that the packages have.
type Options struct {
	Ops, Types, ISAs []string // empty: those of the package

	// Workers are the numbers of workers that must all give the same bits; empty: 1 and one other that the seed picks.
	Workers []int

	// Oracle computes a call another way, to the last bit (R3: the interpreter of the scheduled IR). nil: no such comparison.
	// It is called from several goroutines.
	Oracle Oracle

	// Emulate computes calls with instruction sets that this CPU cannot run. nil: such a check fails, since nothing ran.
	// It is called from several goroutines.
	Emulate Oracle

	Timeout     time.Duration // for one request; 0: a minute
	Servers     int           // processes side by side; 0: one a CPU
	VectorsFlag string        // the --vectors argument that reproducers name; empty: the folder of the case
}

// Call is one kernel call with its operands, for an Oracle.
type Call struct {
	Case    Case
	Package Package
	Op      Op
	Type    Float
	ISA     string
	Graph   *Graph
	Inputs  [][]float64 // in the order of Op.Inputs, values of the type
	Scalar  float64
}

// Oracle returns the outputs of a call in the order of Op.Outputs.
type Oracle func(Call) ([][]float64, error)

// Run checks every case with every op, type and instruction set of its package, and reports the results in the order of the cases.
// An error means that the run itself did not work; failed checks are results. No cases, or a case that ran nothing, is a failure.
func (h *Harness) Run(ctx context.Context, cases []Case, o Options, report func(Result)) (Summary, error) {
	if len(cases) == 0 {
		return Summary{}, errors.New("verify: no cases to run")
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if o.Servers == 0 {
		o.Servers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	done := newOrdered(report)
	next := make(chan int)
	var strikes strikes
	var group sync.WaitGroup
	for range min(o.Servers, len(cases)) {
		group.Go(func() {
			r := runner{h: h, o: o, ctx: ctx, strikes: &strikes}
			defer r.stop()
			for i := range next {
				results, err := r.run(cases[i])
				if err != nil {
					cancel(err)
					return
				}
				done.put(i, results)
			}
		})
	}
feed:
	for i := range cases {
		select {
		case next <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	group.Wait()
	s := done.summary
	if err := context.Cause(ctx); err != nil {
		return s, fmt.Errorf("verify: stopped after %d of %d cases: %w", s.Cases, len(cases), err)
	}
	return s, nil
}

// ordered reports results in the order of the cases, whichever finishes first.
type ordered struct {
	mu      sync.Mutex
	report  func(Result)
	waiting map[int][]Result
	next    int
	summary Summary
}

func newOrdered(report func(Result)) *ordered {
	return &ordered{report: report, waiting: map[int][]Result{}}
}

func (o *ordered) put(i int, results []Result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting[i] = results
	for results, ok := o.waiting[o.next]; ok; results, ok = o.waiting[o.next] {
		delete(o.waiting, o.next)
		o.next++
		o.summary.Cases++
		for _, r := range results {
			o.summary.Checks++
			if !r.OK {
				o.summary.Failed++
			}
			if o.report != nil {
				o.report(r)
			}
		}
	}
}

// strikes counts the deaths of servers by kernel. A kernel that keeps crashing or hanging is given up, or a run would take for ever;
// its remaining checks fail.
type strikes struct {
	mu    sync.Mutex
	count map[string]int
}

const (
	mostStrikes    = 12
	timeoutStrikes = 4 // what one timeout counts
)

func (s *strikes) add(kernel string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil {
		s.count = map[string]int{}
	}
	s.count[kernel] += n
}

func (s *strikes) out(kernel string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[kernel] >= mostStrikes
}
