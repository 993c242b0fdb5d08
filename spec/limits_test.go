package spec_test

import (
	"strings"
	"testing"

	"github.com/pyragen/pyragen/spec"
)

// TestLimits tries, for every limit, the last value inside and the first one beyond.
func TestLimits(t *testing.T) {
	strides := func(n, c int) []int {
		list := make([]int, n)
		for i := range list {
			list[i] = c
		}
		return list
	}
	for _, c := range []struct {
		code         string
		inside, past spec.Spec
	}{
		{"PYR003", spec.Spec{Window: 1}, spec.Spec{Window: 0}},
		{"PYR003", spec.Spec{Window: spec.MaxWindow}, spec.Spec{Window: spec.MaxWindow + 1}},
		{"PYR004", spec.Spec{Window: 3, Strides: strides(2, 1)}, spec.Spec{Window: 3, Strides: strides(1, 0)}},
		{"PYR004", spec.Spec{Window: 3, Strides: strides(2, spec.MaxStride)}, spec.Spec{Window: 3, Strides: strides(1, spec.MaxStride+1)}},
		{"PYR005", spec.Spec{Window: 3, Strides: strides(spec.MaxLevels-1, 2)}, spec.Spec{Window: 3, Strides: strides(spec.MaxLevels, 2)}},
		{"PYR006", spec.Spec{Window: 3, Dim: 0}, spec.Spec{Window: 3, Dim: -1}},
		{"PYR006", spec.Spec{Window: 3, Dim: spec.MaxDim}, spec.Spec{Window: 3, Dim: spec.MaxDim + 1}},
		{"PYR007", spec.Spec{Window: 3, Package: strings.Repeat("x", spec.MaxName)}, spec.Spec{Window: 3, Package: strings.Repeat("x", spec.MaxName+1)}},
	} {
		if c.inside.Package == "" {
			c.inside.Package, c.past.Package = "pam", "pam"
		}
		if ps := c.inside.Validate(); len(ps) > 0 {
			t.Errorf("inside %s: %v", c.code, ps)
		}
		if ps := c.past.Validate(); len(ps) != 1 || ps[0].Code != c.code {
			t.Errorf("past the limit: got %v, want one %s", ps, c.code)
		}
	}
}
