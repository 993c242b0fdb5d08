package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// timedPackage is a generated package to be timed.
type timedPackage struct {
	spec  spec.Spec
	files []gen.File
}

// Table reports whether its graphs are given at run time.
func (p timedPackage) Table() bool { return p.spec.IsTable() }

// compileTimed generates the packages of specs.
func compileTimed(specs []spec.Spec) ([]timedPackage, error) {
	var packages []timedPackage
	for _, s := range specs {
		files, err := pyragen.Compile(&s)
		if err != nil {
			return nil, err
		}
		packages = append(packages, timedPackage{s, files})
	}
	return packages, nil
}

// timer is the running timer with the packages built into it.
type timer struct {
	dir      string
	cmd      *exec.Cmd
	stdin    io.WriteCloser
	out      *json.Encoder
	in       *json.Decoder
	packages []timedPackage
	table    []timerCall
	isas     [][]string // that this machine runs, of each package
}

// startTimer builds the timer around packages and starts it, for the measurements of a plan. It dies with ctx.
func startTimer(ctx context.Context, packages []timedPackage, plan []*measurement) (*timer, error) {
	t := &timer{packages: packages}
	for _, m := range plan {
		if t.call(m) >= 0 {
			continue
		}
		op, err := verify.FindOp(m.Op)
		if err != nil {
			return nil, err
		}
		s := packages[m.packages[0]].spec
		t.table = append(t.table, timerCall{Packages: m.packages, Op: op.With(s.With), Type: m.Type, AnyDim: s.Dim == 0, Table: s.IsTable()})
	}
	var err error
	if t.dir, err = os.MkdirTemp("", "pyragen-bench-"); err != nil {
		return nil, err
	}
	if err := t.start(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(t.dir))
	}
	return t, nil
}

// call is the place in the table of what a measurement calls, or -1.
func (t *timer) call(m *measurement) int {
	return slices.IndexFunc(t.table, func(c timerCall) bool {
		return slices.Equal(c.Packages, m.packages) && c.Op.Name == m.Op && c.Type == m.Type
	})
}

func (t *timer) start(ctx context.Context) error {
	if err := writeTimer(t.dir, t.packages, t.table); err != nil {
		return err
	}
	path, err := verify.BuildModule(t.dir, "timer", nil, nil)
	if err != nil {
		return err
	}
	t.cmd = exec.CommandContext(ctx, path)
	t.cmd.Stderr = os.Stderr
	if t.stdin, err = t.cmd.StdinPipe(); err != nil {
		return err
	}
	stdout, err := t.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	t.out, t.in = json.NewEncoder(t.stdin), json.NewDecoder(stdout)
	if err := t.cmd.Start(); err != nil {
		return err
	}
	if err := t.in.Decode(&t.isas); err != nil {
		return fmt.Errorf("start of the timer: %w", errors.Join(err, t.cmd.Wait()))
	}
	return nil
}

// runs drops from a plan what this machine does not run.
func (t *timer) runs(plan []*measurement) ([]*measurement, error) {
	here := slices.DeleteFunc(slices.Clone(plan), func(m *measurement) bool {
		return slices.ContainsFunc(m.packages, func(p int) bool { return !slices.Contains(t.isas[p], m.ISA) })
	})
	if len(here) == 0 {
		return nil, fmt.Errorf("nothing to time: this machine runs %s; name one of them with --isa", strings.Join(t.isas[0], ", "))
	}
	return here, nil
}

// timed are the samples of a function in one package.
type timed struct {
	samples []float64 // ns of one call
	calls   int       // in a sample
}

// measure times the function of a measurement in each of its packages.
func (t *timer) measure(m *measurement, s sampling) ([]timed, error) {
	request := map[string]any{"Call": t.call(m), "ISA": m.ISA, "Batch": m.Batch, "Len": m.Len, "Heads": m.Heads, "Dim": m.Dim, "Workers": m.Workers,
		"Count": s.count, "Sample": s.least, "Iterations": s.calls}
	if m.table != nil {
		request["Slots"], request["Queries"], request["Keys"] = m.table.slots, m.table.queries, m.table.keys
	}
	var answer struct {
		Samples    [][]float64
		Iterations []int
		Error      string
	}
	err := t.out.Encode(request)
	if err == nil {
		err = t.in.Decode(&answer)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s %s at len %d: the timer died: %w", m.Op, m.Type, m.ISA, m.Len, errors.Join(err, t.cmd.Wait()))
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("%s %s %s at len %d: %s", m.Op, m.Type, m.ISA, m.Len, answer.Error)
	}
	var out []timed
	for i, samples := range answer.Samples {
		out = append(out, timed{samples, answer.Iterations[i]})
	}
	return out, nil
}

// close ends the timer and removes its module. What it leaves behind, if it does, lies in the system's temporary folder.
func (t *timer) close() {
	_ = t.stdin.Close()
	_ = t.cmd.Wait()
	_ = os.RemoveAll(t.dir)
}
