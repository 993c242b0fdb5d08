package ir

// access is a compiled use of a buffer.
type access[T float] struct {
	buf   *slotted
	subs  []operand[T]
	dims  []operand[T] // the extent of the outermost dimension is not needed: the storage ends there
	steps []operand[T] // of a buffer with gaps; 0 where the dimensions inside say it
	at    place
	text  string
}

// access compiles the subscripts of a use of buffer b; text is the use in the text form.
func (c *compiler[T]) access(b *Buffer, subs []Index, text string) *access[T] {
	s := c.findBuffer(b)
	if len(subs) != len(b.Dims) {
		c.failf("%s: %d subscripts, buffer %s has %d dimensions", text, len(subs), b.Name, len(b.Dims))
	}
	a := &access[T]{buf: s, text: text, at: c.place(subs...), steps: c.steps(b)}
	for k, x := range subs {
		a.subs = append(a.subs, c.index(x))
		d := operand[T]{base: -1}
		if k > 0 {
			d = c.index(b.Dims[k])
		}
		a.dims = append(a.dims, d)
	}
	return a
}

// offset returns the first element of an access to width consecutive elements, after checking every subscript.
func (a *access[T]) offset(m *machine[T], width int64) int64 {
	n := len(a.subs)
	if n == 0 {
		return 0
	}
	size := a.buf.size
	if a.buf.Space == Memory {
		size = m.mem[a.buf.mem].size
	}
	first := a.subs[0].eval(m)
	if first < 0 {
		a.at.fail(m.ints, "%s: subscript 0 is %d, want >= 0", a.text, first)
	}
	outer, off := int64(0), first // up to the last step, and since
	for k := range n {
		if k > 0 {
			v, d, w := a.subs[k].eval(m), a.dims[k].eval(m), int64(1)
			if k == n-1 {
				w = width
			}
			if v < 0 || v > d-w {
				a.outside(m, k, v, d, w)
			}
			off = off*d + v
		}
		if step := a.step(m, k); step > 0 {
			outer, off = outer+off*step, 0
		}
	}
	if off += outer; off > size-width {
		if n > 1 {
			width = 1
		}
		row := a.outermost(m)
		a.outside(m, 0, first, (size+row-1)/row, width)
	}
	return off
}

// step returns the elements from one subscript of dimension k to the next; 0 where the dimensions inside say it.
func (a *access[T]) step(m *machine[T], k int) int64 {
	if a.steps == nil {
		return 0
	}
	return a.steps[k].eval(m)
}

// outermost returns the elements from one subscript of the outermost dimension to the next.
func (a *access[T]) outermost(m *machine[T]) int64 {
	row := int64(1)
	for k := len(a.dims) - 1; k > 0; k-- {
		if step := a.step(m, k); step > 0 {
			row = step
		}
		row *= a.dims[k].eval(m)
	}
	if step := a.step(m, 0); step > 0 {
		return step
	}
	return row
}

// outside stops the run: subscript k of w lanes is v, and the extent is d.
func (a *access[T]) outside(m *machine[T], k int, v, d, w int64) {
	if w > 1 {
		a.at.fail(m.ints, "%s: subscript %d is %d..%d, want within 0..%d", a.text, k, v, v+w-1, d-1)
	}
	a.at.fail(m.ints, "%s: subscript %d is %d, want within 0..%d", a.text, k, v, d-1)
}

// mustBeDefined stops the run where one of n elements of a temporary was not written.
func (a *access[T]) mustBeDefined(m *machine[T], off, n int64) {
	defined := m.mem[a.buf.mem].defined
	if defined == nil {
		return
	}
	for _, ok := range defined[off : off+n] {
		if !ok {
			a.at.fail(m.ints, "%s: reads an element of the temporary %s that was not written", a.text, a.buf.Name)
		}
	}
}

// define marks n elements of a temporary as written.
func (a *access[T]) define(m *machine[T], off, n int64) {
	if defined := m.mem[a.buf.mem].defined; defined != nil {
		for k := range defined[off : off+n] {
			defined[off+int64(k)] = true
		}
	}
}

// fixed returns the element of a register buffer that is accessed, where its subscripts are constants.
func (a *access[T]) fixed() (element int, ok bool) {
	for k := range a.subs {
		if !a.subs[k].isConst() {
			return 0, false
		}
	}
	return int(a.offset(&machine[T]{}, 1)), true // a subscript outside the buffer is then found while compiling
}
