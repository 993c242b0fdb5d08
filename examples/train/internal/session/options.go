// Package session is a run of the example from a series to a table and two pictures.
package session

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/examples/ett/atomic"
	"github.com/pyragen/pyragen/examples/train/internal/kernels"
	"github.com/pyragen/pyragen/examples/train/internal/train"
	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// Options are what the user can choose.
type Options struct {
	Data       string // file of the series; "" is the embedded one
	Steps      int    // of training, those of a checkpoint included
	Seed       uint64 // the first one
	Seeds      int    // how many, one after the other
	Type       string // of all numbers: f32 or f64
	Kernels    string // generated, naive or both
	History    int    // steps that the model sees
	Batch      int    // windows of a step
	Rate       float64
	Checkpoint string // file; "" is train.ckpt in Out
	Resume     bool
	Out        string // folder of the pictures
}

// Both is the value of -kernels that trains with one and with the other.
const Both = "both"

// What a model is, and how often it is validated.
const (
	layers   = 2
	heads    = 2
	validate = 50
)

// Names of what is written.
const (
	lossesName     = "losses.png"
	forecastName   = "forecast.png"
	checkpointName = "train.ckpt"
)

// Check refuses what cannot work before any work is done. It looks at the folders, but writes nothing.
func (o Options) Check() error {
	for _, n := range []struct {
		flag           string
		got, low, high int
	}{
		{"-steps", o.Steps, 1, 1_000_000}, {"-seeds", o.Seeds, 1, 100},
		{"-history", o.History, windows.Horizon, 4096}, {"-batch", o.Batch, 1, 1024},
	} {
		if n.got < n.low || n.got > n.high {
			return fmt.Errorf("%s %d: want %d to %d", n.flag, n.got, n.low, n.high)
		}
	}
	if !(o.Rate > 0 && o.Rate <= 1) {
		return fmt.Errorf("-rate %v: want more than 0, and at most 1", o.Rate)
	}
	for _, w := range []struct {
		flag, got string
		want      []string
	}{
		{"-type", o.Type, []string{"f32", "f64"}},
		{"-kernels", o.Kernels, []string{kernels.Generated, kernels.Naive, Both}},
	} {
		if !slices.Contains(w.want, w.got) {
			return fmt.Errorf("%s %q: want %s", w.flag, w.got, strings.Join(w.want, " or "))
		}
	}
	for _, name := range []string{lossesName, forecastName} {
		if err := atomic.CheckTarget(o.path(name)); err != nil {
			return fmt.Errorf("-out %w", err)
		}
	}
	if err := atomic.CheckTarget(o.checkpoint()); err != nil {
		return fmt.Errorf("-checkpoint %w", err)
	}
	return nil
}

func (o Options) path(name string) string { return filepath.Join(o.Out, name) }

func (o Options) checkpoint() string {
	if o.Checkpoint == "" {
		return o.path(checkpointName)
	}
	return o.Checkpoint
}

// config is what decides about the numbers.
func (o Options) config(w *windows.Windows) train.Config {
	c := train.Config{Series: train.Digest(w), Type: o.Type, Kernels: []string{o.Kernels},
		History: o.History, Layers: layers, Heads: heads, Batch: o.Batch, Rate: o.Rate, Validate: validate}
	if o.Kernels == Both {
		c.Kernels = []string{kernels.Generated, kernels.Naive}
	}
	for i := range o.Seeds {
		c.Seeds = append(c.Seeds, o.Seed+uint64(i))
	}
	return c
}
