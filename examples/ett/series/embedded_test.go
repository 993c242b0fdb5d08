package series

import (
	"bytes"
	"math"
	"testing"
	"time"
)

func TestEmbeddedIsWhatTheGeneratorWrites(t *testing.T) {
	var made bytes.Buffer
	if err := WriteEmbedded(&made); err != nil {
		t.Fatal(err)
	}
	if made.String() != embedded {
		t.Error("embedded.csv is not what makeseries writes; run `go generate ./series` and commit it")
	}
}

// TestEmbeddedHasCycles compares each value with those a cycle before: the same hour of the day before is closer than half a day
// before, and the week before is closer than some days before. The second half is warmer.
func TestEmbeddedHasCycles(t *testing.T) {
	s, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != EmbeddedRows || s.Step != time.Hour || s.Start.Weekday() != time.Monday {
		t.Fatalf("%d rows every %v from a %v", s.Len(), s.Step, s.Start.Weekday())
	}
	if day, half := distance(s.Values, 24), distance(s.Values, 12); day > 0.7*half {
		t.Errorf("a day before is %.2f away, half a day %.2f", day, half)
	}
	if week, days := distance(s.Values, 7*24), distance(s.Values, 5*24); week > 0.9*days {
		t.Errorf("a week before is %.2f away, five days %.2f", week, days)
	}
	if early, late := mean(s.Values[:s.Len()/2]), mean(s.Values[s.Len()/2:]); late < early+2 {
		t.Errorf("the first half is %.2f on average, the second %.2f: no trend", early, late)
	}
}

// distance is the root mean square of the differences to what was some steps before.
func distance(values []float64, steps int) float64 {
	sum := 0.0
	for i := steps; i < len(values); i++ {
		sum += math.Pow(values[i]-values[i-steps], 2)
	}
	return math.Sqrt(sum / float64(len(values)-steps))
}

func mean(values []float64) (m float64) {
	for _, x := range values {
		m += x / float64(len(values))
	}
	return m
}
