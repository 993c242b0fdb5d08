package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var cacheStep = Step{
	Name: "cache",
	Args: "BUFFER",
	Doc: `compute a result in a temporary first, or read an input from one, and copy it in a stage of its own

	for i in 0..nodes {
	  for h in 0..heads {
	    z[0, i, h, 0] = x[0, i, h, 0] + y[0, i, h, 0]
	  }
	}
->
	for i in 0..nodes {
	  for h in 0..heads {
	    zc[0, i, h, 0] = x[0, i, h, 0] + y[0, i, h, 0]
	  }
	}
	for i in 0..nodes {
	  for h in 0..heads {
	    z[0, i, h, 0] = zc[0, i, h, 0]
	  }
	}

The temporary has the name of the result and a c, and so has the stage that computes it; the copy is the stage of the result. An input
is copied the other way round, before the first stage that reads it in every iteration, and read from the copy there and later. Then
steps that want temporaries, whose layout is free, take the one, and the walk over rows takes the other.`,
	Run: func(n *Nest, args []string) error {
		name := args[0] + "c"
		for at, s := range n.Body {
			nest, buf, own := nestUsing(s, args[0])
			if buf == nil {
				continue
			}
			if err := n.newName(name); err != nil {
				return err
			}
			n.used[name] = true
			c := *buf
			c.Name, c.Role, c.Type = name, ir.Temp, buf.Type.Arith()
			n.Buffers = append(n.Buffers[:len(n.Buffers):len(n.Buffers)], &c)
			body := append([]ir.Stmt(nil), n.Body[:at]...)
			if buf.Role == ir.In {
				there := func(x []ir.Index) bool { return sameSubscripts(x, own) }
				body = append(body, copyNest(nest, name, &c, buf, own)...)
				body = append(body, movedWhere(buf, &c, there, asTheyAre).OfStmts(n.Body[at:])...)
			} else {
				body = append(body, ofStage(name, moved(buf, &c, asTheyAre).OfStmts([]ir.Stmt{s}))...)
				body = append(append(body, copyNest(nest, args[0], buf, &c, own)...), n.Body[at+1:]...)
			}
			n.Body = body
			return nil
		}
		return fmt.Errorf("got %q, want a result that one nest stores in every iteration, or an input that one reads; name it as the kernel does", args[0])
	},
}

func asTheyAre(at []ir.Index) []ir.Index { return at }

// copyNest copies one buffer to another, element by element, in loops of a stage like those given.
func copyNest(nest []*ir.For, stage string, to, from *ir.Buffer, at []ir.Index) []ir.Stmt {
	body := []ir.Stmt{&ir.Store{Buf: to, At: at, Value: &ir.Load{Buf: from, At: at, Width: 1}}}
	for k := len(nest) - 1; k >= 0; k-- {
		loop := *nest[k]
		loop.Body, loop.Stage = body, stage
		body = []ir.Stmt{&loop}
	}
	return body
}

// nestUsing returns the loops in which a statement stores the result of that name, or reads the input, at their own variables, the buffer
// and these subscripts; nil if it does not.
func nestUsing(s ir.Stmt, name string) ([]*ir.For, *ir.Buffer, []ir.Index) {
	if nest, store := nestStoring(s, name); store != nil && store.Buf.Role == ir.Out {
		stores, whole := 0, store.Value.Lanes() == 1
		ir.Each([]ir.Stmt{s}, func(t ir.Stmt) {
			if e, ok := t.(*ir.Store); ok && e.Buf == store.Buf {
				stores++
			}
		})
		for _, loop := range nest {
			whole = whole && loop.Step == 1
		}
		if stores > 1 || !whole { // parts of what is stored would not be copied
			return nil, nil, nil
		}
		return nest, store.Buf, store.At
	}
	var read *ir.Load
	ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok && read == nil && l.Buf.Name == name && l.Buf.Role == ir.In {
			read = l
		}
		return x
	}}.OfStmts([]ir.Stmt{s})
	if read == nil {
		return nil, nil, nil
	}
	var nest []*ir.For
	for _, x := range read.At {
		loop, ok := s.(*ir.For)
		if v, isVar := x.(ir.Var); !ok || !isVar || string(v) != loop.Var {
			return nil, nil, nil
		}
		nest = append(nest, loop)
		if len(loop.Body) == 0 {
			return nil, nil, nil
		}
		s = loop.Body[0]
	}
	return nest, read.Buf, read.At
}

// nestStoring returns the loops around the store to a buffer, one in the other, and the store; nil if a statement does not end
// in it.
func nestStoring(s ir.Stmt, name string) ([]*ir.For, *ir.Store) {
	var nest []*ir.For
	for {
		loop, ok := s.(*ir.For)
		if !ok || len(loop.Body) == 0 {
			break
		}
		nest = append(nest, loop)
		s = loop.Body[len(loop.Body)-1]
	}
	if store, ok := s.(*ir.Store); ok && store.Buf.Name == name {
		return nest, store
	}
	return nil, nil
}
