package ir

// scope holds the names that a block sees and those of the blocks around it.
type scope struct {
	up    *scope
	ints  map[string]int
	masks map[string]lanesMask
	bufs  map[string]*slotted
}

// lanesMask is a mask's place in machine.active and its lanes.
type lanesMask struct{ slot, lanes int }

// slotted is a buffer and its place in the machine.
type slotted struct {
	*Buffer
	mem  int   // memory: index in machine.mem
	base int   // registers: first element in machine.vals
	flag int   // registers: first element in machine.defined
	size int64 // registers: elements, each of lanes()
}

// lanes is the number of lanes of each element of a register buffer.
func (s *slotted) lanes() int { return max(s.Lanes, 1) }

// inner runs body in a new scope below the current one.
func (c *compiler[T]) inner(body func()) {
	c.scope = &scope{c.scope, map[string]int{}, map[string]lanesMask{}, map[string]*slotted{}}
	body()
	c.scope = c.scope.up
}

// bindInt gives an integer name a place.
func (c *compiler[T]) bindInt(name string) int {
	slot := c.ints
	c.ints++
	c.scope.ints[name] = slot
	return slot
}

// findInt returns the place of an integer name.
func (c *compiler[T]) findInt(name string) (slot int, ok bool) {
	for s := c.scope; s != nil; s = s.up {
		if slot, ok := s.ints[name]; ok {
			return slot, true
		}
	}
	return 0, false
}

// findMask returns the place of a mask of the given lanes.
func (c *compiler[T]) findMask(name string, lanes int) int {
	for s := c.scope; s != nil; s = s.up {
		m, ok := s.masks[name]
		if !ok {
			continue
		}
		if m.lanes != lanes {
			c.failf("mask %s has %d lanes, the access has %d", name, m.lanes, lanes)
		}
		return m.slot
	}
	c.failf("mask %s is not defined here", name)
	return 0
}

// findBuffer returns the place of a buffer.
func (c *compiler[T]) findBuffer(b *Buffer) *slotted {
	for s := c.scope; s != nil; s = s.up {
		t, ok := s.bufs[b.Name]
		if !ok {
			continue
		}
		if t.Type != b.Type || t.Space != b.Space || t.lanes() != max(b.Lanes, 1) || len(t.Dims) != len(b.Dims) {
			c.failf("buffer %s differs from the buffer of that name in scope", b.Name)
		}
		return t
	}
	c.failf("buffer %s is not defined here", b.Name)
	return nil
}

// register gives a register buffer, whose extents must be constants, a place in the current scope.
func (c *compiler[T]) register(b *Buffer) *slotted {
	c.checkType(b)
	s := &slotted{Buffer: b, base: c.vals, flag: c.flags, size: 1}
	for k, d := range b.Dims {
		n := c.index(d)
		if !n.isConst() || n.base < 1 {
			c.failf("register buffer %s: extent %d is %s, want a positive constant", b.Name, k, FormatIndex(d))
		}
		s.size *= n.base
	}
	c.vals += int(s.size) * s.lanes()
	c.flags += int(s.size)
	c.scope.bufs[b.Name] = s
	return s
}

// memory gives a memory buffer a place in the current scope.
func (c *compiler[T]) memory(b *Buffer) *slotted {
	if !b.Type.integer() {
		c.checkType(b)
	}
	s := &slotted{Buffer: b, mem: c.mems}
	c.mems++
	c.scope.bufs[b.Name] = s
	return s
}

// checkType refuses a buffer whose elements are not computed in the program's type.
func (c *compiler[T]) checkType(b *Buffer) {
	if b.Type.Arith() != c.prog.Type {
		c.failf("buffer %s is %v, the arithmetic is in %v", b.Name, b.Type, c.prog.Type)
	}
}

// place returns the place in the program of what reads the variables of xs.
func (c *compiler[T]) place(xs ...Index) place {
	return c.placeOf(func(visit Rewrite) { visit.Indices(xs) })
}

// placeOf returns the place in the program of what reads the variables that walk visits.
func (c *compiler[T]) placeOf(walk func(visit Rewrite)) place {
	at := place{where: c.where}
	seen := map[Var]bool{}
	walk(Rewrite{Index: func(x Index) Index {
		if v, ok := x.(Var); ok && !seen[v] {
			seen[v] = true
			if slot, ok := c.findInt(string(v)); ok {
				at.names, at.slots = append(at.names, string(v)), append(at.slots, slot)
			}
		}
		return x
	}})
	return at
}
