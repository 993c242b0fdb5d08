package ir

import "strings"

// stmts checks the statements of a block; p is the program in its driver and nil in functions.
func (v *verifier) stmts(list []Stmt, p *Program) {
	v.block(func() {
		for _, s := range list {
			switch s := s.(type) {
			case *For:
				v.loop(s, p)
			case *If:
				v.in(s, func() { v.cond(s.Cond) })
				v.depth++
				v.stmts(s.Then, p)
				v.stmts(s.Else, p)
				v.depth--
			case nil:
				v.fail("got a nil statement, want one")
			default:
				v.in(s, func() { v.stmt(s, p) })
			}
		}
	})
}

// head returns what errors say of a statement: its first line, cut where it is long.
func head(s Stmt) string {
	const most = 100
	line, _, _ := strings.Cut(FormatStmts([]Stmt{s}), "\n")
	line, _, _ = strings.Cut(line, " {")
	if len(line) > most {
		line = line[:most] + "..."
	}
	return "`" + line + "`"
}

func (v *verifier) loop(s *For, p *Program) {
	v.in(s, func() {
		v.index(s.Lo)
		v.index(s.Hi)
		switch {
		case s.Step <= 0:
			v.fail("got step %d, want a positive one", s.Step)
		case s.Parallel && v.fn != nil:
			v.fail("got a parallel loop in a function, want it in the driver")
		case s.Parallel && v.parallel:
			v.fail("got a parallel loop in a parallel loop, want one of them sequential")
		case s.Parallel && v.scheduled && v.depth > 0:
			v.fail("got a parallel loop inside a loop or if, want it at the top level of the driver")
		}
	})
	outer := v.parallel
	v.parallel = outer || s.Parallel
	v.depth++
	v.block(func() {
		v.in(s, func() { v.bind(s.Var, integer{}) })
		v.stmts(s.Body, p)
	})
	v.depth--
	v.parallel = outer
}

// stmt checks a statement without a block.
func (v *verifier) stmt(s Stmt, p *Program) {
	if v.scheduled && v.fn == nil {
		a, ok := s.(*Alloc)
		switch s.(type) {
		case *Let, *Call, *Assume:
		case *Alloc:
			if ok && a.Buf != nil && a.Buf.Space == Memory {
				break
			}
			v.fail("got registers in the driver, want lets, loops, ifs and calls only; outline it")
		default:
			v.fail("got this in the driver, want lets, loops, ifs and calls only; outline it")
		}
	}
	switch s := s.(type) {
	case *Let:
		v.index(s.Value)
		v.bind(s.Var, integer{})
	case *LetMask:
		v.index(s.Count)
		v.vector(s.Lanes)
		if s.Type < F32 || s.Type > BF16 {
			v.fail("got a mask for elements of %s, want f32, f64, f16 or bf16", s.Type)
		}
		v.bind(s.Name, s)
	case *Alloc:
		v.alloc(s.Buf)
	case *Store:
		b := v.element(s.Buf, s.At)
		if b.Role == In {
			v.fail("got a store to the input %s, want an output or temporary", b.Name)
		}
		v.stored(b, s.Value, s.Mask)
		v.streamed(s)
	case *Assume:
		v.cond(s.Cond)
	case *Prefetch:
		if b := v.element(s.Buf, s.At); b.Space == Register || len(b.Dims) == 0 {
			v.fail("got a prefetch of %s, want a tensor in memory", b.Name)
		}
	case *Fence:
	case *Call:
		v.call(s, p)
	default:
		v.fail("got %T, want a statement", s)
	}
}

// streamed checks the pieces of a store that bypasses the cache: without a mask the whole vector, or those of 16 or 32 bytes that it, or its active
// lanes, consist of.
func (v *verifier) streamed(s *Store) {
	if s.Stream == 0 {
		return
	}
	if s.Buf.Space == Register {
		v.fail("got a streaming store to register buffer %s, want memory", s.Buf.Name)
	}
	bytes := s.Bytes()
	if s.Mask == "" && s.Stream == bytes {
		return
	}
	if m, ok := v.names[s.Mask].(*LetMask); ok {
		count, ok := m.Count.(Int)
		if !ok {
			v.fail("got a streaming store to %s under mask %s, whose lanes are %s, want a number of them", s.Buf.Name, s.Mask, FormatIndex(m.Count))
		}
		bytes = int(count) * s.Buf.Type.Size()
	}
	if s.Stream != 16 && s.Stream != 32 || bytes%s.Stream != 0 {
		v.fail("got a streaming store of %d bytes to %s in pieces of %d, want pieces of 16 or 32 bytes that it consists of, or the vector", bytes, s.Buf.Name, s.Stream)
	}
}

// stored checks that value fits an element of b, or the elements from one on.
func (v *verifier) stored(b *Buffer, value Expr, mask string) {
	t, lanes := v.expr(value)
	if b.Type.integer() || t != b.Type.Arith() {
		v.fail("got a value of %s for %s, whose elements are %s; want one type", t, b.Name, b.Type)
	}
	if b.Space == Register {
		if lanes != max(b.Lanes, 1) {
			v.fail("got a value of %d lanes for register buffer %s, want its %d", lanes, b.Name, max(b.Lanes, 1))
		}
	} else if lanes > 1 && len(b.Dims) == 0 {
		v.fail("got a value of %d lanes for the scalar %s, want one", lanes, b.Name)
	}
	v.masked(b, mask, lanes)
}

func (v *verifier) alloc(b *Buffer) {
	if b == nil {
		v.fail("got a nil buffer, want one")
	}
	v.bufferShape(b)
	if b.Role != Temp {
		v.fail("got a buffer of role %s, want temp", opText(roleNames[:], b.Role))
	}
	if b.Type.integer() {
		v.fail("got a buffer of %s, want floats; tables and seeds are inputs", b.Type)
	}
	v.indices(b.Dims)
	if v.scheduled && b.Space == Register {
		for i, d := range b.Dims {
			if n, ok := d.(Int); !ok || n < 1 {
				v.fail("extent %d: got %s, want a positive constant; it is a register buffer", i, FormatIndex(d))
			}
		}
	}
	v.bind(b.Name, b)
}

func (v *verifier) call(s *Call, p *Program) {
	if p == nil {
		v.fail("got a call in a function, want it in the driver")
	}
	if s.Func == nil || p.Func(s.Func.Name) != s.Func {
		v.fail("got a function that is not the program's, want one of its Funcs")
	}
	if len(s.Args) != len(s.Func.Ints) {
		v.fail("got %d arguments, want %d: %s", len(s.Args), len(s.Func.Ints), strings.Join(s.Func.Ints, ", "))
	}
	v.indices(s.Args)
}
