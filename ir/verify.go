package ir

import (
	"errors"
	"fmt"
	"strings"
)

// Verify returns an error, which names kernel, stage, what was got and what was wanted, unless
//   - every name is an identifier and stands for one thing where it is seen;
//   - the kernel computes in f32 or f64, and every value and buffer agrees with that; i32 tables are read in indices only;
//   - subscripts are as many as dimensions, index maps have their arguments and exist for the graph;
//   - every output and temporary is defined by one stage, whose axes are its dimensions, before another stage reads it;
//   - inputs are never defined, and there are no vectors, masks, fma or registers: those are for programs.
//
// On a pyramid with a size len, the sizes nodes and slots are there too.
func (k *Kernel) Verify() error {
	v := &verifier{typ: k.Type, graph: k.Graph, kernel: true}
	return v.run("kernel "+k.Name, func() {
		v.form(k.Name, k.Type, k.Graph)
		v.sizes(k.Graph, k.Sizes, k.Consts)
		defined := v.kernelBuffers(k.Buffers)
		for _, s := range k.Stages {
			v.stage(s, defined)
		}
		for _, b := range k.Buffers {
			if b.Role != In && !defined[b.Name] {
				v.fail("buffer %s: got no stage that defines it, want one, as it is an %s buffer", b.Name, opText(roleNames[:], b.Role))
			}
		}
	})
}

// verifier checks one kernel, program or function. It stops at the first error, by a panic of type verifyError that run
// recovers.
type verifier struct {
	typ       Type // of all arithmetic, 0 if it is only known that it is one type
	graph     Graph
	anyGraph  bool // the graph is not known
	kernel    bool // reductions are there; vectors are not
	scheduled bool // what back ends take
	fn        *Func
	depth     int  // loops and ifs around a statement
	parallel  bool // in a parallel loop

	place  []any          // where we are, outermost first: texts and statements
	names  map[string]any // *Buffer, *LetMask or integer
	trail  []binding
	unread map[string]bool // buffers of a kernel that no stage has defined yet
}

// integer is the meaning of the name of a loop variable, let or size. One that follows from other sizes may be defined again.
type integer struct{ follows bool }

// binding is a name that was bound and what it meant before, nil for nothing.
type binding struct {
	name string
	old  any
}

type verifyError struct{ error }

// run checks body; errors start with what.
func (v *verifier) run(what string, body func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(verifyError)
			if !ok {
				panic(r)
			}
			err = e.error
		}
	}()
	v.names = map[string]any{}
	v.in(what, body)
	return nil
}

func (v *verifier) fail(format string, args ...any) {
	var text strings.Builder
	for _, p := range v.place {
		if s, ok := p.(Stmt); ok {
			p = head(s)
		}
		fmt.Fprintf(&text, "%v: ", p)
	}
	fmt.Fprintf(&text, format, args...)
	panic(verifyError{errors.New(text.String())})
}

// in runs body at a place, a text or a statement.
func (v *verifier) in(place any, body func()) {
	v.place = append(v.place, place)
	body()
	v.place = v.place[:len(v.place)-1]
}

// block runs body, after which the names that it bound are gone.
func (v *verifier) block(body func()) {
	n := len(v.trail)
	body()
	for _, b := range v.trail[n:] {
		if v.names[b.name] = b.old; b.old == nil {
			delete(v.names, b.name)
		}
	}
	v.trail = v.trail[:n]
}

// bind gives a name its meaning in the current block.
func (v *verifier) bind(name string, meaning any) {
	v.identifier(name)
	old := v.names[name]
	if old != nil && old != any(integer{follows: true}) {
		v.fail("got a second %s, which is %s here already; want another name", name, describe(old))
	}
	v.names[name] = meaning
	v.trail = append(v.trail, binding{name, old})
}

func describe(meaning any) string {
	switch meaning.(type) {
	case *Buffer:
		return "a buffer"
	case *LetMask:
		return "a mask"
	}
	return "an integer"
}

func (v *verifier) identifier(name string) {
	if name == "" || !isLetter(name[0]) || wordLen(name) != len(name) || name == "inf" || name == "nan" {
		v.fail("got the name %q, want letters, digits and _, and neither inf nor nan", name)
	}
}

// form checks what kernels and programs have in common. Their names are those of ops, which may have hyphens.
func (v *verifier) form(name string, t Type, g Graph) {
	for part := range strings.SplitSeq(name, "-") {
		v.identifier(part)
	}
	if t != F32 && t != F64 {
		v.fail("got arithmetic in %s, want f32 or f64; 16-bit types are for buffers", t)
	}
	if err := g.Validate(); err != nil {
		v.fail("%v", err)
	}
}

// sizes binds the sizes of a kernel or program.
func (v *verifier) sizes(g Graph, sizes []string, consts []ConstSize) {
	for _, s := range sizes {
		v.bind(s, integer{})
	}
	for _, c := range consts {
		v.bind(c.Name, integer{})
		if c.Value < 1 {
			v.fail("const %s: got %d, want >= 1", c.Name, c.Value)
		}
	}
	if _, ok := v.names["len"]; ok && g.Kind == Pyramid {
		v.bind("nodes", integer{follows: true})
		v.bind("slots", integer{follows: true})
		if g.Up() > 1 {
			v.bind("in_slots", integer{follows: true})
		}
	}
}

// kernelBuffers binds the buffers of a kernel and returns those that are defined from the start.
func (v *verifier) kernelBuffers(list []*Buffer) map[string]bool {
	defined := map[string]bool{}
	for _, b := range list {
		v.argument(b)
		if b.Space != Memory {
			v.fail("buffer %s: got a register buffer, want memory; registers are for programs", b.Name)
		}
		v.in("buffer "+b.Name, func() { v.indices(b.Dims); v.steps(b) })
		defined[b.Name] = b.Role == In
	}
	return defined
}

// stage checks one stage and adds its buffer to what is defined.
func (v *verifier) stage(s *Stage, defined map[string]bool) {
	v.in("stage "+bufferName(s.Out), func() {
		out := v.use(s.Out)
		if defined[out.Name] {
			v.fail("got a second definition of %s, or one of an input; want each output and temporary defined once", out.Name)
		}
		if len(s.Axes) != len(out.Dims) {
			v.fail("got %d axes, want the %d dimensions of %s", len(s.Axes), len(out.Dims), out.Name)
		}
		v.unread = map[string]bool{}
		for name, ok := range defined {
			v.unread[name] = !ok
		}
		v.block(func() {
			for i, a := range s.Axes {
				v.index(a.Extent)
				if !sameExtent(a.Extent, out.Dims[i]) {
					v.fail("axis %s: got extent %s, want dimension %d of %s, %s", a.Name, FormatIndex(a.Extent), i, out.Name,
						FormatIndex(out.Dims[i]))
				}
				v.bind(a.Name, integer{})
			}
			if s.Where != nil {
				v.cond(s.Where)
			}
			v.stored(out, s.Value, "")
		})
		defined[out.Name] = true
	})
}
