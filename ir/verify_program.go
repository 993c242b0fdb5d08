package ir

// Verify returns an error, which names program, function, statement, what was got and what was wanted, unless
//   - every name is an identifier and stands for one thing where it is seen (nodes and slots, which a pyramid with a size len
//     has, may be defined once more by a let of the driver);
//   - the program computes in f32 or f64, and every value, buffer and mask agrees with that; i32 tables are read in indices only;
//   - lanes agree: of operands, of a value and what it is stored in, of masks and what they mask;
//   - subscripts are as many as dimensions; inputs are not stored to; streaming stores go to memory;
//   - there are no reductions; steps are positive; parallel loops stand in the driver and not in each other;
//   - calls stand in the driver, are of the program's functions and have their arguments; functions hold no calls and are not
//     parallel, and their buffers are the program's in its order, with dimensions of their own, then what the driver allocates.
func (p *Program) Verify() error { return p.verify(false) }

// VerifyScheduled returns an error unless the program is what back ends take: [Program.Verify] and
//   - the driver is lets, loops, ifs, assumptions, calls and allocs of memory for the functions only, parallel loops at its top level;
//   - no index maps are left, except for gathers from tables;
//   - functions use no sizes but their integers; the outermost extent of a buffer alone may be anything;
//   - register buffers have constant extents, and their subscripts are constants inside them;
//   - exponentials and logarithms are polynomials.
func (p *Program) VerifyScheduled() error { return p.verify(true) }

// Verify is [Program.Verify] for one function by itself.
func (f *Func) Verify() error {
	v := &verifier{anyGraph: true}
	return v.run("func "+f.Name, func() { v.function(f) })
}

func (p *Program) verify(scheduled bool) error {
	v := &verifier{typ: p.Type, graph: p.Graph, scheduled: scheduled}
	return v.run("program "+p.Name+" "+p.Target, func() {
		v.form(p.Name, p.Type, p.Graph)
		v.identifier(p.Target)
		v.block(func() {
			v.sizes(p.Graph, p.Sizes, p.Consts)
			for _, b := range p.Buffers {
				v.argument(b)
				v.in("buffer "+b.Name, func() { v.indices(b.Dims); v.steps(b) })
			}
			if scheduled { // back ends know no sizes but those of the program and lets
				for name, meaning := range v.names {
					if meaning == any(integer{follows: true}) {
						delete(v.names, name)
					}
				}
			}
			v.stmts(p.Body, p)
		})
		seen := map[string]bool{}
		for _, f := range p.Funcs {
			v.in("func "+f.Name, func() {
				if seen[f.Name] {
					v.fail("got a second function of that name, want another name")
				}
				seen[f.Name] = true
				v.views(f, p)
				v.block(func() { v.function(f) })
			})
		}
	})
}

// views checks that the buffers of f are the program's, in its order, up to their dimensions.
func (v *verifier) views(f *Func, p *Program) {
	next := 0
	all := append(p.Buffers[:len(p.Buffers):len(p.Buffers)], p.scratch()...)
	for _, b := range f.Buffers {
		i := next
		for i < len(all) && (b == nil || all[i].Name != b.Name) {
			i++
		}
		if i == len(all) {
			v.fail("got buffer %s, want one of the program's, in its order", bufferName(b))
		}
		whole := all[i]
		if b.Type != whole.Type || b.Role != whole.Role || b.Space != whole.Space || (len(b.Dims) == 0) != (len(whole.Dims) == 0) {
			v.fail("got buffer %s as %s %s, want a view of the program's %s %s", b.Name, opText(roleNames[:], b.Role), bufferType(b),
				opText(roleNames[:], whole.Role), bufferType(whole))
		}
		next = i + 1
	}
}

// scratch returns the temporaries in memory that the driver allocates for the functions.
func (p *Program) scratch() []*Buffer {
	if len(p.Funcs) == 0 {
		return nil
	}
	var list []*Buffer
	Each(p.Body, func(s Stmt) {
		if a, ok := s.(*Alloc); ok && a.Buf != nil && a.Buf.Space == Memory {
			list = append(list, a.Buf)
		}
	})
	return list
}

// function checks a function. Its own integers are all that it sees.
func (v *verifier) function(f *Func) {
	v.identifier(f.Name)
	v.fn = f
	for _, name := range f.Ints {
		v.bind(name, integer{})
	}
	for _, b := range f.Buffers {
		v.argument(b)
		v.in("buffer "+b.Name, func() {
			if len(b.Dims) > 1 { // the outermost extent is never needed to find an element
				v.indices(b.Dims[1:])
			}
			v.steps(b)
		})
	}
	v.stmts(f.Body, nil)
}
