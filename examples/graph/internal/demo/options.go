// Package demo is the run of the example from made papers to a table and a picture.
package demo

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pyragen/pyragen/examples/ett/atomic"
)

// Options are what the user can choose.
type Options struct {
	Papers int
	Out    string // file of the picture
	Seed   uint64 // of papers and inputs
}

// There must be papers with keys and queries, and the truth about all must fit into memory.
const (
	minPapers = 100
	maxPapers = 20_000
)

// Check refuses what cannot work before any work is done. It looks at the folder of the picture, but writes nothing.
func (o Options) Check() error {
	if o.Papers < minPapers || o.Papers > maxPapers {
		return fmt.Errorf("-papers %d: want %d to %d", o.Papers, minPapers, maxPapers)
	}
	if !strings.EqualFold(filepath.Ext(o.Out), ".png") {
		return fmt.Errorf("-out %q: want a file name that ends in .png", o.Out)
	}
	if err := atomic.CheckTarget(o.Out); err != nil {
		return fmt.Errorf("-out %w", err)
	}
	return nil
}
