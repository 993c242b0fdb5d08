// Package series reads, makes and writes evenly spaced time series in the form of ETTh1.csv: a date column, then numbers.
package series

import (
	"fmt"
	"path/filepath"
	"time"
)

// Target is the column that the examples look at: the oil temperature of ETTh1.
const Target = "OT"

// Layout is the form of the date column; times have no zone and are taken as UTC.
const Layout = "2006-01-02 15:04:05"

// Series is one column of a file: Values[i] belongs to Start + i*Step.
type Series struct {
	Name   string // where it comes from, for people
	Start  time.Time
	Step   time.Duration
	Values []float64
}

// Len is the number of values.
func (s Series) Len() int { return len(s.Values) }

// Time is when value i was taken. It may lie beyond the end of the series.
func (s Series) Time(i int) time.Time { return s.Start.Add(time.Duration(i) * s.Step) }

// Last is the series of the last n values; n must be at most Len.
func (s Series) Last(n int) Series {
	skip := s.Len() - n
	s.Start, s.Values = s.Time(skip), s.Values[skip:]
	return s
}

// String says what the series is, in one line.
func (s Series) String() string {
	const minute = "2006-01-02 15:04"
	return fmt.Sprintf("%s, column %s: %d values, one every %s, %s to %s", s.Name, Target, s.Len(), Short(s.Step),
		s.Start.Format(minute), s.Time(s.Len()-1).Format(minute))
}

// ShortName is the name without folders, short enough for a heading.
func (s Series) ShortName() string {
	name := []rune(filepath.Base(s.Name))
	if len(name) > 40 {
		name = append(name[:37], []rune("...")...)
	}
	return string(name)
}

// Short writes 1 h and 15 min where Go writes 1h0m0s and 15m0s.
func Short(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d%day == 0 && d > 2*day:
		return fmt.Sprintf("%d days", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return d.String()
}
