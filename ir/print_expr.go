package ir

import (
	"math"
	"strconv"
	"strings"
)

// FormatExpr returns e in the text form, for example `fma(x[row, h, d:8], y[row - 1, h, d:8], acc0)`. The types of constants
// are left out; [Kernel.String] and [Program.String] give those that are not the kernel's.
func FormatExpr(e Expr) string {
	var p printer
	p.expr(e, precPick)
	return p.String()
}

var (
	binText  = [...]string{FAdd: " + ", FSub: " - ", FMul: " * ", FDiv: " / ", FMax: "max", FMin: "min", Scale: "scale"}
	unNames  = [...]string{Neg: "-", Exp: "exp", Log: "log", Recip: "recip", Exponent: "exponent", Mantissa: "mantissa"}
	redNames = [...]string{Sum: "sum", MaxOf: "max"}
)

func (p *printer) expr(e Expr, want int) {
	switch e := e.(type) {
	case *Const:
		p.constant(e, want)
	case *Load:
		width := 0
		if e.Width > 1 || e.Mask != "" {
			width = max(e.Width, 1)
		}
		p.element(e.Buf, e.At, width, e.Mask)
	case *Binary:
		p.binary(e, want)
	case *Unary:
		p.unary(e, want)
	case *FMA:
		p.call("fma", e.X, e.Y, e.Z)
	case *Broadcast:
		p.WriteString("broadcast(")
		p.expr(e.X, precPick)
		p.WriteString(", " + strconv.Itoa(e.Width) + ")")
	case *HSum:
		p.call("hsum", e.X)
	case *Tree:
		p.call("tree", e.Xs...)
	case *Every:
		name := "evens"
		if e.Odd {
			name = "odds"
		}
		p.call(name, e.X)
	case *Zip:
		p.call("zip", e.X, e.Y)
	case *Lane:
		p.WriteString("lane(")
		p.expr(e.X, precPick)
		p.WriteString(", " + strconv.Itoa(e.K) + ")")
	case *Select:
		p.paren(precPick, want, func() {
			p.cond(e.Cond, precAnd)
			p.WriteString(" ? ")
			p.expr(e.X, precAnd)
			p.WriteString(" : ")
			p.expr(e.Y, precPick)
		})
	case *Choose:
		p.WriteString("choose(")
		p.cond(&CompareValue{e.Op, e.A, e.B}, precAnd)
		p.WriteString(", ")
		p.expr(e.X, precPick)
		p.WriteString(", ")
		p.expr(e.Y, precPick)
		p.WriteByte(')')
	case *Random:
		p.random(e)
	case *Reduce:
		p.WriteString(opText(redNames[:], e.Op) + "(" + e.Axis + " < ")
		p.index(e.Extent, precSum)
		if e.Where != nil {
			p.WriteByte(' ')
		}
		p.where(e.Where)
		p.WriteString(": ")
		p.expr(e.Body, precPick)
		p.WriteByte(')')
	default:
		p.WriteString("<nil>")
	}
}

// call writes a function of values.
func (p *printer) call(name string, args ...Expr) {
	p.WriteString(name + "(")
	for i, a := range args {
		if i > 0 {
			p.WriteString(", ")
		}
		p.expr(a, precPick)
	}
	p.WriteByte(')')
}

func (p *printer) where(c Cond) {
	if c != nil {
		p.WriteString("where ")
		p.cond(c, precAnd)
	}
}

func (p *printer) binary(e *Binary, want int) {
	text := opText(binText[:], e.Op)
	has := precProduct
	switch e.Op {
	case FMax, FMin, Scale:
		p.call(text, e.X, e.Y)
		return
	case FAdd, FSub:
		has = precSum
	}
	p.paren(has, want, func() {
		p.expr(e.X, has)
		p.WriteString(text)
		p.expr(e.Y, has+1)
	})
}

func (p *printer) unary(e *Unary, want int) {
	if e.Op != Neg {
		p.call(opText(unNames[:], e.Op), e.X)
		return
	}
	p.paren(precUnary, want, func() {
		p.WriteByte('-')
		operand := precPrimary
		if _, ok := e.X.(*Const); ok {
			operand = precPrimary + 1 // -(1.0) negates, -1.0 is a constant
		}
		p.expr(e.X, operand)
	})
}

// constant writes a constant so that it is never taken for an integer: 0.0, -1.5, 1e-05, inf.
func (p *printer) constant(c *Const, want int) {
	text := FormatFloat(c.Type, c.Value)
	if c.Type != p.typ && p.typ != 0 && c.Type != 0 {
		p.WriteString(c.Type.String() + "(" + text + ")")
		return
	}
	has := precPrimary
	if text[0] == '-' {
		has = precUnary
	}
	p.paren(has, want, func() { p.WriteString(text) })
}

// FormatFloat returns the shortest text that a constant of type t with value v parses back from, always with a decimal point
// or an exponent, or inf, -inf or nan.
func FormatFloat(t Type, v float64) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	bits := 64
	if t == F32 && float64(float32(v)) == v {
		bits = 32
	}
	text := strconv.FormatFloat(v, 'g', -1, bits)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// element writes one element of a buffer, or width elements along its last dimension, or those of them that mask has active.
func (p *printer) element(b *Buffer, at []Index, width int, mask string) {
	p.WriteString(bufferName(b))
	if len(at) == 0 {
		return
	}
	p.WriteByte('[')
	for i, x := range at {
		if i > 0 {
			p.WriteString(", ")
		}
		if i < len(at)-1 || width == 0 {
			p.index(x, precPick)
			continue
		}
		p.index(x, precAnd) // a pick before the width would read as its else branch
		p.WriteString(":" + strconv.Itoa(width))
		if mask != "" {
			p.WriteString(" if " + mask)
		}
	}
	p.WriteByte(']')
}

func bufferName(b *Buffer) string {
	if b == nil {
		return "<nil>"
	}
	return b.Name
}
