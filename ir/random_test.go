package ir

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawer draws expressions that may stand in a program with the buffers below; they need not mean anything.
type drawer struct{ t *rapid.T }

var (
	drawnTensor = &Buffer{Name: "x", Type: F32, Role: In, Space: Memory, Dims: []Index{Var("n"), Int(64)}}
	drawnScalar = &Buffer{Name: "padding", Type: F32, Role: In, Space: Memory}
	drawnTable  = &Buffer{Name: "qk", Type: I32, Role: In, Space: Memory, Dims: []Index{Var("n"), Int(8)}}
	drawnSeed   = &Buffer{Name: "seed", Type: U64, Role: In, Space: Memory}
	drawnOut    = &Buffer{Name: "z", Type: F32, Role: Out, Space: Memory, Dims: []Index{Var("n")}}
)

func (d drawer) upTo(n int, label string) int { return rapid.IntRange(0, n).Draw(d.t, label) }

func (d drawer) index(depth int) Index {
	last := 6
	if depth == 0 {
		last = 1
	}
	switch d.upTo(last, "index") {
	case 0:
		return Int(rapid.Int64().Draw(d.t, "int"))
	case 1:
		return Var(rapid.SampledFrom([]string{"i", "j", "n", "off", "max", "where", "f32", "step"}).Draw(d.t, "var"))
	case 2, 3:
		return &Arith{ArithOp(1 + d.upTo(int(Max)-1, "op")), d.index(depth - 1), d.index(depth - 1)}
	case 4:
		fn := Fn(1 + d.upTo(int(StrideC)-1, "fn"))
		return &Apply{fn, d.indices(depth-1, fn.args())}
	case 5:
		return &Gather{drawnTable, d.indices(depth-1, 2)}
	}
	return &Pick{d.cond(depth - 1), d.index(depth - 1), d.index(depth - 1)}
}

func (d drawer) indices(depth, n int) []Index {
	var list []Index
	for range n {
		list = append(list, d.index(depth))
	}
	return list
}

func (d drawer) cond(depth int) Cond {
	op := CmpOp(1 + d.upTo(int(GT)-1, "op"))
	switch d.upTo(min(3, depth+1), "cond") {
	case 0:
		return &Compare{op, d.index(max(depth-1, 0)), d.index(max(depth-1, 0))}
	case 1:
		return &CompareValue{op, d.expr(max(depth-1, 0)), d.expr(max(depth-1, 0))}
	case 2:
		return &And{d.cond(depth - 1), d.cond(depth - 1)}
	}
	return &Uncached{d.index(depth - 1)}
}

func (d drawer) expr(depth int) Expr {
	last := 15
	if depth == 0 {
		last = 1
	}
	sub := func() Expr { return d.expr(depth - 1) }
	switch d.upTo(last, "expr") {
	case 0:
		v := rapid.OneOf(rapid.Float32().AsAny(), rapid.SampledFrom([]float32{0, 1, float32(math.Copysign(0, -1)),
			float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 1e10}).AsAny()).Draw(d.t, "value").(float32)
		return &Const{F32, float64(v)}
	case 1:
		return &Load{Buf: drawnScalar, Width: 1}
	case 2:
		l := &Load{Buf: drawnTensor, At: d.indices(depth-1, 2), Width: 1}
		if d.upTo(1, "vector") == 1 {
			l.Width, l.Mask = 8, rapid.SampledFrom([]string{"", "k"}).Draw(d.t, "mask")
		}
		return l
	case 3, 4:
		return &Binary{BinOp(1 + d.upTo(int(Scale)-1, "op")), sub(), sub()}
	case 5:
		return &Unary{UnOp(1 + d.upTo(int(Mantissa)-1, "op")), sub()}
	case 6:
		return &FMA{sub(), sub(), sub()}
	case 7:
		return &Broadcast{sub(), 1 + d.upTo(15, "width")}
	case 8:
		return &HSum{&Tree{[]Expr{sub(), sub(), sub(), sub()}}}
	case 9:
		return &Lane{sub(), d.upTo(7, "lane")}
	case 10:
		return &Select{d.cond(depth - 1), sub(), sub()}
	case 11:
		return &Choose{CmpOp(1 + d.upTo(int(GT)-1, "op")), sub(), sub(), sub(), sub()}
	case 12:
		return &Every{sub(), d.upTo(1, "odd") == 1}
	case 13:
		return &Zip{sub(), sub()}
	case 14:
		return &Random{F32, drawnSeed, d.index(depth - 1), d.index(depth - 1), 1 + d.upTo(15, "width")}
	}
	r := &Reduce{Op: ReduceOp(1 + d.upTo(1, "op")), Axis: "d", Extent: d.index(depth - 1), Body: sub()}
	if d.upTo(1, "where") == 1 {
		r.Where = d.cond(depth - 1)
	}
	return r
}

func (d drawer) stmts(depth int) []Stmt {
	var list []Stmt
	for range d.upTo(3, "statements") {
		list = append(list, d.stmt(depth))
	}
	return list
}

func (d drawer) stmt(depth int) Stmt {
	last := 7
	if depth == 0 {
		last = 5
	}
	notes := rapid.SampledFrom([]string{"", "interior", "a // b {"})
	switch d.upTo(last, "stmt") {
	case 0:
		return &Let{"v", d.index(2)}
	case 1:
		return &LetMask{"k", F32, 8, d.index(2)}
	case 2:
		return &Assume{d.cond(2)}
	case 3:
		return &Prefetch{drawnTensor, d.indices(2, 2), d.upTo(1, "far") == 1}
	case 4:
		return &Fence{}
	case 5:
		return &Store{Buf: drawnOut, At: d.indices(2, 1), Value: &HSum{d.expr(2)}, Stream: 4 * d.upTo(2, "stream")}
	case 6:
		return &For{Var: "i", Lo: d.index(2), Hi: d.index(2), Step: int64(1 + d.upTo(8, "step")), Parallel: d.upTo(1, "par") == 1,
			Body: d.stmts(depth - 1), Note: notes.Draw(d.t, "note")}
	}
	return &If{Cond: d.cond(2), Then: d.stmts(depth - 1), Else: d.stmts(depth - 1), Note: notes.Draw(d.t, "note")}
}

func TestRoundTripRandomKernels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawer{t}
		k := &Kernel{Name: "random", Type: F32, Graph: Graph{Kind: Table}, Sizes: []string{"n"},
			Buffers: []*Buffer{drawnTensor, drawnScalar, drawnTable, drawnSeed, drawnOut}}
		s := &Stage{Out: drawnOut, Axes: []Axis{{"i", d.index(2)}}, Value: d.expr(4)}
		if d.upTo(1, "where") == 1 {
			s.Where = d.cond(2)
		}
		k.Stages = []*Stage{s}
		roundTrip(t, k)
	})
}

func TestRoundTripRandomPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawer{t}
		roundTrip(t, &Program{Name: "random", Type: F32, Target: "go", Sizes: []string{"n"},
			Buffers: []*Buffer{drawnTensor, drawnScalar, drawnTable, drawnSeed, drawnOut}, Body: d.stmts(3)})
	})
}
