package ir

import "fmt"

// compiler turns a program into closures over a machine. Faults while compiling are errors of the program.
type compiler[T float] struct {
	prog   *Program
	where  string // kernel, target and function, for the text of faults
	inFunc bool
	scope  *scope
	funcs  map[string]*callee[T]

	ints, masks, vals, flags, mems int // places given out so far in the slices of a machine

	fma      func(x, y, z T) T
	fmaLanes func(dst, x, y, z []T)
}

// callee is a compiled function.
type callee[T float] struct {
	ints []int // places of its arguments
	body []step[T]
}

func (c *compiler[T]) failf(format string, args ...any) {
	failf("%s: %s", c.where, fmt.Sprintf(format, args...))
}

// compile compiles the stages or, without stages, the nest of a program.
func compile[T float](p *Program, stages []*Stage) (compiled *Compiled, err error) {
	defer catch(&err)
	c := &compiler[T]{prog: p, where: p.Name, funcs: map[string]*callee[T]{}}
	if p.Target != "" {
		c.where += " " + p.Target
	}
	c.fma, c.fmaLanes = fmaFuncs[T]()

	var u *unit[T]
	c.inner(func() {
		u = c.entry()
		if stages != nil {
			u.body = c.stages(stages)
			return
		}
		for _, b := range p.scratch() { // functions see what the driver allocates further down
			c.memory(b)
		}
		for _, f := range p.Funcs {
			if c.funcs[f.Name] != nil {
				c.failf("func %s: defined twice", f.Name)
			}
			c.funcs[f.Name] = c.function(f)
		}
		u.body = c.block(p.Body)
	})
	u.where, u.graph, u.levels, u.consts = c.where, p.Graph, p.hasLevels(), p.Consts
	u.ints, u.masks, u.vals, u.flags, u.mems = c.ints, c.masks, c.vals, c.flags, c.mems
	return &Compiled{u.run}, nil
}

// function compiles a function: it sees its arguments and the constants, nothing of the driver.
func (c *compiler[T]) function(f *Func) *callee[T] {
	driver, where := c.scope, c.where
	defer func() { c.scope, c.where, c.inFunc = driver, where, false }()
	fn := &callee[T]{}
	c.where, c.inFunc = where+" "+f.Name, true

	shared := map[string]*slotted{}
	for _, b := range f.Buffers {
		own := driver.bufs[b.Name]
		if own == nil {
			c.failf("buffer %s is not one of the program's", b.Name)
		}
		if own.Type != b.Type || own.Space != b.Space || own.Role != b.Role {
			c.failf("buffer %s differs from the program's in type, space or role", b.Name)
		}
		s := *own
		s.Buffer = b // its dimensions are in the function's own integers
		shared[b.Name] = &s
	}
	c.scope = nil
	c.inner(func() {
		c.scope.bufs = shared
		for _, name := range f.Ints {
			fn.ints = append(fn.ints, c.bindInt(name))
		}
		fn.body = c.block(f.Body)
	})
	return fn
}

// stages compiles a pipeline: one after the other, each element by element.
func (c *compiler[T]) stages(stages []*Stage) (steps []step[T]) {
	for n, s := range stages {
		if len(s.Axes) != len(s.Out.Dims) {
			c.failf("stage %d: %d axes, buffer %s has %d dimensions", n, len(s.Axes), s.Out.Name, len(s.Out.Dims))
		}
		define := &Store{Buf: s.Out, Value: s.Value}
		for _, a := range s.Axes {
			define.At = append(define.At, Var(a.Name))
		}
		nest := []Stmt{define}
		if s.Where != nil {
			nest = []Stmt{&If{Cond: s.Where, Then: nest}}
		}
		for k := len(s.Axes) - 1; k >= 0; k-- {
			nest = []Stmt{&For{Var: s.Axes[k].Name, Lo: Int(0), Hi: s.Axes[k].Extent, Step: 1, Body: nest}}
		}
		steps = append(steps, c.block(nest)...)
	}
	return steps
}

// fmaFuncs returns the fused multiply-add of type T for a scalar and for a vector.
func fmaFuncs[T float]() (one func(x, y, z T) T, lanes func(dst, x, y, z []T)) {
	var f, fs any
	switch any(T(0)).(type) {
	case float32:
		f = FMA32
		fs = func(dst, x, y, z []float32) {
			for k := range dst {
				dst[k] = FMA32(x[k], y[k], z[k])
			}
		}
	case float64:
		f = fma64
		fs = func(dst, x, y, z []float64) {
			for k := range dst {
				dst[k] = fma64(x[k], y[k], z[k])
			}
		}
	}
	return f.(func(x, y, z T) T), fs.(func(dst, x, y, z []T))
}
