package demo

import (
	"fmt"
	"io"
	"time"
)

// Progress says on a terminal what is being done, once the whole takes longer than two seconds.
type Progress struct {
	w     io.Writer
	on    bool
	begun time.Time
	shown bool
}

// NewProgress writes to w if on.
func NewProgress(w io.Writer, on bool) *Progress { return &Progress{w: w, on: on, begun: time.Now()} }

// Step tells what is done next.
func (p *Progress) Step(format string, args ...any) {
	if p.on && time.Since(p.begun) > 2*time.Second {
		fmt.Fprintf(p.w, "\r\x1b[K"+format+" ...", args...)
		p.shown = true
	}
}

// Clear removes the line, so that other output can follow.
func (p *Progress) Clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
