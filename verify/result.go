package verify

import (
	"encoding/json"
	"fmt"
	"math"
)

// Result is one check: an op of a type, run with an instruction set on a case.
type Result struct {
	Package string
	Case    string
	Op      string
	Type    string
	ISA     string
	MaxErr  float64 // error of the element that comes closest to its bound, or passes it farthest
	Bound   float64 // bound of that element
	OK      bool
	Why     string // what is wrong; empty when OK
	Repro   string // a command line that runs this check again
}

// MarshalJSON writes the object of `verify --json`. JSON has no infinities: what is not finite is written as the largest number.
func (r Result) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Package string  `json:"package"`
		Case    string  `json:"case"`
		Op      string  `json:"op"`
		Type    string  `json:"type"`
		ISA     string  `json:"isa"`
		MaxErr  float64 `json:"max_err"`
		Bound   float64 `json:"bound"`
		OK      bool    `json:"ok"`
		Why     string  `json:"why,omitempty"`
		Repro   string  `json:"repro"`
	}{r.Package, r.Case, r.Op, r.Type, r.ISA, jsonNumber(r.MaxErr), jsonNumber(r.Bound), r.OK, r.Why, r.Repro})
}

func jsonNumber(x float64) float64 {
	if finite(x) {
		return x
	}
	return math.MaxFloat64
}

// String is the result on one line; a failure adds the reason and the command that repeats it.
func (r Result) String() string {
	head := fmt.Sprintf("%s %s %s %s [%s]", r.Package, r.Op, r.Type, r.ISA, r.Case)
	if r.OK {
		return fmt.Sprintf("ok   %s: error %.2g, bound %.2g", head, r.MaxErr, r.Bound)
	}
	return fmt.Sprintf("FAIL %s: %s\n     %s", head, r.Why, r.Repro)
}

// Summary counts a run.
type Summary struct {
	Cases  int `json:"cases"`
	Checks int `json:"checks"`
	Failed int `json:"failed"`
}
