package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far a long piece of work is, on a terminal only.
type progress struct {
	begun time.Time
	total int
	done  int
	bar   *progressbar.ProgressBar
	app   *app
	what  string
}

// patience is how long work may take before it shows its progress.
const patience = 2 * time.Second

func (a *app) progress(what string, total int) *progress {
	return &progress{begun: time.Now(), total: total, app: a, what: what}
}

// step notes that one more part of the work is done.
func (p *progress) step() {
	p.done++
	if p.bar == nil {
		if !p.app.terminal || p.app.getenv("CI") != "" && p.app.getenv("CI") != "false" || time.Since(p.begun) < patience {
			return
		}
		p.bar = progressbar.NewOptions(p.total, progressbar.OptionSetWriter(p.app.stderr), progressbar.OptionSetDescription(p.what),
			progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	_ = p.bar.Set(p.done)
}

// pause takes the bar away, so that a line can be written.
func (p *progress) pause() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
