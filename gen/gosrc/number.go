package gosrc

import (
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// base is an element number without what a loop variable adds, computed before the loop: number = base + v*coef.
type base struct {
	name string
	poly ir.Poly
	v    ir.Var
	coef ir.Poly
}

// stride is a variable that holds what a loop variable is multiplied by.
type stride struct {
	name string
	key  string
}

// node is a variable that holds a subscript that occurs more than once.
type node struct {
	name string
	poly ir.Poly
}

// number writes the number of an element: from a base where there is one, else linearised over the dimensions.
func (e *emitter) number(a *address) operand {
	for i := len(e.scope.bases) - 1; i >= 0; i-- {
		b := e.scope.bases[i]
		rest := sub(sub(a.poly, b.poly), ir.PolyOf(ir.Times(b.v, b.coef.Index())))
		if !rest.IsConst() {
			continue
		}
		sign, coef := "+", b.coef
		if coef.IsConst() && coef.Const < 0 {
			sign, coef.Const = "-", -coef.Const
		}
		step := e.index(b.v)
		if !coef.IsConst() || coef.Const != 1 {
			step = infix("*", precProduct, step, e.stride(coef))
		}
		n := infix(sign, precSum, e.use(b.name), step)
		switch {
		case rest.Const > 0:
			n = infix("+", precSum, n, intLit(rest.Const))
		case rest.Const < 0:
			n = infix("-", precSum, n, intLit(-rest.Const))
		}
		return n
	}
	return e.index(plus(e.rowStart(a), a.last))
}

// rowStart is the number of the first element of the row, with the first subscript from a node where there is one.
func (e *emitter) rowStart(a *address) ir.Index {
	if len(a.at) < 2 {
		return a.start
	}
	for _, n := range e.scope.nodes {
		if d := sub(a.node, n.poly); d.IsConst() {
			at := slices.Clone(a.at)
			at[0] = plus(nodeVar(n.name), ir.Int(d.Const))
			return rowStart(a.buf, at)
		}
	}
	return a.start
}

// nodeVar is a node as a variable of an index expression. The dot keeps it apart from the names of the IR.
func nodeVar(name string) ir.Var { return ir.Var("." + name) }

// stride writes a coefficient: a constant, a variable of the IR, or a variable that holds it.
func (e *emitter) stride(coef ir.Poly) operand {
	k := coef.Key()
	for _, s := range e.scope.strides {
		if s.key == k {
			return e.use(s.name)
		}
	}
	return e.index(coef.Index())
}

// placeNodes declares a variable for each sum that is the first subscript of several accesses of the block, its uses.
func (e *emitter) placeNodes(body []ir.Stmt, uses []use) {
	if e.inLoop(body) { // what a loop needs in each iteration is the business of its bases
		return
	}
	count := map[string]int{}
	var sums []ir.Poly
	for _, u := range uses {
		if len(u.at) < 2 {
			continue
		}
		p := u.node
		p.Const = 0
		if len(p.Terms) < 2 || !affine(p) || !e.visible(p) || e.isNode(p) {
			continue
		}
		k := p.Key()
		if count[k] == 0 {
			sums = append(sums, p)
		}
		count[k]++
	}
	for _, p := range sums {
		if count[p.Key()] < 2 {
			continue
		}
		name := e.names.make("node")
		e.declare(place, name, func() *jen.Statement { return e.index(p.Index()).code })
		e.names.of[string(nodeVar(name))] = name
		e.scope.vars[nodeVar(name)] = true
		e.scope.nodes = append(e.scope.nodes, node{name, p})
	}
}

func (e *emitter) isNode(p ir.Poly) bool {
	for _, n := range e.scope.nodes {
		if sub(p, n.poly).IsConst() {
			return true
		}
	}
	return false
}

// visible reports whether all variables of p are in scope.
func (e *emitter) visible(p ir.Poly) bool {
	for _, t := range p.Terms {
		for k := range t.Degree() {
			if v, ok := t.Atom(k).(ir.Var); ok && !e.scope.vars[v] {
				return false
			}
		}
	}
	return true
}

// placeBases declares, before a loop without loops in it that loads from memory, what the element numbers in its body have in
// common for all iterations.
func (e *emitter) placeBases(s *ir.For) {
	if hasLoop(s.Body) {
		return
	}
	v := ir.Var(s.Var)
	all := e.uses(s.Body)
	loads := false
	for _, u := range all {
		loads = loads || u.load || u.buf.Role == ir.In
	}
	if !loads {
		return
	}
	if r, ok := constantRange(s); ok {
		e.scope.ranges[v] = r
		defer delete(e.scope.ranges, v)
	}
	for _, u := range all {
		if found, _ := e.find(u.address, u.width, u.load); found != nil || len(u.inner) > 0 {
			continue
		}
		a := *u.address
		if _, constant := rowLength(a.buf).(ir.Int); constant {
			a.last = ir.Int(0) // the body takes the row as a whole
			a.poly = a.row
		}
		e.placeBase(&a, v)
	}
}

func (e *emitter) placeBase(a *address, v ir.Var) {
	coef, ok := a.poly.Coef(v)
	if !ok || coef.IsConst() && coef.Const == 0 {
		return
	}
	rest := sub(a.poly, ir.PolyOf(ir.Times(v, coef.Index())))
	if !e.visible(rest) || len(rest.Terms) == 0 || len(rest.Terms) == 1 && rest.Terms[0].Degree() == 1 && rest.Terms[0].Coef == 1 {
		return
	}
	for _, b := range e.scope.bases {
		if b.v == v && sub(b.poly, rest).IsConst() {
			return
		}
	}
	zero := ir.Substitute(map[ir.Var]ir.Index{v: ir.Int(0)})
	at := make([]ir.Index, len(a.at))
	for k, x := range a.at {
		at[k] = ir.Facts(nil).Simplify(zero.OfIndex(x))
	}
	at[len(at)-1] = ir.Facts(nil).Simplify(zero.OfIndex(a.last))
	name := e.names.make(a.buf.Name + "Base")
	e.declare(place, name, func() *jen.Statement { return e.number(newAddress(a.buf, at)).code })
	e.scope.bases = append(e.scope.bases, base{name, rest, v, coef})
	e.placeStride(a.buf, coef)
}

func (e *emitter) placeStride(b *ir.Buffer, coef ir.Poly) {
	if coef.IsConst() || len(coef.Terms) == 1 && coef.Terms[0].Degree() == 1 && coef.Terms[0].Coef == 1 {
		return
	}
	k := coef.Key()
	for _, s := range e.scope.strides {
		if s.key == k {
			return
		}
	}
	name := e.names.make(b.Name + "Step")
	e.declare(place, name, func() *jen.Statement { return e.index(coef.Index()).code })
	e.scope.strides = append(e.scope.strides, stride{name, k})
}
