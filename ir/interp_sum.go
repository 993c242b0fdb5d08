package ir

// foldHalves adds the upper half of v to its lower half until at most n lanes are left.
func foldHalves[T float](v []T, n int) []T {
	for len(v) > n {
		half := len(v) / 2
		for k, x := range v[half:] {
			v[k] += x
		}
		v = v[:half]
	}
	return v
}

// foldPairs adds adjacent lanes: (0+1), (2+3), ...
func foldPairs[T float](v []T) []T {
	for k := range len(v) / 2 {
		v[k] = v[2*k] + v[2*k+1]
	}
	return v[:len(v)/2]
}

// hsum compiles a horizontal sum.
func (c *compiler[T]) hsum(e *HSum) scalarFn[T] {
	n := e.X.Lanes()
	if n&(n-1) != 0 {
		c.failf("%s: %d lanes, want a power of two", FormatExpr(e), n)
	}
	x, v := c.vector(e.X), c.lanes(n)
	return func(m *machine[T]) T {
		w := v.of(m)
		copy(w, x(m))
		return foldHalves(w, 1)[0]
	}
}

// tree compiles a reduce tree, whose order of summation [Tree] documents.
func (c *compiler[T]) tree(e *Tree) vectorFn[T] {
	widest, f32 := 4, c.prog.Type == F32 // lanes that the horizontal adds work on: 256 bits
	if f32 {
		widest = 8
	}
	n := e.Xs[0].Lanes()
	if len(e.Xs) != 4 || n < widest || n&(n-1) != 0 {
		c.failf("%s: %d vectors of %d lanes, want 4 of a power of two >= %d", FormatExpr(e), len(e.Xs), n, widest)
	}
	v, result := c.lanes(n), c.lanes(len(e.Xs))
	xs := make([]vectorFn[T], len(e.Xs))
	for k, x := range e.Xs {
		if x.Lanes() != n {
			c.failf("%s: operand %d has %d lanes, want %d", FormatExpr(e), k, x.Lanes(), n)
		}
		xs[k] = c.vector(x)
	}
	return func(m *machine[T]) []T {
		dst := result.of(m)
		for k, x := range xs {
			w := v.of(m)
			copy(w, x(m))
			w = foldPairs(foldHalves(w, widest))
			if f32 {
				w = foldPairs(w)
			}
			dst[k] = w[0] + w[1]
		}
		return dst
	}
}
