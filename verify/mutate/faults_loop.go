package mutate

import "github.com/pyragen/pyragen/ir"

func loopFaults() []Fault {
	loop := func(change func(*ir.For)) func(ir.Stmt) ir.Stmt {
		return func(s ir.Stmt) ir.Stmt {
			l, ok := s.(*ir.For)
			if !ok || !stores(l.Body) || fillsVectors(l) {
				return nil
			}
			c := *l
			change(&c)
			return &c
		}
	}
	return []Fault{
		{Name: "loop-late", Doc: "a loop leaves out its first iteration", Kind: Value,
			program: statements(loop(func(l *ir.For) { l.Lo = ir.Plus(l.Lo, ir.Int(l.Step)) }))},
		{Name: "loop-short", Doc: "a loop leaves out its last iteration", Kind: Value,
			program: statements(loop(func(l *ir.For) { l.Hi = ir.Minus(l.Hi, ir.Int(l.Step)) }))},
	}
}

// fillsVectors reports whether a loop fills empty slots a vector at a time. There may never be as many.
func fillsVectors(l *ir.For) bool {
	s, ok := l.Body[0].(*ir.Store)
	return ok && l.Step > 1 && fills(s)
}

// fills reports whether a store fills empty slots: with padding, or with zeros.
func fills(s *ir.Store) bool {
	_, zero := constant(s.Value)
	return s.Buf.Role == ir.Out && (zero || isLoad(s.Value, "padding"))
}

func maskFaults() []Fault {
	dots := []string{"scores"}                          // where each lane that is loaded counts
	rows := []string{"context", "reverse", "attention"} // whose last row ends with the tail of a vector
	return []Fault{
		{Name: "tail-short", Doc: "the mask of a tail has a lane too few", Kind: Value,
			program: statements(func(s ir.Stmt) ir.Stmt {
				if m, ok := s.(*ir.LetMask); ok {
					return &ir.LetMask{Name: m.Name, Type: m.Type, Lanes: m.Lanes, Count: ir.Minus(m.Count, ir.Int(1))}
				}
				return nil
			})},
		{Name: "tail-long", Doc: "the mask of a tail that is loaded has a lane too many", Kind: Memory, Ops: dots,
			program: inFunctions(func(f *ir.Func, here func() bool) ir.Rewrite {
				loaded := loadMasks(f.Body)
				return ir.Rewrite{Stmt: stmtAt(func(s ir.Stmt) ir.Stmt {
					if m, ok := s.(*ir.LetMask); ok && loaded[m.Name] {
						return &ir.LetMask{Name: m.Name, Type: m.Type, Lanes: m.Lanes, Count: ir.Plus(m.Count, ir.Int(1))}
					}
					return nil
				}, here)}
			})},
		{Name: "unmasked-load", Doc: "the tail of a row is loaded without its mask", Kind: Memory, Ops: dots,
			program: loads(func(l *ir.Load) ir.Expr {
				if l.Mask == "" {
					return nil
				}
				return &ir.Load{Buf: l.Buf, At: l.At, Width: l.Width}
			})},
		{Name: "unmasked-store", Doc: "the tail of a row is stored without its mask, at the edge of a level", Kind: Memory, Ops: rows,
			program: inFunctions(func(f *ir.Func, here func() bool) ir.Rewrite {
				return ir.Rewrite{Stmt: stmtAt(func(s ir.Stmt) ir.Stmt {
					if t, ok := s.(*ir.Store); ok && t.Mask != "" && t.Buf.Role == ir.Out && f.Name == "edge" {
						return &ir.Store{Buf: t.Buf, At: t.At, Value: t.Value, Stream: t.Stream}
					}
					return nil
				}, here)}
			})},
	}
}

// loadMasks are the masks that loads of a block have.
func loadMasks(body []ir.Stmt) map[string]bool {
	masks := map[string]bool{}
	ir.Rewrite{Expr: func(x ir.Expr) ir.Expr {
		if l, ok := x.(*ir.Load); ok && l.Mask != "" {
			masks[l.Mask] = true
		}
		return x
	}}.OfStmts(body)
	return masks
}

func subscriptFaults() []Fault {
	shifted := func(axis int) func(*ir.Load) ir.Expr {
		return func(l *ir.Load) ir.Expr {
			if l.Buf.Role != ir.In || axis >= len(l.At) {
				return nil
			}
			return &ir.Load{Buf: l.Buf, At: moved(l.At, axis), Width: l.Width, Mask: l.Mask}
		}
	}
	return []Fault{
		{Name: "wrong-neighbour", Doc: "the row of the next node is loaded", Kind: Value, program: loads(shifted(0))},
		{Name: "wrong-head", Doc: "the row of the next head is loaded", Kind: Value, program: loads(shifted(1))},
		{Name: "wrong-element", Doc: "a row is loaded from its next element or slot on", Kind: Memory, program: loads(shifted(2))},
		{Name: "wrong-slot", Doc: "a result is stored in the next slot", Kind: Value, Ops: []string{"scores", "softmax"},
			program: statements(func(s ir.Stmt) ir.Stmt {
				t, ok := s.(*ir.Store)
				if !ok || t.Buf.Role != ir.Out || len(t.At) != 3 || fills(t) {
					return nil
				}
				return &ir.Store{Buf: t.Buf, At: moved(t.At, 2), Mask: t.Mask, Value: t.Value, Stream: t.Stream}
			})},
	}
}
