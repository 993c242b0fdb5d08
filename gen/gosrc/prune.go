package gosrc

import "github.com/pyragen/pyragen/ir"

// portable returns a block without the conditions that ask for a property of the machine or of addresses, as it is where they hold: which way
// they go never changes a result, and Go has no use for them.
func portable(body []ir.Stmt) []ir.Stmt {
	return ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		if c, ok := s.(*ir.If); ok {
			cond := portableCond(c.Cond)
			if cond == nil {
				return c.Then
			}
			s = &ir.If{Cond: cond, Then: c.Then, Else: c.Else, Note: c.Note}
		}
		return []ir.Stmt{s}
	}}.OfStmts(body)
}

// portableCond drops what a condition asks of the machine; nil is left of nothing else.
func portableCond(c ir.Cond) ir.Cond {
	switch c := c.(type) {
	case *ir.Aligned, *ir.Uncached:
		return nil
	case *ir.And:
		x, y := portableCond(c.X), portableCond(c.Y)
		switch {
		case x == nil:
			return y
		case y == nil:
			return x
		}
		return &ir.And{X: x, Y: y}
	}
	return c
}

// prune returns a block without what has no effect in Go: assumptions, prefetches and fences, lets and masks that nothing uses,
// stores to registers that nothing reads, and loops and branches that are left empty. Go refuses variables that are not used. What
// the temporaries' dimensions mention is used.
func prune(body []ir.Stmt, temps ...*ir.Buffer) []ir.Stmt {
	var kept []ir.Stmt // last statement first
	for i := len(body) - 1; i >= 0; i-- {
		after := func() []ir.Stmt { return reversed(kept) }
		switch s := body[i].(type) {
		case *ir.Assume, *ir.Prefetch, *ir.Fence:
			continue
		case *ir.Let:
			if !ir.Uses(after(), ir.Var(s.Var)) && !sizes(after(), temps, ir.Var(s.Var)) {
				continue
			}
		case *ir.LetMask:
			if !usesMask(after(), s.Name) {
				continue
			}
		case *ir.Alloc:
			if s.Buf.Space == ir.Register {
				kept = reversed(pruneRegister(s.Buf, after()))
			}
		case *ir.For:
			c := *s
			if c.Body = prune(s.Body); len(c.Body) == 0 {
				continue
			}
			kept = append(kept, &c)
			continue
		case *ir.If:
			c := *s
			c.Then, c.Else = prune(s.Then), prune(s.Else)
			switch {
			case len(c.Then)+len(c.Else) == 0:
				continue
			case len(c.Then) == 0 && negation(s.Cond) != nil:
				c.Cond, c.Then, c.Else = negation(s.Cond), c.Else, nil
			}
			kept = append(kept, &c)
			continue
		}
		kept = append(kept, body[i])
	}
	return reversed(kept)
}

// sizes reports whether a variable is part of the size of a buffer that the block allocates, or of one of temps.
func sizes(body []ir.Stmt, temps []*ir.Buffer, v ir.Var) bool {
	found := false
	in := func(b *ir.Buffer) {
		for _, d := range b.Dims {
			found = found || !ir.FreeOf(d, map[ir.Var]bool{v: true})
		}
	}
	for _, b := range temps {
		in(b)
	}
	ir.Each(body, func(s ir.Stmt) {
		if a, ok := s.(*ir.Alloc); ok {
			in(a.Buf)
		}
	})
	return found
}

// pruneRegister drops the stores to elements of b that no statement reads.
func pruneRegister(b *ir.Buffer, body []ir.Stmt) []ir.Stmt {
	for {
		dead := map[string]bool{}
		for _, name := range registersOf(b, body) {
			dead[name] = true
			for _, s := range body {
				if reads(s, b, name) {
					delete(dead, name)
					break
				}
			}
		}
		if len(dead) == 0 {
			return body
		}
		body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
			if w, ok := s.(*ir.Store); ok && w.Buf.Name == b.Name && dead[registerName(w.Buf, w.At)] {
				return nil
			}
			return []ir.Stmt{s}
		}}.OfStmts(body)
	}
}

// usesMask reports whether a mask is used in the block.
func usesMask(body []ir.Stmt, mask string) bool {
	found := false
	ir.Rewrite{Mask: func(m string) string {
		found = found || m == mask
		return m
	}}.OfStmts(body)
	return found
}

func reversed(list []ir.Stmt) []ir.Stmt {
	out := make([]ir.Stmt, len(list))
	for i, s := range list {
		out[len(list)-1-i] = s
	}
	return out
}
