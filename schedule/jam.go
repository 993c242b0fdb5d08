package schedule

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var jamStep = Step{
	Name:  "jam",
	Loops: true,
	Args:  "LOOP COUNT [REST] [turn]",
	Doc: `unroll a loop and run the copies side by side (unroll and jam); over heads this joins heads

	for h in 0..heads {
	  alloc acc: f32
	  acc = 0.0
	  for d in 0..64 {
	    acc = acc + x[0, 0, h, d]*y[0, 0, h, d]
	  }
	  s[0, 0, h, 0] = acc
	}
->
	for h in 0..heads/2*2 step 2 {
	  alloc acc, acc1: f32
	  acc = 0.0
	  acc1 = 0.0
	  for d in 0..64 {
	    acc = acc + x[0, 0, h, d] * y[0, 0, h, d]
	    acc1 = acc1 + x[0, 0, h + 1, d] * y[0, 0, h + 1, d]
	  }
	  s[0, 0, h, 0] = acc
	  s[0, 0, h + 1, 0] = acc1
	}
	for h in heads/2*2..heads {
	  alloc acc2: f32
	  acc2 = 0.0
	  for d in 0..64 {
	    acc2 = acc2 + x[0, 0, h, d] * y[0, 0, h, d]
	  }
	  s[0, 0, h, 0] = acc2
	}

Iterations must not depend on each other. What is left over is cut: a loop of the same name that runs the rest, which another
jam may take. REST names it, and the loops in it, as if they were a stage, so that steps for the stage leave them as they are. Of several loops of that name, those in the smallest steps are taken.

With the word turn innermost loops run in turn, that of one copy behind that of another, and only what stands around them side by side: each goes through
its rows from end to end, as the prefetchers of processors expect it, and sums of several copies still meet in one tree.`,
	Run: func(n *Nest, args []string) error {
		rest, turn := "", false
		if last := len(args) - 1; last > 1 && args[last] == "turn" {
			args, turn = args[:last], true
		}
		if len(args) == 4 {
			return fmt.Errorf("got the word %q, want turn, or none; leave it out", args[3])
		}
		if len(args) == 3 {
			rest = args[2]
		}
		return n.copied(args, rest, func(loop *ir.For, copies [][]ir.Stmt) ([]ir.Stmt, error) {
			if err := independent(loop); err != nil {
				return nil, err
			}
			return n.jam(copies, turn), nil
		})
	},
}

// copied replaces the finest loops of a name, each by one that runs a count of its steps at once, with the body that join makes of
// their copies, and the rest, whose loops become a stage of that name if there is one. The arguments are the loop and the count.
func (n *Nest) copied(args []string, rest string, join func(loop *ir.For, copies [][]ir.Stmt) ([]ir.Stmt, error)) error {
	copies, err := count(args[1], 64)
	if err != nil {
		return fmt.Errorf("copies: %v", err)
	}
	if copies == 1 {
		return nil
	}
	made := 0
	return n.eachFinest(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
		made += copies * statements(loop.Body)
		if err := fits(made); err != nil {
			return nil, err
		}
		blocks := make([][]ir.Stmt, copies)
		for k := range blocks {
			blocks[k] = n.iteration(loop, k)
		}
		body, err := join(loop, blocks)
		if err != nil {
			return nil, err
		}
		out := n.tiled(loop, copies, body)
		if rest != "" {
			out = append(out[:1:1], ofStage(rest, out[1:])...)
		}
		return out, nil
	})
}

// ofStage is a block whose loops belong to a stage of that name.
func ofStage(name string, block []ir.Stmt) []ir.Stmt {
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		if loop, ok := s.(*ir.For); ok {
			c := *loop
			c.Stage = name
			s = &c
		}
		return []ir.Stmt{s}
	}}.OfStmts(block)
}

// tiled returns the loop with size of its steps at once, for which the body is given, and the rest of it as it was.
func (n *Nest) tiled(loop *ir.For, size int, body []ir.Stmt) []ir.Stmt {
	step := int64(size) * loop.Step
	trips := ir.Minus(loop.Hi, loop.Lo)
	whole := ir.Times(ir.Quo(trips, ir.Int(step)), ir.Int(step))
	main, rest := *loop, *loop
	main.Hi, main.Step, main.Body = ir.Facts(nil).Simplify(ir.Plus(loop.Lo, whole)), step, body
	rest.Lo, rest.Body = main.Hi, n.renamed(loop.Body)
	return []ir.Stmt{&main, &rest}
}

// iteration is the loop's body k steps further; copies after the first get registers and masks of their own.
func (n *Nest) iteration(loop *ir.For, k int) []ir.Stmt {
	if k == 0 {
		return loop.Body
	}
	body := n.renamed(loop.Body)
	v := ir.Var(loop.Var)
	return ir.Substitute(map[ir.Var]ir.Index{v: ir.Plus(v, ir.Int(int64(k)*loop.Step))}).OfStmts(body)
}

// renamed copies a block with new names for the registers that it allocates and the masks and lets that it defines.
func (n *Nest) renamed(body []ir.Stmt) []ir.Stmt {
	buffers, names := map[*ir.Buffer]*ir.Buffer{}, map[string]string{}
	ir.Each(body, func(s ir.Stmt) {
		switch e := s.(type) {
		case *ir.Alloc:
			if buffers[e.Buf] == nil {
				c := *e.Buf
				c.Name = n.fresh(c.Name)
				buffers[e.Buf] = &c
			}
		case *ir.LetMask:
			names[e.Name] = n.fresh(e.Name)
		case *ir.Let:
			n.used[e.Var] = true // arguments of calls are named in every loop anew
			names[e.Var] = n.fresh(e.Var)
		}
	})
	other := func(name string) string {
		if r, ok := names[name]; ok {
			return r
		}
		return name
	}
	return ir.Rewrite{
		Mask: other,
		Var:  other,
		Buffer: func(b *ir.Buffer) *ir.Buffer {
			if r := buffers[b]; r != nil {
				return r
			}
			return b
		},
		Index: func(x ir.Index) ir.Index {
			if v, ok := x.(ir.Var); ok && names[string(v)] != "" {
				return ir.Var(names[string(v)])
			}
			return x
		},
	}.OfStmts(body)
}

// jam runs copies of a block side by side, statement by statement: loops and conditions that are the same in all copies become
// one, and so do masks and lets. Innermost loops that run in turn stay as many as there are copies.
func (n *Nest) jam(copies [][]ir.Stmt, turn bool) []ir.Stmt {
	var out []ir.Stmt
	for i, s := range copies[0] {
		column := make([]ir.Stmt, len(copies))
		for k := range copies {
			column[k] = copies[k][i]
		}
		switch e := s.(type) {
		case *ir.For:
			if !(turn && innermost(e)) && same(column, func(t ir.Stmt) bool {
				o := t.(*ir.For)
				return ir.Same(o.Lo, e.Lo) && ir.Same(o.Hi, e.Hi)
			}) {
				c := *e
				c.Body = n.jam(parts(column, func(t ir.Stmt) []ir.Stmt { return t.(*ir.For).Body }), turn)
				out = append(out, &c)
				continue
			}
		case *ir.If:
			if same(column, func(t ir.Stmt) bool { return sameCond(t.(*ir.If).Cond, e.Cond) }) {
				c := *e
				c.Then = n.jam(parts(column, func(t ir.Stmt) []ir.Stmt { return t.(*ir.If).Then }), turn)
				c.Else = n.jam(parts(column, func(t ir.Stmt) []ir.Stmt { return t.(*ir.If).Else }), turn)
				out = append(out, &c)
				continue
			}
		case *ir.Let:
			if same(column, func(t ir.Stmt) bool { return ir.Same(t.(*ir.Let).Value, e.Value) }) {
				out = append(out, e)
				for k := 1; k < len(copies); k++ {
					other := ir.Var(column[k].(*ir.Let).Var)
					copies[k] = ir.Substitute(map[ir.Var]ir.Index{other: ir.Var(e.Var)}).OfStmts(copies[k])
				}
				continue
			}
		case *ir.LetMask:
			if same(column, func(t ir.Stmt) bool { return ir.Same(t.(*ir.LetMask).Count, e.Count) }) {
				out = append(out, e)
				for k := 1; k < len(copies); k++ {
					other := column[k].(*ir.LetMask).Name
					copies[k] = ir.Rewrite{Mask: func(m string) string {
						if m == other {
							return e.Name
						}
						return m
					}}.OfStmts(copies[k])
				}
				continue
			}
		}
		out = append(out, column...)
	}
	return out
}

func isLoop(s ir.Stmt) bool {
	_, ok := s.(*ir.For)
	return ok
}

// innermost reports whether there is no loop in a loop.
func innermost(loop *ir.For) bool { return !slices.ContainsFunc(loop.Body, isLoop) }

func same(column []ir.Stmt, equal func(ir.Stmt) bool) bool {
	for _, s := range column[1:] {
		if !equal(s) {
			return false
		}
	}
	return true
}

func parts(column []ir.Stmt, part func(ir.Stmt) []ir.Stmt) [][]ir.Stmt {
	out := make([][]ir.Stmt, len(column))
	for i, s := range column {
		out[i] = part(s)
	}
	return out
}

func sameCond(a, b ir.Cond) bool {
	x, ok := a.(*ir.Compare)
	y, ok2 := b.(*ir.Compare)
	return ok && ok2 && x.Op == y.Op && ir.Same(x.X, y.X) && ir.Same(x.Y, y.Y)
}
