package verify

import (
	"fmt"
	"math"
)

// check judges the outputs of one kernel call.
type check struct {
	op     Op
	t      Float
	truth  []Expected
	naive  [][]float64
	rows   int  // of every output: batch * nodes * heads
	coarse bool // the truth is itself rounded on the way, as float64 is for f64: no error is less than naive's
	random bool // inputs are plain random numbers: exact zeros are suspect, and the error is comparable with that of naive
}

// verdict is what check finds: the element that comes closest to its bound, and what is wrong, if anything.
type verdict struct {
	maxErr, bound float64
	why           string
}

// judge compares every element with its bound (R4, first rule), then the whole with the naive version (second rule), then counts
// zeros (R7). The first thing wrong is named; maxErr and bound are filled in any case.
func (c *check) judge(got [][]float64) verdict {
	if len(got) != len(c.truth) {
		return verdict{why: fmt.Sprintf("%d outputs, want %d", len(got), len(c.truth))}
	}
	var v verdict
	worst := -1.0
	for o, e := range c.truth {
		if len(got[o]) != len(e.Value) {
			return verdict{why: fmt.Sprintf("%s has %d elements, want %d", e.Name, len(got[o]), len(e.Value))}
		}
		for i, x := range got[o] {
			err, bound, why := c.element(o, i, x)
			if ratio := err / max(bound, math.SmallestNonzeroFloat64); err > 0 && ratio > worst {
				worst, v.maxErr, v.bound = ratio, err, bound
			}
			if worst < 0 {
				v.bound = max(v.bound, bound)
			}
			if why != "" && v.why == "" {
				v.why = fmt.Sprintf("%s[%d] %s", e.Name, i, why)
			}
		}
	}
	if v.why == "" && c.random {
		v.why = c.overall(got)
	}
	return v
}

// stored is the type of the elements of an output.
func (c *check) stored(output int) Float {
	if output < len(c.op.Outputs) {
		return c.t.Of(c.op.Outputs[output])
	}
	return c.t
}

// element returns the error of one element with its bound, and why it is wrong if it is. Where finite terms may pass the range of the
// arithmetic on the way, a kernel may end at an infinity or NaN that another order of summing would not have met.
//
// An element that is stored in 16 bits must be what a number within the bound is rounded to.
func (c *check) element(o, i int, got float64) (err, bound float64, why string) {
	e, t := &c.truth[o], c.stored(o)
	want, bound := e.Value[i], e.Bound[i]
	if bound == 0 {
		if !sameBits(got, want) {
			return math.Abs(got - want), 0, fmt.Sprintf("= %v, want exactly %v", got, want)
		}
		return 0, 0, ""
	}
	arith := t.Arith()
	overflows := !(e.Sum[i]*(1+arith.Gamma(4)) < arith.Max)
	if overflows && (!finite(got) || !finite(want)) {
		return 0, bound, ""
	}
	if t.narrow() && finite(want) && !math.IsNaN(bound) {
		least, most := t.Round(want-bound), t.Round(want+bound)
		if got == least || got == most {
			err = math.Abs(got - want)
			if math.IsInf(got, 0) {
				err = 0
			}
			return err, max(bound, err), ""
		}
		bound = max(bound, want-least, most-want)
		if !(least < got && got < most) {
			return math.Abs(got - want), bound, fmt.Sprintf("= %v, want %v rounded to %s, from %v to %v", got, want, t.Name, least, most)
		}
	}
	switch {
	case math.IsNaN(want):
		if !math.IsNaN(got) {
			return math.Inf(1), bound, fmt.Sprintf("= %v, want NaN", got)
		}
	case math.IsInf(want, 0):
		if got != want {
			return math.Inf(1), bound, fmt.Sprintf("= %v, want %v", got, want)
		}
	default:
		err = math.Abs(got - want)
		if math.IsNaN(got) {
			return math.Inf(1), bound, fmt.Sprintf("= NaN, want %v", want)
		}
		if !(err <= bound) {
			return err, bound, fmt.Sprintf("= %v, want %v: off by %.3g, bound %.3g", got, want, err, bound)
		}
	}
	return err, bound, ""
}

// rowLen is how many elements of an output a row has.
func (c *check) rowLen(output int) int { return len(c.truth[output].Value) / max(c.rows, 1) }

// overall applies the rules that need many elements.
func (c *check) overall(got [][]float64) string {
	const few = 64 // below this many elements the naive version may be exact by luck
	factor := 2.0
	if c.op.Gradient {
		factor = 3
	}
	for o, e := range c.truth {
		var n, zeros int
		var ours, naive, largest float64
		var oursSquared, naiveSquared float64
		for i, want := range e.Value {
			if e.Bound[i] == 0 || want == 0 && c.op.chained() { // all weights were dropped: there is nothing to round
				continue
			}
			n++
			ours = max(ours, math.Abs(got[o][i]-want))
			naive = max(naive, math.Abs(c.naive[o][i]-want))
			oursOff, naiveOff := (got[o][i]-want)/e.Bound[i], (c.naive[o][i]-want)/e.Bound[i]
			oursSquared += oursOff * oursOff
			naiveSquared += naiveOff * naiveOff
			largest = max(largest, math.Abs(want))
		}
		for i := range e.Value {
			if e.Bound[i] > 0 && got[o][i] == 0 && !c.op.chained() { // weights that vanish are zeros that are meant
				zeros++
			}
		}
		if zeros*100 > n {
			return fmt.Sprintf("%d of %d elements of %s are exactly 0", zeros, n, e.Name)
		}
		// One ulp of the largest element is granted beside: of few elements naive may be lucky with all.
		unlucky := false
		if c.op.chained() {
			n /= max(c.rowLen(o), 1) // the elements of a row share the errors of its weights
			// The error of a row grows with its largest score, as its bound does, so that one row alone may decide both maxima: the mean, in units
			// of the bounds, must agree.
			unlucky = oursSquared <= factor*factor*naiveSquared
		}
		if limit := factor*naive + 2*c.stored(o).U*largest; n >= few && !c.coarse && ours > limit && !unlucky {
			return fmt.Sprintf("%s is off by up to %.3g, more than %g times the naive %.3g", e.Name, ours, factor, naive)
		}
	}
	return ""
}

// firstOtherBits finds the first element that differs in any bit, NaN payloads excepted.
func firstOtherBits(a, b []float64) int {
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	for i := range a {
		if !sameBits(a[i], b[i]) {
			return i
		}
	}
	return -1
}

func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}
