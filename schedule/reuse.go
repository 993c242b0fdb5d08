package schedule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var reuseStep = Step{
	Name: "reuse",
	Args: "LOOP BUFFERS [COUNT] [TURN]",
	Doc: `read of gathered temporaries what other iterations of a loop have computed at this end, and gather only at its ends

	alloc memory p, pt: f32[8, 4]
	for i in 0..min(8, n0) {
	  for j in 0..3 { // window
	    p[i, j] = x[0, i, 0, 0] * y[0, i + j - 1, 0, 0]
	  }
	}
	for k in 0..min(8, n0) {
	  for j in 0..3 { // window
	    pt[k, j] = x[0, k + j - 1, 0, 0] * y[0, k, 0, 0]
	  }
	}
	for i in 0..min(8, n0) {
	  for j in 0..3 { // window
	    z[0, i, 0, j] = pt[i, j]
	  }
	}
->
	alloc memory p: f32[10, 4]
	alloc memory pt: f32[8, 4]
	for i in 0..min(8, n0) {
	  for j in 0..3 { // window
	    p[i + 1, j] = x[0, i, 0, 0] * y[0, i + j - 1, 0, 0]
	  }
	}
	for kl in 0..min(min(8, n0), 1) {
	  for jl in 0..1 - kl { // window, from the left
	    p[jl + kl, 2 - jl] = x[0, kl + jl - 1, 0, 0] * y[0, kl, 0, 0]
	  }
	}
	for kr in max(0, min(8, n0) - 1)..min(8, n0) {
	  for jr in min(8, n0) - kr + 1..3 { // window, from the right
	    p[jr + kr, 2 - jr] = x[0, kr + jr - 1, 0, 0] * y[0, kr, 0, 0]
	  }
	}
	for i in 0..min(8, n0) {
	  for j in 0..3 { // window
	    z[0, i, 0, j] = p[i + j, 2 - j]
	  }
	}

LOOP is the part, as distribute leaves it, that computes the gathered temporaries BUFFERS. In slot j of the window of key i stands what
query i + dilation*(j - before), before of them to its left, has in its slot window - 1 - j. Queries of the loop have it already; rows for the others
are put on either side. What else is computed in the window of this part is needed there alone.

With COUNT the parts take turns, which TURN counts: COUNT iterations of each, so that rows which one part has read are near for the next one.
The parts behind LOOP read of queries that come later, so they run that many iterations later, and the last of them after all turns.`,
	Run: func(n *Nest, args []string) error {
		if !reusable(n.Graph) {
			return fmt.Errorf("got a pyramid with windows by level, want one window; leave the step out")
		}
		r := &reusing{nest: n, loop: args[0]}
		for _, name := range strings.Split(args[1], ",") {
			if n.gathered[name] == "" {
				return fmt.Errorf("got %q, want a temporary that gather has made; leave the step out", name)
			}
			r.gathered = append(r.gathered, name)
		}
		if len(args) > 2 {
			if err := r.takeTurns(args[2:]); err != nil {
				return err
			}
		}
		body, err := eachBlock(n.Body, r.block)
		if err != nil {
			return err
		}
		if !r.found {
			return n.noLoop(args[0])
		}
		n.Body = body
		return nil
	},
}

// reusable reports whether as many nodes see a key in their windows on all levels.
func reusable(g ir.Graph) bool { return g.Windows == nil }

// reusing is one use of the step.
type reusing struct {
	nest     *Nest
	loop     string
	gathered []string // temporaries
	count    int      // iterations of each part in a turn; 0: all
	turn     ir.Var
	found    bool
}

// takeTurns reads the arguments of turns.
func (r *reusing) takeTurns(args []string) error {
	if len(args) == 1 {
		return fmt.Errorf("got the count %s without a name for the loop over turns, want both; add one", args[0])
	}
	var err error
	if r.count, err = count(args[0], 64); err != nil {
		return fmt.Errorf("count: %v", err)
	}
	if err := r.nest.newName(args[1]); err != nil {
		return err
	}
	r.nest.used[args[1]] = true
	r.turn = ir.Var(args[1])
	return nil
}

// gap is how many nodes it is from one of a window to the next.
func (r *reusing) gap() int { return r.nest.Graph.Gap() }

// left is how many nodes to the left of a key the furthest query is that sees it in its window.
func (r *reusing) left() int { left, _ := beside(r.nest.Graph.Window); return left * r.gap() }

// right is how many to the right.
func (r *reusing) right() int { _, right := beside(r.nest.Graph.Window); return right * r.gap() }

// beside is how many queries to the left of a key, and to its right, see it in a window of w nodes.
func beside(w int) (left, right int) { return w - 1 - w/2, w / 2 }

// block rewrites a block that allocates the temporaries and runs the parts of the loop.
func (r *reusing) block(block []ir.Stmt) ([]ir.Stmt, error) {
	isPart := func(s ir.Stmt) bool {
		loop, ok := s.(*ir.For)
		return ok && named(loop, r.loop) && loop.Step == 1
	}
	if !slices.ContainsFunc(block, isPart) {
		return block, nil
	}
	for _, gathered := range r.gathered {
		block = r.keep(block, r.nest.gathered[gathered])
	}
	at := slices.IndexFunc(block, isPart)
	loop := block[at].(*ir.For)
	if !ir.Same(loop.Lo, ir.Int(0)) {
		return nil, fmt.Errorf("loop %s runs over %s, want it from 0; use `distribute` first", loop.Var, span(loop))
	}
	if b := neededWhole(loop.Body); b != nil {
		return nil, fmt.Errorf("loop %s uses its window for %s too, want temporaries of the window alone; distribute where what comes before is complete", loop.Var, b.Name)
	}
	r.found = true
	if r.count > 0 {
		if err := inStep(block, loop); err != nil {
			return nil, err
		}
	}
	parts := [][]ir.Stmt{block[:at], r.leftEnd(loop), r.rightEnd(loop), windows(block[at:at+1], false), block[at+1:]}
	for _, gathered := range r.gathered {
		own := r.nest.gathered[gathered]
		from, to := allocated(block, gathered), allocated(block, own)
		if from == nil || to == nil {
			return nil, fmt.Errorf("loop %s: got %s and %s in different blocks, want both kept for all iterations; distribute where %s is complete", loop.Var, own, gathered, own)
		}
		wide := *to
		wide.Dims = append([]ir.Index{ir.Facts(nil).Simplify(ir.Plus(to.Dims[0], ir.Int(int64(r.left()+r.right()))))}, to.Dims[1:]...)
		for k, part := range parts {
			part = r.inWindow(moved(to, &wide, r.behindLeft).OfStmts(part), from, &wide)
			if touchesWindow(part, from) {
				return nil, fmt.Errorf("loop %s uses %s in the window at other slots than its own, want slot j alone; reuse before the loops are changed", loop.Var, gathered)
			}
			parts[k] = part
		}
	}
	if r.count == 0 {
		return slices.Concat(parts...), nil
	}
	return r.turns(loop, parts), nil
}

// behindLeft are the subscripts of an element of a query's own array behind the rows on the left.
func (r *reusing) behindLeft(at []ir.Index) []ir.Index {
	return append([]ir.Index{ir.PolyOf(ir.Plus(at[0], ir.Int(int64(r.left())))).Index()}, at[1:]...)
}

// keep keeps a temporary for all iterations if a part of the loop has it for one.
func (r *reusing) keep(block []ir.Stmt, own string) []ir.Stmt {
	for k, s := range block {
		loop, ok := s.(*ir.For)
		if !ok {
			continue
		}
		most, bounded := atMost(loop.Hi)
		buf := allocated(loop.Body, own)
		if buf == nil || !bounded {
			continue
		}
		all, expand := r.nest.kept(loop, most, buf)
		c := *loop
		c.Body = nil
		for _, s := range loop.Body {
			if a, ok := s.(*ir.Alloc); !ok || a.Buf != buf {
				c.Body = append(c.Body, s)
			}
		}
		c.Body = expand.OfStmts(c.Body)
		return append(append(append([]ir.Stmt(nil), block[:k]...), &ir.Alloc{Buf: all}, &c), block[k+1:]...)
	}
	return block
}

// allocated returns the array of a name that a block allocates.
func allocated(block []ir.Stmt, name string) *ir.Buffer {
	for _, s := range block {
		if a, ok := s.(*ir.Alloc); ok && a.Buf.Name == name && a.Buf.Space == ir.Memory {
			return a.Buf
		}
	}
	return nil
}

// isWindow reports whether a loop runs over the window of a node.
func isWindow(loop *ir.For) bool { return strings.HasPrefix(loop.Note, "window") }

// neededWhole returns a buffer that loops over the window compute for more than the window: a result, or a sum that goes on behind.
func neededWhole(body []ir.Stmt) *ir.Buffer {
	var found *ir.Buffer
	ir.Each(body, func(s ir.Stmt) {
		loop, ok := s.(*ir.For)
		if !ok || !isWindow(loop) {
			return
		}
		for _, acc := range accumulators(loop.Body) {
			found = acc
		}
		ir.Each(loop.Body, func(s ir.Stmt) {
			if e, ok := s.(*ir.Store); ok && e.Buf.Role != ir.Temp {
				found = e.Buf
			}
		})
	})
	return found
}

// windows leaves of a body the loops over the window, and what is around them, or all but them.
func windows(body []ir.Stmt, want bool) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range body {
		loop, ok := s.(*ir.For)
		switch {
		case ok && isWindow(loop):
			if want {
				out = append(out, s)
			}
		case ok:
			c := *loop
			if c.Body = windows(loop.Body, want); slices.ContainsFunc(c.Body, works) {
				out = append(out, &c)
			}
		case !want || !works(s):
			out = append(out, s)
		}
	}
	return out
}

// works reports whether a statement does more than name what others use.
func works(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Alloc, *ir.Let, *ir.LetMask:
		return false
	}
	return true
}

// leftEnd gathers for the first keys of a loop what queries on its left have.
func (r *reusing) leftEnd(loop *ir.For) []ir.Stmt {
	left, _ := beside(r.nest.Graph.Window)
	return r.end(loop, "left", ir.Int(0), ir.Least(loop.Hi, ir.Int(int64(r.left()))), func(e *ir.For, key ir.Index) {
		e.Hi = ir.Minus(ir.Int(int64(left)), ir.Quo(key, ir.Int(int64(r.gap())))) // the slot of the first query from 0 on
	})
}

// rightEnd gathers for the last keys of a loop what queries on its right have.
func (r *reusing) rightEnd(loop *ir.For) []ir.Stmt {
	left, _ := beside(r.nest.Graph.Window)
	gap := int64(r.gap())
	return r.end(loop, "right", ir.Most(ir.Int(0), ir.Minus(loop.Hi, ir.Int(int64(r.right())))), loop.Hi, func(e *ir.For, key ir.Index) {
		behind := ir.Plus(ir.Minus(loop.Hi, key), ir.Int(gap-1))
		e.Lo = ir.Plus(ir.Quo(behind, ir.Int(gap)), ir.Int(int64(left))) // the slot of the first query behind the last one
	})
}

// end runs the loops over the window for the keys from lo to hi, each within bounds that depend on the key.
func (r *reusing) end(loop *ir.For, side string, lo, hi ir.Index, bound func(e *ir.For, key ir.Index)) []ir.Stmt {
	if ir.Same(lo, hi) || ir.Same(hi, ir.Int(0)) {
		return nil
	}
	key := loop.Var + side[:1]
	r.nest.used[key] = true
	c := *loop
	c.Var, c.Lo, c.Hi = key, ir.Facts(nil).Simplify(lo), ir.Facts(nil).Simplify(hi)
	body := ir.Substitute(map[ir.Var]ir.Index{ir.Var(loop.Var): ir.Var(key)}).OfStmts(r.nest.renamed(windows(loop.Body, true)))
	c.Body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		e, ok := s.(*ir.For)
		if !ok || !isWindow(e) {
			return []ir.Stmt{s}
		}
		p := *e
		p.Var, p.Note = e.Var+side[:1], e.Note+", from the "+side
		bound(&p, ir.Var(key))
		p.Lo, p.Hi = ir.Facts(nil).Simplify(p.Lo), ir.Facts(nil).Simplify(p.Hi)
		p.Body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(e.Var): ir.Var(p.Var)}).OfStmts(e.Body)
		r.nest.used[p.Var] = true
		return []ir.Stmt{&p}
	}}.OfStmts(body)
	return []ir.Stmt{&c}
}

// inWindow puts, inside loops over the window, the element of the query's own array in place of the gathered one.
func (r *reusing) inWindow(block []ir.Stmt, from, to *ir.Buffer) []ir.Stmt {
	w := int64(r.nest.Graph.Window)
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		loop, ok := s.(*ir.For)
		if !ok || !isWindow(loop) {
			return []ir.Stmt{s}
		}
		back := ir.Minus(ir.Int(w-1), ir.Var(loop.Var))
		c := *loop
		c.Body = movedWhere(from, to, func(at []ir.Index) bool { return len(at) > 1 && ir.Same(at[1], ir.Var(loop.Var)) }, func(at []ir.Index) []ir.Index {
			query := ir.PolyOf(ir.Plus(at[0], ir.Times(ir.Var(loop.Var), ir.Int(int64(r.gap()))))).Index() // behind the rows on the left
			return append([]ir.Index{query, ir.PolyOf(back).Index()}, at[2:]...)
		}).OfStmts(loop.Body)
		return []ir.Stmt{&c}
	}}.OfStmts(block)
}

// touchesWindow reports whether a loop over the window uses a buffer.
func touchesWindow(block []ir.Stmt, b *ir.Buffer) bool {
	found := false
	ir.Each(block, func(s ir.Stmt) {
		if loop, ok := s.(*ir.For); ok && isWindow(loop) {
			found = found || touchesBuffer(loop.Body, b)
		}
	})
	return found
}
