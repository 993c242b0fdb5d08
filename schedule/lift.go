package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var liftStep = Step{
	Name: "lift",
	Args: "STAGE",
	Doc: `compute a stage before all others, in a walk of its own, so that the others may use what it is at other nodes

	for h in 0..heads {
	  z[0, 0, h, 0] = x[0, 0, h, 0]
	}
	for h in 0..heads {
	  m[0, 0, h] = y[0, 0, h, 0]
	}
->
	for h1 in 0..heads {
	  m[0, 0, h1] = y[0, 0, h1, 0]
	}
	for h in 0..heads {
	  z[0, 0, h, 0] = x[0, 0, h, 0]
	}

It must read inputs alone. Its loops get numbers, so that steps for the others leave them as they are; with the stage, as m.h, they are named
without.`,
	Run: func(n *Nest, args []string) error {
		at := -1
		for k, s := range n.Body {
			if loop, ok := s.(*ir.For); ok && storesTo(loop, args[0]) {
				at = k
				break
			}
		}
		if at < 0 {
			return missingf("got stage %q, want one whose loops are the outermost; lift before they are fused", args[0])
		}
		stored := storedIn(n.Body)
		var err error
		own := storedIn(n.Body[at : at+1])
		eachAccess(n.Body[at:at+1], func(b *ir.Buffer, _ []ir.Index) {
			if stored[b] && !own[b] {
				err = fmt.Errorf("got stage %s, which uses %s, want one that uses inputs alone; leave the step out", args[0], b.Name)
			}
		})
		if err != nil {
			return err
		}
		first := 0
		for first < at && !isLoop(n.Body[first]) { // lets stay in front
			first++
		}
		body := append([]ir.Stmt(nil), n.Body[:first]...)
		body = append(body, n.numbered(n.Body[at:at+1])...)
		body = append(body, n.Body[first:at]...)
		n.Body = append(body, n.Body[at+1:]...)
		return nil
	},
}

// numbered gives the loops of a block names that no other loop has.
func (n *Nest) numbered(block []ir.Stmt) []ir.Stmt {
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		if loop, ok := s.(*ir.For); ok {
			s = renamedLoop(loop, n.fresh(loop.Var))
		}
		return []ir.Stmt{s}
	}}.OfStmts(block)
}

func isLoop(s ir.Stmt) bool {
	_, ok := s.(*ir.For)
	return ok
}

// storesTo reports whether a loop stores to a buffer of that name.
func storesTo(loop *ir.For, name string) bool {
	for b := range storedIn(loop.Body) {
		if b.Name == name {
			return true
		}
	}
	return false
}
