package schedule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var sinkStep = Step{
	Name: "sink",
	Args: "STAGES",
	Doc: `compute stages after all others, in a walk of their own, so that they may use what the others are at other nodes

	for h in 0..heads {
	  m[0, 0, h] = y[0, 0, h, 0]
	}
	for h in 0..heads {
	  z[0, 0, h, 0] = x[0, 0, h, 0]
	}
->
	for h in 0..heads {
	  z[0, 0, h, 0] = x[0, 0, h, 0]
	}
	for h1 in 0..heads {
	  m[0, 0, h1] = y[0, 0, h1, 0]
	}

None of the others may use what they compute. Their outermost loops get a number, so that those of the others are not fused with them; with the stage, as
m.h, they are named without.`,
	Run: func(n *Nest, args []string) error {
		var stay, sunk []ir.Stmt
		stages := strings.Split(args[0], ",")
		for _, s := range n.Body {
			if loop, ok := s.(*ir.For); ok && slices.ContainsFunc(stages, func(name string) bool { return storesNamed(loop, name) }) {
				sunk = append(sunk, s)
			} else {
				stay = append(stay, s)
			}
		}
		for _, name := range stages {
			if !slices.ContainsFunc(sunk, func(s ir.Stmt) bool { return storesNamed(s, name) }) {
				return missingf("got stage %q, want one whose loops are the outermost; sink before they are fused", name)
			}
		}
		var err error
		computed := storedIn(sunk)
		eachAccess(stay, func(b *ir.Buffer, _ []ir.Index) {
			if computed[b] {
				err = fmt.Errorf("got stages of which another one uses %s, want some that no other uses; sink those that do as well", b.Name)
			}
		})
		if err != nil {
			return err
		}
		n.Body = slices.Concat(stay, n.numbered(sunk))
		return nil
	},
}

// numbered gives neighbouring loops names that no other loop has, loops of one name the same.
func (n *Nest) numbered(loops []ir.Stmt) (out []ir.Stmt) {
	names := map[string]string{}
	for _, s := range loops {
		loop := s.(*ir.For)
		if names[loop.Var] == "" {
			names[loop.Var] = n.fresh(loop.Var)
		}
		out = append(out, renamedLoop(loop, names[loop.Var]))
	}
	return out
}
