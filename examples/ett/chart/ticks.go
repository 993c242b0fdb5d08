package chart

import (
	"time"

	"gonum.org/v1/plot"

	"github.com/pyragen/pyragen/examples/ett/series"
)

const day = 24 * time.Hour

// interval is a distance between labels of the time axis, how a label is written, and how many fit.
type interval struct {
	time.Duration
	layout string
	most   int
}

func intervals() []interval {
	const (
		clock  = "15:04"
		both   = "Jan 2 15:04"
		dates  = "Mon Jan 2"
		months = "Jan 2 2006"
		years  = "2006"
	)
	return []interval{
		{time.Second, "15:04:05", 11}, {10 * time.Second, "15:04:05", 11}, {time.Minute, clock, 15}, {10 * time.Minute, clock, 15},
		{time.Hour, both, 8}, {3 * time.Hour, both, 8}, {6 * time.Hour, both, 8}, {12 * time.Hour, both, 8},
		{day, dates, 11}, {2 * day, dates, 11}, {7 * day, dates, 11}, {28 * day, months, 10}, {91 * day, months, 10},
		{365 * day, years, 15}, {3650 * day, years, 15}, {36500 * day, years, 15},
	}
}

// TimeTicks labels the time axis at round times; the value of a tick is the number of a step.
func TimeTicks(s series.Series, from, to int) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	start, end := s.Time(from), s.Time(to)
	for _, every := range intervals() {
		if end.Sub(start)/every.Duration > time.Duration(every.most) {
			continue
		}
		for t := start.Truncate(every.Duration); !t.After(end); t = t.Add(every.Duration) {
			if !t.Before(start) {
				x := float64(from) + float64(t.Sub(start))/float64(s.Step)
				ticks = append(ticks, plot.Tick{Value: x, Label: t.Format(every.layout)})
			}
		}
		break
	}
	return ticks
}

// Unlabelled are the same ticks without text.
func Unlabelled(ticks plot.ConstantTicks) plot.ConstantTicks {
	bare := make(plot.ConstantTicks, len(ticks))
	for i, t := range ticks {
		bare[i] = plot.Tick{Value: t.Value}
	}
	return bare
}
