package gosrc

import (
	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// driver adds the body of a program as a function: sizes, workers, buffers. Functions of the program are called by the names that
// funcName gives; those in assembly take pointers to the tensors, others slices. A parallel loop becomes a call of run, which the file of
// the API has.
func (s *source) driver(p *ir.Program, name string, funcName func(*ir.Func) string, asm bool) {
	called := make([]string, len(p.Funcs))
	for i, f := range p.Funcs {
		called[i] = funcName(f)
	}
	e := newEmitter(p.Type, newNames(called), s.helpers)
	d := &driver{emitter: e, name: name, add: s.add, workers: e.names.get("workers"), done: e.names.get("done")}
	var list []parameter
	for _, size := range p.Sizes {
		list = append(list, parameter{e.bind(size), "int"})
		e.scope.natural[ir.Var(size)] = true
		e.scope.facts = e.scope.facts.With(ir.Minus(ir.Var(size), ir.Int(1))) // the API refuses others
	}
	list = append(list, parameter{d.workers, "int"}, parameter{d.done, "<-chan struct{}"})
	for _, b := range p.Buffers {
		if b.Role == ir.Temp {
			d.temps = append(d.temps, b)
		} else {
			list = append(list, parameter{e.names.get(b.Name), sliceOf(b)})
		}
		d.tensors = append(d.tensors, parameter{e.names.get(b.Name), sliceOf(b)})
	}
	e.call = func(c *ir.Call) { e.calling(c, funcName(c.Func), asm) }
	statements := constants(p)
	if !asm {
		statements = portable(statements)
	}
	body := e.block(func() { d.body(prune(statements, d.temps...)) })
	s.add(name, docComment(name, driverDoc(p)).Add(jen.Func().Id(name).Add(params(list)).Block(body...)))
}

// driver writes the driver of a program.
type driver struct {
	*emitter
	name          string
	add           func(name string, decl jen.Code) // another declaration of the file
	workers, done string
	tensors       []parameter // and scalars
	temps         []*ir.Buffer
	parallels     int // loops that are
}

// driverDoc says what a driver computes.
func driverDoc(p *ir.Program) string {
	return p.Name + " of " + p.Storage().String() + " on the target " + p.Target + "; the caller has checked the arguments"
}

// constants is the body with the sizes that are fixed in place of their names.
func constants(p *ir.Program) []ir.Stmt {
	fixed := map[ir.Var]ir.Index{}
	for _, c := range p.Consts {
		fixed[ir.Var(c.Name)] = ir.Int(c.Value)
	}
	return ir.Substitute(fixed).OfStmts(p.Body)
}

// body writes the statements of the body; temporaries are made before the first that is no let.
func (d *driver) body(body []ir.Stmt) {
	temps, giveBack := d.temps, func() {}
	for i, s := range body {
		if _, ok := s.(*ir.Let); !ok && temps != nil {
			giveBack = d.allocAll("", temps)
			temps = nil
		}
		if f, ok := s.(*ir.For); ok && f.Parallel {
			d.parallel(f)
			continue
		}
		d.statement(s, body[i+1:])
	}
	giveBack()
}

// calling writes a call of a function of the program.
func (e *emitter) calling(c *ir.Call, name string, asm bool) {
	var args []word
	for _, b := range c.Func.Buffers {
		x := e.use(e.names.get(b.Name))
		switch {
		case asm && b.Type == ir.I32: // a graph may have no edges
			x = apply(e.helpers.qual("unsafe", "SliceData"), x)
		case asm && len(b.Dims) > 0:
			x = operand{code: jen.Op("&").Add(element(x, intLit(0)).code), prec: precUnary, width: x.width + len("&[0]")}
		}
		args = append(args, argument(x))
	}
	for _, x := range c.Args {
		args = append(args, argument(e.index(x)))
	}
	e.put(plain, jen.Id(name).Add(wrapped(args)))
}
