package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var transposeStep = Step{
	Name: "transpose",
	Args: "BUFFER",
	Doc: `exchange the last two dimensions of a temporary that has been shrunk, so that another loop runs along its elements

	alloc memory e: f32[8, 4]
	for h in 0..8 {
	  for j in 0..4 {
	    e[h, j] = x[0, 0, h, j]
	  }
	}
->
	alloc memory e: f32[4, 8]
	for h in 0..8 {
	  for j in 0..4 {
	    e[j, h] = x[0, 0, h, j]
	  }
	}

It comes before vectorise: vectors lie along the last dimension.`,
	Run: func(n *Nest, args []string) error {
		var buf *ir.Buffer
		ir.Each(n.Body, func(s ir.Stmt) {
			if a, ok := s.(*ir.Alloc); ok && a.Buf.Name == args[0] && a.Buf.Space == ir.Memory {
				buf = a.Buf
			}
		})
		if buf == nil || len(buf.Dims) < 2 {
			return fmt.Errorf("got %q, want a temporary in memory of two or more dimensions; use `shrink` first", args[0])
		}
		last := len(buf.Dims) - 1
		exchanged := func(xs []ir.Index) []ir.Index {
			out := append([]ir.Index(nil), xs...)
			out[last], out[last-1] = xs[last-1], xs[last]
			return out
		}
		c := *buf
		c.Dims = exchanged(buf.Dims)
		if vectorsOf(n.Body, buf) {
			return fmt.Errorf("got vectors along the last dimension of %s, want single elements; transpose before vectorise", buf.Name)
		}
		n.Body = moved(buf, &c, exchanged).OfStmts(n.Body)
		return nil
	},
}

// vectorsOf reports whether vectors of a buffer are loaded or stored.
func vectorsOf(body []ir.Stmt, buf *ir.Buffer) bool {
	found := false
	ir.EachValue(body, func(x ir.Expr) {
		l, ok := x.(*ir.Load)
		found = found || ok && l.Buf == buf && l.Lanes() > 1
	})
	ir.Each(body, func(s ir.Stmt) {
		e, ok := s.(*ir.Store)
		found = found || ok && e.Buf == buf && e.Value.Lanes() > 1
	})
	return found
}
