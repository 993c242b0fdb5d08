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
is copied the other way round, before the first stage that reads it in every iteration, and read from the copy there and later; where the
stage asks which slots are full, the copy does too. Then steps that want temporaries, whose layout is free, take the one, and the walk over rows takes the other.`,
	Run: func(n *Nest, args []string) error {
		name := args[0] + "c"
		for at, s := range n.Body {
			nest, where, buf, own := nestUsing(s, args[0])
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
				if where != nil && reads(n.Body[at:], buf, there) != readsWhere(n.Body[at:], where, buf, there) {
					return fmt.Errorf("got %s read where %s and elsewhere, want it there alone; cache before the loops are changed",
						buf.Name, ir.FormatCond(where))
				}
				body = append(body, copyNest(nest, where, name, &c, buf, own)...)
				body = append(body, movedWhere(buf, &c, there, asTheyAre).OfStmts(n.Body[at:])...)
			} else {
				body = append(body, ofStage(name, moved(buf, &c, asTheyAre).OfStmts([]ir.Stmt{s}))...)
				body = append(append(body, copyNest(nest, nil, args[0], buf, &c, own)...), n.Body[at+1:]...)
			}
			n.Body = body
			return nil
		}
		return fmt.Errorf("got %q, want a result that one nest stores in every iteration, or an input that one reads; name it as the kernel does", args[0])
	},
}

func asTheyAre(at []ir.Index) []ir.Index { return at }

// reads counts the loads of a buffer at certain subscripts.
func reads(body []ir.Stmt, buf *ir.Buffer, there func([]ir.Index) bool) (count int) {
	ir.EachValue(body, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok && l.Buf == buf && there(l.At) {
			count++
		}
	})
	return count
}

// readsWhere counts those that are made where a condition holds.
func readsWhere(body []ir.Stmt, where ir.Cond, buf *ir.Buffer, there func([]ir.Index) bool) (count int) {
	ir.Each(body, func(s ir.Stmt) {
		if e, ok := s.(*ir.If); ok && sameCond(e.Cond, where) {
			count += reads(e.Then, buf, there)
		}
	})
	return count
}

// copyNest copies one buffer to another, element by element, in loops of a stage like those given, where the condition holds.
func copyNest(nest []*ir.For, where ir.Cond, stage string, to, from *ir.Buffer, at []ir.Index) []ir.Stmt {
	body := []ir.Stmt{&ir.Store{Buf: to, At: at, Value: &ir.Load{Buf: from, At: at, Width: 1}}}
	if where != nil {
		body = []ir.Stmt{&ir.If{Cond: where, Then: body}}
	}
	for k := len(nest) - 1; k >= 0; k-- {
		loop := *nest[k]
		loop.Body, loop.Stage = body, stage
		body = []ir.Stmt{&loop}
	}
	return body
}

// nestUsing returns the loops in which a statement stores the result of that name, or reads the input, at their own variables, the
// question about indices that all their iterations begin with, if any, the buffer and these subscripts; nil if it does not.
func nestUsing(s ir.Stmt, name string) ([]*ir.For, ir.Cond, *ir.Buffer, []ir.Index) {
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
			return nil, nil, nil, nil
		}
		return nest, nil, store.Buf, store.At
	}
	var read *ir.Load
	ir.EachValue([]ir.Stmt{s}, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok && read == nil && l.Buf.Name == name && l.Buf.Role == ir.In {
			read = l
		}
	})
	if read == nil {
		return nil, nil, nil, nil
	}
	var nest []*ir.For
	for _, x := range read.At {
		loop, ok := s.(*ir.For)
		if v, isVar := x.(ir.Var); !ok || !isVar || string(v) != loop.Var {
			return nil, nil, nil, nil
		}
		nest = append(nest, loop)
		if s = inner(loop.Body); s == nil {
			return nil, nil, nil, nil
		}
	}
	if e, ok := s.(*ir.If); ok && len(e.Else) == 0 && len(nest) > 0 && len(nest[len(nest)-1].Body) == 1 {
		if _, ok := e.Cond.(*ir.Compare); ok {
			return nest, e.Cond, read.Buf, read.At
		}
	}
	return nest, nil, read.Buf, read.At
}

// inner returns the statement that a loop goes on with: its first, or the first loop where a sum or an extreme begins in it; nil if there is
// none.
func inner(body []ir.Stmt) ir.Stmt {
	for _, s := range body {
		if _, ok := s.(*ir.For); ok {
			return s
		}
	}
	if len(body) == 0 {
		return nil
	}
	return body[0]
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
