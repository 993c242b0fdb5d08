package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// statements writes a block.
func (e *emitter) statements(body []ir.Stmt) {
	e.placeNodes(body)
	views := e.plan(body)
	for i := 0; i < len(body); {
		for _, w := range views {
			if w.stmt == i {
				e.open(w.view)
			}
		}
		n := e.statement(body[i], body[i+1:])
		if _, ok := body[i].(*ir.Let); ok {
			e.placeNodes(body[i+1:])
		}
		i += n
	}
}

// statement writes one statement, or a run of stores that become one declaration, and returns how many it wrote.
func (e *emitter) statement(s ir.Stmt, rest []ir.Stmt) int {
	switch s := s.(type) {
	case *ir.Let:
		e.let(s)
	case *ir.LetMask:
		name := e.names.get(s.Name)
		e.declare(define, name, func() *jen.Statement { return e.index(s.Count).code })
	case *ir.Alloc:
		e.alloc(s.Buf, rest)
	case *ir.Store:
		return e.store(s, rest)
	case *ir.If:
		e.branch(s)
	case *ir.For:
		e.loop(s)
	case *ir.Call:
		if e.call == nil {
			fail("got a call in a function, want it in the driver")
		}
		e.call(s)
	default:
		fail("got %T, want a statement that is scheduled", s)
	}
	return 1
}

func (e *emitter) let(s *ir.Let) {
	value := s.Value
	name := e.names.get(s.Var)
	if p, ok := value.(*ir.Pick); ok {
		e.pickInto(name, p)
	} else {
		e.declare(define, name, func() *jen.Statement { return e.index(value).code })
	}
	e.bindLet(s, name)
}

func (e *emitter) bindLet(s *ir.Let, name string) {
	e.scope.vars[ir.Var(s.Var)] = true
	e.learn(ir.Var(s.Var), s.Value)
}

func (e *emitter) store(s *ir.Store, rest []ir.Stmt) int {
	switch {
	case s.Buf.Space == ir.Register:
		return e.storeRegister(s, rest)
	case s.Value.Lanes() > 1:
		e.storeLanes(s)
	default:
		value := e.scalar(s.Value)
		e.put(plain, jen.Add(e.place(newAddress(s.Buf, s.At), false).code).Op("=").Add(value.code))
	}
	return 1
}

func (e *emitter) branch(s *ir.If) {
	cond := e.cond(s.Cond)
	e.note(s.Note)
	note := e.comment
	e.comment = ""
	side := func(c ir.Cond, body []ir.Stmt) []jen.Code {
		return e.block(func() {
			e.scope.facts = e.scope.facts.WithCond(c)
			e.statements(body)
		})
	}
	then, other := side(s.Cond, s.Then), side(negation(s.Cond), s.Else)
	e.comment = note
	code := jen.If(cond.code).Block(then...)
	if len(other) > 0 {
		code = code.Else().Block(other...)
	}
	e.put(nested, code)
}

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
			if w.kind == stretch {
				w.head = head
				head = e.openStretch(w, head)
			} else {
				e.open(w.view)
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

// openStretch opens a view of a loop; the first of them gives its name to the length of the others.
func (e *emitter) openStretch(w *wish, head string) string {
	name := e.open(w.view)
	if head != "" {
		return head
	}
	return name
}

// plainLoop writes a loop. With a head it runs over the elements of that view.
func (e *emitter) plainLoop(s *ir.For, head string) {
	note := CommentText(s.Note)
	lo, hi := e.index(s.Lo), e.index(s.Hi)
	var v string
	e.loops++
	body := e.block(func() {
		v = e.bind(s.Var)
		e.learnLoop(s)
		e.statements(s.Body)
	})
	e.loops--
	var header *jen.Statement
	switch {
	case head != "" && s.Step == 1:
		header = jen.For(jen.Id(v).Op(":=").Range().Add(e.use(head).code))
	case s.Lo == ir.Index(ir.Int(0)) && s.Step == 1 && e.mentions[v] == 0:
		header = jen.For(jen.Range().Add(hi.code))
	case s.Lo == ir.Index(ir.Int(0)) && s.Step == 1:
		header = jen.For(jen.Id(v).Op(":=").Range().Add(hi.code))
	default:
		limit := hi
		if head != "" {
			limit = infix("-", precSum, operand{code: jen.Len(e.use(head).code), prec: precOperand}, intLit(s.Step-1))
		}
		step := jen.Id(v).Op("++")
		if s.Step != 1 {
			step = jen.Id(v).Op("+=").Lit(int(s.Step))
		}
		header = jen.For(jen.Id(v).Op(":=").Add(lo.code), jen.Id(v).Op("<").Add(limit.in(precCompare+1)), step)
	}
	e.comment = note
	e.put(nested, header.Block(body...))
}
