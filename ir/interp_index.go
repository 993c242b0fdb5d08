package ir

// operand is a compiled index expression: base + coef * the variable in place slot + others. Most subscripts and bounds are a
// constant or have one variable, and evaluating those calls nothing: half the time of the interpreter goes into subscripts.
type operand[T float] struct {
	base   int64
	coef   int64 // 0: there is no variable
	slot   int
	more   bool // there are others
	others *terms[T]
}

// terms is a sum of coef * variable and of coef * anything else.
type terms[T float] struct {
	vars []slotTerm
	rest []fnTerm[T]
}

type slotTerm struct {
	coef int64
	slot int
}

type fnTerm[T float] struct {
	coef int64
	fn   func(*machine[T]) int64
}

func (o *operand[T]) isConst() bool { return o.coef == 0 && !o.more }

func (o *operand[T]) isZero() bool { return o.isConst() && o.base == 0 }

// eval returns the value of o.
func (o *operand[T]) eval(m *machine[T]) int64 {
	if o.more {
		return o.sum(m)
	}
	return o.base + o.coef*m.ints[o.slot]
}

// sum is eval with others.
func (o *operand[T]) sum(m *machine[T]) int64 {
	v := o.base + o.coef*m.ints[o.slot]
	for _, t := range o.others.vars {
		v += t.coef * m.ints[t.slot]
	}
	for _, t := range o.others.rest {
		v += t.coef * t.fn(m)
	}
	return v
}

// plus returns o + coef*p.
func (o operand[T]) plus(p operand[T], coef int64) operand[T] {
	s := operand[T]{base: o.base + coef*p.base, others: &terms[T]{}}
	s.add(o, 1)
	s.add(p, coef)
	return s
}

// add adds coef * the terms of p.
func (o *operand[T]) add(p operand[T], coef int64) {
	vars := []slotTerm{{p.coef, p.slot}}
	if p.more {
		vars = append(vars, p.others.vars...)
		for _, t := range p.others.rest {
			o.others.rest = append(o.others.rest, fnTerm[T]{coef * t.coef, t.fn})
		}
	}
	for _, t := range vars {
		if t.coef *= coef; o.coef == 0 {
			o.coef, o.slot = t.coef, t.slot
		} else if t.coef != 0 {
			o.others.vars = append(o.others.vars, t)
		}
	}
	o.more = len(o.others.vars)+len(o.others.rest) > 0
}

// computed is the operand of a closure.
func computed[T float](fn func(*machine[T]) int64) operand[T] {
	return operand[T]{more: true, others: &terms[T]{rest: []fnTerm[T]{{1, fn}}}}
}

// index compiles an index expression.
func (c *compiler[T]) index(x Index) operand[T] {
	switch x := x.(type) {
	case Int:
		return operand[T]{base: int64(x)}
	case Var:
		if slot, ok := c.findInt(string(x)); ok {
			return operand[T]{coef: 1, slot: slot}
		}
		for _, k := range c.prog.Consts {
			if k.Name == string(x) {
				return operand[T]{base: k.Value}
			}
		}
		c.failf("variable %s is not defined here", x)
	case *Arith:
		return c.arith(x)
	case *Apply:
		return c.apply(x)
	case *Gather:
		if x.Table.Type != I32 {
			c.failf("%s: a table must be i32, got %v", FormatIndex(x), x.Table.Type)
		}
		a := c.access(x.Table, x.At, FormatIndex(x))
		if a.buf.Space == Register {
			c.failf("%s: a table must be in memory", FormatIndex(x))
		}
		slot := a.buf.mem
		return computed(func(m *machine[T]) int64 {
			off := a.offset(m, 1)
			a.mustBeDefined(m, off, 1)
			return int64(m.mem[slot].ints[off])
		})
	case *Pick:
		cond, yes, no := c.cond(x.Cond), c.index(x.X), c.index(x.Y)
		return computed(func(m *machine[T]) int64 {
			if cond(m) {
				return yes.eval(m)
			}
			return no.eval(m)
		})
	}
	c.failf("index expression of kind %T", x)
	return operand[T]{}
}

// arith compiles an integer operator. Constant operands fold, so that sums of multiples of variables stay linear.
func (c *compiler[T]) arith(x *Arith) operand[T] {
	a, b := c.index(x.X), c.index(x.Y)
	switch x.Op {
	case Add:
		return a.plus(b, 1)
	case Sub:
		return a.plus(b, -1)
	case Mul:
		if a.isConst() {
			a, b = b, a
		}
		if b.isConst() {
			return operand[T]{}.plus(a, b.base)
		}
		return computed(func(m *machine[T]) int64 { return a.eval(m) * b.eval(m) })
	case Div, Mod:
		return c.divide(x, a, b)
	case Min:
		return computed(func(m *machine[T]) int64 { return min(a.eval(m), b.eval(m)) })
	case Max:
		return computed(func(m *machine[T]) int64 { return max(a.eval(m), b.eval(m)) })
	}
	c.failf("integer operator %d", x.Op)
	return operand[T]{}
}

// divide compiles the quotient or the remainder of the division that rounds towards minus infinity.
func (c *compiler[T]) divide(x *Arith, a, b operand[T]) operand[T] {
	at, text, quotient := c.place(x), FormatIndex(x), x.Op == Div
	return computed(func(m *machine[T]) int64 {
		n, d := a.eval(m), b.eval(m)
		if d <= 0 {
			at.fail(m.ints, "%s: the divisor is %d, want > 0", text, d)
		}
		q, r := n/d, n%d
		if r < 0 {
			q, r = q-1, r+d
		}
		if quotient {
			return q
		}
		return r
	})
}

// apply compiles an index map of the pyramid.
func (c *compiler[T]) apply(x *Apply) operand[T] {
	switch {
	case c.prog.Graph.Kind != Pyramid:
		c.failf("%s: a table graph has no closed form; gather from its tables", FormatIndex(x))
	case !c.prog.hasLevels():
		c.failf("%s: an index map needs the size len", FormatIndex(x))
	}
	want := map[Fn]int{Nbr: 2, Rev: 2, RevSlot: 2, LevelN: 1, LevelAt: 1, StrideC: 1}[x.Fn]
	if want == 0 || want != len(x.Args) {
		c.failf("%s: index map %d with %d arguments", FormatIndex(x), x.Fn, len(x.Args))
	}
	at, text := c.place(x), FormatIndex(x)
	a := c.index(x.Args[0])
	if x.Fn == StrideC {
		strides := c.prog.Graph.Strides
		return computed(func(m *machine[T]) int64 {
			l := a.eval(m)
			if l < 0 || l >= int64(len(strides)) {
				at.fail(m.ints, "%s: level is %d, want within 0..%d", text, l, len(strides)-1)
			}
			return int64(strides[l])
		})
	}
	if want == 1 {
		size := x.Fn == LevelN
		return computed(func(m *machine[T]) int64 {
			l := a.eval(m)
			switch {
			case l < 0:
				at.fail(m.ints, "%s: level is %d, want >= 0", text, l)
			case size:
				return m.levels.N(l)
			}
			return m.levels.At(l)
		})
	}
	b, fn := c.index(x.Args[1]), x.Fn
	return computed(func(m *machine[T]) int64 {
		i, j := a.eval(m), b.eval(m)
		if i < 0 || i >= m.levels.Nodes {
			at.fail(m.ints, "%s: node is %d, want within 0..%d", text, i, m.levels.Nodes-1)
		}
		most := m.levels.Slots
		if fn != Nbr {
			most = m.levels.InSlots
		}
		if j < 0 || j >= most {
			at.fail(m.ints, "%s: slot is %d, want within 0..%d", text, j, most-1)
		}
		switch fn {
		case Nbr:
			return m.levels.Nbr(i, j)
		case Rev:
			return m.levels.Rev(i, j)
		}
		return m.levels.RevSlot(i, j)
	})
}
