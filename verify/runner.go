package verify

import (
	"context"
	"fmt"
)

// runner works through cases with one server process, started when needed and again after it died.
type runner struct {
	h       *Harness
	o       Options
	ctx     context.Context
	strikes *strikes
	proc    *process
}

func (r *runner) stop() {
	if r.proc != nil {
		r.proc.close()
		r.proc = nil
	}
}

// run checks a case with all its ops, types and instruction sets.
func (r *runner) run(c Case) ([]Result, error) {
	pkg, p, err := r.h.find(c.Package)
	if err != nil {
		return nil, err
	}
	if err := c.check(c.Text(p), p); err != nil {
		return nil, err
	}
	g, table, err := c.graph(p)
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, opName := range orDefault(r.o.Ops, p.Ops) {
		op, err := FindOp(opName)
		if err != nil {
			return nil, err
		}
		op = op.With(p.With)
		if c.Vector != nil && !c.Vector.Has(op) || !c.concerns(p, op) {
			continue
		}
		for _, typeName := range orDefault(r.o.Types, p.Types) {
			t, err := FindFloat(typeName)
			if err != nil {
				return nil, err
			}
			j := &job{runner: r, c: c, p: p, g: g, table: table, op: op.Dropping(c.dropout(t)), t: t}
			if j.index, err = r.h.callIndex(pkg, op, t); err != nil {
				return nil, err
			}
			checked, err := j.run(orDefault(r.o.ISAs, p.ISAs))
			if err != nil {
				return nil, err
			}
			results = append(results, checked...)
		}
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("package %s, case %s: no op, type and instruction set to run", p.key(), c.Text(p))
	}
	return results, nil
}

func orDefault(chosen, all []string) []string {
	if len(chosen) > 0 {
		return chosen
	}
	return all
}
