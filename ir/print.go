package ir

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// String returns k in the text form, which [ParseKernel] reads:
//
//	kernel scores f32 {
//	  pyramid window 3 strides 4, 4
//	  size batch, len, heads, stride
//	  const dim = 64
//	  in x: f32[batch, nodes, heads, dim]
//	  in y: f32[batch, nodes by stride, heads, dim]
//	  in padding: f32
//	  out s: f32[batch, nodes, heads, slots]
//
//	  s[b < batch, i < nodes, h < heads, j < slots] =
//	    nbr(i, j) >= 0 ? sum(d < dim: x[b, i, h, d] * y[b, nbr(i, j), h, d]) : padding
//	}
//
// Here the rows of y, which are the two dimensions inside, lie stride elements apart.
func (k *Kernel) String() string {
	p := printer{typ: k.Type}
	fmt.Fprintf(&p, "kernel %s %s {\n", k.Name, k.Type)
	p.header(k.Graph, k.Sizes, k.Consts, k.Buffers)
	if len(k.Stages) > 0 {
		p.gap()
	}
	for _, s := range k.Stages {
		p.stage(s)
	}
	p.WriteString("}\n")
	return p.String()
}

// String returns p in the text form, which [ParseProgram] reads: the driver, then each function.
//
//	program scale f32 avx2 {
//	  size batch, len
//	  in x: f32[batch, len]
//	  out z: f32[batch, len]
//
//	  parallel for b in 0..batch {
//	    call row(b, len, len/8*8)
//	  }
//	}
//
//	// One row, its tail masked.
//	func row(b, len, full) {
//	  in x: f32[rows, len]
//	  out z: f32[rows, len]
//
//	  for i in 0..full step 8 {
//	    z[b, i:8] = x[b, i:8] * broadcast(0.5, 8)
//	  }
//	  mask k: f32x8 = len - full
//	  z[b, full:8 if k] = x[b, full:8 if k] * broadcast(0.5, 8)
//	}
func (p *Program) String() string {
	w := printer{typ: p.Type}
	fmt.Fprintf(&w, "program %s %s %s {\n", p.Name, p.Type, p.Target)
	w.header(p.Graph, p.Sizes, p.Consts, p.Buffers)
	if len(p.Body) > 0 {
		w.gap()
	}
	w.stmts(p.Body, "  ")
	w.WriteString("}\n")
	for _, f := range p.Funcs {
		w.WriteByte('\n')
		w.fn(f)
	}
	return w.String()
}

// String returns f in the text form.
func (f *Func) String() string {
	var p printer
	for _, b := range f.Buffers {
		if !b.Type.integer() {
			p.typ = b.Type.Arith()
			break
		}
	}
	p.fn(f)
	return p.String()
}

func (p *printer) fn(f *Func) {
	for line := range strings.Lines(f.Doc) {
		p.WriteString(strings.TrimRight("// "+oneLine(line), " ") + "\n")
	}
	p.list("func "+f.Name, f.Ints, "")
	p.WriteString(" {\n")
	for _, b := range f.Buffers {
		p.decl(b)
	}
	if len(f.Buffers) > 0 && len(f.Body) > 0 {
		p.WriteByte('\n')
	}
	p.stmts(f.Body, "  ")
	p.WriteString("}\n")
}

// gap separates the declarations from what follows, where there are any.
func (p *printer) gap() {
	if !bytes.HasSuffix(p.Bytes(), []byte("{\n")) {
		p.WriteByte('\n')
	}
}

// pyramid writes the window, or those of all levels, the strides, and what else a variant has.
func (p *printer) pyramid(g Graph) {
	windows := g.Windows
	if windows == nil {
		windows = []int{g.Window}
	}
	p.WriteString("  pyramid")
	p.integers(" window ", windows)
	p.integers(" strides ", g.Strides)
	p.WriteString(g.Variant())
	p.WriteByte('\n')
}

// integers writes a list behind its name, nothing if it is empty.
func (p *printer) integers(name string, list []int) {
	for i, x := range list {
		if i > 0 {
			name = ", "
		}
		p.WriteString(name + strconv.Itoa(x))
	}
}

func (p *printer) header(g Graph, sizes []string, consts []ConstSize, buffers []*Buffer) {
	switch g.Kind {
	case Pyramid:
		p.pyramid(g)
	case Table:
		p.WriteString("  table\n")
	}
	if len(sizes) > 0 {
		p.WriteString("  size " + strings.Join(sizes, ", ") + "\n")
	}
	for _, c := range consts {
		fmt.Fprintf(p, "  const %s = %d\n", c.Name, c.Value)
	}
	for _, b := range buffers {
		p.decl(b)
	}
}

var roleNames = [...]string{In: "in", Out: "out", Temp: "temp"}

// decl writes the declaration of an argument or temporary.
func (p *printer) decl(b *Buffer) {
	if b == nil {
		p.WriteString("  <nil>\n")
		return
	}
	p.WriteString("  " + opText(roleNames[:], b.Role) + " ")
	if b.Space == Register {
		p.WriteString("register ")
	}
	p.WriteString(b.Name + ": " + bufferType(b) + "\n")
}

// bufferType returns the element type and dimensions of a buffer, for example f32x8[4].
func bufferType(b *Buffer) string {
	var p printer
	p.WriteString(b.Type.String())
	if b.Lanes > 1 {
		p.WriteString("x" + strconv.Itoa(b.Lanes))
	}
	if len(b.Dims) > 0 {
		p.dims(b)
	}
	return p.String()
}

// dims writes the dimensions of a buffer, with the steps that are not what the dimensions inside hold.
func (p *printer) dims(b *Buffer) {
	for i, d := range b.Dims {
		p.WriteString(map[bool]string{true: "[", false: ", "}[i == 0])
		p.index(d, precPick)
		if b.Steps != nil && b.Steps[i] != nil {
			p.WriteString(" by ")
			p.index(b.Steps[i], precPick)
		}
	}
	p.WriteByte(']')
}

func (p *printer) stage(s *Stage) {
	p.WriteString("  ")
	from := p.Len()
	p.WriteString(bufferName(s.Out))
	if len(s.Axes) > 0 || s.Where != nil {
		p.WriteByte('[')
		for i, a := range s.Axes {
			if i > 0 {
				p.WriteString(", ")
			}
			p.WriteString(a.Name + " < ")
			p.index(a.Extent, precSum)
		}
		if len(s.Axes) > 0 && s.Where != nil {
			p.WriteByte(' ')
		}
		p.where(s.Where)
		p.WriteByte(']')
	}
	p.assign(from, s.Value, "  ")
	p.WriteByte('\n')
}
