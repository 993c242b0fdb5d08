package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// job is one op of one type on a case, for several instruction sets.
type job struct {
	*runner
	c     Case
	p     Package
	g     *Graph
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

// request is the call as the server gets it.
func (j *job) request(isas []string) (Request, error) {
	q := Request{
		Call: j.index, Batch: j.c.Sizes.Batch, Len: j.c.Sizes.Len, Heads: j.c.Sizes.Heads, Dim: j.c.Sizes.Dim,
		Scalar: j.scalar, ISAs: isas, Workers: j.workers(),
	}
	for _, out := range j.op.Outputs {
		q.OutputNames = append(q.OutputNames, out.Name)
		q.OutputBytes = append(q.OutputBytes, out.Len(j.g, j.c.Sizes)*j.t.Bytes)
	}
	for i, in := range j.op.Inputs {
		q.InputNames = append(q.InputNames, in.Name)
		q.Inputs = append(q.Inputs, j.t.encode(j.in[i]))
	}
	if j.c.Misuse == "" {
		return q, nil
	}
	m, err := findMisuse(j.c.Misuse)
	if err == nil {
		m.spoil(&q, j.t)
	}
	return q, err
}

// send starts a server if there is none and gives it the request.
func (j *job) send(isas []string) error {
	q, err := j.request(isas)
	if err != nil {
		return err
	}
	for range 2 { // a server that died while idle shows only now; a new one must take the request
		if j.proc == nil {
			if j.proc, err = startProcess(j.ctx, j.h.server, j.h.env, max(j.o.Timeout, startTimeout)); err != nil {
				j.proc = nil
				return err
			}
			j.proc.timeout = j.o.Timeout
		}
		if err = j.proc.send(q); err == nil {
			return nil
		}
		j.proc = nil
	}
	return err
}

// workers are the counts that must agree: the options', or 1 and one from 2 to 8.
func (j *job) workers() []int {
	if len(j.o.Workers) > 0 {
		return j.o.Workers
	}
	return []int{1, 2 + int(j.c.Seed%7)}
}

// receive reads one answer. The death of the server is the kernel's failure, unless the whole run is being stopped.
func (j *job) receive(isa string) (a answer, died bool, err error) {
	var resp Response
	if err := j.proc.receive(&resp); err != nil {
		j.proc = nil
		if j.ctx.Err() != nil {
			return answer{}, true, context.Cause(j.ctx)
		}
		var death *deathError
		if !errors.As(err, &death) {
			return answer{}, true, err
		}
		n := 1
		if death.timeout {
			n = timeoutStrikes
		}
		j.strikes.add(j.kernel(isa), n)
		return answer{failure: death.text}, true, nil
	}
	a.failure = resp.Failure
	if resp.Run != "" && j.c.Misuse == "" {
		a.failure += " (" + resp.Run + ")"
	}
	for _, out := range resp.Outputs {
		a.outputs = append(a.outputs, j.t.decode(out))
	}
	if a.failure == "" && j.c.Misuse == "" && (resp.Nodes != j.g.Nodes() || resp.Slots != j.g.Slots) {
		a.failure = fmt.Sprintf("Nodes(%d), Slots(%d) = %d, %d, want %d, %d",
			j.c.Sizes.Len, j.c.Sizes.Len, resp.Nodes, resp.Slots, j.g.Nodes(), j.g.Slots)
	}
	return a, false, nil
}

// expect computes the truth and the naive version of the call, once.
func (j *job) expect() (err error) {
	if j.check.truth != nil {
		return nil
	}
	j.check = check{op: j.op, t: j.t, random: j.c.Special == ""}
	if j.check.truth, err = j.op.Truth(j.t, j.g, j.c.Sizes, j.in, j.scalar); err != nil {
		return err
	}
	if j.check.random {
		if j.check.naive, err = j.op.Naive(j.t, j.g, j.c.Sizes, j.in, j.scalar); err != nil {
			return err
		}
	}
	if j.c.Vector != nil {
		return j.c.Vector.replaceTruth(j.op, j.check.truth)
	}
	return nil
}

func (j *job) emulate(isa string) answer {
	outputs, err := j.o.Emulate(j.call(isa))
	if err != nil {
		return answer{failure: fmt.Sprintf("emulation: %v", err)}
	}
	return answer{outputs: outputs}
}

func (j *job) call(isa string) Call {
	return Call{Case: j.c, Package: j.p, Op: j.op, Type: j.t, ISA: isa, Inputs: j.in, Scalar: j.scalar}
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
	if j.c.Vector == nil {
		return fmt.Sprintf("pyragen verify %s %s --case %q", j.p.Spec(), rest, j.c.Text(j.p))
	}
	dir := j.c.Vector.Dir
	if j.o.VectorsFlag != "" {
		dir = j.o.VectorsFlag
	}
	return fmt.Sprintf("pyragen verify --vectors %s %s", dir, rest)
}
