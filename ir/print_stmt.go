package ir

import (
	"bytes"
	"strconv"
	"strings"
)

// lineWidth is where statements and lists break.
const lineWidth = 110

// FormatStmts returns statements in the text form, one a line, blocks indented by two spaces.
func FormatStmts(list []Stmt) string {
	var b bytes.Buffer
	WriteStmts(&b, list)
	return b.String()
}

// WriteStmts is FormatStmts into a buffer.
func WriteStmts(b *bytes.Buffer, list []Stmt) {
	p := printer{Buffer: *b}
	p.stmts(list, "")
	*b = p.Buffer
}

// stmts writes a block. Allocs of one type that follow each other share a line.
func (p *printer) stmts(list []Stmt, indent string) {
	for i := 0; i < len(list); i++ {
		a, ok := list[i].(*Alloc)
		if !ok {
			p.stmt(list[i], indent)
			continue
		}
		kind, names := p.allocKind(a), []string{bufferName(a.Buf)}
		for i+1 < len(list) {
			next, ok := list[i+1].(*Alloc)
			if !ok || p.allocKind(next) != kind {
				break
			}
			names = append(names, bufferName(next.Buf))
			i++
		}
		space, element, _ := strings.Cut(kind, " ")
		p.WriteString(indent + "alloc " + space)
		if space != "" {
			p.WriteByte(' ')
		}
		p.WriteString(strings.Join(names, ", ") + ": " + element + "\n")
	}
}

// allocKind returns the space of an alloc ("" for registers), a space and the type.
func (p *printer) allocKind(a *Alloc) string {
	if a.Buf == nil {
		return " <nil>"
	}
	if a.Buf.Space == Memory {
		return "memory " + bufferType(a.Buf)
	}
	return " " + bufferType(a.Buf)
}

func (p *printer) stmt(s Stmt, indent string) {
	p.WriteString(indent)
	switch s := s.(type) {
	case *For:
		p.forLoop(s, indent)
	case *If:
		p.ifChain(s, indent)
	case *Let:
		p.WriteString("let " + s.Var + " = ")
		p.index(s.Value, precPick)
	case *LetMask:
		p.WriteString("mask " + s.Name + ": " + s.Type.String() + "x" + strconv.Itoa(s.Lanes) + " = ")
		p.index(s.Count, precPick)
	case *Store:
		p.store(s, indent)
	case *Assume:
		p.WriteString("assume ")
		p.cond(s.Cond, precPick)
	case *Prefetch:
		p.WriteString("prefetch ")
		if s.Far {
			p.WriteString("far ")
		}
		p.element(s.Buf, s.At, 0, "")
	case *Fence:
		p.WriteString("fence")
	case *Call:
		name := "<nil>"
		if s.Func != nil {
			name = s.Func.Name
		}
		args := make([]string, len(s.Args))
		for i, a := range s.Args {
			args[i] = FormatIndex(a)
		}
		p.list("call "+name, args, indent)
	default:
		p.WriteString("<nil>")
	}
	p.WriteByte('\n')
}

func (p *printer) forLoop(s *For, indent string) {
	if s.Parallel {
		p.WriteString("parallel ")
	}
	p.WriteString("for " + s.Var + " in ")
	p.index(s.Lo, precSum)
	p.WriteString("..")
	p.index(s.Hi, precSum)
	if s.Step != 1 {
		p.WriteString(" step " + strconv.FormatInt(s.Step, 10))
	}
	p.block(s.Note, s.Body, indent)
}

// ifChain writes an if whose indentation has been written, and `else if` for an else that is nothing but another if.
func (p *printer) ifChain(s *If, indent string) {
	for {
		p.WriteString("if ")
		p.cond(s.Cond, precAnd)
		p.block(s.Note, s.Then, indent)
		if len(s.Else) == 0 {
			break
		}
		p.WriteString(" else")
		next, ok := s.Else[0].(*If)
		if !ok || len(s.Else) > 1 {
			p.block("", s.Else, indent)
			break
		}
		p.WriteByte(' ')
		s = next
	}
}

// block writes a braced block after a header, with the header's note.
func (p *printer) block(note string, body []Stmt, indent string) {
	p.WriteString(" {")
	if note = oneLine(note); note != "" {
		p.WriteString(" // " + note)
	}
	p.WriteByte('\n')
	p.stmts(body, indent+"  ")
	p.WriteString(indent + "}")
}

func (p *printer) store(s *Store, indent string) {
	from := p.Len()
	if s.Stream > 0 {
		p.WriteString("stream ")
		if s.Buf == nil || s.Value == nil || s.Stream != s.Bytes() {
			p.WriteString(strconv.Itoa(s.Stream) + " ")
		}
	}
	width := 0
	register := s.Buf != nil && s.Buf.Space == Register
	if s.Value != nil && !register && (s.Value.Lanes() > 1 || s.Mask != "") {
		width = s.Value.Lanes()
	}
	p.element(s.Buf, s.At, width, s.Mask)
	p.assign(from, s.Value, indent)
}

// assign writes ` = value` behind a head that begins there, on two lines where one is too long.
func (p *printer) assign(head int, value Expr, indent string) {
	p.WriteString(" =")
	end := p.Len()
	p.WriteByte(' ')
	p.expr(value, precPick)
	if len(indent)+p.Len()-head > lineWidth {
		text := string(p.Bytes()[end:])
		p.Truncate(end)
		p.WriteString("\n" + indent + " " + text)
	}
}

// list writes head(items), on several lines where one is too long.
func (p *printer) list(head string, items []string, indent string) {
	p.WriteString(head + "(")
	column := len(indent) + len(head) + len("(")
	for i, item := range items {
		switch {
		case i == 0:
		case column+len(", ")+len(item) >= lineWidth:
			p.WriteString(",\n" + indent + "  ")
			column = len(indent) + len("  ")
		default:
			p.WriteString(", ")
			column += len(", ")
		}
		p.WriteString(item)
		column += len(item)
	}
	p.WriteByte(')')
}

// oneLine returns a note as the text form has it: on one line, without spaces around it.
func oneLine(note string) string { return strings.Join(strings.Fields(note), " ") }
