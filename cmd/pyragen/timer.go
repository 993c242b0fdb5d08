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
	"time"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// timer is the running timer with the packages built into it.
type timer struct {
	dir   string
	cmd   *exec.Cmd
	stdin io.WriteCloser
	out   *json.Encoder
	in    *json.Decoder
	table []timerCall
	specs []spec.Spec
	isas  [][]string // that this machine runs, of each package
}

// startTimer compiles packages, builds the timer around them and starts it. It dies with ctx.
func (a *app) startTimer(ctx context.Context, specs []spec.Spec) (*timer, error) {
	t := &timer{specs: specs}
	var packages [][]gen.File
	for i, s := range specs {
		files, err := pyragen.Compile(&s)
		if err != nil {
			return nil, err
		}
		packages = append(packages, files)
		c := s.Canonical()
		for _, name := range c.Ops {
			op, err := verify.FindOp(name)
			if err != nil {
				return nil, err
			}
			for _, typ := range c.Types {
				t.table = append(t.table, timerCall{Package: i, Op: op, Type: typ, AnyDim: s.Dim == 0})
			}
		}
	}
	var err error
	if t.dir, err = os.MkdirTemp("", "pyragen-bench-"); err != nil {
		return nil, err
	}
	if err := t.start(ctx, packages); err != nil {
		return nil, errors.Join(err, os.RemoveAll(t.dir))
	}
	return t, nil
}

func (t *timer) start(ctx context.Context, packages [][]gen.File) error {
	if err := writeTimer(t.dir, t.specs, packages, t.table); err != nil {
		return err
	}
	path, err := buildTimer(t.dir)
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
		p := slices.IndexFunc(t.specs, func(s spec.Spec) bool { return s.Package == m.Package })
		return !slices.Contains(t.isas[p], m.ISA)
	})
	if len(here) == 0 {
		return nil, fmt.Errorf("nothing to time: this machine runs %s; name one of them with --isa", strings.Join(t.isas[0], ", "))
	}
	return here, nil
}

// measure fills in the times of a measurement.
func (t *timer) measure(m *measurement, count int, least time.Duration, iterations int) error {
	call := slices.IndexFunc(t.table, func(c timerCall) bool {
		return t.specs[c.Package].Package == m.Package && c.Op.Name == m.Op && c.Type == m.Type
	})
	request := map[string]any{"Call": call, "ISA": m.ISA, "Batch": m.Batch, "Len": m.Len, "Heads": m.Heads, "Dim": m.Dim, "Workers": m.Workers,
		"Count": count, "Sample": least, "Iterations": iterations}
	var answer struct {
		Samples    []float64
		Iterations int
		Error      string
	}
	err := t.out.Encode(request)
	if err == nil {
		err = t.in.Decode(&answer)
	}
	if err != nil {
		return fmt.Errorf("%s %s %s at len %d: the timer died: %w", m.Op, m.Type, m.ISA, m.Len, errors.Join(err, t.cmd.Wait()))
	}
	if answer.Error != "" {
		return fmt.Errorf("%s %s %s at len %d: %s", m.Op, m.Type, m.ISA, m.Len, answer.Error)
	}
	m.Samples, m.iterations, m.NsPerOp = answer.Samples, answer.Iterations, median(answer.Samples)
	return nil
}

// close ends the timer and removes its module. What it leaves behind, if it does, lies in the system's temporary folder.
func (t *timer) close() {
	_ = t.stdin.Close()
	_ = t.cmd.Wait()
	_ = os.RemoveAll(t.dir)
}
