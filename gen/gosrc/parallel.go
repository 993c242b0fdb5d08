package gosrc

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// parallel writes a loop whose iterations are the tasks of workers: a function that does one of them, and a call of run. What tasks share
// is a value that run keeps for later calls, where a closure would be allocated anew in every one:
//
//	type scaleF32GoCall struct {
//		n    int
//		z, x []float32
//	}
//
//	var scaleF32GoIdle sync.Pool
//
//	func scaleF32GoTask(call *scaleF32GoCall, i int) {
//		n := call.n
//		z, x := call.z, call.x
//		...
//	}
//
//	run(&scaleF32GoIdle, workers, done, n, scaleF32GoCall{n, z, x}, scaleF32GoTask)
func (d *driver) parallel(s *ir.For) {
	d.parallels++
	name := func(what string) string {
		if d.parallels == 1 {
			return d.name + what
		}
		return fmt.Sprint(d.name, what, d.parallels)
	}
	tasks := ir.Facts(nil).Simplify(ir.Minus(s.Hi, s.Lo))
	if s.Step > 1 {
		tasks = ir.Quo(ir.Facts(nil).Simplify(ir.Plus(tasks, ir.Int(s.Step-1))), ir.Int(s.Step))
	}
	count := d.index(tasks)
	known, from := d.known(), len(d.log)
	call := d.names.make("call")
	number, body := d.task(s)
	groups := byType(d.mentioned(known, from))

	var fields, unpacked []jen.Code
	var values []word
	for _, list := range groups {
		var names, members []jen.Code
		for _, p := range list {
			names, members = append(names, jen.Id(p.name)), append(members, jen.Id(call).Dot(p.name))
			values = append(values, argument(ident(p.name)))
		}
		fields = append(fields, jen.List(names...).Id(list[0].typ))
		unpacked = append(unpacked, jen.List(names...).Op(":=").List(members...))
	}
	if len(unpacked) == 0 {
		call = "_"
	}
	add := func(what, is string, decl *jen.Statement) {
		d.add(name(what), jen.Add(comment(name(what)+" "+is)).Line().Add(decl))
	}
	add("Call", "is what the tasks of a call share.", jen.Type().Id(name("Call")).Struct(fields...))
	add("Idle", "has what earlier calls have left.", jen.Var().Id(name("Idle")).Add(d.helpers.qual("sync", "Pool")))
	add("Task", "does one task of a call.", jen.Func().Id(name("Task")).
		Params(jen.Id(call).Op("*").Id(name("Call")), jen.Id(number).Int()).Block(append(unpacked, body...)...))
	d.note(s.Note)
	d.put(nested, jen.Id("run").Add(wrapped([]word{
		argument(operand{code: jen.Op("&").Id(name("Idle"))}), argument(ident(d.workers)), argument(ident(d.done)), argument(count),
		argument(operand{code: jen.Id(name("Call")).Add(jen.Values(lines(values)...))}), argument(ident(name("Task"))),
	})))
}

// task writes the body of the function that does a task, and returns the parameter that has the task's number.
func (d *driver) task(s *ir.For) (number string, body []jen.Code) {
	body = d.block(func() {
		if s.Lo == ir.Index(ir.Int(0)) && s.Step == 1 {
			number = d.bind(s.Var)
		} else {
			number = d.names.make("task")
			first := d.index(s.Lo)
			step := d.use(number)
			if s.Step > 1 {
				step = infix("*", precProduct, step, intLit(s.Step))
			}
			d.scope.vars[ir.Var(s.Var)] = true
			d.declare(define, d.names.get(s.Var), func() *jen.Statement { return infix("+", precSum, first, step).code })
		}
		d.learnLoop(s)
		var arrays []*ir.Buffer
		body := s.Body
		for len(body) > 0 {
			a, ok := body[0].(*ir.Alloc)
			if !ok {
				break
			}
			arrays, body = append(arrays, a.Buf), body[1:]
		}
		giveBack := d.allocAll(fmt.Sprint("Task", d.parallels), arrays)
		d.statements(body)
		giveBack()
	})
	if d.mentions[number] == 0 {
		number = "_"
	}
	return number, body
}

// known are the variables that tasks may share, by name, and how often they have been mentioned.
func (d *driver) known() map[string]shared {
	known := map[string]shared{}
	add := func(p parameter) { known[p.name] = shared{p, d.mentions[p.name]} }
	for v := range d.scope.vars {
		add(parameter{d.names.get(string(v)), "int"})
	}
	for _, name := range d.scope.picks {
		add(parameter{name, "int"})
	}
	for _, p := range d.tensors {
		add(p)
	}
	return known
}

// shared is a variable of a driver that its tasks may share.
type shared struct {
	parameter
	mentions int
}

// mentioned are the known variables that have been mentioned since, in order.
func (d *driver) mentioned(known map[string]shared, from int) (list []parameter) {
	for _, name := range d.log[from:] {
		if p, ok := known[name]; ok && d.mentions[name] > p.mentions {
			list = append(list, p.parameter)
			delete(known, name)
		}
	}
	return list
}

// byType groups parameters by their type, in the order of their first.
func byType(list []parameter) (groups [][]parameter) {
	for _, p := range list {
		i := slices.IndexFunc(groups, func(g []parameter) bool { return g[0].typ == p.typ })
		if i < 0 {
			i = len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	return groups
}
