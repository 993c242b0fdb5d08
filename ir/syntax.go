package ir

// How deep expressions and blocks may nest, so that hostile text cannot exhaust the stack of those who walk it, or memory by the
// indentation of its lines.
const (
	maxNesting = 1000
	maxBlocks  = 100
)

type syntaxKind uint8

const (
	synName   syntaxKind = iota // name
	synNumber                   // number, inf or nan, with its sign
	synCall                     // name(kids)
	synSub                      // name[kids], name[kids:width if mask]
	synBinary                   // kids[0] op kids[1]; text is the operator
	synNeg                      // -kids[0]
	synPick                     // kids[0] ? kids[1] : kids[2]
	synReduce                   // name(axis < kids[0] where kids[2]: kids[1])
)

// syntax is an expression before it is known whether it is an index, a value or a condition: that depends on where it stands
// and, in comparisons, on what its names are.
type syntax struct {
	kind  syntaxKind
	at    token // where errors point
	text  string
	kids  []*syntax
	axis  string
	width int    // 0: none given
	mask  string // "": none given
	depth int
}

// node makes an expression of its parts.
func (p *parser) node(kind syntaxKind, at token, text string, kids ...*syntax) *syntax {
	n := &syntax{kind: kind, at: at, text: text, kids: kids}
	for _, k := range kids {
		if k != nil {
			n.depth = max(n.depth, k.depth+1)
		}
	}
	if n.depth > maxNesting {
		p.failAt(at, "expression nests deeper than %d; name its parts", maxNesting)
	}
	return n
}

// binaryPrec returns the precedence of a binary operator, precPick if the token is none.
func binaryPrec(t token) int {
	if t.kind == tokMark {
		switch t.text {
		case "&&":
			return precAnd
		case "<", "<=", "==", "!=", ">=", ">":
			return precCompare
		case "+", "-":
			return precSum
		case "*", "/", "%":
			return precProduct
		}
	}
	return precPick
}

// expression parses `a ? b : c` and everything that binds tighter.
func (p *parser) expression() *syntax {
	p.enter()
	defer p.leave()
	c := p.operators(precAnd)
	at := p.peek()
	if !p.got("?") {
		return c
	}
	x := p.expression()
	p.want(":", "the : between the two values of ?")
	return p.node(synPick, at, "", c, x, p.expression())
}

// operators parses binary operators of at least precedence least. Comparisons do not chain.
func (p *parser) operators(least int) *syntax {
	x := p.unary()
	compared := false
	for {
		op := p.peek()
		prec := binaryPrec(op)
		if prec < least || prec == precPick {
			return x
		}
		if prec == precCompare && compared {
			p.failAt(op, "got a second comparison (%s), want && between two", op.text)
		}
		compared = prec == precCompare
		p.next()
		x = p.node(synBinary, op, op.text, x, p.operators(prec+1))
	}
}

func (p *parser) unary() *syntax {
	at := p.peek()
	if !p.got("-") {
		return p.primary()
	}
	if t := p.peek(); t.kind == tokNumber || isFloatName(t) {
		p.next()
		return p.node(synNumber, at, "-"+t.text)
	}
	p.enter()
	defer p.leave()
	return p.node(synNeg, at, "", p.unary())
}

// isFloatName reports whether t is a number without digits.
func isFloatName(t token) bool { return t.text == "inf" || t.text == "nan" }

func (p *parser) primary() *syntax {
	t := p.peek()
	switch {
	case t.kind == tokNumber || isFloatName(t):
		p.next()
		return p.node(synNumber, t, t.text)
	case p.got("("):
		x := p.expression()
		p.want(")", "a closing )")
		return x
	case t.kind != tokName:
		p.expected("an expression")
	}
	p.next()
	switch {
	case p.got("("):
		return p.arguments(t)
	case p.got("["):
		return p.subscripts(t)
	}
	return p.node(synName, t, t.text)
}

// arguments parses `f(a, b)` and reductions, after the opening parenthesis.
func (p *parser) arguments(name token) *syntax {
	var args []*syntax
	for !p.got(")") {
		if len(args) > 0 {
			p.want(",", "a comma or a closing )")
		}
		args = append(args, p.expression())
		if t := p.peek(); len(args) == 1 && (t.text == ":" || t.text == "where") {
			return p.reduction(name, args[0])
		}
	}
	return p.node(synCall, name, name.text, args...)
}

// reduction parses `sum(axis < extent where cond: body)`, after the extent.
func (p *parser) reduction(name token, head *syntax) *syntax {
	if head.kind != synBinary || head.text != "<" || head.kids[0].kind != synName {
		p.failAt(head.at, "got no axis in %s(...:, want axis < extent", name.text)
	}
	var where *syntax
	if p.got("where") {
		where = p.operators(precAnd)
	}
	p.want(":", "the : before the body of the reduction")
	body := p.expression()
	p.want(")", "the ) that ends the reduction")
	n := p.node(synReduce, name, name.text, head.kids[1], body, where)
	n.axis = head.kids[0].text
	return n
}

// subscripts parses `x[a, b]`, `x[a, b:8]` and `x[a, b:8 if k]`, after the opening bracket.
func (p *parser) subscripts(name token) *syntax {
	var at []*syntax
	for len(at) == 0 || p.got(",") {
		at = append(at, p.expression())
	}
	n := p.node(synSub, name, name.text, at...)
	if p.got(":") {
		n.width = p.lanes()
		if p.got("if") {
			n.mask = p.name("the name of a mask")
		}
	}
	p.want("]", "a comma or a closing ]")
	return n
}
