package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen/spec"
)

// benchFlags are the flags of bench beside those of the request.
type benchFlags struct {
	lens, batches, heads, workers, dims, op, format string
	count                                           int
	benchtime                                       string
}

// measurement is one line of bench --json (design section 6).
type measurement struct {
	Op      string    `json:"op"`
	Type    string    `json:"type"`
	ISA     string    `json:"isa"`
	Window  int       `json:"window"`
	Strides []int     `json:"strides"`
	Dim     int       `json:"dim"`
	Len     int       `json:"len"`
	Batch   int       `json:"batch"`
	Heads   int       `json:"heads"`
	Workers int       `json:"workers"`
	NsPerOp float64   `json:"ns_per_op"` // the median
	Samples []float64 `json:"samples"`   // ns of one call
	Bytes   int64     `json:"bytes"`
	Flops   int64     `json:"flops"`
	Package string    `json:"package"`

	iterations int
}

func (a *app) benchCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Time kernels",
		Long: `Bench generates the packages of a request, builds them in a scratch module and times every op, type and instruction set that
this machine runs, over every combination of the sizes. A time is the median of --count samples, each of at least --benchtime.

Text shows GFLOP/s and GB/s of the least traffic that the op needs; --format go is what benchstat reads.`,
		Example: "  pyragen bench --window 3 --strides 25,25,25 --dim 64 --len 1000,4000 --batch 4 --heads 4 --workers 2 --isa avx2",
		Args:    noArgs,
	}
	r := requestFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.lens, "len", "1000", "leaves, a `list`")
	flags.StringVar(&f.batches, "batch", "1", "batch sizes, a `list`")
	flags.StringVar(&f.heads, "heads", "1", "heads, a `list`")
	flags.StringVar(&f.workers, "workers", "1", "goroutines that share a call, a `list`; 0 is all cores")
	flags.StringVar(&f.dims, "head-dim", "64", "dimension of a package for any dim, a `list`")
	flags.StringVar(&f.op, "op", "", "the same as --ops")
	flags.StringVar(&f.format, "format", "text", "text, go, json or html")
	flags.IntVar(&f.count, "count", 10, "`samples` of each time")
	flags.StringVar(&f.benchtime, "benchtime", "50ms", "least `time` of a sample, such as 100ms, or calls in it, such as 20x")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed("op") {
			if cmd.Flags().Changed("ops") {
				return usagef("--op and --ops are the same flag; give one of them")
			}
			if err := cmd.Flags().Set("ops", f.op); err != nil {
				return err
			}
		}
		return a.bench(cmd.Context(), r, f)
	}
	return cmd
}

func (a *app) bench(ctx context.Context, r *request, f benchFlags) error {
	if a.json {
		f.format = "json"
	}
	print, ok := benchFormats[f.format]
	if !ok {
		return usagef("--format must be text, go, json or html, got %+q", f.format)
	}
	if f.count < 1 || f.count > 1000 {
		return usagef("--count must be 1 to 1000, got %d", f.count)
	}
	least, calls, err := parseBenchtime(f.benchtime)
	if err != nil {
		return err
	}
	specs, err := r.specs()
	if err != nil {
		return err
	}
	plan, err := planBench(specs, f)
	if err != nil {
		return err
	}
	t, err := a.startTimer(ctx, specs)
	if err != nil {
		return err
	}
	defer t.close()
	if plan, err = t.runs(plan); err != nil {
		return err
	}
	out := print(a)
	p := a.progress("timing", len(plan))
	for _, m := range plan {
		if err := t.measure(m, f.count, least, calls); err != nil {
			return err
		}
		p.pause()
		if err := out.add(m); err != nil {
			return err
		}
		p.step()
	}
	p.pause()
	return out.end()
}

// planBench lists what is to be measured, and checks that each fits into memory. Dim is that of the call.
func planBench(specs []spec.Spec, f benchFlags) ([]*measurement, error) {
	var lists [5][]int
	for i, l := range []struct {
		flag, text string
		least      int
	}{{"len", f.lens, 1}, {"batch", f.batches, 1}, {"heads", f.heads, 1}, {"workers", f.workers, 0}, {"head-dim", f.dims, 1}} {
		var err error
		if lists[i], err = sizeList(l.flag, l.text, l.least); err != nil {
			return nil, err
		}
	}
	var plan []*measurement
	for _, s := range specs {
		isas := chosen(s)
		s = s.Canonical()
		dims := lists[4]
		if s.Dim != 0 {
			dims = []int{s.Dim}
		}
		for _, n := range combinations(lists[0], lists[1], lists[2], lists[3], dims) {
			for _, op := range s.Ops {
				for _, typ := range s.Types {
					c, err := costOf(s, op, typ, n)
					if err != nil {
						return nil, err
					}
					for _, isa := range isas {
						plan = append(plan, &measurement{Op: op, Type: typ, ISA: isa, Window: s.Window, Strides: s.Strides, Dim: n.dim, Len: n.len,
							Batch: n.batch, Heads: n.heads, Workers: n.workers, Bytes: c.bytes, Flops: c.flops, Package: s.Package})
					}
				}
			}
		}
	}
	return plan, nil
}

func combinations(lens, batches, heads, workers, dims []int) (out []sizes) {
	for _, l := range lens {
		for _, b := range batches {
			for _, h := range heads {
				for _, d := range dims {
					for _, w := range workers {
						if w == 0 {
							w = runtime.GOMAXPROCS(0)
						}
						out = append(out, sizes{batch: b, len: l, heads: h, dim: d, workers: w})
					}
				}
			}
		}
	}
	return out
}

// sizeList reads a list of run-time sizes.
func sizeList(flag, text string, least int) ([]int, error) {
	var out []int
	for _, word := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < least || n > 1<<31-1 {
			return nil, usagef("--%s must be whole numbers from %d, got %+q", flag, least, word)
		}
		out = append(out, n)
	}
	if len(out) > 64 {
		return nil, usagef("--%s must be at most 64 numbers, got %d", flag, len(out))
	}
	return out, nil
}

// parseBenchtime reads a time, or a number of calls.
func parseBenchtime(text string) (least time.Duration, calls int, err error) {
	if n, ok := strings.CutSuffix(text, "x"); ok {
		if calls, err = strconv.Atoi(n); err == nil && calls >= 1 {
			return 0, calls, nil
		}
	} else if least, err = time.ParseDuration(text); err == nil && least > 0 && least <= time.Minute {
		return least, 0, nil
	}
	return 0, 0, usagef("--benchtime must be a time of at most 1m such as 100ms, or a number of calls such as 20x, got %+q", text)
}

// median of samples.
func median(samples []float64) float64 {
	s := slices.Sorted(slices.Values(samples))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// spread is the range of samples around their median, in percent.
func spread(samples []float64) string {
	m := median(samples)
	return fmt.Sprintf("%+.0f%% %+.0f%%", 100*(slices.Min(samples)/m-1), 100*(slices.Max(samples)/m-1))
}
