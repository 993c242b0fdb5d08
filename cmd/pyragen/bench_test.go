package main

import (
	"testing"
	"time"
)

func TestBenchtime(t *testing.T) {
	for text, want := range map[string]struct {
		least time.Duration
		calls int
	}{"100ms": {100 * time.Millisecond, 0}, "20x": {0, 20}, "1x": {0, 1}, "1m": {time.Minute, 0}} {
		if least, calls, err := parseBenchtime(text); least != want.least || calls != want.calls || err != nil {
			t.Errorf("%s: %v, %d, %v", text, least, calls, err)
		}
	}
	for _, text := range []string{"", "x", "0x", "-1x", "1.5x", "0s", "-1s", "2h", "5", "5y"} {
		if _, _, err := parseBenchtime(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		samples []float64
		want    float64
	}{{[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 2, 100}, 3}} {
		if got := median(c.samples); got != c.want {
			t.Errorf("median of %v is %v, want %v", c.samples, got, c.want)
		}
	}
	if s := spread([]float64{90, 100, 125}); s != "-10% +25%" {
		t.Errorf("spread is %s", s)
	}
}

func TestQuantity(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 7: "7", 999: "999", 1000: "1 k", 123456: "123 k", 2.5e9: "2.5 G", 1e18: "1e+06 T"} {
		if got := quantity(x); got != want {
			t.Errorf("%v reads %q, want %q", x, got, want)
		}
	}
}
