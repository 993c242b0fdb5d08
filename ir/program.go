package ir

// Program is how a kernel is computed on one target: a loop nest and the functions that it calls. Before outlining there are
// no functions and the whole nest is in Body. Afterwards Body is the driver: loops, lets, ifs and calls only.
type Program struct {
	Name    string // of the kernel
	Type    Type
	Graph   Graph
	Target  string // go, avx2, avx512
	Sizes   []string
	Consts  []ConstSize
	Buffers []*Buffer // the arguments, in the kernel's order, then temporaries
	Body    []Stmt
	Funcs   []*Func
}

// Func is an outlined part of a nest: what a back end emits as one function. Ints are its integer arguments; Buffers are the
// tensors (whole, from element 0) and scalars that it uses, in the program's order. Its body has no parallel loops and no calls.
type Func struct {
	Name    string
	Doc     string // one sentence for the reader: level, edge case
	Ints    []string
	Buffers []*Buffer
	Body    []Stmt
}

// AsksCache reports whether what the driver does depends on the last-level cache: see [Uncached].
func (p *Program) AsksCache() bool {
	found := false
	Each(p.Body, func(s Stmt) {
		if e, ok := s.(*If); ok {
			found = found || asksCache(e.Cond)
		}
	})
	return found
}

func asksCache(c Cond) bool {
	switch c := c.(type) {
	case *Uncached:
		return true
	case *And:
		return asksCache(c.X) || asksCache(c.Y)
	}
	return false
}

// Func returns the function of that name, or nil.
func (p *Program) Func(name string) *Func {
	for _, f := range p.Funcs {
		if f.Name == name {
			return f
		}
	}
	return nil
}
