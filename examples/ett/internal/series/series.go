// Package series reads, makes and writes evenly spaced time series in the form of ETTh1.csv: a date column, then numbers.
package series

import "time"

// Target is the column that the example looks at: the oil temperature of ETTh1.
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
