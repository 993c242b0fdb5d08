// Package model turns a series into the queries, keys and values of one attention layer over its pyramid. Nothing in it is
// trained: projections are random but fixed by a seed, which is enough to have real work for the kernels and to see who looks where.
package model

import (
	"math"

	"github.com/pyragen/pyragen/examples/ett/internal/series"
)

// Features is the number of features of a leaf: its value, its place in the day and in the week (sine and cosine), and 1.
const Features = 6

// features has one row a leaf. Values are scaled to mean 0 and variance 1; a constant series becomes 0.
func features(s series.Series) []float64 {
	mean, deviation := moments(s.Values)
	rows := make([]float64, 0, s.Len()*Features)
	for i, x := range s.Values {
		t := s.Time(i)
		hours := float64(t.Hour()) + float64(t.Minute())/60 + float64(t.Second())/3600
		daySin, dayCos := math.Sincos(2 * math.Pi * hours / 24)
		weekSin, weekCos := math.Sincos(2 * math.Pi * (24*float64(t.Weekday()) + hours) / (7 * 24))
		rows = append(rows, (x-mean)/deviation, daySin, dayCos, weekSin, weekCos, 1)
	}
	return rows
}

// moments are the mean and the standard deviation, 1 where that is 0.
func moments(values []float64) (mean, deviation float64) {
	n := float64(len(values))
	for _, x := range values {
		mean += x / n
	}
	for _, x := range values {
		deviation += (x - mean) * (x - mean) / n
	}
	if deviation = math.Sqrt(deviation); deviation == 0 {
		return mean, 1
	}
	return mean, deviation
}
