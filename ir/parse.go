package ir

import (
	"fmt"
	"strconv"
	"strings"
)

// The text form. A line ends a statement; inside parentheses and brackets it does not. Comments start with //; those after a
// block's { are notes of the loop or if, those above a func its doc, all others are lost. Only inf and nan are reserved.
//
//	kernel    = "kernel" op type "{" { decl } { stage } "}"
//	program   = "program" op type target "{" { decl } block { func }
//	func      = "func" name "(" [ names ] ")" "{" { buffer } block
//	decl      = "pyramid" "window" int [ "strides" int { "," int } ] | "table" | "size" names | "const" name "=" int | buffer
//	buffer    = ( "in" | "out" | "temp" ) [ "register" ] name ":" vector [ dims ]
//	vector    = type [ "x" lanes ]
//	dims      = "[" index { "," index } "]"
//	stage     = name [ "[" axis { "," axis } [ "where" cond ] "]" ] "=" value
//	axis      = name "<" index
//	block     = { stmt } "}"
//	stmt      = [ "parallel" ] "for" name "in" index ".." index [ "step" int ] "{" block
//	          | "if" cond "{" block [ "else" ( stmt-if | "{" block ) ]
//	          | "let" name "=" index | "mask" name ":" vector "=" index
//	          | "alloc" [ "memory" ] names ":" vector [ dims ]
//	          | [ "stream" ] element "=" value
//	          | "assume" cond | "prefetch" name [ dims ] | "fence" | "call" name "(" [ index { "," index } ] ")"
//	element   = name [ "[" index { "," index } [ ":" lanes [ "if" mask ] ] "]" ]
//	index     = int | name | name dims | index op index | fn "(" index { "," index } ")" | cond "?" index ":" index
//	cond      = index cmp index | value cmp value | cond "&&" cond
//	value     = float | type "(" float ")" | element | "-" value | value op value | cond "?" value ":" value
//	          | ( "sum" | "max" ) "(" axis [ "where" cond ] ":" value ")"
//	          | fn "(" value { "," value } ")" | ( "broadcast" | "lane" ) "(" value "," int ")"
//
// Operators bind as in Go, comparisons do not chain, and ? : binds least.

// maxLanes is the most lanes of a vector in the text form.
const maxLanes = 64

// ParseKernel reads the text form that [Kernel.String] writes. Errors are of type *[SyntaxError]. What it returns is whole but
// need not be right: see [Kernel.Verify].
func ParseKernel(src string) (*Kernel, error) {
	k := &Kernel{}
	err := parse(src, func(p *parser) {
		p.keyword("kernel", "kernel NAME TYPE {")
		k.Name = p.opName()
		k.Type = p.typeName()
		p.typ = k.Type
		p.open()
		h := p.header()
		k.Graph, k.Sizes, k.Consts, k.Buffers = h.graph, h.sizes, h.consts, h.buffers
		for !p.got("}") {
			k.Stages = append(k.Stages, p.stage())
			p.endStatement()
		}
		p.endText()
	})
	if err != nil {
		return nil, err
	}
	return k, nil
}

// ParseProgram reads the text form that [Program.String] writes. Errors are of type *[SyntaxError]. What it returns is whole
// but need not be right: see [Program.Verify].
func ParseProgram(src string) (*Program, error) {
	prog := &Program{}
	err := parse(src, func(p *parser) {
		p.keyword("program", "program NAME TYPE TARGET {")
		prog.Name = p.opName()
		prog.Type = p.typeName()
		prog.Target = p.name("the target's name")
		p.typ = prog.Type
		p.open()
		h := p.header()
		prog.Graph, prog.Sizes, prog.Consts, prog.Buffers = h.graph, h.sizes, h.consts, h.buffers
		prog.Body = p.blockRest()
		for p.line(); p.peek().kind != tokEOF; p.line() {
			prog.Funcs = append(prog.Funcs, p.function())
		}
		for _, c := range p.calls {
			if c.call.Func = prog.Func(c.name.text); c.call.Func == nil {
				p.failAt(c.name, "got a call of %s, want one of the program's functions", c.name.text)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return prog, nil
}

// parser reads tokens. It stops at the first error, by a panic of type *SyntaxError that parse recovers.
type parser struct {
	*lexer
	pos   int
	depth int
	typ   Type // of constants
	scope []map[string]*Buffer
	calls []pendingCall
}

// pendingCall is a call of a function that may not have been read yet.
type pendingCall struct {
	call *Call
	name token
}

// parse runs body over the tokens of src.
func parse(src string, body func(*parser)) (err error) {
	l, err := lex(src)
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*SyntaxError)
			if !ok {
				panic(r)
			}
			err = e
		}
	}()
	p := &parser{lexer: l, scope: []map[string]*Buffer{{}}}
	p.line()
	body(p)
	return nil
}

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

func (p *parser) keyword(word, what string) {
	if !p.got(word) {
		p.expected(what)
	}
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
		p.expected("a type: f32, f64, f16, bf16 or i32")
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

// buffer returns the buffer that a name stands for, or nil.
func (p *parser) buffer(name string) *Buffer {
	for i := len(p.scope) - 1; i >= 0; i-- {
		if b := p.scope[i][name]; b != nil {
			return b
		}
	}
	return nil
}

// declare brings a buffer into the innermost scope.
func (p *parser) declare(b *Buffer) { p.scope[len(p.scope)-1][b.Name] = b }
