package schedule

import (
	"cmp"
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
	alloc memory e: f32[8, 4]
	for i in 0..min(8, n0) {
	  for j in 0..4 {
	    e[i, j] = x[0, i, 0, j]
	  }
	}
	for i in 0..min(8, n0) {
	  for j in 0..4 {
	    z[0, i, 0, j] = e[i, j] + y[0, i, 0, j]
	  }
	}

What goes from one part to another is kept for all iterations, of which there must be a constant most, and of the slots only those
that are used: that of the parent, the last, is put next to the window. The loop of a part
belongs to the stage of the buffer that it completes, the last one to the last stage. Within a part no iteration
waits for what another part does last, so that the processor works on several. The iterations must be independent, but for arrays that
one part alone uses: it goes through them in the same order.`,
	Run: func(n *Nest, args []string) error {
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			return n.distribute(loop, strings.Split(args[1], ","))
		})
	},
}

func (n *Nest) distribute(loop *ir.For, complete []string) ([]ir.Stmt, error) {
	parts, err := partsOf(loop, complete)
	if err != nil {
		return nil, err
	}
	inOrder := map[*ir.Buffer]bool{}
	if !loop.Parallel {
		inOrder = ofOnePart(parts)
	}
	if err := independentBut(loop, inOrder); err != nil {
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
			if touchesBuffer(p.body, a.Buf) {
				users = append(users, k)
			}
		}
		if len(users) == 1 {
			k := users[0]
			parts[k].body = append([]ir.Stmt{a}, parts[k].body...)
			continue
		}
		if a.Buf.Space != ir.Memory {
			return nil, fmt.Errorf("loop %s uses the register %s on either side of a cut, want memory; cut elsewhere", loop.Var, a.Buf.Name)
		}
		most, bounded := atMost(loop.Hi)
		if !bounded || !ir.Same(loop.Lo, ir.Int(0)) {
			return nil, fmt.Errorf("loop %s keeps %s and runs over %s, want it from 0 with a constant most; split it first, with clip", loop.Var, a.Buf.Name, span(loop))
		}
		kept, expand := n.kept(loop, most, a.Buf)
		for _, k := range users {
			parts[k].body = expand.OfStmts(parts[k].body)
		}
		out = append(out, &ir.Alloc{Buf: kept})
	}
	for _, p := range parts {
		c := *loop
		c.Body, c.Stage = p.body, p.stage
		out = append(out, &c)
	}
	return out, nil
}

// ofOnePart are the buffers in memory that one part alone stores to or loads from.
func ofOnePart(parts []part) map[*ir.Buffer]bool {
	alone := map[*ir.Buffer]bool{}
	for k, p := range parts {
		for b := range storedIn(p.body) {
			alone[b] = b.Space == ir.Memory && !slices.ContainsFunc(slices.Concat(parts[:k], parts[k+1:]), func(other part) bool { return touchesBuffer(other.body, b) })
		}
	}
	return alone
}

// kept returns the array that keeps for all iterations of a loop, of which there are so many at most, what each has in a buffer, and
// how uses of the buffer change.
func (n *Nest) kept(loop *ir.For, most int64, buf *ir.Buffer) (*ir.Buffer, ir.Rewrite) {
	all := *buf
	dense := n.compactionOf(loop.Body, buf)
	all.Dims = append([]ir.Index{ir.Int(most)}, dense.dims...)
	return &all, moved(buf, &all, func(at []ir.Index) []ir.Index { return append([]ir.Index{ir.Var(loop.Var)}, dense.at(at)...) })
}

// part is what a loop does up to where a buffer is complete.
type part struct {
	body  []ir.Stmt
	stage string // that buffer, or the last stage
	end   int    // in the body of the whole loop
}

// partsOf cuts the body of a loop behind the last store to each buffer of the list. Lets and masks go to every part that uses them;
// allocs are left out.
func partsOf(loop *ir.For, complete []string) ([]part, error) {
	var parts []part
	for _, name := range complete {
		end := 0
		for k, s := range loop.Body {
			if storesNamed(s, name) {
				end = k + 1
			}
		}
		if end == 0 || end == len(loop.Body) {
			return nil, fmt.Errorf("loop %s stores to %s at its end or nowhere, want a buffer that is complete before the end of an iteration; name another one", loop.Var, name)
		}
		parts = append(parts, part{stage: name, end: end})
	}
	parts = append(parts, part{stage: lastStage(loop), end: len(loop.Body)})
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.end, b.end) })
	from := 0
	for k := range parts {
		for _, s := range loop.Body[from:parts[k].end] {
			switch s.(type) {
			case *ir.Alloc, *ir.Let, *ir.LetMask:
			default:
				parts[k].body = append(parts[k].body, s)
			}
		}
		from = parts[k].end
	}
	for _, s := range slices.Backward(loop.Body) {
		let, isLet := s.(*ir.Let)
		mask, isMask := s.(*ir.LetMask)
		for k, p := range parts {
			if isLet && ir.Uses(p.body, ir.Var(let.Var)) || isMask && usesMask(p.body, mask.Name) {
				parts[k].body = append([]ir.Stmt{s}, p.body...)
			}
		}
	}
	return parts, nil
}

// lastStage is the stage of the last loop in a loop, or its own.
func lastStage(loop *ir.For) string {
	for _, s := range slices.Backward(loop.Body) {
		if inner, ok := s.(*ir.For); ok {
			return inner.Stage
		}
	}
	return loop.Stage
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
