// Package model turns a series into the queries, keys and values of one attention layer over its pyramid. Nothing in it is
// trained: projections are random but fixed by a seed, which is enough to have real work for the kernels and to see who looks where.
package model

import "github.com/pyragen/pyragen/examples/ett/series"

// Features is the number of features of a leaf: its value, its place in the day and in the week, and 1.
const Features = 1 + series.CalendarFeatures + 1

// features has one row a leaf. Values are scaled to mean 0 and variance 1; a constant series becomes 0.
func features(s series.Series) []float64 {
	mean, deviation := series.Moments(s.Values)
	rows := make([]float64, 0, s.Len()*Features)
	for i, x := range s.Values {
		calendar := s.Calendar(i)
		rows = append(rows, (x-mean)/deviation)
		rows = append(rows, calendar[:]...)
		rows = append(rows, 1)
	}
	return rows
}
