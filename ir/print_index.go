package ir

import (
	"bytes"
	"strconv"
)

// The precedences of the text form, from what binds least.
const (
	precPick    = iota // c ? x : y
	precAnd            // a && b
	precCompare        // x < y
	precSum            // x + y, x - y
	precProduct        // x * y, x / y, x % y
	precUnary          // -x, and negative constants
	precPrimary        // names, calls, subscripts
)

// FormatIndex returns x in the text form, for example `min(i/25, n1 - 1)`.
func FormatIndex(x Index) string {
	var p printer
	p.index(x, precPick)
	return p.String()
}

// FormatCond returns c in the text form, for example `i >= 1 && nbr(i, j) >= 0`.
func FormatCond(c Cond) string {
	var p printer
	p.cond(c, precPick)
	return p.String()
}

// printer writes the text form. typ is the type of constants that need no mark, 0 if none do.
type printer struct {
	bytes.Buffer
	typ Type
}

// paren runs body, between parentheses where something of precedence has stands where at least want is needed.
func (p *printer) paren(has, want int, body func()) {
	if has >= want {
		body()
		return
	}
	p.WriteByte('(')
	body()
	p.WriteByte(')')
}

var (
	arithText = [...]string{Add: " + ", Sub: " - ", Mul: "*", Div: "/", Mod: "%", Min: "min", Max: "max"}
	fnNames   = [...]string{Nbr: "nbr", Rev: "rev", RevSlot: "revslot", LevelN: "n", LevelAt: "off", StrideC: "C"}
	cmpText   = [...]string{LT: "<", LE: "<=", EQ: "==", NE: "!=", GE: ">=", GT: ">"}
)

// opText returns the text of operator op, or a mark that does not parse for one that does not exist.
func opText[T ~uint8](table []string, op T) string {
	if int(op) < len(table) && table[op] != "" {
		return table[op]
	}
	return "?op" + strconv.Itoa(int(op)) + "?"
}

func (p *printer) index(x Index, want int) {
	switch x := x.(type) {
	case Int:
		has := precPrimary
		if x < 0 {
			has = precUnary
		}
		p.paren(has, want, func() { p.WriteString(strconv.FormatInt(int64(x), 10)) })
	case Var:
		p.WriteString(string(x))
	case *Arith:
		p.arith(x, want)
	case *Apply:
		p.WriteString(opText(fnNames[:], x.Fn))
		p.indices('(', x.Args, ')')
	case *Gather:
		p.WriteString(bufferName(x.Table))
		p.indices('[', x.At, ']')
	case *Pick:
		p.paren(precPick, want, func() {
			p.cond(x.Cond, precAnd)
			p.WriteString(" ? ")
			p.index(x.X, precAnd)
			p.WriteString(" : ")
			p.index(x.Y, precPick)
		})
	default:
		p.WriteString("<nil>")
	}
}

func (p *printer) arith(x *Arith, want int) {
	text := opText(arithText[:], x.Op)
	has := precProduct
	switch x.Op {
	case Min, Max:
		p.WriteString(text)
		p.indices('(', []Index{x.X, x.Y}, ')')
		return
	case Add, Sub:
		has = precSum
	}
	p.paren(has, want, func() {
		p.index(x.X, has)
		p.WriteString(text)
		p.index(x.Y, has+1)
	})
}

// indices writes a bracketed list.
func (p *printer) indices(open byte, xs []Index, end byte) {
	p.WriteByte(open)
	for i, x := range xs {
		if i > 0 {
			p.WriteString(", ")
		}
		p.index(x, precPick)
	}
	p.WriteByte(end)
}

func (p *printer) cond(c Cond, want int) {
	switch c := c.(type) {
	case *Compare:
		p.paren(precCompare, want, func() {
			p.index(c.X, precSum)
			p.WriteString(" " + opText(cmpText[:], c.Op) + " ")
			p.index(c.Y, precSum)
		})
	case *CompareValue:
		p.paren(precCompare, want, func() {
			p.expr(c.X, precSum)
			p.WriteString(" " + opText(cmpText[:], c.Op) + " ")
			p.expr(c.Y, precSum)
		})
	case *Aligned:
		p.WriteString("aligned(" + c.Buf.Name + ", " + strconv.FormatInt(c.Bytes, 10) + ")")
	case *Uncached:
		p.WriteString("uncached")
		p.indices('(', []Index{c.Bytes}, ')')
	case *And:
		p.paren(precAnd, want, func() {
			p.cond(c.X, precAnd)
			p.WriteString(" && ")
			p.cond(c.Y, precCompare)
		})
	default:
		p.WriteString("<nil>")
	}
}
