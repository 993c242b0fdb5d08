package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// independent returns an error unless the iterations of a loop may run side by side or in any order: registers that outlive an
// iteration are not written, every store to memory goes to an element of its own, and what is read of that was stored by the same iteration.
func independent(loop *ir.For) error { return independentBut(loop, nil) }

// independentBut does not look at some buffers in memory.
func independentBut(loop *ir.For, but map[*ir.Buffer]bool) error {
	inside := map[*ir.Buffer]bool{}
	stored := map[*ir.Buffer]bool{}
	var err error
	v := map[ir.Var]bool{ir.Var(loop.Var): true} // and what follows from it
	ir.Each(loop.Body, func(s ir.Stmt) {
		switch e := s.(type) {
		case *ir.Let:
			if !ir.FreeOf(e.Value, v) {
				v[ir.Var(e.Var)] = true
			}
		case *ir.Alloc:
			inside[e.Buf] = true
		case *ir.Store:
			if inside[e.Buf] || but[e.Buf] {
				return
			}
			stored[e.Buf] = true
			if e.Buf.Space == ir.Register {
				err = fmt.Errorf("iterations of %s share the register %s, want them independent; use unroll, or another loop", loop.Var, e.Buf.Name)
				return
			}
			moves := false
			for _, x := range e.At {
				moves = moves || !ir.FreeOf(x, v)
			}
			if !moves {
				err = fmt.Errorf("iterations of %s store to the same element of %s, want them independent; use unroll, or another loop", loop.Var, e.Buf.Name)
			}
		}
	})
	if err != nil {
		return err
	}
	own := ofOwnIteration(stored, loop)
	ir.EachValue(loop.Body, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok && stored[l.Buf] && !own[l.Buf] {
			err = fmt.Errorf("iterations of %s read what others store of %s, want them independent; use unroll, or another loop", loop.Var, l.Buf.Name)
		}
	})
	return err
}
