package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"

	"github.com/pyragen/pyragen/spec"
)

// comparison is one line of bench --against --json: the measurement of the kernel that is written now, and that of the old one.
type comparison struct {
	measurement
	OldNsPerOp float64   `json:"old_ns_per_op"` // the median
	OldSamples []float64 `json:"old_samples"`   // ns of one call
	Ratio      float64   `json:"ratio"`         // of the medians, new / old
	P          float64   `json:"p"`             // of the Mann-Whitney U test: that such samples come of equal kernels
	Verdict    string    `json:"verdict"`
}

// The verdicts. A difference that is within the slack, or that may be chance, is none.
const (
	slower = "slower"
	faster = "faster"
	same   = "same"
)

// fewestSamples is how many samples of each kernel can be significant at all.
const fewestSamples = 4

// compare judges the samples of a kernel and of its new version; slack is a fraction of the old time.
func compare(m measurement, before, after timed, slack float64) comparison {
	m.take(after)
	c := comparison{measurement: m, OldSamples: before.samples, OldNsPerOp: median(before.samples), Verdict: same}
	c.Ratio = c.NsPerOp / c.OldNsPerOp
	sample := func(ns []float64) *benchmath.Sample {
		return benchmath.NewSample(slices.Clone(ns), &benchmath.DefaultThresholds)
	}
	test := benchmath.AssumeNothing.Compare(sample(c.OldSamples), sample(c.Samples))
	c.P = test.P
	switch {
	case c.P >= test.Alpha:
	case c.Ratio > 1+slack:
		c.Verdict = slower
	case c.Ratio < 1/(1+slack):
		c.Verdict = faster
	}
	return c
}

// comparing is how a plan is compared.
type comparing struct {
	against string  // what with
	slack   float64 // a fraction of the old time
	asJSON  bool
	sampling
}

// comparing reads the flags of a comparison.
func (f benchFlags) comparing(s sampling) (c comparing, err error) {
	if f.format != "text" && f.format != "json" {
		return c, usagef("--against writes text or json, got --format %s", f.format)
	}
	if s.count < fewestSamples {
		return c, usagef("--against needs a --count of at least %d, got %d; fewer samples are never significant", fewestSamples, s.count)
	}
	c = comparing{against: f.against, asJSON: f.format == "json", sampling: s}
	c.slack, err = parsePercent(f.slack)
	return c, err
}

// benchAgainst compares the kernels of a plan with those of other packages.
func (a *app) benchAgainst(ctx context.Context, r *request, specs []spec.Spec, plan []*measurement, c comparing) error {
	old, err := r.readAgainst(c.against, specs)
	if err != nil {
		return err
	}
	plan, lacking := pair(plan, old)
	if len(plan) == 0 {
		return fmt.Errorf("--against %s: nothing to compare, it lacks %s", visible(c.against), strings.Join(lacking, ", "))
	}
	packages, err := compileTimed(specs)
	if err != nil {
		return err
	}
	if len(lacking) > 0 {
		fmt.Fprintf(a.stderr, "pyragen: not compared, %s lacks %s\n", visible(c.against), strings.Join(lacking, ", "))
	}
	return a.timePairs(ctx, append(packages, old...), plan, c)
}

// timePairs measures and prints the comparisons of a plan. It fails if a kernel is slower than the slack allows.
func (a *app) timePairs(ctx context.Context, packages []timedPackage, plan []*measurement, c comparing) error {
	worse, first := 0, true
	pairs, err := a.timeAll(ctx, packages, plan, c.sampling, func(m *measurement, times []timed) error {
		line := compare(*m, times[0], times[1], c.slack)
		if line.Verdict == slower {
			worse++
		}
		head := first
		first = false
		return a.printComparison(line, c.asJSON, head)
	})
	if err != nil {
		return err
	}
	if worse > 0 {
		text := fmt.Sprintf("%d of %d kernels are slower than those of %s by more than %g%%", worse, pairs, visible(c.against), 100*c.slack)
		return outcome{exitFailed, text}
	}
	return nil
}

// pair adds to each measurement the place of the old package among those of the timer, before that of the new one, and drops what the
// old package lacks.
func pair(plan []*measurement, old []timedPackage) (paired []*measurement, lacking []string) {
	for _, m := range plan {
		i := m.packages[0]
		had := old[i].spec.Canonical()
		if !slices.Contains(had.Ops, m.Op) || !slices.Contains(had.Types, m.Type) || !slices.Contains(had.ISA, m.ISA) {
			if name := m.Package + " " + m.Op + " " + m.Type + " " + m.ISA; !slices.Contains(lacking, name) {
				lacking = append(lacking, name)
			}
			continue
		}
		m.packages = []int{len(old) + i, i}
		paired = append(paired, m)
	}
	return paired, lacking
}

// printComparison prints a line, below a line of titles if it is the first.
func (a *app) printComparison(c comparison, asJSON, first bool) error {
	if asJSON {
		return json.NewEncoder(a.stdout).Encode(c)
	}
	if first {
		fmt.Fprintf(a.stdout, "%-12s %-14s %-4s %-6s %4s %8s %5s %5s %7s %12s %12s %6s %6s %s\n", "package", "op", "type", "isa", "dim", "len", "batch", "heads",
			"workers", "old ns/op", "ns/op", "ratio", "p", "")
	}
	_, err := fmt.Fprintf(a.stdout, "%-12s %-14s %-4s %-6s %4d %8d %5d %5d %7d %12.0f %12.0f %6.3f %6.3f %s\n", c.Package, c.Op, c.Type, c.ISA, c.Dim, c.Len,
		c.Batch, c.Heads, c.Workers, c.OldNsPerOp, c.NsPerOp, c.Ratio, c.P, c.Verdict)
	return err
}

// parsePercent reads --slack as a fraction.
func parsePercent(text string) (float64, error) {
	number, ok := strings.CutSuffix(text, "%")
	if x, err := strconv.ParseFloat(number, 64); ok && err == nil && x >= 0 && x <= 1000 {
		return x / 100, nil
	}
	return 0, usagef("--slack must be a percentage from 0%% to 1000%% such as 10%%, got %+q", text)
}
