package ir

import "slices"

// header is what stands before the stages or statements.
type header struct {
	graph   Graph
	sizes   []string
	consts  []ConstSize
	buffers []*Buffer
}

// header parses declarations up to the first line that is none.
func (p *parser) header() header {
	var h header
	for p.peek().kind == tokName && p.second().text != "[" && p.second().text != "=" {
		first := p.peek()
		switch first.text {
		case "pyramid", "table":
			if h.graph.Kind != 0 {
				p.failAt(first, "got a second graph, want one")
			}
			h.graph = p.graph()
		case "size":
			p.next()
			h.sizes = append(h.sizes, p.names("the name of a size")...)
		case "const":
			p.next()
			c := ConstSize{Name: p.name("the name of a size")}
			p.want("=", "= and the value of the size")
			c.Value = p.integer("the value of the size")
			h.consts = append(h.consts, c)
		default:
			if !isRole(first) {
				return h
			}
			h.buffers = append(h.buffers, p.decl())
		}
		p.endStatement()
	}
	return h
}

// graph parses `table` and `pyramid window 3 strides 4, 4`, with what may stand behind.
func (p *parser) graph() Graph {
	if p.got("table") {
		return Graph{Kind: Table}
	}
	p.next()
	p.want("window", "window and its size")
	g := Graph{Kind: Pyramid, Windows: p.integers("the size of the window")}
	g.Window = slices.Max(g.Windows)
	if len(g.Windows) == 1 {
		g.Windows = nil
	}
	if p.got("strides") {
		g.Strides = p.integers("a stride")
	}
	if p.got("dilation") {
		g.Dilation = int(p.integer("the dilation of the window"))
	}
	if p.got("causal") {
		g.Causal = named[Causal](p, causalNames[:], "last or strict")
	}
	if p.got("links") {
		g.Links = named[Links](p, linksNames[:], "up or down")
	}
	if p.got("ancestors") {
		g.Ancestors = int(p.integer("the number of ancestors"))
	}
	return g
}

// named parses a word of a table.
func named[T ~uint8](p *parser, table []string, what string) T {
	v, ok := opNamed[T](table, p.peek().text)
	if !ok {
		p.expected(what)
	}
	p.next()
	return v
}

// integers parses a list of at least one integer.
func (p *parser) integers(what string) []int {
	list := []int{int(p.integer(what))}
	for p.got(",") {
		list = append(list, int(p.integer(what)))
	}
	return list
}

func isRole(t token) bool { return t.text == "in" || t.text == "out" || t.text == "temp" }

// decl parses `in x: f32[batch, len]` and brings the buffer into scope.
func (p *parser) decl() *Buffer {
	b := &Buffer{Space: Memory}
	b.Role, _ = opNamed[Role](roleNames[:], p.next().text)
	if p.peek().text == "register" && p.second().kind == tokName {
		p.next()
		b.Space = Register
	}
	b.Name = p.name("the name of a buffer")
	p.want(":", ": and the type of the buffer")
	b.Type, b.Lanes = p.elementType()
	b.Dims, b.Steps = p.spacedDims()
	p.declare(b)
	return b
}

// elementType parses the type of a buffer's elements. A vector of one lane is a scalar.
func (p *parser) elementType() (Type, int) {
	t, lanes := p.vectorType()
	if lanes == 1 {
		lanes = 0
	}
	return t, lanes
}

// spacedDims parses the dimensions of an argument, if any, each with its step if there is one: `[batch, nodes by stride, dim]`.
func (p *parser) spacedDims() (dims, steps []Index) {
	if !p.got("[") {
		return nil, nil
	}
	for len(dims) == 0 || p.got(",") {
		dims = append(dims, p.toIndex(p.expression()))
		if !p.got("by") {
			continue
		}
		steps = append(steps, make([]Index, len(dims)-1-len(steps))...)
		steps = append(steps, p.toIndex(p.expression()))
	}
	if steps != nil {
		steps = append(steps, make([]Index, len(dims)-len(steps))...)
	}
	p.want("]", "a comma, by or a closing ]")
	return dims, steps
}

// dims parses the dimensions of a temporary or the subscripts of an element, if any.
func (p *parser) dims() []Index {
	var list []Index
	if !p.got("[") {
		return nil
	}
	for len(list) == 0 || p.got(",") {
		list = append(list, p.toIndex(p.expression()))
	}
	p.want("]", "a comma or a closing ]")
	return list
}

// stage parses `s[b < batch, i < nodes where i > 0] = value`.
func (p *parser) stage() *Stage {
	name := p.peek()
	p.name("a stage such as s[i < n] = value, or }")
	s := &Stage{Out: p.wantBuffer(name)}
	if p.got("[") {
		s.Axes, s.Where = p.axes()
	}
	p.want("=", "= and the value of the stage")
	s.Value = p.toExpr(p.expression())
	return s
}

// axes parses the axes of a stage, after the opening bracket.
func (p *parser) axes() ([]Axis, Cond) {
	var list []Axis
	for p.peek().text != "where" {
		a := Axis{Name: p.name("the name of an axis")}
		p.want("<", "< and the extent of the axis")
		a.Extent = p.toIndex(p.operators(precSum))
		list = append(list, a)
		if !p.got(",") {
			break
		}
	}
	var where Cond
	if p.got("where") {
		where = p.toCond(p.operators(precAnd))
	}
	p.want("]", "a comma, where or a closing ]")
	return list, where
}

// function parses a func of a program, with the comment above it.
func (p *parser) function() *Func {
	f := &Func{Doc: p.docs[p.pos]}
	p.want("func", "func NAME(...) { or the end of the text")
	f.Name = p.name("the name of the function")
	p.want("(", "( and the function's integers")
	if !p.got(")") {
		f.Ints = p.names("the name of an integer")
		p.want(")", "a comma or a closing )")
	}
	p.open()
	outer := p.scope
	p.scope = []map[string]*Buffer{{}}
	for t := p.peek(); isRole(t) && p.second().kind == tokName; t = p.peek() {
		f.Buffers = append(f.Buffers, p.decl())
		p.endStatement()
	}
	f.Body = p.blockRest()
	p.scope = outer
	return f
}
