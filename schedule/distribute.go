package schedule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var distributeStep = Step{
	Name: "distribute",
	Args: "LOOP BUFFERS",
	Doc: `run a loop in parts, one after the other over all iterations: a part ends where a buffer of the list is complete

	for i in 0..min(8, n0) {
	  alloc memory e: f32[4]
	  for j in 0..4 {
	    e[j] = x[0, i, 0, j]
	  }
	  for j in 0..4 {
	    z[0, i, 0, j] = e[j] + y[0, i, 0, j]
	  }
	}
->
	alloc memory ex8: f32[8, 4]
	for i in 0..min(8, n0) {
	  for j in 0..4 {
	    ex8[i, j] = x[0, i, 0, j]
	  }
	}
	for i in 0..min(8, n0) {
	  for j in 0..4 {
	    z[0, i, 0, j] = ex8[i, j] + y[0, i, 0, j]
	  }
	}

What goes from one part to another is kept for all iterations, of which there must be a constant most. Within a part no iteration
waits for what another part does last, so that the processor works on several. The iterations must be independent.`,
	Run: func(n *Nest, args []string) error {
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			return distribute(loop, strings.Split(args[1], ","))
		})
	},
}

func distribute(loop *ir.For, complete []string) ([]ir.Stmt, error) {
	most, bounded := atMost(loop.Hi)
	if !bounded || !ir.Same(loop.Lo, ir.Int(0)) {
		return nil, fmt.Errorf("loop %s runs over %s, want it from 0 with a constant most; split it first, with clip", loop.Var, span(loop))
	}
	if err := independent(loop); err != nil {
		return nil, err
	}
	parts, err := partsOf(loop, complete)
	if err != nil {
		return nil, err
	}
	var out []ir.Stmt
	for _, s := range loop.Body {
		a, ok := s.(*ir.Alloc)
		if !ok {
			continue
		}
		var users []int
		for k, p := range parts {
			if touchesBuffer(p, a.Buf) {
				users = append(users, k)
			}
		}
		if len(users) == 1 {
			k := users[0]
			parts[k] = append([]ir.Stmt{a}, parts[k]...)
			continue
		}
		if a.Buf.Space != ir.Memory {
			return nil, fmt.Errorf("loop %s uses the register %s on either side of a cut, want memory; cut elsewhere", loop.Var, a.Buf.Name)
		}
		kept := *a.Buf
		kept.Name = fmt.Sprint(kept.Name, "x", most)
		kept.Dims = append([]ir.Index{ir.Int(most)}, a.Buf.Dims...)
		expand := moved(a.Buf, &kept, func(at []ir.Index) []ir.Index { return append([]ir.Index{ir.Var(loop.Var)}, at...) })
		for _, k := range users {
			parts[k] = expand.OfStmts(parts[k])
		}
		out = append(out, &ir.Alloc{Buf: &kept})
	}
	for _, p := range parts {
		c := *loop
		c.Body = p
		out = append(out, &c)
	}
	return out, nil
}

// partsOf cuts the body of a loop behind the last store to each buffer of the list. Masks go to every part that uses them; allocs are left out.
func partsOf(loop *ir.For, complete []string) ([][]ir.Stmt, error) {
	var cuts []int
	for _, name := range complete {
		cut := -1
		for k, s := range loop.Body {
			if storesNamed(s, name) {
				cut = k + 1
			}
		}
		if cut < 0 || cut == len(loop.Body) {
			return nil, fmt.Errorf("loop %s stores to %s at its end or nowhere, want a buffer that is complete before the end of an iteration; name another one", loop.Var, name)
		}
		cuts = append(cuts, cut)
	}
	slices.Sort(cuts)
	var parts [][]ir.Stmt
	from := 0
	for _, to := range append(slices.Compact(cuts), len(loop.Body)) {
		var part []ir.Stmt
		for _, s := range loop.Body[from:to] {
			switch s.(type) {
			case *ir.Alloc, *ir.LetMask:
			default:
				part = append(part, s)
			}
		}
		parts = append(parts, part)
		from = to
	}
	for _, s := range slices.Backward(loop.Body) {
		if mask, ok := s.(*ir.LetMask); ok {
			for k, p := range parts {
				if usesMask(p, mask.Name) {
					parts[k] = append([]ir.Stmt{mask}, p...)
				}
			}
		}
	}
	return parts, nil
}

// storesNamed reports whether a statement stores to the buffer of that name.
func storesNamed(s ir.Stmt, name string) bool {
	found := false
	ir.Each([]ir.Stmt{s}, func(t ir.Stmt) {
		if e, ok := t.(*ir.Store); ok && e.Buf.Name == name {
			found = true
		}
	})
	return found
}

// usesMask reports whether a block loads or stores under a mask.
func usesMask(body []ir.Stmt, name string) bool {
	used := false
	ir.Rewrite{Mask: func(m string) string {
		used = used || m == name
		return m
	}}.OfStmts(body)
	return used
}
