package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var reuseStep = Step{
	Name: "reuse",
	Args: "LOOP BUFFERS",
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
	for k in 0..min(8, n0) {
	  for jl in 0..max(0, 1 - k) { // window, from the left
	    p[jl + k, 2 - jl] = x[0, k + jl - 1, 0, 0] * y[0, k, 0, 0]
	  }
	  for jr in min(3, min(8, n0) - k + 1)..3 { // window, from the right
	    p[jr + k, 2 - jr] = x[0, k + jr - 1, 0, 0] * y[0, k, 0, 0]
	  }
	}
	for i in 0..min(8, n0) {
	  for j in 0..3 { // window
	    z[0, i, 0, j] = p[i + j, 2 - j]
	  }
	}

LOOP is the part, as distribute leaves it, that computes the gathered temporaries BUFFERS. In slot j of the window of key i stands what
query i + j - before, before of them to its left, has in its slot window - 1 - j. Queries of the loop have it already; rows for the others
are put on either side. What else is computed in the window of this part is needed there alone.`,
	Run: func(n *Nest, args []string) error {
		if !reusable(n.Graph) {
			return fmt.Errorf("got a pyramid with a dilation or with windows by level, want one window of neighbours; leave the step out")
		}
		r := &reusing{nest: n, loop: args[0]}
		for _, name := range strings.Split(args[1], ",") {
			if n.gathered[name] == "" {
				return fmt.Errorf("got %q, want a temporary that gather has made; leave the step out", name)
			}
			r.gathered = append(r.gathered, name)
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

// reusable reports whether the nodes that see a key in their windows are those beside it, as many on all levels.
func reusable(g ir.Graph) bool { return g.Windows == nil && g.Gap() == 1 }

// reusing is one use of the step.
type reusing struct {
	nest     *Nest
	loop     string
	gathered []string // temporaries
	found    bool
}

// block rewrites a block that allocates the temporaries and runs the parts of the loop.
func (r *reusing) block(block []ir.Stmt) ([]ir.Stmt, error) {
	at := -1
	for k, s := range block {
		if loop, ok := s.(*ir.For); ok && named(loop, r.loop) && loop.Step == 1 {
			at = k
		}
	}
	if at < 0 {
		return block, nil
	}
	loop := block[at].(*ir.For)
	if !ir.Same(loop.Lo, ir.Int(0)) {
		return nil, fmt.Errorf("loop %s runs over %s, want it from 0; use `distribute` first", loop.Var, span(loop))
	}
	if b := neededWhole(loop.Body); b != nil {
		return nil, fmt.Errorf("loop %s uses its window for %s too, want temporaries of the window alone; distribute where what comes before is complete", loop.Var, b.Name)
	}
	r.found = true
	block = append([]ir.Stmt(nil), block...)
	block[at] = r.ends(loop)
	for _, gathered := range r.gathered {
		block = r.keep(block, r.nest.gathered[gathered])
	}
	out, window := block, r.nest.Graph.Window
	for _, gathered := range r.gathered {
		own := r.nest.gathered[gathered]
		from, to := allocated(block, gathered), allocated(block, own)
		if from == nil || to == nil {
			return nil, fmt.Errorf("loop %s: got %s and %s in different blocks, want both kept for all iterations; distribute where %s is complete", loop.Var, own, gathered, own)
		}
		wide := *to
		wide.Dims = append([]ir.Index{ir.Facts(nil).Simplify(ir.Plus(to.Dims[0], ir.Int(int64(window-1))))}, to.Dims[1:]...)
		shifted := func(at []ir.Index) []ir.Index {
			return append([]ir.Index{ir.PolyOf(ir.Plus(at[0], ir.Int(int64(queriesLeft(window))))).Index()}, at[1:]...)
		}
		out = moved(to, &wide, shifted).OfStmts(out)
		if out = r.inWindow(out, from, &wide); touchesWindow(out, from) {
			return nil, fmt.Errorf("loop %s uses %s in the window at other slots than its own, want slot j alone; reuse before the loops are changed", loop.Var, gathered)
		}
	}
	return out, nil
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

// queriesLeft is how many of the queries that see a key in their window are to its left.
func queriesLeft(window int) int { return window - 1 - window/2 }

// ends leaves of the loops over the window those slots whose queries are not of the loop.
func (r *reusing) ends(loop *ir.For) *ir.For {
	w := r.nest.Graph.Window
	first := ir.Minus(ir.Int(int64(queriesLeft(w))), ir.Var(loop.Var)) // the slot of query 0
	c := *loop
	c.Body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		e, ok := s.(*ir.For)
		if !ok || !isWindow(e) {
			return []ir.Stmt{s}
		}
		part := func(side string, lo, hi ir.Index) ir.Stmt {
			p := *e
			p.Var, p.Note = e.Var+side[:1], e.Note+", from the "+side
			p.Lo, p.Hi = ir.Facts(nil).Simplify(lo), ir.Facts(nil).Simplify(hi)
			p.Body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(e.Var): ir.Var(p.Var)}).OfStmts(r.nest.renamed(e.Body))
			r.nest.used[p.Var] = true
			return &p
		}
		return []ir.Stmt{
			part("left", e.Lo, ir.Most(e.Lo, first)),
			part("right", ir.Least(e.Hi, ir.Plus(loop.Hi, first)), e.Hi),
		}
	}}.OfStmts(loop.Body)
	return &c
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
		c.Body = movedWhere(from, to, func(at []ir.Index) bool { return ir.Same(at[1], ir.Var(loop.Var)) }, func(at []ir.Index) []ir.Index {
			query := ir.PolyOf(ir.Plus(at[0], ir.Var(loop.Var))).Index() // behind the rows on the left
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
