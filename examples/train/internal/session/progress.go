package session

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress shows on a terminal how far the work is.
type Progress struct {
	w   io.Writer
	on  bool
	bar *progressbar.ProgressBar
}

// NewProgress writes to w if on.
func NewProgress(w io.Writer, on bool) *Progress { return &Progress{w: w, on: on} }

// begin starts a piece of work of so many parts.
func (p *Progress) begin(parts int) {
	p.Clear()
	if p.on {
		p.bar = progressbar.NewOptions(parts, progressbar.OptionSetWriter(p.w), progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
}

// done says that one more part is, and what is to be seen of it. A terminal that cannot be written is no reason to stop.
func (p *Progress) done(what string) {
	if p.bar != nil {
		p.bar.Describe(what)
		_ = p.bar.Add(1)
	}
}

// Clear removes the bar, so that other output can follow.
func (p *Progress) Clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}
