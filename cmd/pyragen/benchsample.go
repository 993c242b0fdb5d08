package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sampling is how a time is taken.
type sampling struct {
	count int           // samples
	least time.Duration // of a sample
	calls int           // in a sample; 0: as many as least needs
}

// sampling reads --count and --benchtime.
func (f benchFlags) sampling() (s sampling, err error) {
	if f.count < 1 || f.count > 1000 {
		return s, usagef("--count must be 1 to 1000, got %d", f.count)
	}
	s.count = f.count
	s.least, s.calls, err = parseBenchtime(f.benchtime)
	return s, err
}

// parseBenchtime reads a time, or a number of calls.
func parseBenchtime(text string) (least time.Duration, calls int, err error) {
	if n, ok := strings.CutSuffix(text, "x"); ok {
		if calls, err = strconv.Atoi(n); err == nil && calls >= 1 {
			return 0, calls, nil
		}
	} else if least, err = time.ParseDuration(text); err == nil && least > 0 && least <= time.Minute {
		return least, 0, nil
	}
	return 0, 0, usagef("--benchtime must be a time of at most 1m such as 100ms, or a number of calls such as 20x, got %+q", text)
}

// median of samples.
func median(samples []float64) float64 {
	s := slices.Sorted(slices.Values(samples))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// spread is the range of samples around their median, in percent.
func spread(samples []float64) string {
	m := median(samples)
	return fmt.Sprintf("%+.0f%% %+.0f%%", 100*(slices.Min(samples)/m-1), 100*(slices.Max(samples)/m-1))
}
