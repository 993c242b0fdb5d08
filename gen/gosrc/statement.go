package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// statements writes a block.
func (e *emitter) statements(body []ir.Stmt) {
	uses := e.uses(body)
	e.placeNodes(body, uses)
	views := e.plan(body, uses)
	for i := 0; i < len(body); {
		for _, w := range views {
			if w.stmt == i {
				e.open(w.view)
			}
		}
		n := e.statement(body[i], body[i+1:])
		if _, ok := body[i].(*ir.Let); ok {
			for len(uses) > 0 && uses[0].stmt <= i {
				uses = uses[1:]
			}
			e.placeNodes(body[i+1:], uses)
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
		e.put(plain, jen.Add(e.place(e.addressOf(s.Buf, s.At), false).code).Op("=").Add(rounded(s.Buf.Type, value).code))
	}
	return 1
}

func (e *emitter) branch(s *ir.If) {
	cond := e.cond(s.Cond)
	side := func(c ir.Cond, body []ir.Stmt) []jen.Code {
		return e.block(func() {
			e.scope.facts = e.scope.facts.WithCond(c)
			e.statements(body)
		})
	}
	then, other := side(s.Cond, s.Then), side(negation(s.Cond), s.Else)
	code := jen.If(cond.code).Block(then...)
	if len(other) > 0 {
		code = code.Else().Block(other...)
	}
	e.note(s.Note)
	e.put(nested, code)
}
