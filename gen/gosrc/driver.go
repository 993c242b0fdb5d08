package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// driverDecl writes the body of a program as a function: sizes, workers, buffers. Functions of the program are called by the
// names that funcName gives; those in assembly take pointers to the tensors, others slices. A parallel loop becomes a call of
// run(workers, tasks int, task func(int)), which the file of the API has.
func driverDecl(p *ir.Program, name string, funcName func(*ir.Func) string, asm bool, h *helpers) *jen.Statement {
	called := make([]string, len(p.Funcs))
	for i, f := range p.Funcs {
		called[i] = funcName(f)
	}
	e := newEmitter(p.Type, newNames(called), h)
	workers := e.names.get("workers")
	var list []parameter
	for _, size := range p.Sizes {
		list = append(list, parameter{e.bind(size), jen.Int()})
		e.scope.natural[ir.Var(size)] = true
		e.scope.facts = e.scope.facts.With(ir.Minus(ir.Var(size), ir.Int(1))) // the API refuses others
	}
	list = append(list, parameter{workers, jen.Int()})
	var temps []*ir.Buffer
	for _, b := range p.Buffers {
		if b.Role == ir.Temp {
			temps = append(temps, b)
			continue
		}
		list = append(list, parameter{e.names.get(b.Name), sliceOf(b)})
	}
	e.call = func(c *ir.Call) { e.calling(c, funcName(c.Func), asm) }
	statements := constants(p)
	if !asm {
		statements = aligned(statements)
	}
	body := e.block(func() { e.driver(prune(statements, temps...), temps, workers) })
	return docComment(name, driverDoc(p)).Add(jen.Func().Id(name).Add(params(list)).Block(body...))
}

// driverDoc says what a driver computes.
func driverDoc(p *ir.Program) string {
	return p.Name + " of " + p.Type.String() + " on the target " + p.Target + "; the caller has checked the arguments"
}

// constants is the body with the sizes that are fixed in place of their names.
func constants(p *ir.Program) []ir.Stmt {
	fixed := map[ir.Var]ir.Index{}
	for _, c := range p.Consts {
		fixed[ir.Var(c.Name)] = ir.Int(c.Value)
	}
	return ir.Substitute(fixed).OfStmts(p.Body)
}

// driver writes the statements of the body; temporaries are made before the first that is no let.
func (e *emitter) driver(body []ir.Stmt, temps []*ir.Buffer, workers string) {
	for i, s := range body {
		if _, ok := s.(*ir.Let); !ok && temps != nil {
			for _, b := range temps {
				e.allocMemory(b)
			}
			temps = nil
		}
		if f, ok := s.(*ir.For); ok && f.Parallel {
			e.parallel(f, workers)
			continue
		}
		e.statement(s, body[i+1:])
	}
}

// parallel writes a loop whose iterations are the tasks of workers.
func (e *emitter) parallel(s *ir.For, workers string) {
	v := ir.Var(s.Var)
	tasks := ir.Facts(nil).Simplify(ir.Minus(s.Hi, s.Lo))
	if s.Step > 1 {
		tasks = ir.Quo(ir.Facts(nil).Simplify(ir.Plus(tasks, ir.Int(s.Step-1))), ir.Int(s.Step))
	}
	count := e.index(tasks)
	var param string
	body := e.block(func() {
		if s.Lo == ir.Index(ir.Int(0)) && s.Step == 1 {
			param = e.bind(s.Var)
		} else {
			param = e.names.make("task")
			first := e.index(s.Lo)
			step := e.use(param)
			if s.Step > 1 {
				step = infix("*", precProduct, step, intLit(s.Step))
			}
			e.scope.vars[v] = true
			e.declare(define, e.names.get(s.Var), func() *jen.Statement { return infix("+", precSum, first, step).code })
		}
		e.learnLoop(s)
		e.statements(s.Body)
	})
	if e.mentions[param] == 0 {
		param = "_"
	}
	e.note(s.Note)
	e.put(nested, jen.Id("run").Call(jen.Id(workers), count.code, jen.Func().Params(jen.Id(param).Int()).Block(body...)))
}

// calling writes a call of a function of the program.
func (e *emitter) calling(c *ir.Call, name string, asm bool) {
	var args []word
	for _, b := range c.Func.Buffers {
		x := e.use(e.names.get(b.Name))
		if asm && len(b.Dims) > 0 {
			x = operand{code: jen.Op("&").Add(element(x, intLit(0)).code), prec: precUnary}
		}
		args = append(args, argument(x))
	}
	for _, x := range c.Args {
		args = append(args, argument(e.index(x)))
	}
	e.put(plain, jen.Id(name).Add(wrapped(args)))
}
