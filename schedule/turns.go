package schedule

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// inStep returns an error unless a block is parts of a loop, as distribute leaves them: what one stores for another one goes to arrays, at the
// iteration's own row.
func inStep(block []ir.Stmt, loop *ir.For) error {
	arrays, stored := map[*ir.Buffer]bool{}, map[*ir.Buffer]bool{}
	var parts []ir.Stmt
	for _, s := range block {
		switch e := s.(type) {
		case *ir.Alloc:
			if e.Buf.Space != ir.Memory {
				return fmt.Errorf("got parts of loop %s that share the register %s, want memory; distribute elsewhere", loop.Var, e.Buf.Name)
			}
			arrays[e.Buf] = true
		case *ir.For:
			if e.Var != loop.Var || e.Step != 1 || !ir.Same(e.Lo, loop.Lo) || !ir.Same(e.Hi, loop.Hi) {
				return fmt.Errorf("got loop %s over %s beside %s over %s, want parts of one loop alone; use `distribute` first", e.Var, span(e), loop.Var, span(loop))
			}
			parts = append(parts, e)
		default:
			return fmt.Errorf("got other statements beside the parts of loop %s, want parts alone; use `distribute` first", loop.Var)
		}
	}
	var err error
	eachAccess(parts, func(b *ir.Buffer, at []ir.Index) {
		if arrays[b] && !ir.Same(at[0], ir.Var(loop.Var)) {
			err = fmt.Errorf("got parts of loop %s that use %s at %s, want each iteration's own row; reuse before the loops are changed", loop.Var, b.Name, ir.FormatIndex(at[0]))
		}
	})
	if err != nil {
		return err
	}
	ir.Each(parts, func(s ir.Stmt) {
		if e, ok := s.(*ir.Store); ok && e.Buf.Role != ir.Temp {
			stored[e.Buf] = true
		}
	})
	ir.EachValue(parts, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok && stored[l.Buf] {
			err = fmt.Errorf("got parts of loop %s that read %s, which one of them stores, want results that nobody reads; cache it first", loop.Var, l.Buf.Name)
		}
	})
	return err
}

// turns runs so many iterations of every part in a turn. Parts are what comes before the ends, the left end, the right end, what is left of
// the gathering part, and what reads of queries to the right: this runs as many iterations later as there are of these.
func (r *reusing) turns(loop *ir.For, parts [][]ir.Stmt) []ir.Stmt {
	left, right, behind := parts[1], parts[2], parts[4]
	late, size := ir.Int(int64(r.right())), ir.Int(int64(r.count))
	from := ir.Times(r.turn, size)
	some := func(part *ir.For, late ir.Index) ir.Stmt {
		c := *part
		first := ir.Minus(from, late)
		c.Lo, c.Hi = ir.Int(0), ir.Least(size, ir.Minus(loop.Hi, from))
		if !ir.Same(late, ir.Int(0)) {
			c.Lo = ir.Least(ir.Most(ir.Int(0), ir.Minus(ir.Int(0), first)), c.Hi) // what cuts a loop in two counts on Lo <= Hi
		}
		c.Body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(part.Var): ir.PolyOf(ir.Plus(first, ir.Var(part.Var))).Index()}).OfStmts(part.Body)
		return &c
	}
	turn := &ir.For{Var: string(r.turn), Lo: ir.Int(0), Hi: ir.Quo(ir.Plus(loop.Hi, size-1), size), Step: 1}
	var allocs, last []ir.Stmt
	for _, s := range slices.Concat(parts[0], parts[3]) {
		if part, ok := s.(*ir.For); ok {
			turn.Body = append(turn.Body, some(part, ir.Int(0)))
		} else {
			allocs = append(allocs, s)
		}
	}
	for _, s := range behind {
		part := s.(*ir.For)
		turn.Body = append(turn.Body, some(part, late))
		c := *part
		c.Lo = ir.Most(ir.Int(0), ir.Minus(loop.Hi, late))
		c.Body = r.nest.renamed(part.Body)
		if late > 0 {
			last = append(last, &c)
		}
	}
	return slices.Concat(allocs, left, []ir.Stmt{turn}, right, last)
}
