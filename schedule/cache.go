package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var cacheStep = Step{
	Name: "cache",
	Args: "BUFFER",
	Doc: `compute a result in a temporary first, and copy it in a stage of its own

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

The temporary has the name of the result and a c, and so has the stage that computes it; the copy is the stage of the result. Then
steps that want temporaries, whose layout is free, take the one, and the walk over rows takes the other.`,
	Run: func(n *Nest, args []string) error {
		name := args[0] + "c"
		for at, s := range n.Body {
			nest, store := nestStoring(s, args[0])
			if store == nil || store.Buf.Role != ir.Out {
				continue
			}
			if err := n.newName(name); err != nil {
				return err
			}
			n.used[name] = true
			c := *store.Buf
			c.Name, c.Role = name, ir.Temp
			computed := ofStage(name, moved(store.Buf, &c, func(at []ir.Index) []ir.Index { return at }).OfStmts([]ir.Stmt{s}))
			copied := []ir.Stmt{&ir.Store{Buf: store.Buf, At: store.At, Value: &ir.Load{Buf: &c, At: store.At, Width: 1}}}
			for k := len(nest) - 1; k >= 0; k-- {
				loop := *nest[k]
				loop.Body, loop.Stage = copied, args[0]
				copied = []ir.Stmt{&loop}
			}
			n.Buffers = append(n.Buffers[:len(n.Buffers):len(n.Buffers)], &c)
			n.Body = append(append(append([]ir.Stmt(nil), n.Body[:at]...), append(computed, copied...)...), n.Body[at+1:]...)
			return nil
		}
		return fmt.Errorf("got %q, want a result that one nest stores in every iteration; name it as the kernel does", args[0])
	},
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
