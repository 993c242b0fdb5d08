package ir

import (
	"math"
	"slices"
)

// unit is a compiled program: what a run needs.
type unit[T float] struct {
	where   string
	graph   Graph
	levels  bool // whether the graph has levels
	consts  []ConstSize
	sizes   []entrySize
	derived []entrySize
	buffers []entryBuffer[T]
	body    []step[T]

	ints, masks, vals, flags, mems int
}

// entrySize is a size that is known when a run starts.
type entrySize struct {
	name string
	slot int
}

// entryBuffer is a buffer of the program.
type entryBuffer[T float] struct {
	*slotted
	dims  []operand[T]
	steps []operand[T] // of a buffer with gaps; 0 stands for none
	sized bool         // dims are known when a run starts
}

// entry compiles the sizes and buffers of the program. On a pyramid nodes, slots, levels and, with ancestors, in_slots follow from len.
func (c *compiler[T]) entry() *unit[T] {
	u := &unit[T]{}
	for _, name := range c.prog.Sizes {
		u.sizes = append(u.sizes, entrySize{name, c.bindInt(name)})
	}
	if c.prog.hasLevels() {
		derived := []string{"nodes", "slots", "levels"}
		if c.prog.Graph.Up() > 1 {
			derived = append(derived, "in_slots")
		}
		for _, name := range derived {
			if !slices.Contains(c.prog.Sizes, name) {
				u.derived = append(u.derived, entrySize{name, c.bindInt(name)})
			}
		}
	}
	for _, b := range c.prog.Buffers {
		if b.Space == Register {
			c.failf("buffer %s: registers belong to a block; use an alloc", b.Name)
		}
		e := entryBuffer[T]{slotted: c.memory(b), sized: true}
		for _, d := range b.Dims {
			if !c.known(d) {
				e.sized = false
				break
			}
			e.dims = append(e.dims, c.index(d))
		}
		for _, x := range b.Steps {
			e.sized = e.sized && (x == nil || c.known(x))
		}
		if e.sized {
			e.steps = c.steps(b)
		}
		if b.Role == Temp && !e.sized {
			c.failf("buffer %s: the extents of a temporary must follow from the sizes", b.Name)
		}
		u.buffers = append(u.buffers, e)
	}
	return u
}

// hasLevels reports whether the levels of a pyramid are known once the sizes are.
func (p *Program) hasLevels() bool {
	fixed := slices.ContainsFunc(p.Consts, func(k ConstSize) bool { return k.Name == "len" })
	return p.Graph.Kind == Pyramid && (fixed || slices.Contains(p.Sizes, "len"))
}

// known reports whether x depends on nothing but names in scope and constants.
func (c *compiler[T]) known(x Index) bool {
	ok := true
	Rewrite{Index: func(x Index) Index {
		if v, is := x.(Var); is {
			_, bound := c.findInt(string(v))
			fixed := slices.ContainsFunc(c.prog.Consts, func(k ConstSize) bool { return k.Name == string(v) })
			ok = ok && (bound || fixed)
		}
		return x
	}}.OfIndex(x)
	return ok
}

// run binds sizes and arguments and runs the body.
func (u *unit[T]) run(sizes map[string]int64, args Args) (err error) {
	defer catch(&err)
	m := &machine[T]{
		ints:    make([]int64, 1+u.ints),
		active:  make([]int, u.masks),
		vals:    make([]T, u.vals),
		defined: make([]bool, u.flags),
		mem:     make([]memory[T], u.mems),
	}
	u.bindSizes(m, sizes)
	u.bindArgs(m, args)
	runAll(m, u.body)
	return nil
}

// bindSizes sets the sizes and what follows from them. A size that is fixed or follows may be given if it is the same.
func (u *unit[T]) bindSizes(m *machine[T], sizes map[string]int64) {
	known := map[string]int64{}
	for _, k := range u.consts {
		known[k.Name] = k.Value
	}
	for _, s := range u.sizes {
		n, ok := sizes[s.name]
		if !ok {
			failf("%s: size %s is missing", u.where, s.name)
		}
		if n < 0 {
			failf("%s: size %s: got %d, want >= 0", u.where, s.name, n)
		}
		known[s.name], m.ints[s.slot] = n, n
	}
	if u.levels {
		levels, err := u.graph.Levels(known["len"])
		if err != nil {
			failf("%s: %v", u.where, err)
		}
		m.levels = levels
		values := map[string]int64{"nodes": levels.Nodes, "slots": levels.Slots, "in_slots": levels.InSlots, "levels": int64(levels.Count())}
		for _, s := range u.derived {
			known[s.name], m.ints[s.slot] = values[s.name], values[s.name]
		}
	}
	for name, n := range sizes {
		if want, ok := known[name]; !ok {
			failf("%s: it has no size %s", u.where, name)
		} else if n != want {
			failf("%s: size %s: got %d, want %d, which the kernel fixes", u.where, name, n, want)
		}
	}
}

// bindArgs checks the arguments, binds them and allocates the temporaries.
func (u *unit[T]) bindArgs(m *machine[T], args Args) {
	at := &place{where: u.where}
	wanted := 0
	for _, b := range u.buffers {
		want := int64(-1)
		if b.sized {
			want = elements(m, b.Name, b.dims, b.steps, at)
		}
		if b.Role == Temp {
			if want > math.MaxInt32 {
				failf("%s: temporary %s has %d elements, more than can be interpreted", u.where, b.Name, want)
			}
			m.mem[b.mem].allocate(b.Type, want)
			continue
		}
		a := args[b.Name]
		switch wanted++; {
		case a == nil:
			failf("%s: argument %s is missing", u.where, b.Name)
		case a.Type != b.Type:
			failf("%s: argument %s: got %v, want %v", u.where, b.Name, a.Type, b.Type)
		case want >= 0 && int64(a.Len()) != want:
			failf("%s: argument %s: got %d elements, want %d", u.where, b.Name, a.Len(), want)
		}
		m.mem[b.mem].bind(a)
	}
	if len(args) > wanted {
		for name := range args {
			if !slices.ContainsFunc(u.buffers, func(b entryBuffer[T]) bool { return b.Name == name && b.Role != Temp }) {
				failf("%s: it has no argument %s", u.where, name)
			}
		}
	}
}
