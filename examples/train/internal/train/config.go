// Package train trains models, each of which takes a step in turn: models with the same seed begin alike and learn from the same
// windows, so that all that can differ is how their attention is computed.
package train

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// Config is what decides about the numbers of a run, the machine aside: a run goes on only from a checkpoint with the same.
type Config struct {
	Series  string   // digest of the values and their times
	Type    string   // of all numbers: f32 or f64
	Kernels []string // models with each of these
	Seeds   []uint64 // and each of these

	History, Layers, Heads int // see forecast.Shape
	Batch                  int // windows of a step
	Rate                   float64
	Validate               int // steps from one validation to the next
}

// Digest names the values of a series and their times.
func Digest(w *windows.Windows) string {
	h := sha256.New()
	s := w.Series
	_ = binary.Write(h, binary.LittleEndian, []int64{s.Start.Unix(), int64(s.Step)}) // a hash takes all that is written
	for _, x := range s.Values {
		_ = binary.Write(h, binary.LittleEndian, math.Float64bits(x))
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// difference says in which setting a checkpoint differs from this run; "" for none.
func (c Config) difference(saved Config) string {
	for _, s := range []struct {
		flag        string
		saved, here any
		same        bool
	}{
		{"-data", "series " + saved.Series, "series " + c.Series, saved.Series == c.Series},
		{"-type", saved.Type, c.Type, saved.Type == c.Type},
		{"-kernels", saved.Kernels, c.Kernels, slices.Equal(saved.Kernels, c.Kernels)},
		{"-seed and -seeds", saved.Seeds, c.Seeds, slices.Equal(saved.Seeds, c.Seeds)},
		{"-history", saved.History, c.History, saved.History == c.History},
		{"layers", saved.Layers, c.Layers, saved.Layers == c.Layers},
		{"heads", saved.Heads, c.Heads, saved.Heads == c.Heads},
		{"-batch", saved.Batch, c.Batch, saved.Batch == c.Batch},
		{"-rate", saved.Rate, c.Rate, saved.Rate == c.Rate},
		{"steps between validations", saved.Validate, c.Validate, saved.Validate == c.Validate},
	} {
		if !s.same {
			return fmt.Sprintf("%s: %v there, %v here", s.flag, s.saved, s.here)
		}
	}
	return ""
}
