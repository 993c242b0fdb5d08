package ir

import "math"

// runAll runs the steps of a block.
func runAll[T float](m *machine[T], body []step[T]) {
	for _, s := range body {
		s(m)
	}
}

// block compiles statements in a scope of their own.
func (c *compiler[T]) block(body []Stmt) (steps []step[T]) {
	c.inner(func() {
		for _, s := range body {
			if s := c.stmt(s); s != nil {
				steps = append(steps, s)
			}
		}
	})
	return steps
}

// stmt compiles a statement; nil is one without effect.
func (c *compiler[T]) stmt(s Stmt) step[T] {
	switch s := s.(type) {
	case *For:
		return c.loop(s)
	case *If:
		cond, yes, no := c.cond(s.Cond), c.block(s.Then), c.block(s.Else)
		return func(m *machine[T]) {
			if cond(m) {
				runAll(m, yes)
			} else {
				runAll(m, no)
			}
		}
	case *Let:
		value := c.index(s.Value)
		slot := c.bindInt(s.Var)
		return func(m *machine[T]) { m.ints[slot] = value.eval(m) }
	case *LetMask:
		return c.letMask(s)
	case *Alloc:
		return c.alloc(s.Buf)
	case *Store:
		return c.store(s)
	case *Assume:
		cond, text, at := c.cond(s.Cond), FormatCond(s.Cond), c.placeOf(func(visit Rewrite) { visit.OfCond(s.Cond) })
		return func(m *machine[T]) {
			if !cond(m) {
				at.fail(m.ints, "assume %s: does not hold", text)
			}
		}
	case *Prefetch: // only its names are checked: the address may lie outside the buffer
		c.access(s.Buf, s.At, "prefetch")
		return nil
	case *Fence:
		return nil
	case *Call:
		return c.call(s)
	}
	c.failf("statement of kind %T", s)
	return nil
}

// loop compiles a loop; its bounds are evaluated once.
func (c *compiler[T]) loop(s *For) (fn step[T]) {
	if s.Step < 1 {
		c.failf("for %s: step is %d, want >= 1", s.Var, s.Step)
	}
	lo, hi, by := c.index(s.Lo), c.index(s.Hi), s.Step
	c.inner(func() {
		slot := c.bindInt(s.Var)
		body := c.block(s.Body)
		fn = func(m *machine[T]) {
			for v, end := lo.eval(m), hi.eval(m); v < end; v += by {
				m.ints[slot] = v
				runAll(m, body)
			}
		}
	})
	return fn
}

// letMask compiles the definition of a mask.
func (c *compiler[T]) letMask(s *LetMask) step[T] {
	if s.Lanes < 1 {
		c.failf("mask %s: %d lanes, want >= 1", s.Name, s.Lanes)
	}
	count, at, lanes, slot, name := c.index(s.Count), c.place(s.Count), int64(s.Lanes), c.masks, s.Name
	c.masks++
	c.scope.masks[s.Name] = lanesMask{slot, s.Lanes}
	return func(m *machine[T]) {
		n := count.eval(m)
		if n < 0 || n > lanes {
			at.fail(m.ints, "mask %s: count is %d, want within 0..%d", name, n, lanes)
		}
		m.active[slot] = int(n)
	}
}

// alloc compiles the start of a buffer's life, with undefined elements; what a driver allocates for its functions starts as zeros.
func (c *compiler[T]) alloc(b *Buffer) step[T] {
	if b.Space == Register {
		s := c.register(b)
		from, to := s.flag, s.flag+int(s.size)
		return func(m *machine[T]) { clear(m.defined[from:to]) }
	}
	var dims []operand[T]
	for _, d := range b.Dims {
		dims = append(dims, c.index(d))
	}
	s, at := c.ofDriver(b), c.place(b.Dims...)
	if s != nil { // zeroed, so that the ends of padded rows may be read
		return func(m *machine[T]) { m.mem[s.mem].bind(NewArray(b.Type, int(elements(m, b.Name, dims, nil, &at)))) }
	}
	s = c.memory(b)
	return func(m *machine[T]) { m.mem[s.mem].allocate(b.Type, elements(m, b.Name, dims, nil, &at)) }
}

// ofDriver returns the place of memory that the driver allocates for functions, which have been compiled with it, or nil.
func (c *compiler[T]) ofDriver(b *Buffer) *slotted {
	if c.inFunc || len(c.funcs) == 0 {
		return nil
	}
	for s := c.scope; s != nil; s = s.up {
		if t := s.bufs[b.Name]; t != nil && t.Buffer == b {
			return t
		}
	}
	return nil
}

// elements returns the number of elements from the first to the last, checked.
func elements[T float](m *machine[T], name string, dims, steps []operand[T], at *place) int64 {
	n, inside := int64(1), int64(1) // from the first to the last of a dimension; what is set aside for it
	times := func(x, y int64) int64 {
		if x > 0 && y > math.MaxInt64/x {
			at.fail(m.ints, "buffer %s: its number of elements overflows int64", name)
		}
		return x * y
	}
	empty := false
	for k := len(dims) - 1; k >= 0; k-- {
		d := dims[k].eval(m)
		if d < 0 {
			at.fail(m.ints, "buffer %s: extent %d is %d, want >= 0", name, k, d)
		}
		if steps != nil && !steps[k].isZero() {
			if inside = steps[k].eval(m); inside < n {
				at.fail(m.ints, "buffer %s: step %d is %d, want >= %d, so that rows do not overlap", name, k, inside, n)
			}
		}
		empty = empty || d == 0
		n, inside = n+times(max(d-1, 0), inside), times(d, inside)
	}
	if empty {
		return 0
	}
	return n
}

// steps compiles the steps of a buffer with gaps; 0 stands for none.
func (c *compiler[T]) steps(b *Buffer) []operand[T] {
	var list []operand[T]
	for _, x := range b.Steps {
		if x == nil {
			x = Int(0)
		}
		list = append(list, c.index(x))
	}
	return list
}

// call compiles a call of a function of the program.
func (c *compiler[T]) call(s *Call) step[T] {
	if c.inFunc {
		c.failf("call %s: functions call no others", s.Func.Name)
	}
	f := c.funcs[s.Func.Name]
	if f == nil {
		c.failf("call %s: the program has no such function", s.Func.Name)
	}
	if len(s.Args) != len(f.ints) {
		c.failf("call %s: %d arguments, want %d", s.Func.Name, len(s.Args), len(f.ints))
	}
	var args []operand[T]
	for _, x := range s.Args {
		args = append(args, c.index(x))
	}
	return func(m *machine[T]) {
		for k, slot := range f.ints { // the places are the function's own, so no argument reads one
			m.ints[slot] = args[k].eval(m)
		}
		runAll(m, f.body)
	}
}
