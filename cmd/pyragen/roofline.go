package main

import (
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen/cmd/pyragen/internal/peak"
)

// The roofline model (Williams, Waterman and Patterson, 2009): a call takes at least the time in which memory moves its bytes, and at
// least the time in which the units of arithmetic do its operations:
//
//	time >= max(bytes / bandwidth, flops / peak)
//
// With the intensity flops/bytes of an op, memory is the limit where that lies below peak/bandwidth, the balance of the machine.
type roofline struct {
	Bandwidth  float64 `json:"bandwidth"`     // bytes a second
	Peak       float64 `json:"peak"`          // floating-point operations a second
	Memory     float64 `json:"memory_ns"`     // least time of a call by its bytes
	Arithmetic float64 `json:"arithmetic_ns"` // and by its operations
	Bound      float64 `json:"bound_ns"`      // the longer of the two
	Limit      string  `json:"limit"`         // what takes it: memory or arithmetic
}

// rooflineOf bounds the time of a call.
func rooflineOf(c cost, bandwidth, peak float64) *roofline {
	r := &roofline{Bandwidth: bandwidth, Peak: peak, Memory: float64(c.bytes) / bandwidth * 1e9, Arithmetic: float64(c.flops) / peak * 1e9, Limit: "memory"}
	if r.Arithmetic > r.Memory {
		r.Limit = "arithmetic"
	}
	r.Bound = max(r.Memory, r.Arithmetic)
	return r
}

// String says what the bound is and how it comes about.
func (r *roofline) String() string {
	return fmt.Sprintf("at least %s, limited by %s: %s by memory at %sB/s, %s by arithmetic at %sflop/s, balance %s flop/B", threeDigits(r.Bound),
		r.Limit, threeDigits(r.Memory), quantity(r.Bandwidth), threeDigits(r.Arithmetic), quantity(r.Peak), quantity(r.Peak/r.Bandwidth))
}

// threeDigits is a time in ns as a text.
func threeDigits(ns float64) time.Duration {
	unit := time.Duration(1)
	for ns >= 1000*float64(unit) && unit < time.Hour {
		unit *= 10
	}
	return time.Duration(math.Ceil(ns)).Round(unit)
}

// machine is what the roofline is drawn from: numbers that were given, or measurements, each made when it is first asked for.
type machine struct {
	bandwidth, peak float64 // in GB/s and GFLOP/s, as they are given; 0 if they are not
	measure         bool

	measured map[string]float64
}

func (m *machine) flags(cmd *cobra.Command) {
	cmd.Flags().Float64Var(&m.bandwidth, "bandwidth", 0, "`GB/s` of memory, for the roofline (with --peak)")
	cmd.Flags().Float64Var(&m.peak, "peak", 0, "`GFLOP/s` of all processors, for the roofline (with --bandwidth)")
	cmd.Flags().BoolVar(&m.measure, "measure", false, "measure bandwidth and peak of this machine for the roofline")
}

// check refuses flags that do not go together.
func (m *machine) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case m.measure && (given("bandwidth") || given("peak")):
		return usagef("--measure finds bandwidth and peak, got --bandwidth or --peak beside it; leave it out, or them")
	case given("bandwidth") != given("peak"):
		return usagef("--bandwidth and --peak make the roofline together, got one of them; give both, or --measure")
	}
	for _, f := range []struct {
		flag  string
		value float64
	}{{"bandwidth", m.bandwidth}, {"peak", m.peak}} {
		if given(f.flag) && !(f.value > 0 && f.value <= 1e9) {
			return usagef("--%s must be a number above 0 and at most 1e9, got %v", f.flag, f.value)
		}
	}
	return nil
}

// roofline bounds a call of an op by an instruction set, which the machine must have to be measured; nil where nothing is known.
func (m *machine) roofline(c cost, isa, typ string, here bool) *roofline {
	switch {
	case m.peak > 0:
		return rooflineOf(c, m.bandwidth*1e9, m.peak*1e9)
	case m.measure && here:
		return rooflineOf(c, m.once("memory", peak.Bandwidth), m.once(isa+" "+typ, func() float64 { return peak.Flops(isa, elementBytes(typ)) }))
	}
	return nil
}

// once measures what has not been measured.
func (m *machine) once(what string, measure func() float64) float64 {
	if m.measured == nil {
		m.measured = map[string]float64{}
	}
	if m.measured[what] == 0 {
		m.measured[what] = measure()
	}
	return m.measured[what]
}
