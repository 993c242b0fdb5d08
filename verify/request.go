package verify

import (
	"context"
	"errors"
	"fmt"
)

// request is the call as the server gets it.
func (j *job) request(isas []string) (Request, error) {
	q := Request{
		Call: j.index, Batch: j.c.Sizes.Batch, Len: j.c.Sizes.Len, Heads: j.c.Sizes.Heads, Dim: j.c.Sizes.Dim,
		Scalar: j.scalar, Dropout: j.op.Dropout.Rate, Seed: j.op.Dropout.Seed, ISAs: isas, Workers: j.workers(),
	}
	for _, row := range j.table {
		q.TableSlots = len(row)
		for _, key := range row {
			q.Table = append(q.Table, int32(key))
		}
	}
	for _, out := range j.op.Outputs {
		q.OutputNames = append(q.OutputNames, out.Name)
		q.OutputBytes = append(q.OutputBytes, out.Len(j.g, j.c.Sizes)*j.t.Of(out).Bytes)
	}
	for i, in := range j.op.Inputs {
		q.InputNames = append(q.InputNames, in.Name)
		q.Inputs = append(q.Inputs, j.t.Of(in).Encode(j.in[i]))
	}
	j.space(&q)
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
	for o, out := range resp.Outputs {
		a.outputs = append(a.outputs, j.t.Of(j.op.Outputs[o]).Decode(out))
	}
	if a.failure == "" && j.c.Misuse == "" && (resp.Nodes != j.g.Nodes() || resp.Slots != j.g.Slots) {
		a.failure = fmt.Sprintf("Nodes(%d), Slots(%d) = %d, %d, want %d, %d",
			j.c.Sizes.Len, j.c.Sizes.Len, resp.Nodes, resp.Slots, j.g.Nodes(), j.g.Slots)
		if j.p.Table {
			a.failure = fmt.Sprintf("the graph has %d nodes and %d slots, want %d and %d", resp.Nodes, resp.Slots, j.g.Nodes(), j.g.Slots)
		}
	}
	return a, false, nil
}
