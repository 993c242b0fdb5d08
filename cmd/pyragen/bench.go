package main

import (
	"context"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen/spec"
)

// benchFlags are the flags of bench beside those of the request.
type benchFlags struct {
	lens, batches, heads, workers, dims, op, format string
	on                                              string
	count                                           int
	benchtime, against, slack                       string
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
	Graph   string    `json:"graph,omitempty"` // the kind of table, of which len is the number of nodes

	table *tableGraph

	packages   []int // those of the timer that have the function; what is compared has two
	iterations int
}

func (a *app) benchCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Time kernels",
		Long: `Bench generates the packages of a request, builds them in a scratch module and times every op, type and instruction set that
this machine runs, over every combination of the sizes. A time is the median of --count samples, each of at least --benchtime.

Text shows GFLOP/s and GB/s of the least traffic that the op needs; --format go is what benchstat reads.

With --against kernels are compared with those of packages that were generated before. Each pair is built into one process and called
in turns on the same operands, a sample of both in each of --count rounds. A line has both medians, their ratio new / old, and the
probability p that such a difference is chance (Mann-Whitney U test). It exits with 1 if a kernel is slower by more than --slack at
p < 0.05. The packages are those of a git revision or of another folder, in the places below it that pyragen.yaml has for them; where
--window and so on name the pyramid, it is one package and the folder is its own.`,
		Example: `  pyragen bench --window 3 --strides 25,25,25 --dim 64 --len 1000,4000 --batch 4 --heads 4 --workers 2 --isa avx2
  pyragen bench --pkg pam --types f32 --against HEAD`,
		Args: noArgs,
	}
	r := requestFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.lens, "len", "1000", "leaves, of a table nodes, a `list`")
	flags.StringVar(&f.on, "on", "citations", "for a table: `kind` of graph, "+tableKinds())
	flags.StringVar(&f.batches, "batch", "1", "batch sizes, a `list`")
	flags.StringVar(&f.heads, "heads", "1", "heads, a `list`")
	flags.StringVar(&f.workers, "workers", "1", "goroutines that share a call, a `list`; 0 is all cores")
	flags.StringVar(&f.dims, "head-dim", "64", "dimension of a package for any dim, a `list`")
	flags.StringVar(&f.op, "op", "", "the same as --ops")
	flags.StringVar(&f.format, "format", "text", "text, go, json or html")
	flags.IntVar(&f.count, "count", 10, "`samples` of each time")
	flags.StringVar(&f.benchtime, "benchtime", "50ms", "least `time` of a sample, such as 100ms, or calls in it, such as 20x")
	flags.StringVar(&f.against, "against", "", "compare with the packages of this git `revision` or folder")
	flags.StringVar(&f.slack, "slack", "10%", "`percent` by which a kernel may be slower than what it is compared with")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed("op") {
			if cmd.Flags().Changed("ops") {
				return usagef("--op and --ops are the same flag; give one of them")
			}
			if err := cmd.Flags().Set("ops", f.op); err != nil {
				return err
			}
		}
		if cmd.Flags().Changed("slack") && f.against == "" {
			return usagef("--slack is for a comparison; say with --against what to compare with")
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
	sampling, err := f.sampling()
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
	if f.against != "" {
		c, err := f.comparing(sampling)
		if err != nil {
			return err
		}
		return a.benchAgainst(ctx, r, specs, plan, c)
	}
	packages, err := compileTimed(specs)
	if err != nil {
		return err
	}
	out := print(a)
	if _, err := a.timeAll(ctx, packages, plan, sampling, func(m *measurement, times []timed) error {
		m.take(times[0])
		return out.add(m)
	}); err != nil {
		return err
	}
	return out.end()
}

// timeAll measures what of a plan runs here, shows how far it is, and hands the times of each to print; it returns how many there were.
func (a *app) timeAll(ctx context.Context, packages []timedPackage, plan []*measurement, s sampling, print func(*measurement, []timed) error) (int, error) {
	t, err := startTimer(ctx, packages, plan)
	if err != nil {
		return 0, err
	}
	defer t.close()
	if plan, err = t.runs(plan); err != nil {
		return 0, err
	}
	p := a.progress("timing", len(plan))
	for _, m := range plan {
		times, err := t.measure(m, s)
		if err != nil {
			return 0, err
		}
		p.pause()
		if err := print(m, times); err != nil {
			return 0, err
		}
		p.step()
	}
	p.pause()
	return len(plan), nil
}

// take fills in the times of a measurement.
func (m *measurement) take(t timed) {
	m.Samples, m.iterations, m.NsPerOp = t.samples, t.calls, median(t.samples)
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
	for i, s := range specs {
		isas := chosen(s)
		s = s.Canonical()
		dims := lists[4]
		if s.Dim != 0 {
			dims = []int{s.Dim}
		}
		var g *tableGraph
		for _, n := range combinations(lists[0], lists[1], lists[2], lists[3], dims) {
			if g == nil || g.nodes != n.len {
				var err error
				if g, err = newTableGraph(s, f.on, n.len); err != nil {
					return nil, err
				}
			}
			for _, op := range s.Ops {
				for _, typ := range s.Types {
					c, err := costOf(s, op, typ, n, g)
					if err != nil {
						return nil, err
					}
					for _, isa := range isas {
						m := &measurement{Op: op, Type: typ, ISA: isa, Window: s.Window, Strides: s.Strides, Dim: n.dim, Len: n.len,
							Batch: n.batch, Heads: n.heads, Workers: n.workers, Bytes: c.bytes, Flops: c.flops, Package: s.Package, packages: []int{i}}
						if g != nil {
							m.Graph, m.table = g.kind, g
						}
						plan = append(plan, m)
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
