package ir

import (
	"fmt"
	"strconv"
	"strings"
)

// maxLanes is the most lanes of a vector in the text form.
const maxLanes = 64

func (p *parser) peek() token { return p.tokens[p.pos] }

// second returns the token after the next one.
func (p *parser) second() token { return p.tokens[min(p.pos+1, len(p.tokens)-1)] }

func (p *parser) next() token {
	t := p.tokens[p.pos]
	if t.kind != tokEOF {
		p.pos++
	}
	return t
}

// got takes the next token if it is that mark or word.
func (p *parser) got(text string) bool {
	t := p.peek()
	if t.text != text || t.kind != tokMark && t.kind != tokName {
		return false
	}
	p.pos++
	return true
}

func (p *parser) want(text, what string) {
	if !p.got(text) {
		p.expected(what)
	}
}

// expected fails at the next token.
func (p *parser) expected(what string) { p.failAt(p.peek(), "got %s, want %s", p.peek(), what) }

func (p *parser) failAt(t token, format string, args ...any) { panic(p.errorAt(t.at, format, args...)) }

// enter and leave bound how deep the parser calls itself.
func (p *parser) enter() {
	if p.depth++; p.depth > maxNesting {
		p.failAt(p.peek(), "text nests deeper than %d", maxNesting)
	}
}

func (p *parser) leave() { p.depth-- }

// line skips the ends of lines.
func (p *parser) line() {
	for p.peek().kind == tokLine {
		p.pos++
	}
}

// endStatement wants the end of a line, or the end of the block.
func (p *parser) endStatement() {
	if t := p.peek(); t.kind != tokLine && t.text != "}" {
		p.expected("the end of the line")
	}
	p.line()
}

func (p *parser) endText() {
	p.line()
	if p.peek().kind != tokEOF {
		p.expected("the end of the text")
	}
}

// open takes the { of a block and returns the comment after it.
func (p *parser) open() string {
	p.want("{", "{")
	note := p.notes[p.pos-1]
	p.line()
	return note
}

func (p *parser) name(what string) string {
	if p.peek().kind != tokName {
		p.expected(what)
	}
	return p.next().text
}

// opName takes the name of a kernel, which may have hyphens as names of ops do.
func (p *parser) opName() string {
	name := p.name("the kernel's name")
	for p.got("-") {
		name += "-" + p.name("the rest of the kernel's name")
	}
	return name
}

// names takes a list of names.
func (p *parser) names(what string) []string {
	list := []string{p.name(what)}
	for p.got(",") {
		list = append(list, p.name(what))
	}
	return list
}

func (p *parser) typeName() Type {
	t, err := ParseType(p.peek().text)
	if err != nil {
		p.expected("a type: f32, f64, f16, bf16, i32 or u64")
	}
	p.next()
	return t
}

// vectorType takes a type and its lanes, 0 if it has none: f32, f32x8.
func (p *parser) vectorType() (Type, int) {
	element, lanes, vector := strings.Cut(p.peek().text, "x")
	t, err := ParseType(element)
	n := 0
	if err == nil && vector {
		n, err = strconv.Atoi(lanes)
	}
	if err != nil || n < 0 || n > maxLanes || vector && n == 0 {
		p.expected(fmt.Sprintf("a type such as f32, or f32x8 with at most %d lanes", maxLanes))
	}
	p.next()
	return t, n
}

// integer takes a constant.
func (p *parser) integer(what string) int64 {
	at, sign := p.peek(), ""
	if p.got("-") {
		sign = "-"
	}
	if p.peek().kind != tokNumber {
		p.expected(what)
	}
	v, err := strconv.ParseInt(sign+p.next().text, 10, 64)
	if err != nil {
		p.failAt(at, "got a number that is no 64-bit integer, want %s", what)
	}
	return v
}

// lanes takes a number of lanes.
func (p *parser) lanes() int {
	at := p.peek()
	n := p.integer("a number of lanes")
	if n < 1 || n > maxLanes {
		p.failAt(at, "got %d lanes, want 1 to %d", n, maxLanes)
	}
	return int(n)
}
