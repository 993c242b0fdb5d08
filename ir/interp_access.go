package ir

import "slices"

// access is a compiled use of a buffer.
type access[T float] struct {
	buf  *slotted
	dims []dimension[T]
	at   place
	text string
}

// dimension is a subscript of an access.
type dimension[T float] struct {
	sub    operand[T]
	extent operand[T] // not needed of the outermost dimension: the storage ends there
	gap    bool       // step says how many elements lie from one subscript to the next; otherwise the dimensions inside do
	step   operand[T]
}

// access compiles the subscripts of a use of buffer b; text is the use in the text form.
func (c *compiler[T]) access(b *Buffer, subs []Index, text string) *access[T] {
	s := c.findBuffer(b)
	if len(subs) != len(b.Dims) {
		c.failf("%s: %d subscripts, buffer %s has %d dimensions", text, len(subs), b.Name, len(b.Dims))
	}
	a := &access[T]{buf: s, text: text, at: c.place(subs...)}
	steps := c.steps(b)
	for k, x := range subs {
		d := dimension[T]{sub: c.index(x)}
		if k > 0 {
			d.extent = c.index(b.Dims[k])
		}
		if steps != nil {
			d.gap, d.step = !steps[k].isZero(), steps[k]
		}
		a.dims = append(a.dims, d)
	}
	return a
}

// offset returns the first element of an access to width consecutive elements, after checking every subscript.
func (a *access[T]) offset(m *machine[T], width int64) int64 {
	if len(a.dims) == 0 {
		return 0
	}
	first := a.dims[0].sub.eval(m)
	if first < 0 {
		a.at.fail(m.ints, "%s: subscript 0 is %d, want >= 0", a.text, first)
	}
	outer, off := int64(0), first // up to the last step, and since
	for k := range a.dims {
		d := &a.dims[k]
		if k > 0 {
			v, extent, w := d.sub.eval(m), d.extent.eval(m), int64(1)
			if k == len(a.dims)-1 {
				w = width
			}
			if v < 0 || v > extent-w {
				a.outside(m, k, v, extent, w)
			}
			off = off*extent + v
		}
		if d.gap {
			if step := d.step.eval(m); step > 0 {
				outer, off = outer+off*step, 0
			}
		}
	}
	size := a.buf.size
	if size == 0 { // it is no register
		size = m.mem[a.buf.mem].size
	}
	if off += outer; off > size-width {
		if len(a.dims) > 1 {
			width = 1
		}
		row := a.outermost(m)
		a.outside(m, 0, first, (size+row-1)/row, width)
	}
	return off
}

// outermost returns the elements from one subscript of the outermost dimension to the next.
func (a *access[T]) outermost(m *machine[T]) int64 {
	row := int64(1)
	for k := len(a.dims) - 1; k >= 0; k-- {
		d := &a.dims[k]
		if step := d.step.eval(m); step > 0 {
			row = step
		}
		if k > 0 {
			row *= d.extent.eval(m)
		}
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
	if defined := m.mem[a.buf.mem].defined; defined != nil && slices.Contains(defined[off:off+n], false) {
		a.at.fail(m.ints, "%s: reads an element of the temporary %s that was not written", a.text, a.buf.Name)
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
	for k := range a.dims {
		if !a.dims[k].sub.isConst() {
			return 0, false
		}
	}
	return int(a.offset(&machine[T]{ints: make([]int64, 1)}, 1)), true // a subscript outside the buffer is then found while compiling
}
