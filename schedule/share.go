package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

var sharePass = Pass{
	Name: "share",
	Doc: `load once, into a register, what neighbouring statements load more than once

	alloc v1, v2: f32x8
	v1 = fma(x[0, 0, 0, 0:8], y[0, 0, 0, 0:8], v1)
	v2 = fma(x[0, 0, 0, 0:8], y[0, 1, 0, 0:8], v2)
->
	alloc v1, v2, r: f32x8
	r = x[0, 0, 0, 0:8]
	v1 = fma(r, y[0, 0, 0, 0:8], v1)
	v2 = fma(r, y[0, 1, 0, 0:8], v2)`,
	Run: func(n *Nest, _ Schedule) error {
		keys := loadKeys{}
		return n.eachBody(func(block []ir.Stmt) ([]ir.Stmt, error) {
			var out []ir.Stmt
			for len(block) > 0 {
				k := 0
				for k < len(block) && straight(block[k]) {
					k++
				}
				for k < len(block) && stores(block[k]) {
					k++
				}
				if k == 0 {
					out = append(out, block[0])
					block = block[1:]
					continue
				}
				out = append(out, n.share(block[:k], keys)...)
				block = block[k:]
			}
			return out, nil
		})
	},
}

// straight reports whether a statement is one of a straight line: no loop, no branch. A result that is stored ends the line: what
// comes next has registers of its own.
func straight(s ir.Stmt) bool {
	switch e := s.(type) {
	case *ir.Store:
		return e.Buf.Space == ir.Register
	case *ir.Alloc, *ir.Prefetch:
		return true
	}
	return false
}

// stores reports whether a statement stores a result.
func stores(s ir.Stmt) bool {
	e, ok := s.(*ir.Store)
	return ok && e.Buf.Space == ir.Memory
}

// sharing finds the values of a straight line that may be loaded once: those of buffers that the line does not store to, in vectors of at most so many lanes.
type sharing struct {
	in    map[*ir.Buffer]bool
	lanes int
	keys  loadKeys
}

// storedIn collects the buffers that a block stores to.
func storedIn(block []ir.Stmt) map[*ir.Buffer]bool {
	stored := map[*ir.Buffer]bool{}
	ir.Each(block, func(s ir.Stmt) {
		if e, ok := s.(*ir.Store); ok {
			stored[e.Buf] = true
		}
	})
	return stored
}

// key returns the key under which a value may be shared: a vector load of an input, or a broadcast of a loaded scalar. Vectors of
// temporaries are near: they are loaded again rather than kept.
func (stored sharing) key(x ir.Expr) (string, bool) {
	switch e := x.(type) {
	case *ir.Load:
		if e.Buf.Space == ir.Memory && e.Width > 1 && e.Width <= stored.lanes && e.Buf.Role == ir.In {
			return stored.keys.of(e), true
		}
	case *ir.Every:
		if l, ok := e.X.(*ir.Load); ok && l.Buf.Role == ir.In {
			return fmt.Sprint("every ", e.Odd, " ", stored.keys.of(l)), true
		}
	case *ir.Broadcast:
		if l, ok := e.X.(*ir.Load); ok && l.Buf.Space == ir.Memory && !stored.in[l.Buf] {
			return "broadcast " + stored.keys.of(l), true
		}
	}
	return "", false
}

func (n *Nest) share(line []ir.Stmt, known loadKeys) []ir.Stmt {
	stored, uses, keys := sharing{storedIn(line), n.Target.Lanes(n.Type), known}, map[string]int{}, map[ir.Expr]string{}
	ir.EachValue(line, func(x ir.Expr) {
		if key, ok := stored.key(x); ok {
			uses[key]++
			keys[x] = key
		}
	})
	regs := map[string]*ir.Buffer{}
	var out []ir.Stmt
	for _, s := range line {
		var before []ir.Stmt
		t := ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
			key, ok := keys[x]
			if !ok || uses[key] < 2 {
				return x
			}
			if regs[key] == nil {
				r := &ir.Buffer{Name: n.fresh("r"), Type: n.Type, Role: ir.Temp, Space: ir.Register, Lanes: x.Lanes()}
				regs[key] = r
				before = append(before, &ir.Alloc{Buf: r}, &ir.Store{Buf: r, Value: x})
			}
			return &ir.Load{Buf: regs[key], Width: 1}
		}}.OfStmts([]ir.Stmt{s})
		out = append(append(out, before...), t...)
	}
	return out
}
