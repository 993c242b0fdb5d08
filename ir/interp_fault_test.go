package ir

import (
	"math"
	"strings"
	"testing"
)

// What no correct nest does is an error that names the place, with the values of the variables in it.
func TestFaults(t *testing.T) {
	const rows = `
func rows(m, width) {
  in x: f32[rows, width]
  out z: f32[n]

  for r in 0..m {
    z[0] = x[r, width - 1]
  }
}`
	for _, c := range []struct{ name, body, funcs, want string }{
		{"above", "for i in 0..9 {\nz[i] = 0.0\n}", "",
			"probe avx2: z[i]: subscript 0 is 8, want within 0..7 where i=8"},
		{"below", "for i in 0..n {\nz[0] = x[i - 1]\n}", "", "x[i - 1]: subscript 0 is -1, want >= 0 where i=0"},
		{"vector", "for i in 0..n step 3 {\nz[i:4] = x[i:4]\n}", "", "x[i:4]: subscript 0 is 6..9, want within 0..7 where i=6"},
		{"vector store", "z[n - 3:4] = broadcast(0.0, 4)", "", "z[n - 3:4]: subscript 0 is 5..8, want within 0..7 where n=8"},
		{"active lanes", "mask k: f32x4 = 4\nz[5:4 if k] = broadcast(0.0, 4)", "",
			"z[5:4 if k]: subscript 0 is 5..8, want within 0..7"},
		{"inner dimension", "alloc memory m: f32[n, 2]\nfor i in 0..3 {\nm[0, i] = 0.0\n}", "",
			"m[0, i]: subscript 1 is 2, want within 0..1 where i=2"},
		{"inner vector", "alloc memory m: f32[n, 6]\nm[0, 4:4] = broadcast(0.0, 4)", "",
			"m[0, 4:4]: subscript 1 is 4..7, want within 0..5"},
		{"inner below", "alloc memory m: f32[n, 2]\nm[1, n - 9] = 0.0", "",
			"m[1, n - 9]: subscript 1 is -1, want within 0..1 where n=8"},
		{"rows of a function", "call rows(3, 4)", rows,
			"probe avx2 rows: x[r, width - 1]: subscript 0 is 2, want within 0..1 where r=2, width=4"},
		{"gather", "z[0] = x[t[n]]", "", "t[n]: subscript 0 is 8, want within 0..3 where n=8"},
		{"a gathered subscript", "z[0] = x[t[2]]", "", "x[t[2]]: subscript 0 is -1, want >= 0"},
		{"register", "alloc a: f32[2]\nfor i in 0..3 {\na[i] = 0.0\n}", "", "a[i]: subscript 0 is 2, want within 0..1 where i=2"},
		{"constant register", "alloc a: f32[2]\na[2] = 0.0", "", "a[2]: subscript 0 is 2, want within 0..1"},
		{"unwritten register", "alloc a: f32\nz[0] = a", "", "a: reads a register of a that was not written"},
		{"unwritten vector", "alloc a: f32x8[2]\na[0] = broadcast(0.0, 8)\nfor i in 0..2 {\nz[0:8] = a[i]\n}", "",
			"a[i]: reads a register of a that was not written where i=1"},
		{"register of an earlier iteration", "for i in 0..2 {\nalloc a: f32\nif i == 0 {\na = 0.0\n}\nz[i] = a\n}", "",
			"reads a register of a that was not written"},
		{"unwritten temporary", "alloc memory m: f32[n]\nm[0:4] = broadcast(0.0, 4)\nz[0:4] = m[1:4]", "",
			"m[1:4]: reads an element of the temporary m that was not written"},
		{"temporary of an earlier iteration", "for i in 0..2 {\nalloc memory m: f32[n]\nif i == 0 {\nm[0] = 0.0\n}\nz[i] = m[0]\n}", "",
			"reads an element of the temporary m that was not written"},
		{"unwritten scalar of a temporary", "alloc memory m: f32[n]\nz[0] = m[3]", "", "m[3]: reads an element of the temporary m"},
		{"assume", "for i in 0..n {\nassume i < 3\n}", "", "assume i < 3: does not hold where i=3"},
		{"divisor", "for i in 0..n {\nlet k = n/(2 - i)\n}", "", "the divisor is 0, want > 0 where n=8, i=2"},
		{"remainder", "let k = n%(n - 8)", "", "the divisor is 0, want > 0"},
		{"mask above", "mask k: f32x4 = n\nz[0:4] = x[0:4 if k]", "", "mask k: count is 8, want within 0..4 where n=8"},
		{"mask below", "mask k: f32x4 = n - 9\nz[0:4] = x[0:4 if k]", "", "mask k: count is -1, want within 0..4"},
		{"stride of a level", "let k = C(n)", "", "C(n): level is 8, want within 0..1"},
		{"level", "let k = n(n - 9)", "", "level is -1, want >= 0"},
		{"node", "let k = nbr(n, 0)", "", "nbr(n, 0): node is 8, want within 0..7"},
		{"slot", "let k = rev(0, n - 1)", "", "rev(0, n - 1): slot is 7, want within 0..6"},
		{"extent", "alloc memory m: f32[n - 9]", "", "buffer m: extent 0 is -1, want >= 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := probe("f32", c.body, c.funcs, make([]float64, 8))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v\nwant %s", err, c.want)
			}
		})
	}
}

// A program that is not well formed does not compile.
func TestCompileRefuses(t *testing.T) {
	x := &Buffer{Name: "x", Type: F32, Role: In, Space: Memory, Dims: []Index{Int(8)}}
	z := &Buffer{Name: "z", Type: F32, Role: Out, Space: Memory, Dims: []Index{Int(8)}}
	table := &Buffer{Name: "t", Type: I32, Role: In, Space: Memory, Dims: []Index{Int(8)}}
	double := &Buffer{Name: "d", Type: F64, Role: In, Space: Memory, Dims: []Index{Int(8)}}
	f := &Buffer{Name: "f", Type: F32, Role: In, Space: Memory}
	ints := &Buffer{Name: "u", Type: I32, Space: Memory}
	regs := &Buffer{Name: "r", Type: F32, Space: Register, Lanes: 8}
	at := func(b *Buffer, k Index, width int) *Load { return &Load{Buf: b, At: []Index{k}, Width: width} }
	put := func(v Expr) Stmt { return &Store{Buf: z, At: []Index{Int(0)}, Value: v} }
	one := &Const{Type: F32, Value: 1}
	some := at(x, Int(0), 8)
	leaf := &Func{Name: "leaf", Ints: []string{"i"}}
	for _, c := range []struct {
		name string
		body []Stmt
		want string
	}{
		{"unknown variable", []Stmt{put(at(x, Var("i"), 1))}, "variable i is not defined here"},
		{"variable of an inner block", []Stmt{&If{Cond: nil, Then: []Stmt{&Let{"i", Int(0)}}}, put(at(x, Var("i"), 1))},
			"variable i is not defined here"},
		{"unknown buffer", []Stmt{put(at(&Buffer{Name: "y", Type: F32, Dims: x.Dims}, Int(0), 1))}, "buffer y is not defined here"},
		{"another buffer", []Stmt{put(at(&Buffer{Name: "x", Type: F32, Space: Memory}, Int(0), 1))}, "buffer x differs from the buffer"},
		{"unknown mask", []Stmt{put(&Load{Buf: x, At: []Index{Int(0)}, Width: 8, Mask: "k"})}, "mask k is not defined here"},
		{"lanes of a mask", []Stmt{&LetMask{"k", F32, 4, Int(4)}, put(&Load{Buf: x, At: []Index{Int(0)}, Width: 8, Mask: "k"})},
			"mask k has 4 lanes, the access has 8"},
		{"mask on a scalar", []Stmt{put(&Load{Buf: x, At: []Index{Int(0)}, Mask: "k"})}, "a mask on a scalar load"},
		{"subscripts", []Stmt{put(&Load{Buf: x})}, "0 subscripts, buffer x has 1 dimensions"},
		{"input", []Stmt{&Store{Buf: x, At: []Index{Int(0)}, Value: one}}, "stores to an input"},
		{"type of a constant", []Stmt{put(&Const{Type: F64})}, "constant 0 is f64, the arithmetic is in f32"},
		{"type of a buffer", []Stmt{&Alloc{&Buffer{Name: "w", Type: F64, Space: Register}}}, "buffer w is f64, the arithmetic is in f32"},
		{"value of a table", []Stmt{put(at(table, Int(0), 1))}, "cannot be loaded from an i32 buffer"},
		{"value to a table", []Stmt{&Alloc{ints}, &Store{Buf: ints, Value: one}}, "cannot be stored to an i32 buffer"},
		{"gather", []Stmt{&Let{"i", &Gather{x, []Index{Int(0)}}}}, "a table must be i32, got f32"},
		{"lanes of operands", []Stmt{put(&Binary{FAdd, some, one})}, "operand 1.0 has 1 lanes, want 8"},
		{"vector where a scalar stands", []Stmt{put(&Broadcast{some, 4})}, "has 8 lanes, want a scalar"},
		{"scalar to a vector register", []Stmt{&Alloc{regs}, &Store{Buf: regs, Value: one}},
			"a value of 1 lanes, mask \"\", want 8 lanes"},
		{"lane", []Stmt{put(&Lane{some, 8})}, "lane is 8, want within 0..7"},
		{"tree of three", []Stmt{put(&Tree{[]Expr{some, some, some}})}, "3 vectors of 8 lanes, want 4 of a power of two >= 8"},
		{"narrow tree", []Stmt{put(&Tree{[]Expr{at(x, Int(0), 4), at(x, Int(0), 4), at(x, Int(0), 4), at(x, Int(0), 4)}})},
			"4 vectors of 4 lanes, want 4 of a power of two >= 8"},
		{"lanes of a tree", []Stmt{put(&Tree{[]Expr{some, some, some, at(x, Int(0), 4)}})}, "operand 3 has 4 lanes, want 8"},
		{"lanes of hsum", []Stmt{put(&HSum{at(x, Int(0), 6)})}, "6 lanes, want a power of two"},
		{"vector of a scalar buffer", []Stmt{put(&Load{Buf: f, Width: 4})}, "4 lanes of a buffer without dimensions"},
		{"extent of registers", []Stmt{&Alloc{&Buffer{Name: "w", Type: F32, Space: Register, Dims: []Index{Var("n")}}}},
			"register buffer w: extent 0 is n, want a positive constant"},
		{"step", []Stmt{&For{Var: "i", Lo: Int(0), Hi: Int(1)}}, "for i: step is 0, want >= 1"},
		{"call of nothing", []Stmt{&Call{Func: &Func{Name: "edge"}}}, "call edge: the program has no such function"},
		{"arguments of a call", []Stmt{&Call{Func: leaf}}, "call leaf: 0 arguments, want 1"},
		{"closed form on a table", []Stmt{&Let{"i", &Apply{Nbr, []Index{Int(0), Int(0)}}}}, "a table graph has no closed form"},
		{"comparison", []Stmt{&Assume{&Compare{0, Int(0), Int(0)}}}, "comparison 0"},
		{"operator", []Stmt{put(&Binary{0, one, one})}, "operator 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &Program{Name: "probe", Type: F32, Target: "go", Graph: Graph{Kind: Table}, Sizes: []string{"n"},
				Buffers: []*Buffer{x, table, f, z}, Body: c.body, Funcs: []*Func{leaf}}
			_, err := CompileProgram(p)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "probe go: ") {
				t.Errorf("got error %v\nwant %s", err, c.want)
			}
		})
	}
	for _, c := range []struct {
		name string
		p    Program
		want string
	}{
		{"arithmetic type", Program{Name: "p", Type: F16}, "p: arithmetic type: got f16, want f32 or f64"},
		{"type of an argument", Program{Name: "p", Type: F32, Buffers: []*Buffer{double}}, "buffer d is f64"},
		{"temporary of unknown size", Program{Name: "p", Type: F32, Buffers: []*Buffer{
			{Name: "w", Type: F32, Role: Temp, Space: Memory, Dims: []Index{Var("rows")}}}}, "extents of a temporary"},
		{"registers of the program", Program{Name: "p", Type: F32, Buffers: []*Buffer{regs}}, "use an alloc"},
		{"a name of the driver in a function", Program{Name: "p", Type: F32, Sizes: []string{"n"}, Funcs: []*Func{
			{Name: "leaf", Body: []Stmt{&Let{"i", Var("n")}}}}}, "p leaf: variable n is not defined here"},
		{"index map without len", Program{Name: "p", Type: F32, Graph: Graph{Kind: Pyramid, Window: 3}, Body: []Stmt{&Let{"i",
			&Apply{LevelN, []Index{Int(0)}}}}}, "p: n(0): an index map needs the size len"},
		{"buffer of a function", Program{Name: "p", Type: F32, Funcs: []*Func{{Name: "leaf", Buffers: []*Buffer{x}}}},
			"p leaf: buffer x is not one of the program's"},
		{"type of a function's buffer", Program{Name: "p", Type: F32, Buffers: []*Buffer{x}, Funcs: []*Func{{Name: "leaf",
			Buffers: []*Buffer{{Name: "x", Type: F16, Space: Memory}}}}}, "differs from the program's in type, space or role"},
		{"call in a function", Program{Name: "p", Type: F32, Funcs: []*Func{{Name: "a"}, {Name: "b", Body: []Stmt{&Call{
			Func: &Func{Name: "a"}}}}}}, "p b: call a: functions call no others"},
		{"two functions of one name", Program{Name: "p", Type: F32, Funcs: []*Func{{Name: "a"}, {Name: "a"}}}, "func a: defined twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := CompileProgram(&c.p); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v\nwant %s", err, c.want)
			}
		})
	}
}

// Wrong sizes and arguments are refused before anything runs.
func TestArgumentsRefused(t *testing.T) {
	p, err := ParseProgram(programOf("f32", "z[0] = x[0]", ""))
	if err != nil {
		t.Fatal(err)
	}
	c, err := CompileProgram(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		change func(sizes map[string]int64, args Args)
		want   string
	}{
		{"", func(map[string]int64, Args) {}, ""},
		{"derived size", func(s map[string]int64, _ Args) { s["nodes"] = 8 }, ""},
		{"missing size", func(s map[string]int64, _ Args) { delete(s, "n") }, "probe avx2: size n is missing"},
		{"negative size", func(s map[string]int64, _ Args) { s["n"] = -1 }, "size n: got -1, want >= 0"},
		{"no leaves", func(s map[string]int64, _ Args) { s["len"] = 0 }, "size len: got 0, want >= 1"},
		{"overflow", func(s map[string]int64, _ Args) { s["len"] = math.MaxInt64 }, "size len: got 9223372036854775807, the nodes"},
		{"wrong derived size", func(s map[string]int64, _ Args) { s["slots"] = 9 }, "size slots: got 9, want 7, which the kernel fixes"},
		{"unknown size", func(s map[string]int64, _ Args) { s["dim"] = 9 }, "it has no size dim"},
		{"missing", func(_ map[string]int64, a Args) { delete(a, "x") }, "argument x is missing"},
		{"unknown", func(_ map[string]int64, a Args) { a["y"] = a["x"] }, "it has no argument y"},
		{"length", func(_ map[string]int64, a Args) { a["x"] = NewArray(F32, 4) }, "argument x: got 4 elements, want 3"},
		{"length of a scalar", func(_ map[string]int64, a Args) { a["f"] = NewArray(F32, 0) }, "argument f: got 0 elements, want 1"},
		{"type", func(_ map[string]int64, a Args) { a["x"] = NewArray(F64, 3) }, "argument x: got f64, want f32"},
	} {
		sizes := map[string]int64{"n": 3, "len": 5}
		args := Args{"x": NewArray(F32, 3), "z": NewArray(F32, 3), "f": NewArray(F32, 1), "t": NewArray(I32, 4)}
		test.change(sizes, args)
		switch err := c.Run(sizes, args); {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: got error %v, want %q", test.name, err, test.want)
		}
	}
}
