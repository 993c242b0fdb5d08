package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// loop writes a sequential loop, in an if with the views that need it to run.
func (e *emitter) loop(s *ir.For) {
	counted, ahead := e.ahead(s)
	if len(ahead) == 0 {
		e.placeBases(s)
		e.plainLoop(s, "")
		return
	}
	runs := infix("<", precCompare, e.index(s.Lo), e.index(s.Hi))
	if s.Lo == ir.Index(ir.Int(0)) {
		runs = infix(">", precCompare, e.index(s.Hi), intLit(0))
	}
	inside := e.block(func() {
		e.scope.facts = e.scope.facts.With(ir.Minus(counted.Hi, ir.Int(1)))
		head := ""
		for _, w := range ahead {
			w.head = head
			if name := e.open(w.view); head == "" {
				head = name // the stretches come first; the others have the length of this one
			}
		}
		c := *counted
		c.Note = ""
		e.placeBases(&c)
		e.plainLoop(&c, head)
	})
	e.note(s.Note)
	e.put(nested, jen.If(runs.code).Block(inside...))
}

// ahead returns a loop, counted from 0 if that gives it views to be taken ahead of it, and these views.
func (e *emitter) ahead(s *ir.For) (*ir.For, []*wish) {
	if s.Lo == ir.Index(ir.Int(0)) {
		return s, e.stretches(s)
	}
	if _, constant := constantRange(s); constant || hasLoop(s.Body) {
		return s, nil
	}
	c := *s
	c.Lo, c.Hi = ir.Int(0), ir.Facts(nil).Simplify(ir.Minus(s.Hi, s.Lo))
	shift := ir.Substitute(map[ir.Var]ir.Index{ir.Var(s.Var): ir.Facts(nil).Simplify(ir.Plus(ir.Var(s.Var), s.Lo))})
	c.Body = shift.OfStmts(s.Body)
	return &c, e.stretches(&c)
}

// plainLoop writes a loop. With a head it runs over the elements of that view.
func (e *emitter) plainLoop(s *ir.For, head string) {
	lo, hi := e.index(s.Lo), e.index(s.Hi)
	var v string
	e.loops++
	body := e.block(func() {
		v = e.bind(s.Var)
		e.learnLoop(s)
		e.statements(s.Body)
	})
	e.loops--
	over := hi // what a loop of step 1 from 0 ranges over
	if head != "" {
		over = e.use(head)
	}
	var header *jen.Statement
	switch {
	case s.Lo != ir.Index(ir.Int(0)) || s.Step != 1:
		header = e.counted(s, v, lo, hi, head)
	case e.mentions[v] == 0:
		header = jen.For(jen.Range().Add(over.code))
	default:
		header = jen.For(jen.Id(v).Op(":=").Range().Add(over.code))
	}
	e.note(s.Note)
	e.put(nested, header.Block(body...))
}

// counted is the header of a loop in three parts. With a head it ends where too few elements of that view are left for a step, a
// form from which the compiler knows that all of the step are there.
func (e *emitter) counted(s *ir.For, v string, lo, hi operand, head string) *jen.Statement {
	limit := hi
	if head != "" {
		limit = infix("-", precSum, apply(jen.Id("len"), e.use(head)), intLit(s.Step-1))
	}
	step := jen.Id(v).Op("++")
	if s.Step != 1 {
		step = jen.Id(v).Op("+=").Lit(int(s.Step))
	}
	return jen.For(jen.Id(v).Op(":=").Add(lo.code), jen.Id(v).Op("<").Add(limit.in(precCompare+1)), step)
}
