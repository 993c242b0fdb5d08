package mutate

import (
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/spec"
)

func driverFaults() []Fault {
	argument := func(name, doc string, kind Kind, where edge, change func(ir.Index) ir.Index) Fault {
		return Fault{Name: name, Doc: doc, Kind: kind, program: inDriver(func(here func() bool) ir.Rewrite {
			return where.on(arguments(indexAt(change, here).OfIndex))
		})}
	}
	// A choice that is only a part of an argument says where a loop is cut in two.
	choice := func(name, doc string, where edge, change func(*ir.Pick) ir.Index) Fault {
		return Fault{Name: name, Doc: doc, Kind: Value, program: inDriver(func(here func() bool) ir.Rewrite {
			return where.on(arguments(func(x ir.Index) ir.Index {
				if p, ok := x.(*ir.Pick); ok && here() {
					return change(p)
				}
				return x
			}))
		})}
	}
	definition := func(name, doc string, where edge, change func(string, ir.Index) ir.Index) Fault {
		return Fault{Name: name, Doc: doc, Kind: Memory, program: inDriver(func(here func() bool) ir.Rewrite {
			return where.on(definitions(change, here))
		})}
	}
	loop := func(name, doc string, change func(*ir.For)) Fault {
		return Fault{Name: name, Doc: doc, Kind: Value, program: inDriver(func(here func() bool) ir.Rewrite {
			return ir.Rewrite{Stmt: stmtAt(nodes(change), here)}
		})}
	}
	return []Fault{
		argument("level-offset", "rows of a level are counted from one node behind its first", Value, anywhere, func(x ir.Index) ir.Index {
			if isNumbered(x, "off") {
				return ir.Plus(x, ir.Int(1))
			}
			return nil
		}),
		argument("batch-offset", "a batch has a node more than it has", Memory, anywhere, func(x ir.Index) ir.Index {
			if a, ok := arith(x, ir.Mul); ok && a.X == ir.Var("b") && a.Y == ir.Var("nodes") {
				return ir.Times(a.X, ir.Plus(a.Y, ir.Int(1)))
			}
			return nil
		}),
		{Name: "gaps-ignored", Doc: "rows that lie apart are taken to be dense", Kind: Memory, program: func(p *ir.Program, here func() bool) {
			dense := ir.Index(ir.Var("heads"))
			for _, c := range p.Consts {
				dense = ir.Times(dense, ir.Int(c.Value))
			}
			p.Body = arguments(indexAt(func(x ir.Index) ir.Index {
				if v, ok := x.(ir.Var); ok && strings.HasSuffix(string(v), "Stride") {
					return dense
				}
				return nil
			}, here).OfIndex).OfStmts(p.Body)
		}},
		argument("parent-stride", "a parent is said to have a child more than it has", Value, right, func(x ir.Index) ir.Index {
			if a, ok := arith(x, ir.Div); ok && isNumbered(a.X, "i") {
				return ir.Quo(a.X, ir.Plus(a.Y, ir.Int(1)))
			}
			return nil
		}),
		argument("child-stride", "the children of a node begin too late", Value, right, func(x ir.Index) ir.Index {
			if a, ok := arith(x, ir.Mul); ok && isNumbered(a.X, "i") {
				return ir.Times(a.X, ir.Plus(a.Y, ir.Int(1)))
			}
			return nil
		}),
		argument("parent-unclamped", "nodes that are left over have a parent behind the last", Value, right, func(x ir.Index) ir.Index {
			a, ok := arith(x, ir.Min)
			if !ok {
				return nil
			}
			if quo, ok := arith(a.X, ir.Div); ok && isNumbered(quo.X, "i") {
				return quo
			}
			return nil
		}),
		// Scores of too many children are overwritten by what belongs there.
		notScores(choice("alone", "a node always has a parent, or all nodes of the level below", left, func(p *ir.Pick) ir.Index { return p.X })),
		choice("never-last", "a node has no parent, or never what is left over", anywhere, func(p *ir.Pick) ir.Index { return p.Y }),
		loop("edge-short", "an edge of a level leaves out its last node", func(l *ir.For) { l.Hi = ir.Minus(l.Hi, ir.Int(1)) }),
		loop("edge-late", "an edge of a level leaves out its first node", func(l *ir.For) { l.Lo = ir.Plus(l.Lo, ir.Int(1)) }),
		definition("rest-lost", "the last tile has no more nodes than the others", anywhere, func(name string, x ir.Index) ir.Index {
			if p, ok := x.(*ir.Pick); ok && strings.HasPrefix(name, "to") {
				return p.Y
			}
			return nil
		}),
		definition("window-unclamped", "the window of a level's first node begins before the level", left, func(name string, x ir.Index) ir.Index {
			if a, ok := arith(x, ir.Max); ok && strings.HasPrefix(name, "jLo") && a.X == ir.Int(0) {
				return a.X
			}
			return nil
		}),
		definition("interior-unclamped", "the interior of a level begins with its first node, whose window is not whole", anywhere,
			func(name string, x ir.Index) ir.Index {
				if a, ok := arith(x, ir.Max); ok && isNumbered(ir.Var(name), "first") && isNumbered(a.X, "from") {
					return a.X
				}
				return nil
			}),
	}
}

func notScores(f Fault) Fault {
	f.Ops = slices.DeleteFunc(spec.Ops(), func(op string) bool { return op == "scores" })
	return f
}

// nodes is a fault in a loop of the driver over nodes.
func nodes(change func(*ir.For)) func(ir.Stmt) ir.Stmt {
	return func(s ir.Stmt) ir.Stmt {
		l, ok := s.(*ir.For)
		if !ok || !isNumbered(ir.Var(l.Var), "i") {
			return nil
		}
		c := *l
		change(&c)
		return &c
	}
}

func arith(x ir.Index, op ir.ArithOp) (*ir.Arith, bool) {
	a, ok := x.(*ir.Arith)
	return a, ok && a.Op == op
}

// isNumbered reports whether x is a variable of that name with the number of a level.
func isNumbered(x ir.Index, name string) bool {
	v, ok := x.(ir.Var)
	number, named := strings.CutPrefix(string(v), name)
	return ok && named && number != "" && strings.Trim(number, "0123456789") == ""
}
