package ir

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scoresKernel is the scores op of design section 1 for one small pyramid.
func scoresKernel() *Kernel {
	dims := func(last string) []Index { return []Index{Var("batch"), Var("nodes"), Var("heads"), Var(last)} }
	x := &Buffer{Name: "x", Type: F32, Role: In, Space: Memory, Dims: dims("dim")}
	y := &Buffer{Name: "y", Type: F32, Role: In, Space: Memory, Dims: dims("dim")}
	padding := &Buffer{Name: "padding", Type: F32, Role: In, Space: Memory}
	s := &Buffer{Name: "s", Type: F32, Role: Out, Space: Memory, Dims: dims("slots")}
	nbr := &Apply{Fn: Nbr, Args: []Index{Var("i"), Var("j")}}
	return &Kernel{
		Name: "scores", Type: F32,
		Graph:   Graph{Kind: Pyramid, Window: 3, Strides: []int{4, 4}},
		Sizes:   []string{"batch", "len", "heads"},
		Consts:  []ConstSize{{"dim", 64}},
		Buffers: []*Buffer{x, y, padding, s},
		Stages: []*Stage{{
			Out:  s,
			Axes: []Axis{{"b", Var("batch")}, {"i", Var("nodes")}, {"h", Var("heads")}, {"j", Var("slots")}},
			Value: &Select{
				Cond: &Compare{GE, nbr, Int(0)},
				X: &Reduce{Op: Sum, Axis: "d", Extent: Var("dim"), Body: &Binary{FMul,
					&Load{Buf: x, At: []Index{Var("b"), Var("i"), Var("h"), Var("d")}, Width: 1},
					&Load{Buf: y, At: []Index{Var("b"), nbr, Var("h"), Var("d")}, Width: 1}}},
				Y: &Load{Buf: padding, Width: 1},
			},
		}},
	}
}

const scoresText = `kernel scores f32 {
  pyramid window 3 strides 4, 4
  size batch, len, heads
  const dim = 64
  in x: f32[batch, nodes, heads, dim]
  in y: f32[batch, nodes, heads, dim]
  in padding: f32
  out s: f32[batch, nodes, heads, slots]

  s[b < batch, i < nodes, h < heads, j < slots] =
    nbr(i, j) >= 0 ? sum(d < dim: x[b, i, h, d] * y[b, nbr(i, j), h, d]) : padding
}
`

func TestKernelString(t *testing.T) {
	if got := scoresKernel().String(); got != scoresText {
		t.Errorf("got:\n%s\nwant:\n%s", got, scoresText)
	}
}

// TestVariantText: what a variant of the pyramid has is printed and parsed back, and only that.
func TestVariantText(t *testing.T) {
	for text, want := range map[string]Graph{
		"pyramid window 3":                                                    {Kind: Pyramid, Window: 3},
		"pyramid window 3, 5 strides 4":                                       {Kind: Pyramid, Window: 5, Windows: []int{3, 5}, Strides: []int{4}},
		"pyramid window 2 dilation 3 causal strict":                           {Kind: Pyramid, Window: 2, Dilation: 3, Causal: CausalStrict},
		"pyramid window 5, 3, 1 strides 4, 4 dilation 2 causal last links up": {Kind: Pyramid, Window: 5, Windows: []int{5, 3, 1}, Strides: []int{4, 4}, Dilation: 2, Causal: CausalLast, Links: LinksUp},
		"pyramid window 3 strides 4, 2 causal last links up ancestors 2":      {Kind: Pyramid, Window: 3, Strides: []int{4, 2}, Causal: CausalLast, Links: LinksUp, Ancestors: 2},
		"pyramid window 3 strides 4 links down":                               {Kind: Pyramid, Window: 3, Strides: []int{4}, Links: LinksDown},
	} {
		text = "kernel k f32 {\n  " + text + "\n  size len\n  out z: f32[len]\n\n  z[i < len] = 0.0\n}\n"
		k, err := ParseKernel(text)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, k.Graph); d != "" {
			t.Errorf("%s%s", text, d)
		}
		if got := k.String(); got != text {
			t.Errorf("got:\n%s\nwant:\n%s", got, text)
		}
	}
}

// rowsProgram scales rows by one half, eight lanes at a time.
func rowsProgram() *Program {
	x := &Buffer{Name: "x", Type: F32, Role: In, Space: Memory, Dims: []Index{Var("batch"), Var("len")}}
	z := &Buffer{Name: "z", Type: F32, Role: Out, Space: Memory, Dims: []Index{Var("batch"), Var("len")}}
	fx := &Buffer{Name: "x", Type: F32, Role: In, Space: Memory, Dims: []Index{Var("rows"), Var("len")}}
	fz := &Buffer{Name: "z", Type: F32, Role: Out, Space: Memory, Dims: []Index{Var("rows"), Var("len")}}
	half := func(i Index, mask string) Stmt {
		at := []Index{Var("b"), i}
		return &Store{Buf: fz, At: at, Mask: mask, Value: &Binary{FMul,
			&Load{Buf: fx, At: at, Width: 8, Mask: mask}, &Broadcast{&Const{F32, 0.5}, 8}}}
	}
	row := &Func{
		Name: "row", Doc: "One row, its tail masked.", Ints: []string{"b", "len", "full"}, Buffers: []*Buffer{fx, fz},
		Body: []Stmt{
			&For{Var: "i", Lo: Int(0), Hi: Var("full"), Step: 8, Body: []Stmt{half(Var("i"), "")}},
			&LetMask{Name: "k", Type: F32, Lanes: 8, Count: Minus(Var("len"), Var("full"))},
			half(Var("full"), "k"),
		},
	}
	return &Program{
		Name: "scale", Type: F32, Target: "avx2", Sizes: []string{"batch", "len"}, Buffers: []*Buffer{x, z},
		Body: []Stmt{&For{Var: "b", Lo: Int(0), Hi: Var("batch"), Step: 1, Parallel: true, Body: []Stmt{
			&Call{row, []Index{Var("b"), Var("len"), Times(Quo(Var("len"), Int(8)), Int(8))}},
		}}},
		Funcs: []*Func{row},
	}
}

const rowsText = `program scale f32 avx2 {
  size batch, len
  in x: f32[batch, len]
  out z: f32[batch, len]

  parallel for b in 0..batch {
    call row(b, len, len/8*8)
  }
}

// One row, its tail masked.
func row(b, len, full) {
  in x: f32[rows, len]
  out z: f32[rows, len]

  for i in 0..full step 8 {
    z[b, i:8] = x[b, i:8] * broadcast(0.5, 8)
  }
  mask k: f32x8 = len - full
  z[b, full:8 if k] = x[b, full:8 if k] * broadcast(0.5, 8)
}
`

func TestProgramString(t *testing.T) {
	if got := rowsProgram().String(); got != rowsText {
		t.Errorf("got:\n%s\nwant:\n%s", got, rowsText)
	}
}

func TestFormatIndex(t *testing.T) {
	i, j := Var("i"), Var("j")
	pick := &Pick{&Compare{LT, i, Int(3)}, i, j}
	for _, test := range []struct {
		x    Index
		want string
	}{
		{Plus(i, Minus(j, Int(1))), "i + (j - 1)"},
		{Minus(Plus(i, j), Int(-1)), "i + j - -1"},
		{Times(Plus(i, j), Int(2)), "(i + j)*2"},
		{Quo(Times(i, Int(25)), Times(j, i)), "i*25/(j*i)"},
		{Least(i, Rem(j, Int(8))), "min(i, j%8)"},
		{Plus(pick, Int(1)), "(i < 3 ? i : j) + 1"},
		{&Pick{&And{&Compare{GE, i, j}, &Compare{NE, i, Int(0)}}, pick, pick}, "i >= j && i != 0 ? (i < 3 ? i : j) : i < 3 ? i : j"},
		{Int(-1 << 63), "-9223372036854775808"},
		{nil, "<nil>"},
		{&Arith{Op: 99, X: i, Y: j}, "i?op99?j"},
	} {
		if got := FormatIndex(test.x); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestFormatExpr(t *testing.T) {
	x := &Load{Buf: &Buffer{Name: "x", Type: F32, Space: Memory, Dims: []Index{Int(64)}}, At: []Index{Var("d")}, Width: 1}
	one := &Const{F32, 1}
	for _, test := range []struct {
		e    Expr
		want string
	}{
		{&Binary{FSub, x, &Binary{FSub, x, x}}, "x[d] - (x[d] - x[d])"},
		{&Unary{Neg, &Binary{FMul, x, x}}, "-(x[d] * x[d])"},
		{&Binary{FMul, &Unary{Neg, x}, x}, "-x[d] * x[d]"},
		{&Unary{Neg, &Unary{Neg, one}}, "-(-(1.0))"},
		{&Unary{Neg, &Const{F32, -1}}, "-(-1.0)"},
		{&Const{F32, math.Copysign(0, -1)}, "-0.0"},
		{&Const{F32, float64(float32(0.1))}, "0.1"},
		{&Const{F64, float64(float32(0.1))}, "0.10000000149011612"},
		{&Const{F32, math.Inf(-1)}, "-inf"},
		{&Const{F64, 1e300}, "1e+300"},
		{&Unary{Exp, &Binary{FMax, x, one}}, "exp(max(x[d], 1.0))"},
		{&Reduce{Op: MaxOf, Axis: "d", Extent: Var("dim"), Where: &Compare{GT, Var("d"), Int(0)}, Body: x},
			"max(d < dim where d > 0: x[d])"},
		{&HSum{&Tree{[]Expr{x, x, x, x}}}, "hsum(tree(x[d], x[d], x[d], x[d]))"},
		{&Zip{&Every{x, false}, &Every{x, true}}, "zip(evens(x[d]), odds(x[d]))"},
		{&Load{Buf: x.Buf, At: []Index{&Pick{&CompareValue{LT, x, one}, Int(0), Int(8)}}, Width: 8}, "x[(x[d] < 1.0 ? 0 : 8):8]"},
		{&Unary{Op: 77, X: nil}, "?op77?(<nil>)"},
	} {
		if got := FormatExpr(test.e); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestFormatStmts(t *testing.T) {
	i, n := Var("i"), Var("n")
	reg := func(name string) *Alloc {
		return &Alloc{&Buffer{Name: name, Type: F32, Role: Temp, Space: Register, Lanes: 8, Dims: []Index{Int(4)}}}
	}
	x := &Buffer{Name: "x", Type: F32, Role: Temp, Space: Memory, Dims: []Index{Int(25), Int(8)}}
	zero := &Broadcast{&Const{F32, 0}, 8}
	if0 := func(note string) *If {
		return &If{Cond: &Compare{EQ, i, Int(0)}, Then: []Stmt{&Fence{}}, Note: note}
	}
	chain := if0("first\nnode")
	chain.Else = []Stmt{&If{Cond: &Compare{EQ, i, n}, Then: []Stmt{&Assume{&Compare{GE, n, Int(1)}}}, Else: []Stmt{if0("")}}}
	list := []Stmt{
		reg("acc0"), reg("acc1"), &Alloc{x},
		&For{Var: "i", Lo: Int(1), Hi: Least(n, Int(25)), Step: 1, Note: "interior", Body: []Stmt{
			&Store{Buf: reg("acc0").Buf, At: []Index{Int(0)}, Value: zero},
			&Store{Buf: x, At: []Index{i, Int(0)}, Value: zero, Stream: 32},
			&Store{Buf: x, At: []Index{i, Int(0)}, Value: zero, Mask: "k", Stream: 16},
			&Prefetch{x, []Index{Plus(i, Int(4)), Int(0)}, false},
			&Prefetch{x, []Index{i, Int(0)}, true},
		}},
		chain,
	}
	const want = `alloc acc0, acc1: f32x8[4]
alloc memory x: f32[25, 8]
for i in 1..min(n, 25) { // interior
  acc0[0] = broadcast(0.0, 8)
  stream x[i, 0:8] = broadcast(0.0, 8)
  stream 16 x[i, 0:8 if k] = broadcast(0.0, 8)
  prefetch x[i + 4, 0]
  prefetch far x[i, 0]
}
if i == 0 { // first node
  fence
} else if i == n {
  assume n >= 1
} else if i == 0 {
  fence
}
`
	if got := FormatStmts(list); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestStringers prints every kind of node with %v.
func TestStringers(t *testing.T) {
	x := &Load{Buf: &Buffer{Name: "x", Type: F32, Role: In, Space: Memory}, Width: 1}
	less := &Compare{LT, Var("i"), Int(3)}
	table := &Buffer{Name: "qk", Type: I32, Role: In, Space: Memory, Dims: []Index{Int(8)}}
	for want, node := range map[string]any{
		"i":                      Var("i"),
		"3":                      Int(3),
		"i + 3":                  Plus(Var("i"), Int(3)),
		"nbr(i, 3)":              &Apply{Nbr, []Index{Var("i"), Int(3)}},
		"qk[3]":                  &Gather{table, []Index{Int(3)}},
		"i < 3 ? 3 : i":          &Pick{less, Int(3), Var("i")},
		"i < 3":                  less,
		"x >= x":                 &CompareValue{GE, x, x},
		"i < 3 && i < 3":         &And{less, less},
		"1.5":                    &Const{F32, 1.5},
		"x":                      x,
		"x / x":                  &Binary{FDiv, x, x},
		"recip(x)":               &Unary{Recip, x},
		"fma(x, x, x)":           &FMA{x, x, x},
		"broadcast(x, 8)":        &Broadcast{x, 8},
		"hsum(x)":                &HSum{x},
		"tree(x, x)":             &Tree{[]Expr{x, x}},
		"lane(x, 3)":             &Lane{x, 3},
		"evens(x)":               &Every{x, false},
		"zip(x, x)":              &Zip{x, x},
		"i < 3 ? x : x":          &Select{less, x, x},
		"sum(j < 3: x)":          &Reduce{Op: Sum, Axis: "j", Extent: Int(3), Body: x},
		"for i in 0..3 {\n}":     &For{Var: "i", Lo: Int(0), Hi: Int(3), Step: 1},
		"if i < 3 {\n}":          &If{Cond: less},
		"let n1 = n0/4":          &Let{"n1", Quo(Var("n0"), Int(4))},
		"mask k: f64x4 = n%4":    &LetMask{"k", F64, 4, Rem(Var("n"), Int(4))},
		"alloc x: f32":           &Alloc{&Buffer{Name: "x", Type: F32, Role: Temp, Space: Register, Lanes: 1}},
		"x = x":                  &Store{Buf: x.Buf, Value: x},
		"assume i < 3":           &Assume{less},
		"prefetch qk[max(i, 1)]": &Prefetch{table, []Index{Most(Var("i"), Int(1))}, false},
		"fence":                  &Fence{},
		"call f(3)":              &Call{&Func{Name: "f"}, []Index{Int(3)}},
	} {
		if got := fmt.Sprint(node); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
