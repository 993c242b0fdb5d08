package diff

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// assemble makes a kernel of the derived stages and of those of the forward kernel whose values they read.
func (p *pass) assemble(given map[*ir.Buffer]bool) *ir.Kernel {
	again := p.again(given)
	stages := slices.Concat(again, p.derived)
	reads := readBy(stages)

	g := &ir.Kernel{Name: p.request.Kernel, Type: p.kernel.Type, Graph: p.kernel.Graph, Consts: p.kernel.Consts}
	buffers := map[*ir.Buffer]*ir.Buffer{}
	declare := func(b *ir.Buffer, role ir.Role) {
		c := *b
		c.Name, c.Role = baseName(b.Name), role
		buffers[b] = &c
		g.Buffers = append(g.Buffers, &c)
	}
	for _, name := range p.request.WRT {
		declare(p.of[p.kernel.Buffer(name)].buf, ir.Out)
	}
	for _, b := range p.arguments(given) {
		if reads[b] {
			declare(b, ir.In)
		}
	}
	for _, s := range stages {
		if buffers[s.Out] == nil {
			c := *s.Out
			c.Type = p.kernel.Type // not the storage type of an output that is computed again
			declare(&c, ir.Temp)
			buffers[s.Out] = buffers[&c]
		}
	}
	g.Sizes = p.sizes(g.Buffers)

	taken := map[string]bool{}
	for _, b := range g.Buffers {
		taken[b.Name] = true
	}
	for _, s := range g.Sizes {
		taken[s] = true
	}
	renamed := ir.Rewrite{Buffer: func(b *ir.Buffer) *ir.Buffer { return buffers[b] }}
	for _, s := range stages {
		for _, a := range s.Axes {
			taken[a.Name] = true
		}
		value := renamed.OfExpr(settle(s.Value, taken))
		g.Stages = append(g.Stages, &ir.Stage{Out: buffers[s.Out], Axes: s.Axes, Where: renamed.OfCond(s.Where), Value: value})
		for _, a := range s.Axes {
			delete(taken, a.Name)
		}
	}
	return g
}

// arguments lists what a gradient may read, in the order in which it is declared.
func (p *pass) arguments(given map[*ir.Buffer]bool) (list []*ir.Buffer) {
	var tables, scalars []*ir.Buffer
	if p.relation != nil && len(p.relation.tables) > 0 {
		for _, fn := range []ir.Fn{ir.Nbr, ir.Rev, ir.RevSlot} {
			tables = append(tables, p.relation.tables[fn])
		}
	}
	for _, b := range p.kernel.Buffers {
		switch {
		case b.Role != ir.In || slices.Contains(tables, b):
		case b.Type == ir.I32:
			tables = append(tables, b)
		case len(b.Dims) == 0:
			scalars = append(scalars, b)
		default:
			list = append(list, b)
		}
	}
	for _, b := range p.kernel.Buffers {
		if given[b] {
			list = append(list, b)
		}
	}
	for _, name := range p.request.Seeds {
		list = append(list, p.seeds[p.kernel.Buffer(name)])
	}
	return slices.Concat(list, tables, scalars)
}

// sizes are those of the kernel, and of the tables those that are used; the one of the reverse tables behind that of the others.
func (p *pass) sizes(buffers []*ir.Buffer) []string {
	t := p.request.Tables
	used := func(name string) (found bool) {
		for _, b := range buffers {
			for _, d := range b.Dims {
				found = found || occursInIndex(ir.Var(name), d)
			}
		}
		return found
	}
	var list []string
	for _, s := range p.kernel.Sizes {
		if s != t.InSlots {
			list = append(list, s)
		}
		if s == t.Slots && used(t.InSlots) {
			list = append(list, t.InSlots)
		}
	}
	if t.InSlots != "" && used(t.InSlots) && !slices.Contains(list, t.InSlots) { // slots is a constant
		list = append(list, t.InSlots)
	}
	return list
}

// readBy are the buffers that stages load, also in indices and conditions.
func readBy(stages []*ir.Stage) map[*ir.Buffer]bool {
	reads := map[*ir.Buffer]bool{}
	r := ir.Rewrite{Buffer: func(b *ir.Buffer) *ir.Buffer {
		reads[b] = true
		return b
	}}
	for _, s := range stages {
		r.OfCond(s.Where)
		r.OfExpr(s.Value)
	}
	return reads
}

// again lists the stages of the forward kernel that gradients read, and those that these read, in order. One that is read element by
// element at one place only is written there.
func (p *pass) again(given map[*ir.Buffer]bool) []*ir.Stage {
	var list []*ir.Stage
	for _, s := range slices.Backward(p.kernel.Stages) {
		if !given[s.Out] && readBy(slices.Concat(list, p.derived))[s.Out] {
			list = slices.Insert(list, 0, s)
		}
	}
	for n := 0; n < len(list); n++ {
		if reader := p.inline(list, list[n]); reader != nil {
			k := slices.IndexFunc(list, func(s *ir.Stage) bool { return s.Out == reader.Out })
			list[k] = reader
			list = slices.Delete(list, n, n+1)
			n--
		}
	}
	return list
}

// inline returns the one stage of the list that loads what s defines, with its value in the place of the load; nil where that is loaded
// elsewhere too, or not once for each element. A sum stays a stage of its own, so that schedules can place it.
func (p *pass) inline(list []*ir.Stage, s *ir.Stage) *ir.Stage {
	if _, sum := s.Value.(*ir.Reduce); sum {
		return nil
	}
	var reader *ir.Stage
	loads := 0
	counter := ir.Rewrite{Buffer: func(b *ir.Buffer) *ir.Buffer {
		if b == s.Out {
			loads++
		}
		return b
	}}
	for _, r := range slices.Concat(list, p.derived) {
		before := loads
		counter.OfCond(r.Where)
		counter.OfExpr(r.Value)
		if loads > before {
			reader = r
		}
	}
	if loads != 1 || !slices.Contains(list, reader) || len(reader.Axes) != len(s.Axes) || inSum(reader.Value, s.Out) {
		return nil
	}
	elementwise := true
	inlined := ir.Rewrite{Expr: func(e ir.Expr) ir.Expr {
		l, ok := e.(*ir.Load)
		if !ok || l.Buf != s.Out {
			return e
		}
		vars := map[ir.Var]ir.Index{}
		for n, a := range s.Axes {
			elementwise = elementwise && l.At[n] == ir.Index(ir.Var(reader.Axes[n].Name))
			vars[ir.Var(a.Name)] = l.At[n]
		}
		return ir.Substitute(vars).OfExpr(p.freshen(s.Value))
	}}
	c := &ir.Stage{Out: reader.Out, Axes: reader.Axes, Where: inlined.OfCond(reader.Where), Value: inlined.OfExpr(reader.Value)}
	if !elementwise {
		return nil
	}
	return c
}

// inSum reports whether a reduction in e loads b.
func inSum(e ir.Expr, b *ir.Buffer) (found bool) {
	ir.EachPart(e, func(e ir.Expr) {
		if r, ok := e.(*ir.Reduce); ok {
			found = found || readBy([]*ir.Stage{{Value: r}})[b]
		}
	})
	return found
}
