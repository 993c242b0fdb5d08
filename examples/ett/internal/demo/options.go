// Package demo is the run of the example from a series to a table and a picture.
package demo

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pyragen/pyragen/examples/ett/atomic"
	"github.com/pyragen/pyragen/examples/ett/series"
)

// Options are what the user can choose.
type Options struct {
	Data string // file of the series; "" is the embedded one
	Last int    // use the last rows only; 0 is all
	Out  string // file of the picture
	Seed uint64 // of the projections
}

// A series must be long enough for a node on each level, and the truth about it must fit into memory.
const (
	minRows = 64
	maxRows = 1 << 16
)

// Check refuses what cannot work before any work is done. It looks at the folder of the picture, but writes nothing.
func (o Options) Check() error {
	if o.Last != 0 && (o.Last < minRows || o.Last > maxRows) {
		return fmt.Errorf("-last %d: want %d to %d rows, or 0 for all", o.Last, minRows, maxRows)
	}
	if !strings.EqualFold(filepath.Ext(o.Out), ".png") {
		return fmt.Errorf("-out %q: want a file name that ends in .png", o.Out)
	}
	if err := atomic.CheckTarget(o.Out); err != nil {
		return fmt.Errorf("-out %w", err)
	}
	return nil
}

// series reads the file, or the embedded series, and cuts it to what was asked for.
func (o Options) series() (series.Series, error) {
	s, err := series.Open(o.Data, minRows)
	if err != nil {
		return s, err
	}
	switch {
	case o.Last > s.Len():
		return s, fmt.Errorf("%s: -last %d: the series has only %d rows", s.Name, o.Last, s.Len())
	case o.Last > 0:
		s = s.Last(o.Last)
	case s.Len() > maxRows:
		return s, fmt.Errorf("%s: %d rows, want at most %d, since every number is checked; add -last %d", s.Name, s.Len(), maxRows, maxRows)
	}
	return s, nil
}
