package ir

import "testing"

// TestVerifyBuilt has what no text can say.
func TestVerifyBuilt(t *testing.T) {
	tensor := func() *Buffer {
		return &Buffer{Name: "z", Type: F32, Role: Out, Space: Memory, Dims: []Index{Var("n")}}
	}
	z := tensor()
	at := []Index{Int(0)}
	one := &Const{F32, 1}
	qk := &Buffer{Name: "qk", Type: I32, Role: In, Space: Memory, Dims: []Index{Var("n")}}
	c := &Buffer{Name: "c", Type: F32, Role: In, Space: Memory}
	sum := &Buffer{Name: "sum", Type: F32, Role: Temp, Space: Memory}
	f := &Func{Name: "f", Ints: []string{"i"}}
	for _, test := range []struct {
		name string
		stmt Stmt
		want string
	}{
		{"whole", &Store{Buf: tensor(), At: at, Value: one}, ""},
		{"nil statement", nil, "got a nil statement, want one"},
		{"nil value", &Store{Buf: z, At: at}, "got <nil>, want a value"},
		{"nil operand", &Store{Buf: z, At: at, Value: &Binary{FAdd, one, nil}}, "got <nil>, want a value"},
		{"nil index", &Let{"a", nil}, "`let a = <nil>`: got <nil>, want an integer"},
		{"nil condition", &If{}, "got <nil>, want a condition"},
		{"nil buffer", &Store{At: at, Value: one}, "got no buffer, want one"},
		{"nil alloc", &Alloc{}, "got a nil buffer, want one"},
		{"nil call", &Call{}, "got a function that is not the program's"},
		{"other function", &Call{&Func{Name: "f", Ints: []string{"i"}}, at}, "got a function that is not the program's, want one of its Funcs"},
		{"other buffer", &Store{Buf: &Buffer{Name: "z", Type: F32, Role: Out, Space: Memory, Dims: []Index{Int(8)}}, At: at, Value: one},
			"got buffer z f32[8], want the one declared here, z f32[n]"},
		{"no such buffer", &Prefetch{&Buffer{Name: "y"}, at, false}, "got buffer y, want one that is declared here"},
		{"operator", &Store{Buf: z, At: at, Value: &Binary{99, one, one}}, "got binary operator 99, want one of"},
		{"comparison of lanes", &Store{Buf: z, At: at, Value: &Choose{99, one, one, one, one}}, "got comparison 99, want one of"},
		{"lanes to choose", &Store{Buf: z, At: at, Value: &Choose{LT, one, one, &Broadcast{one, 8}, &Broadcast{one, 8}}},
			"got operands of 1 and 8 lanes, want one number of lanes"},
		{"unary operator", &Store{Buf: z, At: at, Value: &Unary{99, one}}, "got unary operator 99, want one of"},
		{"integer operator", &Let{"a", &Arith{0, Int(1), Int(1)}}, "got integer operator 0, want one of"},
		{"index map", &Let{"a", &Apply{0, at}}, "got index map 0, want one of"},
		{"comparison", &Assume{&Compare{0, Int(1), Int(1)}}, "got comparison 0, want one of"},
		{"rounding", &Store{Buf: z, At: at, Value: &Const{F32, 0.1}}, "got the constant 0.1, want the f32 nearest to it, 0.10000000149011612"},
		{"role", &Alloc{&Buffer{Name: "a", Type: F32, Role: In, Space: Register}}, "got a buffer of role in, want temp"},
		{"space", &Alloc{&Buffer{Name: "a", Type: F32, Role: Temp}}, "buffer a: got space 0, want memory or register"},
		{"name", &Let{"a.b", Int(1)}, `got the name "a.b", want letters, digits and _`},
		{"nil operand of a condition", &Assume{&And{&Compare{LT, Int(0), Int(1)}, nil}}, "got <nil>, want a condition"},
		{"arguments of a map", &Let{"a", &Apply{Nbr, at}}, "got 1 arguments of nbr, want 2"},
		{"i32 value", &Store{Buf: z, At: at, Value: &Load{Buf: qk, At: at, Width: 1}}, "got the i32 table qk as a value, want it in an index"},
		{"float index", &Let{"a", &Gather{z, at}}, "got an element of z, which is f32, as an integer; want an i32 table"},
		{"wide scalar", &Store{Buf: z, At: at, Value: &Load{Buf: c, Width: 8}}, "got 8 lanes of the scalar c, want one"},
		{"store to a table", &Store{Buf: qk, At: at, Value: one}, "got a store to the input qk"},
		{"wide store to a scalar", &Store{Buf: sum, Value: &Broadcast{one, 8}}, "got a value of 8 lanes for the scalar sum, want one"},
		{"wide register", &For{Var: "j", Lo: Int(0), Hi: Int(1), Step: 1, Body: wideRegister()}, "got 8 lanes of register buffer a, want width 1"},
		{"masked register", &For{Var: "j", Lo: Int(0), Hi: Int(1), Step: 1, Body: maskedRegister()}, "got mask k of register buffer a, want none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &Program{Name: "p", Type: F32, Target: "go", Graph: Graph{Kind: Table}, Sizes: []string{"n"}, Buffers: []*Buffer{z, qk, c, sum},
				Body: []Stmt{test.stmt}, Funcs: []*Func{f}}
			checkVerify(t, p.String(), p.Verify, test.want)
		})
	}
}

// maskedRegister loads a register buffer through a mask.
func maskedRegister() []Stmt {
	a := &Buffer{Name: "a", Type: F32, Role: Temp, Space: Register, Lanes: 8}
	return []Stmt{&Alloc{a}, &LetMask{"k", F32, 8, Int(3)}, &Store{Buf: a, Value: &Load{Buf: a, Width: 1, Mask: "k"}}}
}

// wideRegister loads eight elements of a register buffer.
func wideRegister() []Stmt {
	a := &Buffer{Name: "a", Type: F32, Role: Temp, Space: Register, Lanes: 8}
	return []Stmt{&Alloc{a}, &Store{Buf: a, Value: &Load{Buf: a, Width: 8}}}
}

// TestVerifyForms has what is wrong before any statement.
func TestVerifyForms(t *testing.T) {
	kernel := func(change func(k *Kernel)) *Kernel {
		k := scoresKernel()
		change(k)
		return k
	}
	for _, test := range []struct {
		k    *Kernel
		want string
	}{
		{kernel(func(k *Kernel) {}), ""},
		{kernel(func(k *Kernel) { k.Name = "softmax-grad" }), ""},
		{kernel(func(k *Kernel) { k.Name = "softmax-" }), `kernel softmax-: got the name "", want letters, digits and _`},
		{kernel(func(k *Kernel) { k.Graph.Kind = 9 }), "got graph kind 9, want pyramid, table or none"},
		{kernel(func(k *Kernel) { k.Graph.Kind = Table }), "got a window or strides without a pyramid, want none"},
		{kernel(func(k *Kernel) { k.Buffers[0] = nil }), "got a nil buffer, want one"},
		{kernel(func(k *Kernel) { k.Buffers[0].Role = 7 }), "buffer x: got role 7, want in, out or temp"},
		{kernel(func(k *Kernel) { k.Buffers[0].Type = 7 }), "buffer x: got element type Type(7), want f32, f64, f16, bf16, i32 or u64"},
		{kernel(func(k *Kernel) { k.Stages[0].Out = nil }), "stage <nil>: got no buffer, want one"},
		{kernel(func(k *Kernel) { k.Stages[0].Value = &Reduce{Axis: "d", Extent: Int(1)} }), "stage s: got reduction 0, want sum or max"},
	} {
		checkVerify(t, test.k.String(), test.k.Verify, test.want)
	}
}

// TestVerifyMixed: a function alone does not know its type, but must have one.
func TestVerifyMixed(t *testing.T) {
	x := &Buffer{Name: "x", Type: F64, Role: In, Space: Memory}
	z := &Buffer{Name: "z", Type: F32, Role: Out, Space: Memory, Dims: []Index{Int(1)}}
	at := []Index{Int(0)}
	load := &Load{Buf: x, Width: 1}
	for _, test := range []struct {
		stmt Stmt
		want string
	}{
		{&Store{Buf: z, At: at, Value: &Const{F32, 1}}, ""},
		{&Store{Buf: z, At: at, Value: load}, "got a value of f64 for z, whose elements are f32; want one type"},
		{&Store{Buf: z, At: at, Value: &Binary{FAdd, &Const{F32, 1}, load}}, "1.0 + x: got operands of f32 and f64, want one type"},
		{&Assume{&CompareValue{LT, &Const{F32, 1}, load}}, "1.0 < x: got values of f32 and f64, want one type"},
		{&Store{Buf: z, At: at, Value: &Const{I32, 1}}, "got the constant 1.0 of type i32, want f32 or f64"},
	} {
		f := &Func{Name: "f", Buffers: []*Buffer{x, z}, Body: []Stmt{test.stmt}}
		checkVerify(t, f.String(), f.Verify, test.want)
	}
}
