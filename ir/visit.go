package ir

// Each calls f for every statement of a block and of the blocks in it, outer ones first.
func Each(body []Stmt, f func(Stmt)) {
	for _, s := range body {
		f(s)
		switch e := s.(type) {
		case *For:
			Each(e.Body, f)
		case *If:
			Each(e.Then, f)
			Each(e.Else, f)
		}
	}
}

// EachValue calls f for every value of a block and of the blocks in it, parts of a value first. Values that are compared count, but not those
// in subscripts.
func EachValue(body []Stmt, f func(Expr)) {
	Each(body, func(s Stmt) {
		switch e := s.(type) {
		case *Store:
			EachPart(e.Value, f)
		case *If:
			eachCompared(e.Cond, f)
		case *Assume:
			eachCompared(e.Cond, f)
		}
	})
}

func eachCompared(c Cond, f func(Expr)) {
	switch e := c.(type) {
	case *CompareValue:
		EachPart(e.X, f)
		EachPart(e.Y, f)
	case *And:
		eachCompared(e.X, f)
		eachCompared(e.Y, f)
	}
}

// EachPart calls f for the parts of a value, as EachValue does, and then for the value.
func EachPart(x Expr, f func(Expr)) {
	switch e := x.(type) {
	case *Binary:
		EachPart(e.X, f)
		EachPart(e.Y, f)
	case *Unary:
		EachPart(e.X, f)
	case *FMA:
		EachPart(e.X, f)
		EachPart(e.Y, f)
		EachPart(e.Z, f)
	case *Broadcast:
		EachPart(e.X, f)
	case *HSum:
		EachPart(e.X, f)
	case *Tree:
		for _, part := range e.Xs {
			EachPart(part, f)
		}
	case *Every:
		EachPart(e.X, f)
	case *Zip:
		EachPart(e.X, f)
		EachPart(e.Y, f)
	case *Lane:
		EachPart(e.X, f)
	case *Select:
		eachCompared(e.Cond, f)
		EachPart(e.X, f)
		EachPart(e.Y, f)
	case *Choose:
		EachPart(e.A, f)
		EachPart(e.B, f)
		EachPart(e.X, f)
		EachPart(e.Y, f)
	case *Reduce:
		eachCompared(e.Where, f)
		EachPart(e.Body, f)
	}
	f(x)
}
