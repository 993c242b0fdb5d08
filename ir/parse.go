package ir

// The text form. A line ends a statement; inside parentheses and brackets it does not. Comments start with //; those after a
// block's { are notes of the loop or if, those above a func its doc, all others are lost. Only inf and nan are reserved.
//
//	kernel    = "kernel" op type "{" { decl } { stage } "}"
//	program   = "program" op type target "{" { decl } block { func }
//	func      = "func" name "(" [ names ] ")" "{" { buffer } block
//	decl      = pyramid | "table" | "size" names | "const" name "=" int | buffer
//	pyramid   = "pyramid" "window" ints [ "strides" ints ] [ "dilation" int ] [ "causal" ( "last" | "strict" ) ] [ "links" ( "up" | "down" ) ]
//	            [ "ancestors" int ]
//	ints      = int { "," int }
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
//	          | [ "stream" [ int ] ] element "=" value
//	          | "assume" cond | "prefetch" [ "far" ] name [ dims ] | "fence" | "call" name "(" [ index { "," index } ] ")"
//	element   = name [ "[" index { "," index } [ ":" lanes [ "if" mask ] ] "]" ]
//	index     = int | name | name dims | index op index | fn "(" index { "," index } ")" | cond "?" index ":" index
//	cond      = index cmp index | value cmp value | cond "&&" cond | "aligned" "(" name "," int ")" | "uncached" "(" index ")"
//	value     = float | type "(" float ")" | element | "-" value | value op value | cond "?" value ":" value
//	          | ( "sum" | "max" ) "(" axis [ "where" cond ] ":" value ")"
//	          | fn "(" value { "," value } ")" | ( "broadcast" | "lane" ) "(" value "," int ")"
//	          | "choose" "(" value cmp value "," value "," value ")"
//	          | "random" "(" name "," index "," index [ "," int ] ")"
//
// Operators bind as in Go, comparisons do not chain, and ? : binds least.

// ParseKernel reads the text form that [Kernel.String] writes. Errors are of type *[SyntaxError]. What it returns is whole but
// need not be right: see [Kernel.Verify].
func ParseKernel(src string) (*Kernel, error) {
	k := &Kernel{}
	err := parse(src, func(p *parser) {
		p.want("kernel", "kernel NAME TYPE {")
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
		p.want("program", "program NAME TYPE TARGET {")
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
