package ir

// store compiles a store of a scalar or a vector.
func (c *compiler[T]) store(s *Store) step[T] {
	lanes := s.Value.Lanes()
	a := c.access(s.Buf, s.At, FormatExpr(&Load{Buf: s.Buf, At: s.At, Width: lanes, Mask: s.Mask}))
	if a.buf.Role == In && a.buf.Space != Register {
		c.failf("%s: stores to an input", a.text)
	}
	switch {
	case a.buf.Space == Register:
		return c.registerStore(s, a)
	case lanes > 1 && len(a.dims) == 0:
		c.failf("%s: %d lanes to a buffer without dimensions", a.text, lanes)
	case lanes > 1 || s.Mask != "":
		return c.lanesStore(s, a, c.active(s.Mask, lanes))
	}
	value, slot, narrow := c.scalar(s.Value), a.buf.mem, c.narrow(a.buf.Buffer)
	return func(m *machine[T]) {
		v, off := value(m), a.offset(m, 1)
		if narrow != nil {
			m.mem[slot].bits[off] = narrow(v)
		} else {
			m.mem[slot].real[off] = v
		}
		a.define(m, off, 1)
	}
}

// lanesStore compiles a store of the active lanes to memory.
func (c *compiler[T]) lanesStore(s *Store, a *access[T], active func(*machine[T]) int) step[T] {
	value, slot, narrow := c.vector(s.Value), a.buf.mem, c.narrow(a.buf.Buffer)
	return func(m *machine[T]) {
		v, n := value(m), int64(active(m))
		if n == 0 { // no access that could be outside
			return
		}
		off := a.offset(m, n)
		if narrow != nil {
			for k, x := range v[:n] {
				m.mem[slot].bits[off+int64(k)] = narrow(x)
			}
		} else {
			copy(m.mem[slot].real[off:off+n], v)
		}
		a.define(m, off, n)
	}
}

// registerStore compiles a store to one register.
func (c *compiler[T]) registerStore(s *Store, a *access[T]) step[T] {
	lanes, base, flag := a.buf.lanes(), a.buf.base, a.buf.flag
	if s.Value.Lanes() != lanes || s.Mask != "" {
		c.failf("%s: a value of %d lanes, mask %q, want %d lanes and no mask", a.text, s.Value.Lanes(), s.Mask, lanes)
	}
	element, fixed := a.fixed()
	if fixed && lanes == 1 {
		value := c.scalar(s.Value)
		return func(m *machine[T]) {
			m.vals[base+element] = value(m)
			m.defined[flag+element] = true
		}
	}
	value := c.vector(s.Value)
	return func(m *machine[T]) {
		e, v := element, value(m)
		if !fixed {
			e = int(a.offset(m, 1))
		}
		copy(m.vals[base+e*lanes:][:lanes], v)
		m.defined[flag+e] = true
	}
}
