package ir

// index checks an integer expression.
func (v *verifier) index(x Index) {
	switch x := x.(type) {
	case Int:
	case Var:
		if _, ok := v.names[string(x)].(integer); !ok {
			if old, ok := v.names[string(x)]; ok {
				v.fail("got %s, which is %s, want an integer", string(x), describe(old))
			}
			v.fail("got %s, want an integer that is defined here", string(x))
		}
	case *Arith:
		v.arith(x)
	case *Apply:
		v.apply(x)
	case *Gather:
		b := v.element(x.Table, x.At)
		if b.Type != I32 {
			v.fail("got an element of %s, which is %s, as an integer; want an i32 table", b.Name, b.Type)
		}
	case *Pick:
		v.cond(x.Cond)
		v.index(x.X)
		v.index(x.Y)
	default:
		v.fail("got %T, want an integer", x)
	}
}

func (v *verifier) indices(xs []Index) {
	for _, x := range xs {
		v.index(x)
	}
}

func (v *verifier) arith(x *Arith) {
	if x.Op < Add || x.Op > Max {
		v.fail("got integer operator %d, want one of +, -, *, /, %%, min, max", x.Op)
	}
	v.index(x.X)
	v.index(x.Y)
	if k, ok := x.Y.(Int); ok && k <= 0 && (x.Op == Div || x.Op == Mod) {
		v.fail("%s: got divisor %d, want a positive one", FormatIndex(x), k)
	}
}

// apply checks an index map, which must exist for the graph.
func (v *verifier) apply(x *Apply) {
	name := opText(fnNames[:], x.Fn)
	if x.Fn < Nbr || x.Fn > StrideC {
		v.fail("got index map %d, want one of nbr, rev, revslot, n, off, C", x.Fn)
	}
	if v.graph.Kind == 0 && !v.anyGraph {
		v.fail("got %s without a graph, want a pyramid or table", FormatIndex(x))
	}
	if v.graph.Kind == Table && x.Fn >= LevelN {
		v.fail("got %s of a table graph, want a pyramid; tables have no levels", FormatIndex(x))
	}
	if v.scheduled {
		v.fail("got the index map %s, want it scheduled away", FormatIndex(x))
	}
	if len(x.Args) != x.Fn.args() {
		v.fail("got %d arguments of %s, want %d", len(x.Args), name, x.Fn.args())
	}
	v.indices(x.Args)
}

// cond checks a condition.
func (v *verifier) cond(c Cond) {
	switch c := c.(type) {
	case *Compare:
		v.comparison(c.Op)
		v.index(c.X)
		v.index(c.Y)
	case *CompareValue:
		v.comparison(c.Op)
		t, u := v.scalar(c.X, "comparison"), v.scalar(c.Y, "comparison")
		if t != u {
			v.fail("%s: got values of %s and %s, want one type", FormatCond(c), t, u)
		}
	case *Aligned:
		if v.kernel {
			v.fail("got %s in a kernel, want it in a program: an expression has no addresses", FormatCond(c))
		}
		if c.Buf.Space != Memory || len(c.Buf.Dims) == 0 {
			v.fail("got %s, want an array in memory", FormatCond(c))
		}
		if c.Bytes < 1 || c.Bytes&(c.Bytes-1) != 0 {
			v.fail("got %s, want a power of two", FormatCond(c))
		}
		v.use(c.Buf)
	case *Uncached:
		if v.kernel {
			v.fail("got %s in a kernel, want it in a program: an expression runs on no machine", FormatCond(c))
		}
		v.index(c.Bytes)
	case *And:
		v.cond(c.X)
		v.cond(c.Y)
	default:
		v.fail("got %T, want a condition", c)
	}
}

func (v *verifier) comparison(op CmpOp) {
	if op < LT || op > GT {
		v.fail("got comparison %d, want one of <, <=, ==, !=, >=, >", op)
	}
}
