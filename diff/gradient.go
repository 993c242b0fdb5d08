package diff

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// pass is one derivation.
type pass struct {
	kernel   *ir.Kernel
	request  Request
	relation *relation
	count    int         // of variables
	stages   []*ir.Stage // of the kernel, with variables of their own
	defs     []definition
	products []definition

	active        map[*ir.Buffer]bool // depends on what is differentiated by
	contributions map[*ir.Buffer][]contribution
	of            map[*ir.Buffer]*gradient // by the buffer whose gradient it is
	gradients     map[*ir.Buffer]*gradient // by the buffer that holds it
	seeds         map[*ir.Buffer]*ir.Buffer
	derived       []*ir.Stage // the stages of gradients, in order
}

// gradient is a gradient that has been derived. It is the negative of what buf holds where negative is set.
type gradient struct {
	buf      *ir.Buffer
	axes     []ir.Axis
	negative bool
	single   *term    // what buf holds, where it is one product
	copied   *ir.Load // what stands in the place of a gradient that is only a copy
}

// Gradient derives the gradients that a request asks for. The buffers of the kernel that it returns are: the gradients, in the order
// asked for, that of a scalar with one element; of the inputs of k those that it reads, then the outputs that are given, then the gradients that arrive, then tables,
// then scalars. Each is there only if it is read.
//
// It returns an error, which names the stage, for what it cannot differentiate or turn round.
func Gradient(k *ir.Kernel, r Request) (g *ir.Kernel, err error) {
	defer func() {
		if e := recover(); e != nil {
			why, ok := e.(refusal)
			if !ok {
				panic(e)
			}
			g, err = nil, fmt.Errorf("gradient of %s: %w", k.Name, why.error)
		}
	}()
	if err := k.Verify(); err != nil {
		return nil, fmt.Errorf("gradient of %s: %w", k.Name, err)
	}
	r.check(k)
	p := &pass{
		kernel: k, request: r, relation: relate(k, r.Tables),
		active: map[*ir.Buffer]bool{}, contributions: map[*ir.Buffer][]contribution{},
		of: map[*ir.Buffer]*gradient{}, gradients: map[*ir.Buffer]*gradient{}, seeds: map[*ir.Buffer]*ir.Buffer{},
	}
	p.activate()
	given := map[*ir.Buffer]bool{}
	for _, name := range r.Given {
		given[k.Buffer(name)] = true
	}
	p.definitions(given)
	for _, name := range r.Seeds {
		b := k.Buffer(name)
		p.seeds[b] = p.newBuffer(b, b.Type, ir.In)
	}
	for _, s := range slices.Backward(p.stages) {
		p.derive(s)
	}
	for _, name := range r.WRT {
		p.deriveInput(k.Buffer(name))
	}
	g = p.assemble(given)
	if err := g.Verify(); err != nil {
		return nil, fmt.Errorf("gradient of %s: %w", k.Name, err)
	}
	return g, nil
}

// activate finds what depends on the inputs that are differentiated by.
func (p *pass) activate() {
	for _, name := range p.request.WRT {
		p.active[p.kernel.Buffer(name)] = true
	}
	for _, s := range p.kernel.Stages {
		f := p.freshStage(s)
		p.stages = append(p.stages, f)
		p.active[s.Out] = p.depends(f.Value) && !slices.Contains(p.request.Hold, s.Out.Name)
	}
}

// newBuffer is a buffer for the gradient of b. Its name is one of its own until the kernel is assembled, as gradients may be given
// the names of what they replace.
func (p *pass) newBuffer(b *ir.Buffer, t ir.Type, role ir.Role) *ir.Buffer {
	name := p.request.Names[b.Name]
	if name == "" {
		name = "d" + b.Name
	}
	return &ir.Buffer{Name: string(p.unique(name)), Type: t, Role: role, Space: ir.Memory, Dims: b.Dims}
}

// derive adds the gradient of what a stage defines, and passes it on to what the stage loads.
func (p *pass) derive(s *ir.Stage) {
	b := s.Out
	if !p.active[b] || len(p.contributions[b]) == 0 && p.seeds[b] == nil {
		return
	}
	original := p.kernel.Stages[slices.Index(p.stages, s)]
	terms := p.terms(b, original.Axes, original.Where)
	if len(terms) == 0 {
		return
	}
	g := &gradient{axes: original.Axes}
	p.of[b] = g
	if t := terms[0]; len(terms) == 1 && len(t.sums)+len(t.guards) == 0 && len(t.factors) == 1 {
		if l, ok := t.factors[0].(*ir.Load); ok {
			g.copied, g.negative = l, t.negative
		}
	}
	if g.copied == nil {
		g.buf = p.newBuffer(b, p.kernel.Type, ir.Temp)
		p.gradients[g.buf] = g
		value, negative := p.render(terms, lastOf(g.axes))
		g.negative = negative
		if len(terms) == 1 {
			terms[0].negative = false
			g.single = &terms[0]
		}
		p.derived = append(p.derived, &ir.Stage{Out: g.buf, Axes: g.axes, Where: original.Where, Value: value})
	}

	arriving := term{negative: g.negative, guards: guardsOf(s.Where)}
	vars := map[ir.Var]ir.Index{}
	for n, a := range s.Axes {
		arriving.sums = append(arriving.sums, sum{ir.Var(a.Name), a.Extent})
		vars[ir.Var(g.axes[n].Name)] = ir.Var(a.Name)
	}
	arriving.factors = []ir.Expr{ir.Substitute(vars).OfExpr(g.load())}
	p.spread(s, s.Value, arriving, true)
}

// load reads the gradient, at its axes.
func (g *gradient) load() ir.Expr {
	if g.copied != nil {
		return g.copied
	}
	return loadAt(g.buf, g.axes)
}

func loadAt(b *ir.Buffer, axes []ir.Axis) ir.Expr {
	l := &ir.Load{Buf: b}
	for _, a := range axes {
		l.At = append(l.At, ir.Var(a.Name))
	}
	return l
}

func lastOf(axes []ir.Axis) ir.Var {
	if len(axes) == 0 {
		return ""
	}
	return ir.Var(axes[len(axes)-1].Name)
}

// deriveInput adds the gradient of an input.
func (p *pass) deriveInput(b *ir.Buffer) {
	g := &gradient{buf: p.newBuffer(b, b.Type, ir.Out), axes: p.axesFor(b)}
	if len(b.Dims) == 0 { // an output is an array
		g.buf.Dims, g.axes = []ir.Index{ir.Int(1)}, []ir.Axis{{Name: "x0", Extent: ir.Int(1)}}
	}
	p.of[b] = g
	value, negative := p.render(p.terms(b, g.axes, nil), lastOf(g.axes))
	if negative {
		value = &ir.Unary{Op: ir.Neg, X: value}
	}
	p.derived = append(p.derived, &ir.Stage{Out: g.buf, Axes: g.axes, Value: value})
}

// axesFor names the axes of an input as the kernel names loops of that extent.
func (p *pass) axesFor(b *ir.Buffer) (axes []ir.Axis) {
	var loops []ir.Axis
	for _, s := range p.kernel.Stages {
		loops = append(loops, s.Axes...)
		ir.EachPart(s.Value, func(e ir.Expr) {
			if r, ok := e.(*ir.Reduce); ok {
				loops = append(loops, ir.Axis{Name: r.Axis, Extent: r.Extent})
			}
		})
	}
	for n, d := range b.Dims {
		name := fmt.Sprintf("x%d", n)
		for _, l := range loops {
			if ir.Same(l.Extent, d) && !slices.ContainsFunc(axes, func(a ir.Axis) bool { return a.Name == l.Name }) {
				name = l.Name
				break
			}
		}
		axes = append(axes, ir.Axis{Name: name, Extent: d})
	}
	return axes
}

// terms is what adds up to the gradient of b.
func (p *pass) terms(b *ir.Buffer, axes []ir.Axis, where ir.Cond) (terms []term) {
	facts := ir.Facts(nil).WithCond(where)
	for _, a := range axes {
		facts = within(facts, ir.Var(a.Name), a.Extent)
	}
	if s := p.seeds[b]; s != nil {
		terms = append(terms, term{factors: []ir.Expr{loadAt(s, axes)}})
	}
	for _, c := range p.contributions[b] {
		t, ok := p.normal(p.invert(c, b, axes))
		if ok {
			t, ok = prune(t, facts)
		}
		if ok {
			t, _ = prune(p.fold(t, facts), facts)
			terms = append(terms, t)
		}
	}
	return terms
}

// within adds that 0 <= v < extent.
func within(f ir.Facts, v ir.Var, extent ir.Index) ir.Facts {
	return f.With(v).With(ir.Minus(ir.Minus(extent, v), ir.Int(1)))
}

// prune drops guards that always hold, and reports whether there is an element for which all may hold.
func prune(t term, facts ir.Facts) (term, bool) {
	for _, s := range t.sums {
		facts = within(facts, s.axis, s.extent)
	}
	seen := map[string]bool{}
	guards := t.guards
	t.guards = nil
	for _, g := range guards {
		known := facts.Decide(g.cond)
		if g.fails {
			known = -known
		}
		if known < 0 {
			return t, false
		}
		if key := g.String(); known == 0 && !seen[key] {
			seen[key] = true
			t.guards = append(t.guards, g)
		}
	}
	return t, true
}
