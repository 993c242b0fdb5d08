package schedule

import (
	"fmt"
	"strconv"

	"github.com/pyragen/pyragen/ir"
)

var stageStep = Step{
	Name:  "stage",
	Loops: true,
	Args:  "BUFFER LOOP",
	Doc: `load what the body of a loop reads of a buffer once, into registers, where the loop's iteration begins

	alloc v1, v2: f32x8
	for d in 0..64 step 8 {
	  v1 = v1 + x[0, 0, 0, d:8]*y[0, 0, 0, d:8]
	  v2 = v2 + x[0, 0, 0, d:8]*y[0, 1, 0, d:8]
	}
->
	alloc v1, v2: f32x8
	for d in 0..64 step 8 {
	  alloc xs: f32x8
	  xs = x[0, 0, 0, d:8]
	  v1 = v1 + xs * y[0, 0, 0, d:8]
	  v2 = v2 + xs * y[0, 1, 0, d:8]
	}

Only what stands directly in the body and does not change there is staged. Loops in steps of more than one count too.`,
	Run: func(n *Nest, args []string) error {
		found, staged := false, false
		body, err := eachBlock(n.Body, func(block []ir.Stmt) ([]ir.Stmt, error) {
			out := make([]ir.Stmt, len(block))
			for i, s := range block {
				out[i] = s
				if loop, ok := s.(*ir.For); ok && named(loop, args[1]) {
					found = true
					c := *loop
					c.Body = n.stageLoads(loop.Body, args[0])
					staged = staged || len(c.Body) > len(loop.Body)
					out[i] = &c
				}
			}
			return out, nil
		})
		switch {
		case err != nil:
			return err
		case !found:
			return n.noLoop(args[1])
		case !staged:
			return fmt.Errorf("got no load of %s directly in loop %s that stays the same there, want one; stage it at another loop", args[0], args[1])
		}
		n.Body = body
		return nil
	},
}

func (n *Nest) stageLoads(body []ir.Stmt, buffer string) []ir.Stmt {
	defined, stored := map[ir.Var]bool{}, false
	masks := map[string]bool{}
	for _, s := range body {
		switch e := s.(type) {
		case *ir.Let:
			defined[ir.Var(e.Var)] = true
		case *ir.LetMask:
			masks[e.Name] = true
		}
	}
	ir.Each(body, func(s ir.Stmt) {
		if e, ok := s.(*ir.Store); ok && e.Buf.Name == buffer {
			stored = true
		}
	})
	if stored {
		return body
	}
	var head []ir.Stmt
	regs, keys := map[string]*ir.Buffer{}, loadKeys{}
	load := ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		l, ok := x.(*ir.Load)
		if !ok || l.Buf.Name != buffer || l.Buf.Space != ir.Memory || masks[l.Mask] {
			return x
		}
		for _, at := range l.At {
			if !ir.FreeOf(at, defined) {
				return x
			}
		}
		key := keys.of(l)
		if regs[key] == nil {
			r := &ir.Buffer{Name: n.fresh(buffer + "s"), Type: l.Buf.Type.Arith(), Role: ir.Temp, Space: ir.Register, Lanes: l.Lanes()}
			regs[key] = r
			head = append(head, &ir.Alloc{Buf: r}, &ir.Store{Buf: r, Value: l})
		}
		return &ir.Load{Buf: regs[key], Width: 1}
	}}
	out := make([]ir.Stmt, len(body))
	for i, s := range body {
		out[i] = s
		if store, ok := s.(*ir.Store); ok {
			c := *store
			c.Value = load.OfExpr(store.Value)
			out[i] = &c
		}
	}
	return append(head, out...)
}

// loadKeys makes keys that are equal for loads of the same elements. It knows those of subscripts, most of which come again and again.
type loadKeys map[ir.Index]string

func (known loadKeys) of(l *ir.Load) string {
	key := make([]byte, 0, 128)
	key = append(append(key, l.Buf.Name...), ' ')
	key = append(append(strconv.AppendInt(key, int64(l.Lanes()), 10), ' '), l.Mask...)
	for _, x := range l.At {
		if _, ok := known[x]; !ok {
			known[x] = ir.PolyOf(x).Key()
		}
		key = append(append(key, ' '), known[x]...)
	}
	return string(key)
}
