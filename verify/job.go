package verify

import (
	"fmt"
	"slices"
	"strings"
)

// job is one op of one type on a case, for several instruction sets.
type job struct {
	*runner
	c     Case
	p     Package
	g     *Graph
	table [][]int // of a table package: what its graph is made of
	op    Op
	t     Float
	index int // in the server's table of calls

	in     [][]float64
	scalar float64
	check  check
}

// run has the server compute while the truth is computed here, then judges what comes back.
func (j *job) run(isas []string) ([]Result, error) {
	var err error
	if j.in, j.scalar, err = j.c.inputs(j.op, j.t, j.g); err != nil {
		return nil, err
	}
	var here []string
	for _, isa := range isas {
		if j.h.Runs(j.p.key(), isa) {
			here = append(here, isa)
		}
	}
	if j.c.Misuse != "" {
		// Arguments are checked before any instruction set is chosen; what this CPU cannot run has nothing to add.
		if len(here) == 0 {
			here = []string{"go"}
		}
		isas = here
	}
	answers, err := j.ask(here)
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, isa := range isas {
		switch i := slices.Index(here, isa); {
		case i >= 0:
			results = append(results, j.judge(isa, answers[i]))
		case j.o.Emulate != nil:
			results = append(results, j.judge(isa, j.emulate(isa)))
		default:
			results = append(results, j.result(isa, verdict{why: "nothing ran: this CPU or build has no " + isa + ", and nothing emulates it"}))
		}
	}
	return results, nil
}

// answer is what one instruction set made of the call.
type answer struct {
	outputs [][]float64
	failure string
}

// ask sends the call to the server and computes the truth while it works. After a crash the remaining instruction sets are asked of
// a new server.
func (j *job) ask(isas []string) ([]answer, error) {
	var answers []answer
	for len(answers) < len(isas) {
		left := isas[len(answers):]
		if given := slices.IndexFunc(left, j.givenUp); given == 0 {
			answers = append(answers, answer{failure: "not run: this kernel crashed or hung too often before"})
			continue
		} else if given > 0 {
			left = left[:given]
		}
		if err := j.send(left); err != nil {
			return nil, err
		}
		if err := j.expect(); err != nil {
			return nil, err
		}
		for _, isa := range left {
			a, died, err := j.receive(isa)
			if err != nil {
				return nil, err
			}
			answers = append(answers, a)
			if died {
				break
			}
		}
	}
	return answers, j.expect() // not yet computed when there was nothing to send
}

func (j *job) givenUp(isa string) bool { return j.strikes.out(j.kernel(isa)) }

func (j *job) kernel(isa string) string {
	return j.p.key() + " " + j.op.Name + " " + j.t.Name + " " + isa
}

// expect computes the truth and the naive version of the call, once.
func (j *job) expect() (err error) {
	if j.check.truth != nil {
		return nil
	}
	// The float64 reference of a vector is as inexact as naive float64 code, so beating that in f64 says nothing.
	inexact := j.c.Vector != nil && j.t == F64
	j.check = check{op: j.op, t: j.t, rows: j.c.Sizes.Batch * j.g.Nodes() * j.c.Sizes.Heads, random: j.c.Special == "" && !inexact}
	if j.check.truth, err = j.op.Truth(j.t, j.g, j.c.Sizes, j.in, j.scalar); err != nil {
		return err
	}
	if j.check.random {
		if j.check.naive, err = j.op.Naive(j.t, j.g, j.c.Sizes, j.in, j.scalar); err != nil {
			return err
		}
		for o, values := range j.check.naive {
			j.t.Of(j.op.Outputs[o]).roundAll(values)
		}
	}
	j.check.coarse = j.t == F64 && (j.c.Vector != nil || j.op.chained())
	if j.c.Vector != nil {
		j.check.truth, err = j.vectorTruth(j.check.truth)
	}
	return err
}

// vectorTruth compares the reference of a vector with the definition. It is the truth where the type holds the vector's inputs and scalar as
// they are; where they had to be rounded, the definition is, whose results for what was rounded are given.
func (j *job) vectorTruth(rounded []Expected) ([]Expected, error) {
	in, scalar, err := j.c.Vector.Inputs(j.op)
	if err != nil {
		return nil, err
	}
	truth, err := j.op.Truth(j.t, j.g, j.c.Sizes, in, scalar)
	if err != nil {
		return nil, err
	}
	if err := j.c.Vector.replaceTruth(j.op, truth); err != nil {
		return nil, err
	}
	for i := range in {
		if firstOtherBits(in[i], j.in[i]) >= 0 {
			return rounded, nil
		}
	}
	if scalar != j.scalar {
		return rounded, nil
	}
	return truth, nil
}

func (j *job) emulate(isa string) answer {
	outputs, err := j.o.Emulate(j.call(isa))
	if err != nil {
		return answer{failure: fmt.Sprintf("emulation: %v", err)}
	}
	return answer{outputs: outputs}
}

func (j *job) call(isa string) Call {
	return Call{Case: j.c, Package: j.p, Op: j.op, Type: j.t, ISA: isa, Graph: j.g, Inputs: j.in, Scalar: j.scalar}
}

// judge turns an answer into a result: what the server saw, then the bounds, then the oracle.
func (j *job) judge(isa string, a answer) Result {
	if j.c.Misuse != "" {
		return j.result(isa, verdict{why: j.misuse(isa, a)})
	}
	if a.failure != "" {
		return j.result(isa, verdict{why: a.failure})
	}
	v := j.check.judge(a.outputs)
	if v.why == "" && j.o.Oracle != nil {
		v.why = j.compare(isa, a.outputs)
	}
	return j.result(isa, v)
}

func (j *job) misuse(isa string, a answer) string {
	m, err := findMisuse(j.c.Misuse)
	if err != nil {
		return err.Error()
	}
	q, err := j.request([]string{isa})
	if err != nil {
		return err.Error()
	}
	return m.judge(j.op, j.t, q, a.failure)
}

// compare is R3: the outputs are those of the oracle, bit for bit.
func (j *job) compare(isa string, got [][]float64) string {
	want, err := j.o.Oracle(j.call(isa))
	if err != nil {
		return fmt.Sprintf("oracle: %v", err)
	}
	if len(want) != len(got) {
		return fmt.Sprintf("oracle: %d outputs, want %d", len(want), len(got))
	}
	for o, e := range j.check.truth {
		if i := firstOtherBits(got[o], want[o]); i >= 0 && i < len(got[o]) && i < len(want[o]) {
			return fmt.Sprintf("%s[%d] = %v, the oracle has %v: not the same bits", e.Name, i, got[o][i], want[o][i])
		} else if i >= 0 {
			return fmt.Sprintf("%s has %d elements, the oracle %d", e.Name, len(got[o]), len(want[o]))
		}
	}
	return ""
}

func (j *job) result(isa string, v verdict) Result {
	return Result{
		Package: j.p.key(), Case: j.c.Text(j.p), Op: j.op.Name, Type: j.t.Name, ISA: isa,
		MaxErr: v.maxErr, Bound: v.bound, OK: v.why == "", Why: v.why, Repro: j.repro(isa),
	}
}

func (j *job) repro(isa string) string {
	rest := fmt.Sprintf("--ops %s --types %s --isa %s", j.op.Name, j.t.Name, isa)
	if len(j.op.Features) > 0 {
		rest = "--with " + strings.Join(j.op.Features, ",") + " " + rest
	}
	if j.c.Vector == nil {
		return fmt.Sprintf("pyragen verify %s %s --case %q", j.p.Spec(), rest, j.c.Text(j.p))
	}
	dir := j.c.Vector.Dir
	if j.o.VectorsFlag != "" {
		dir = j.o.VectorsFlag
	}
	return fmt.Sprintf("pyragen verify --vectors %s %s", dir, rest)
}
