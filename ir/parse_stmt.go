package ir

// blockRest parses the statements of a block up to its }, after the {.
func (p *parser) blockRest() []Stmt {
	p.scope = append(p.scope, map[string]*Buffer{})
	if len(p.scope) > maxBlocks {
		p.failAt(p.peek(), "blocks nest deeper than %d", maxBlocks)
	}
	var list []Stmt
	for !p.got("}") {
		list = append(list, p.statement()...)
		p.endStatement()
	}
	p.scope = p.scope[:len(p.scope)-1]
	return list
}

// statement parses one line, which may be several statements. A word that starts a statement is a buffer's name where [ or =
// follows.
func (p *parser) statement() []Stmt {
	first := p.peek()
	if first.kind != tokName {
		p.expected("a statement or }")
	}
	if after := p.second(); after.text == "[" || after.text == "=" {
		return []Stmt{p.store()}
	}
	p.next()
	switch first.text {
	case "parallel":
		p.want("for", "for, after parallel")
		return []Stmt{p.loop(true)}
	case "for":
		return []Stmt{p.loop(false)}
	case "if":
		return []Stmt{p.conditional()}
	case "let":
		s := &Let{Var: p.name("the name of a variable")}
		p.want("=", "= and a value")
		s.Value = p.toIndex(p.expression())
		return []Stmt{s}
	case "mask":
		return []Stmt{p.mask()}
	case "alloc":
		return p.alloc()
	case "stream":
		return []Stmt{p.stream()}
	case "assume":
		return []Stmt{&Assume{p.toCond(p.expression())}}
	case "prefetch":
		far := p.peek().text == "far" && p.second().kind == tokName
		if far {
			p.next()
		}
		s := &Prefetch{Buf: p.wantBuffer(p.peek()), Far: far}
		p.next()
		s.At = p.dims()
		return []Stmt{s}
	case "fence":
		return []Stmt{&Fence{}}
	case "call":
		return []Stmt{p.callFunc()}
	case "in", "out", "temp", "size", "const", "pyramid", "table":
		p.failAt(first, "got the declaration %s, want it before the statements of a program", first.text)
	}
	p.failAt(first, "got %q, want a statement: for, if, let, mask, alloc, assume, prefetch, fence, call or a store x[...] = value",
		first.text)
	return nil
}

// loop parses `i in lo..hi step 8 { // note`, after for.
func (p *parser) loop(parallel bool) Stmt {
	s := &For{Parallel: parallel, Step: 1}
	s.Var = p.name("the name of a loop variable")
	p.want("in", "in and the range of the loop")
	s.Lo = p.toIndex(p.operators(precSum))
	p.want("..", "the .. of the range")
	s.Hi = p.toIndex(p.operators(precSum))
	if p.got("step") {
		s.Step = p.integer("the step of the loop")
	}
	s.Note = p.open()
	s.Body = p.blockRest()
	return s
}

// conditional parses `cond { // note`, then else and `else if`, after if.
func (p *parser) conditional() Stmt {
	p.enter()
	defer p.leave()
	s := &If{Cond: p.toCond(p.operators(precAnd))}
	s.Note = p.open()
	s.Then = p.blockRest()
	if !p.got("else") {
		return s
	}
	if p.got("if") {
		s.Else = []Stmt{p.conditional()}
		return s
	}
	p.open()
	s.Else = p.blockRest()
	return s
}

// mask parses `k: f32x8 = count`, after mask.
func (p *parser) mask() Stmt {
	s := &LetMask{Name: p.name("the name of a mask")}
	p.want(":", ": and the type of the mask")
	at := p.peek()
	if s.Type, s.Lanes = p.vectorType(); s.Lanes == 0 {
		p.failAt(at, "got a type without lanes, want for example f32x8")
	}
	p.want("=", "= and the number of active lanes")
	s.Count = p.toIndex(p.expression())
	return s
}

// alloc parses `a, b: f32x8[4]` or `memory a: f32[25]`, after alloc.
func (p *parser) alloc() []Stmt {
	space := Register
	if p.peek().text == "memory" && p.second().kind == tokName {
		p.next()
		space = Memory
	}
	names := p.names("the name of a buffer")
	p.want(":", ": and the type of the buffer")
	t, lanes := p.elementType()
	dims := p.dims()
	var list []Stmt
	for _, name := range names {
		b := &Buffer{Name: name, Type: t, Role: Temp, Space: space, Dims: dims, Lanes: lanes}
		p.declare(b)
		list = append(list, &Alloc{b})
	}
	return list
}

// stream parses `s[i, d:8] = value` after stream, and the bytes of a piece if they are not those of the value.
func (p *parser) stream() Stmt {
	piece := 0
	if p.peek().kind == tokNumber {
		piece = int(p.integer("the bytes of a piece"))
	}
	s := p.store()
	if piece == 0 {
		piece = s.Bytes()
	}
	s.Stream = piece
	return s
}

// store parses `s[i, d:8 if k] = value`.
func (p *parser) store() *Store {
	name := p.peek()
	p.name("the name of a buffer")
	s := &Store{Buf: p.wantBuffer(name)}
	width := 0
	if p.got("[") {
		n := p.subscripts(name)
		s.At, s.Mask, width = p.toIndices(n.kids), n.mask, n.width
	}
	p.want("=", "= and the value to store")
	s.Value = p.toExpr(p.expression())
	lanes := s.Value.Lanes()
	switch {
	case s.Buf.Space == Register && width != 0:
		p.failAt(name, "got %d lanes of %s, want none: it is a register buffer, whose elements are what is stored", width, name.text)
	case s.Buf.Space != Register && max(width, 1) != lanes:
		p.failAt(name, "got a store of %d lanes, want the %d of its value", max(width, 1), lanes)
	}
	return s
}

// callFunc parses `leaf(a, b)`, after call.
func (p *parser) callFunc() Stmt {
	name := p.peek()
	p.name("the name of a function")
	p.want("(", "( and the arguments")
	n := p.arguments(name)
	if n.kind != synCall {
		p.failAt(name, "got a reduction, want arguments")
	}
	c := &Call{Args: p.toIndices(n.kids)}
	p.calls = append(p.calls, pendingCall{c, name})
	return c
}
