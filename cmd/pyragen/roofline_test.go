package main

import "testing"

// TestRoofline has calls on both sides of the balance and at it.
func TestRoofline(t *testing.T) {
	for _, c := range []struct {
		flops, bytes    int64
		bandwidth, peak float64
		memory, bound   float64
		limit           string
	}{
		{4000, 1000, 1e9, 2e9, 1000, 2000, "arithmetic"},
		{1000, 1000, 1e9, 2e9, 1000, 1000, "memory"},
		{2000, 1000, 1e9, 2e9, 1000, 1000, "memory"}, // both take as long
		{3, 4, 2e9, 1e9, 2, 3, "arithmetic"},
	} {
		r := rooflineOf(cost{flops: c.flops, bytes: c.bytes}, c.bandwidth, c.peak)
		if r.Memory != c.memory || r.Bound != c.bound || r.Limit != c.limit || r.Bandwidth != c.bandwidth || r.Peak != c.peak {
			t.Errorf("%d flops, %d bytes: got %+v, want %g ns by memory, %g in all, limited by %s", c.flops, c.bytes, *r, c.memory, c.bound, c.limit)
		}
	}
}

func TestThreeDigits(t *testing.T) {
	for ns, want := range map[float64]string{0.2: "1ns", 999: "999ns", 1234: "1.23µs", 12345: "12.3µs", 123456789: "123ms", 5.4e12: "1h30m0s"} {
		if got := threeDigits(ns).String(); got != want {
			t.Errorf("%g ns: got %s, want %s", ns, got, want)
		}
	}
}

// TestMachine measures once, and only what the machine has.
func TestMachine(t *testing.T) {
	m := &machine{measure: true}
	c := cost{flops: 1, bytes: 1}
	if r := m.roofline(c, "avx512", "f32", false); r != nil || len(m.measured) > 0 {
		t.Errorf("measured %v of what is not here", m.measured)
	}
	first, second := m.roofline(c, "go", "f32", true), m.roofline(c, "go", "f32", true)
	if first == nil || *first != *second || first.Bandwidth <= 0 || first.Peak <= 0 || len(m.measured) != 2 {
		t.Errorf("got %+v, then %+v", first, second)
	}
	if r := (&machine{}).roofline(c, "go", "f32", true); r != nil {
		t.Errorf("got %+v without numbers", r)
	}
}
