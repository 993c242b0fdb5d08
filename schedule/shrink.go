package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var shrinkStep = Step{
	Name: "shrink",
	Args: "BUFFER",
	Doc: `keep of a temporary only what one iteration of the loops around all its uses needs; what has no dimension left is a register

	for h in 0..heads {
	  m[0, 0, h] = x[0, 0, h, 0]
	  z[0, 0, h, 0] = m[0, 0, h] + y[0, 0, h, 0]
	}
->
	for h in 0..heads {
	  alloc m: f32
	  m = x[0, 0, h, 0]
	  z[0, 0, h, 0] = m + y[0, 0, h, 0]
	}

Dimensions that are subscripted by the variables of these loops, or by the same constant, everywhere are dropped.`,
	Run: func(n *Nest, args []string) error {
		var buf *ir.Buffer
		for _, b := range n.Buffers {
			if b.Name == args[0] && b.Role == ir.Temp {
				buf = b
			}
		}
		if buf == nil {
			return n.noTemporary(args[0])
		}
		keep, small := n.shrunk(buf)
		if len(keep) == len(buf.Dims) {
			return fmt.Errorf("no dimension of %s has one subscript in all its uses, want one that has; fuse the loops around them first", buf.Name)
		}
		body := n.allocInside(n.Body, buf, small)
		n.Body = ir.Rewrite{
			Expr: func(x ir.Expr) ir.Expr {
				if l, ok := x.(*ir.Load); ok && l.Buf == buf {
					return &ir.Load{Buf: small, At: kept(l.At, keep), Width: l.Width, Mask: l.Mask}
				}
				return x
			},
			Stmt: func(s ir.Stmt) []ir.Stmt {
				if e, ok := s.(*ir.Store); ok && e.Buf == buf {
					s = &ir.Store{Buf: small, At: kept(e.At, keep), Mask: e.Mask, Value: e.Value, Stream: e.Stream}
				}
				return []ir.Stmt{s}
			},
		}.OfStmts(body)
		var rest []*ir.Buffer
		for _, b := range n.Buffers {
			if b != buf {
				rest = append(rest, b)
			}
		}
		n.Buffers = rest
		return nil
	},
}

// noTemporary says which temporaries there are.
func (n *Nest) noTemporary(name string) error {
	var names []string
	for _, b := range n.Buffers {
		if b.Role == ir.Temp {
			names = append(names, b.Name)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("got %q, want a temporary in memory, of which there is none; leave the step out", name)
	}
	return fmt.Errorf("got %q, want a temporary in memory: %s", name, strings.Join(names, ", "))
}

// shrunk returns the dimensions that stay and the smaller buffer.
func (n *Nest) shrunk(buf *ir.Buffer) (keep []int, small *ir.Buffer) {
	around := map[string]bool{}
	for block := n.Body; ; {
		loop := onlyUser(block, buf)
		if loop == nil {
			break
		}
		around[loop.Var] = true
		block = loop.Body
	}
	var first []ir.Index
	same := make([]bool, len(buf.Dims))
	eachAccess(n.Body, func(b *ir.Buffer, at []ir.Index) {
		if b != buf {
			return
		}
		if first == nil {
			first = at
			for d, x := range at {
				v, isVar := x.(ir.Var)
				_, isConst := x.(ir.Int)
				same[d] = isConst || isVar && around[string(v)]
			}
		}
		for d, x := range at {
			same[d] = same[d] && ir.Same(x, first[d])
		}
	})
	small = &ir.Buffer{Name: buf.Name, Type: buf.Type, Role: ir.Temp, Space: ir.Memory}
	for d := range buf.Dims {
		if !same[d] {
			keep = append(keep, d)
			small.Dims = append(small.Dims, buf.Dims[d])
		}
	}
	if len(keep) == 0 {
		small.Space = ir.Register
	}
	return keep, small
}

// onlyUser returns the loop of a block in which all uses of a buffer are, or nil.
func onlyUser(block []ir.Stmt, buf *ir.Buffer) *ir.For {
	var user *ir.For
	for _, s := range block {
		if !touchesBuffer([]ir.Stmt{s}, buf) {
			continue
		}
		loop, ok := s.(*ir.For)
		if !ok || user != nil {
			return nil
		}
		user = loop
	}
	return user
}

// allocInside puts the alloc at the beginning of the innermost loop around all uses.
func (n *Nest) allocInside(block []ir.Stmt, buf, small *ir.Buffer) []ir.Stmt {
	loop := onlyUser(block, buf)
	if loop == nil {
		return append([]ir.Stmt{&ir.Alloc{Buf: small}}, block...)
	}
	out := append([]ir.Stmt(nil), block...)
	for i, s := range block {
		if s == ir.Stmt(loop) {
			c := *loop
			c.Body = n.allocInside(loop.Body, buf, small)
			out[i] = &c
		}
	}
	return out
}

func kept(at []ir.Index, keep []int) []ir.Index {
	var out []ir.Index
	for _, d := range keep {
		out = append(out, at[d])
	}
	return out
}
