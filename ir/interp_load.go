package ir

// scalarLoad compiles a load of one element.
func (c *compiler[T]) scalarLoad(e *Load) scalarFn[T] {
	a := c.access(e.Buf, e.At, FormatExpr(e))
	if e.Mask != "" {
		c.failf("%s: a mask on a scalar load", a.text)
	}
	if a.buf.Space == Register {
		element, base := c.registerElement(a), a.buf.base
		return func(m *machine[T]) T { return m.vals[base+element(m)] }
	}
	slot := a.buf.mem
	if widen := c.widen(a.buf.Buffer); widen != nil {
		return func(m *machine[T]) T {
			off := a.offset(m, 1)
			a.mustBeDefined(m, off, 1)
			return widen(m.mem[slot].bits[off])
		}
	}
	return func(m *machine[T]) T {
		off := a.offset(m, 1)
		a.mustBeDefined(m, off, 1)
		return m.mem[slot].real[off]
	}
}

// registerElement compiles the number of the register that is read, checked to have been written.
func (c *compiler[T]) registerElement(a *access[T]) func(*machine[T]) int {
	flag := a.buf.flag
	unwritten := func(m *machine[T]) {
		a.at.fail(m.ints, "%s: reads a register of %s that was not written", a.text, a.buf.Name)
	}
	if element, ok := a.fixed(); ok {
		return func(m *machine[T]) int {
			if !m.defined[flag+element] {
				unwritten(m)
			}
			return element
		}
	}
	return func(m *machine[T]) int {
		element := int(a.offset(m, 1))
		if !m.defined[flag+element] {
			unwritten(m)
		}
		return element
	}
}

// active compiles the number of active lanes of an access; without a mask all are.
func (c *compiler[T]) active(mask string, lanes int) func(*machine[T]) int {
	if mask == "" {
		return func(*machine[T]) int { return lanes }
	}
	slot := c.findMask(mask, lanes)
	return func(m *machine[T]) int { return m.active[slot] }
}

// vectorLoad compiles a load of several lanes. The result may be the register or the memory itself.
func (c *compiler[T]) vectorLoad(e *Load) vectorFn[T] {
	a, lanes := c.access(e.Buf, e.At, FormatExpr(e)), e.Lanes()
	if a.buf.Space == Register {
		if e.Mask != "" {
			c.failf("%s: a mask on a register", a.text)
		}
		element, base := c.registerElement(a), a.buf.base
		return func(m *machine[T]) []T {
			at := base + element(m)*lanes
			return m.vals[at : at+lanes]
		}
	}
	active := c.active(e.Mask, lanes)
	load := c.memoryLanes(a, lanes, active)
	if e.Mask == "" {
		return load
	}
	result := c.lanes(lanes)
	return func(m *machine[T]) []T {
		dst, n := result.of(m), active(m)
		clear(dst[n:])
		if n > 0 { // without an active lane there is no access that could be outside
			copy(dst[:n], load(m))
		}
		return dst
	}
}

// memoryLanes compiles a load of the active lanes from memory.
func (c *compiler[T]) memoryLanes(a *access[T], lanes int, active func(*machine[T]) int) vectorFn[T] {
	if len(a.dims) == 0 {
		c.failf("%s: %d lanes of a buffer without dimensions", a.text, lanes)
	}
	slot := a.buf.mem
	widen := c.widen(a.buf.Buffer)
	if widen == nil {
		return func(m *machine[T]) []T {
			n := int64(active(m))
			off := a.offset(m, n)
			a.mustBeDefined(m, off, n)
			return m.mem[slot].real[off : off+n]
		}
	}
	result := c.lanes(lanes)
	return func(m *machine[T]) []T {
		n := int64(active(m))
		off := a.offset(m, n)
		a.mustBeDefined(m, off, n)
		dst := result.of(m)[:n]
		for k, h := range m.mem[slot].bits[off : off+n] {
			dst[k] = widen(h)
		}
		return dst
	}
}

// widen returns the conversion from a 16-bit storage type, nil for a buffer of the arithmetic type.
func (c *compiler[T]) widen(b *Buffer) func(uint16) T {
	var f any
	switch b.Type {
	case F16:
		f = F16ToF32
	case BF16:
		f = BF16ToF32
	case I32:
		c.failf("%s: a value cannot be loaded from an i32 buffer", b.Name)
	}
	fn, _ := f.(func(uint16) T)
	return fn
}

// narrow returns the conversion to a 16-bit storage type, nil for a buffer of the arithmetic type.
func (c *compiler[T]) narrow(b *Buffer) func(T) uint16 {
	var f any
	switch b.Type {
	case F16:
		f = F32ToF16
	case BF16:
		f = F32ToBF16
	case I32:
		c.failf("%s: a value cannot be stored to an i32 buffer", b.Name)
	}
	fn, _ := f.(func(T) uint16)
	return fn
}
