package schedule

import (
	"fmt"
	"strconv"

	"github.com/pyragen/pyragen/ir"
)

var specialiseStep = Step{
	Name: "specialise",
	Args: "LOOP",
	Doc: `copy the loop over levels for every level, with the level's stride as a constant; the loop i of level 1 becomes i1

	for l in 0..2 {
	  for i in 0..n(l) {
	    z[0, off(l) + i, 0, 0] = x[0, off(l) + i/C(l), 0, 0]
	  }
	}
->
	for i0 in 0..n0 { // level 0
	  z[0, off0 + i0, 0, 0] = x[0, off0 + i0/25, 0, 0]
	}
	for i1 in 0..n1 { // level 1
	  z[0, off1 + i1, 0, 0] = x[0, off1 + i1/1, 0, 0]
	}`,
	Run: func(n *Nest, args []string) error {
		levels := len(n.Graph.Strides) + 1
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			if !ir.Same(loop.Lo, ir.Int(0)) || !ir.Same(loop.Hi, ir.Int(int64(levels))) {
				return nil, fmt.Errorf("loop %s runs over %s, want the levels, 0..%d; name the loop that `levels` made, l", loop.Var, span(loop), levels)
			}
			var out []ir.Stmt
			for l := range levels {
				for _, s := range loop.Body {
					nodes, ok := s.(*ir.For)
					if !ok {
						return nil, fmt.Errorf("loop %s holds %s, want loops over nodes alone; specialise before other steps change it", loop.Var, contents(loop.Body))
					}
					c := *nodes
					c.Var = nodes.Var + strconv.Itoa(l)
					n.used[c.Var] = true
					ofLevel := ir.Rewrite{Index: func(x ir.Index) ir.Index {
						switch x {
						case ir.Index(ir.Var(loop.Var)):
							return ir.Int(int64(l))
						case ir.Index(ir.Var(nodes.Var)):
							return ir.Var(c.Var)
						}
						return n.levelConstant(x)
					}}
					c.Lo, c.Hi, c.Body = ofLevel.OfIndex(nodes.Lo), ofLevel.OfIndex(nodes.Hi), ofLevel.OfStmts(nodes.Body)
					c.Note = "level " + strconv.Itoa(l)
					out = append(out, &c)
				}
			}
			return out, nil
		})
	},
}

// levelConstant puts in what is known of a level by number.
func (n *Nest) levelConstant(x ir.Index) ir.Index {
	e, ok := x.(*ir.Apply)
	if !ok {
		return x
	}
	level, ok := ir.Facts(nil).Simplify(e.Args[0]).(ir.Int)
	if !ok {
		return x
	}
	l, top := int(level), len(n.Graph.Strides)
	switch e.Fn {
	case ir.LevelN:
		if l < 0 || l > top {
			return ir.Int(0)
		}
		return levelN(l)
	case ir.LevelAt:
		if l >= 0 && l <= top {
			return levelAt(l)
		}
		return ir.Int(0)
	case ir.StrideC:
		if l >= 0 && l < top {
			return ir.Int(int64(n.Graph.Strides[l]))
		}
		return ir.Int(1)
	}
	return x
}
