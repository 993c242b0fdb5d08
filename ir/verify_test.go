package ir

import (
	"fmt"
	"strings"
	"testing"
)

// checkVerify wants an error from verify that has want in it; "" wants none.
func checkVerify(t *testing.T, text string, verify func() error, want string) {
	t.Helper()
	switch err := verify(); {
	case err == nil && want != "":
		t.Errorf("no error for\n%s\nwant %s", text, want)
	case err != nil && (want == "" || !strings.Contains(err.Error(), want)):
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

var verifyErrors = []struct{ src, want string }{
	{kernelText("  z[i < n] = x[i, 0] * c"), ""},
	{"kernel k f16 {\n}", "kernel k: got arithmetic in f16, want f32 or f64; 16-bit types are for buffers"},
	{"kernel k f32 {\n  pyramid window 0\n}", "kernel k: got window 0, want >= 1"},
	{"kernel k f32 {\n  pyramid window 3 strides 4, 0\n}", "kernel k: got stride 0, want >= 1"},
	{"kernel k f32 {\n  pyramid window 3, 5 strides 4, 4\n}", "kernel k: got 2 windows, want one, or one for each of 3 levels"},
	{"kernel k f32 {\n  pyramid window 3 dilation -1\n}", "kernel k: got dilation -1, want >= 1, or 0 for none"},
	{"kernel k f32 {\n  size n, n\n}", "kernel k: got a second n, which is an integer here already; want another name"},
	{"kernel k f32 {\n  const dim = 0\n}", "kernel k: const dim: got 0, want >= 1"},
	{"kernel k f32 {\n  pyramid window 3\n  size len, nodes\n}", "got a second nodes, which is an integer here already"},
	{"kernel k f32 {\n  in x: f32[n]\n}", "kernel k: buffer x: got n, want an integer that is defined here"},
	{"kernel k f32 {\n  in x: f64[3]\n}", "buffer x: got elements of f64, which are computed in f64, want what is computed in f32"},
	{"kernel k f32 {\n  in x: f32x8[3]\n}", "buffer x: got 8 lanes in memory, want none"},
	{"kernel k f32 {\n  in register x: f32[3]\n}", "buffer x: got a register buffer, want memory; registers are for programs"},
	{"kernel k f32 {\n  out x: f32\n}", "buffer x: got an output without dimensions, want at least one; scalars are passed by value"},
	{"kernel k f32 {\n  temp x: i32[3]\n}", "buffer x: got an i32 buffer that is no input, want a table"},
	{"kernel k f32 {\n  out z: f32[3]\n}", "kernel k: buffer z: got no stage that defines it, want one, as it is an out buffer"},
	{kernelText("  z[i < n] = c\n  z[i < n] = c"), "kernel k: stage z: got a second definition of z, or one of an input"},
	{kernelText("  x[i < n, j < 8] = c"), "stage x: got a second definition of x, or one of an input"},
	{kernelText("  z[i < n, j < n] = c"), "stage z: got 2 axes, want the 1 dimensions of z"},
	{kernelText("  z[i < n - 1] = c"), "stage z: axis i: got extent n - 1, want dimension 0 of z, n"},
	{kernelText("  z[i < 1*n + 0] = c"), ""},
	{kernelText("  z[i < n] = random(c, i, 0)"), "stage z: got the seed c f32, want a u64"},
	{"kernel k f32 {\n  in seed: u64[3]\n}", "buffer seed: got a u64 that is no scalar input, want a seed"},
	{"kernel k f32 {\n  size n\n  in seed: u64\n  out z: f32[n]\n  z[i < n] = random(seed, i, m)\n}", "stage z: got m, want an integer that is defined here"},
	{"kernel k f32 {\n  size n\n  in seed: u64\n  out z: f32[n]\n  z[i < n] = random(seed, i, 0, 8)\n}", "got a vector of random numbers in a kernel"},
	{"program p f32 go {\n  size n\n  in seed: u64\n  out z: f32[n]\n  z[0:3] = random(seed, 0, 0, 3)\n}", "got 3 lanes, want a power of two"},
	{kernelText("  z[n < n] = c"), "stage z: got a second n, which is an integer here already"},
	{kernelText("  z[i < n] = z[i]"), "stage z: got z before a stage defines it, want its stage first"},
	{kernelText("  z[i < n] = x[i]"), "stage z: got 1 subscripts of x, want its 2 dimensions"},
	{kernelText("  z[i < n] = x[j, 0]"), "stage z: got j, want an integer that is defined here"},
	{kernelText("  z[i < n] = x[i, 0:8]"), "stage z: got a vector load in a kernel, want scalar values only"},
	{kernelText("  z[i < n] = x[i, 0:1 if k]"), "stage z: got mask k of x, want one that is defined here"},
	{kernelText("  z[i < n] = fma(c, c, c)"), "stage z: got fma in a kernel, want scalar values only; scheduling adds it"},
	{kernelText("  z[i < n] = lane(broadcast(c, 8), 0)"), "stage z: got lane in a kernel, want scalar values only"},
	{kernelText("  z[i < n] = c * f64(1.0)"), "stage z: got the constant 1.0 of type f64, want f32"},
	{kernelText("  z[i < n] = x[nbr(i, 0), 0]"), "stage z: got nbr(i, 0) without a graph, want a pyramid or table"},
	{kernelText("  z[i < n] = x[i/0, 0]"), "stage z: i/0: got divisor 0, want a positive one"},
	{kernelText("  z[i < n] = x[i%-2, 0]"), "stage z: i%-2: got divisor -2, want a positive one"},
	{kernelText("  z[i < n] = sum(i < 3: c)"), "stage z: got a second i, which is an integer here already"},
	{kernelText("  z[i < n] = sum(x < 3: c)"), "stage z: got a second x, which is a buffer here already"},
	{kernelText("  z[i < n] = sum(j < 3 where m > 0: c)"), "stage z: got m, want an integer that is defined here"},
	{kernelText("  z[i < n] = sum(j < 3: c) * x[j, 0]"), "stage z: got j, want an integer that is defined here"},
	{kernelText("  z[i < n] = uncached(n) ? c : 0"), "stage z: got uncached(n) in a kernel, want it in a program"},
	{kernelText("  z[i < n] = x[t[i, 0], 0]"), "stage z: got 2 subscripts of t, want its 1 dimensions"},
	{"kernel k f32 {\n  table\n  size n\n  out z: f32[n]\n  z[i < n] = off(0) > 0 ? 0 : 1\n}", "got off(0) of a table graph, want a pyramid"},

	{programText("  call f(3)", "  z[i, 0:8] = x[i, 0:8]"), ""},
	{programText("  call f(3, 4)", ""), "program p avx2: `call f(3, 4)`: got 2 arguments, want 1: i"},
	{programText("  call f(m)", ""), "program p avx2: `call f(m)`: got m, want an integer that is defined here"},
	{programText("  let n = 3", ""), "program p avx2: `let n = 3`: got a second n, which is an integer here already"},
	{programText("  let x = 3", ""), "`let x = 3`: got a second x, which is a buffer here already"},
	{programText("  let inf = 3", ""), "`let inf = 3`: got the name \"inf\", want letters, digits and _, and neither inf nor nan"},
	{programText("  if uncached(n*a) {\n  }", ""), "got a, want an integer that is defined here"},
	{programText("  if n > 1 {\n    let a = 1\n  }\n  call f(a)", ""), "`call f(a)`: got a, want an integer that is defined here"},
	{programText("  for i in 0..n step -1 {\n  }", ""), "`for i in 0..n step -1`: got step -1, want a positive one"},
	{programText("  for i in 0..i {\n  }", ""), "`for i in 0..i`: got i, want an integer that is defined here"},
	{programText("  parallel for i in 0..n {\n    parallel for j in 0..n {\n    }\n  }", ""),
		"`parallel for j in 0..n`: got a parallel loop in a parallel loop, want one of them sequential"},
	{programText("  parallel for i in 0..n {\n  }\n  parallel for i in 0..n {\n  }", ""), ""},
	{programText("", "  parallel for j in 0..n {\n  }"), "func f: `parallel for j in 0..n`: got n, want an integer that is defined here"},
	{programText("", "  parallel for j in 0..i {\n  }"), "func f: `parallel for j in 0..i`: got a parallel loop in a function"},
	{programText("", "  call f(1)"), "func f: `call f(1)`: got a call in a function, want it in the driver"},
	{programText("", "  x[i, 0] = 1.0"), "func f: `x[i, 0] = 1.0`: got a store to the input x, want an output or temporary"},
	{programText("", "  z[i, 0:8] = x[i, 0:8] + x[i, 0:4]"), "x[i, 0:8] + x[i, 0:4]: got operands of 8 and 4 lanes, want one number of lanes"},
	{programText("", "  z[i, 0:3] = x[i, 0:3]"), "got 3 lanes, want a power of two from 2 to 64"},
	{programText("", "  z[i, 0:8] = broadcast(x[i, 0:8], 8)"), "broadcast of x[i, 0:8]: got 8 lanes, want a scalar"},
	{programText("", "  z[i, 0] = hsum(x[i, 0])"), "got hsum of a scalar, want a vector"},
	{programText("", "  z[i, 0] = lane(x[i, 0:8], 8)"), "got lane 8 of x[i, 0:8], want 0 to 7"},
	{programText("", "  z[i, 0] = odds(x[i, 0:2])"), "got every other one of 2 lanes, want a vector of them"},
	{programText("", "  z[i, 0] = evens(x[i, 0])"), "got evens or odds of a scalar, want a vector"},
	{programText("", "  z[i, 0:8] = zip(x[i, 0:4], x[i, 0:2])"), "got operands of 4 and 2 lanes, want one number of lanes"},
	{programText("", "  z[i, 0:2] = zip(x[i, 0], x[i, 1])"), "got zip of a scalar, want a vector"},
	{programText("", "  z[i, 0:4] = tree(x[i, 0:4], x[i, 0:4], x[i, 0:4], x[i, 0:4])"), "got a tree of f32 vectors of 4 lanes, want at least 8"},
	{programText("", "  z[i, 0:2] = tree(x[i, 0:8], x[i, 0:8])"), "got a tree of 2 vectors, want 4"},
	{programText("", "  z[i, 0] = sum(j < 8: x[i, j])"), "got the reduction sum(j < 8: x[i, j]), want a loop over an accumulator"},
	{programText("", "  z[i, 0:8 if k] = x[i, 0:8]"), "got mask k of z, want one that is defined here"},
	{programText("", "  mask k: f32x4 = 3\n  z[i, 0:8 if k] = x[i, 0:8]"), "got mask k of 4 lanes, want the 8 of the access to z"},
	{programText("", "  mask k: f64x8 = 3\n  z[i, 0:8] = x[i, 0:8 if k]"), "got mask k for elements of f64, want f32, as x has"},
	{programText("", "  mask k: i32x8 = 3"), "got a mask for elements of i32, want f32, f64, f16 or bf16"},
	{programText("", "  mask k: f32x8 = k"), "got k, want an integer that is defined here"},
	{programText("", "  mask k: f32x8 = 3\n  assume k > 1"), "`assume k > 1`: got k, which is a mask, want an integer"},
	{programText("", "  alloc a: f32x8\n  a = 1.0"), "`a = 1.0`: got a value of 1 lanes for register buffer a, want its 8"},
	{programText("", "  alloc a: f16"), "`alloc a: f16`: buffer a: got registers of f16, want f32 or f64"},
	{programText("", "  alloc memory a: i32[3]"), "`alloc memory a: i32[3]`: got a buffer of i32, want floats; tables and seeds are inputs"},
	{programText("", "  alloc a: f32x8\n  a = x[i, 0:8]\n  stream a = a"), "`stream a = a`: got a streaming store to register buffer a, want memory"},
	{programText("", "  stream 8 z[i, 0:8] = x[i, 0:8]"), "got a streaming store of 32 bytes to z in pieces of 8, want pieces of 16 or 32 bytes that it consists of, or the vector"},
	{programText("", "  mask k: f32x8 = 3\n  stream 16 z[i, 0:8 if k] = x[i, 0:8]"), "got a streaming store of 12 bytes to z in pieces of 16, want pieces"},
	{programText("", "  mask k: f32x8 = 8\n  stream z[i, 0:8 if k] = x[i, 0:8]"), ""},
	{programText("", "  mask k: f32x8 = i\n  stream 16 z[i, 0:8 if k] = x[i, 0:8]"), "got a streaming store to z under mask k, whose lanes are i, want a number of them"},
	{programText("", "  alloc a: f32x8\n  prefetch a"), "`prefetch a`: got a prefetch of a, want a tensor in memory"},
	{programText("", "  if i > 0 {\n    alloc a, a: f32\n  }"), "got a second a, which is a buffer here already"},
	{programText("", "  if x[i, 0:8] > 0.0 {\n  }"), "comparison of x[i, 0:8]: got 8 lanes, want a scalar"},
	{programText("", "") + "\nfunc f(i) {\n}\n", "program p avx2: func f: got a second function of that name, want another name"},
	{programText("", "") + "\nfunc g(i) {\n  in y: f32[8]\n}\n", "func g: got buffer y, want one of the program's, in its order"},
	{programText("", "") + "\nfunc g(i) {\n  out z: f32[8]\n  in x: f32[8]\n}\n", "func g: got buffer x, want one of the program's, in its order"},
	{programText("", "") + "\nfunc g(i) {\n  in x: f32\n}\n", "func g: got buffer x as in f32, want a view of the program's in f32[n, 8]"},
	{programText("", "") + "\nfunc g(i) {\n  in x: f32[rows, n]\n}\n", "func g: buffer x: got n, want an integer that is defined here"},
}

func TestVerifyErrors(t *testing.T) {
	for i, test := range verifyErrors {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			f, err := parseForm(test.src)
			if err != nil {
				t.Fatalf("%v in\n%s", err, test.src)
			}
			checkVerify(t, test.src, f.Verify, test.want)
		})
	}
}

// TestVerifyScheduled has programs that are right, but not yet what back ends take.
func TestVerifyScheduled(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{programText("  call f(3)", "  alloc a: f32x8[2]\n  a[1] = x[i, 0:8]"), ""},
		{programText("  for i in 0..n {\n  }\n  if n > 1 {\n  }\n  parallel for i in 0..n {\n  }", ""), ""},
		{programText("  z[0, 0] = x[0, 0]", ""), "`z[0, 0] = x[0, 0]`: got this in the driver, want lets, loops, ifs and calls only; outline it"},
		{programText("  if n > 1 {\n    parallel for i in 0..n {\n    }\n  }", ""), "got a parallel loop inside a loop or if"},
		{programText("", "  alloc a: f32x8[2]\n  for j in 0..2 {\n    a[j] = x[i, 0:8]\n  }"),
			"func f: `a[j] = x[i, 0:8]`: subscript 0 of register buffer a: got j, want a constant; unroll the loop"},
		{programText("", "  alloc a: f32x8[2]\n  a[2] = x[i, 0:8]"), "subscript 0 of register buffer a: got 2, want 0 to 1"},
		{programText("", "  alloc a: f32x8[i]"), "`alloc a: f32x8[i]`: extent 0: got i, want a positive constant; it is a register buffer"},
		{programText("", "  z[i, 0:8] = exp(x[i, 0:8])"), "got exp(x[i, 0:8]), want the polynomial that the pass intrinsics puts in its place"},
		{"program p f32 go {\n  pyramid window 3\n  size len\n  let a = nbr(len, 0)\n}", "got the index map nbr(len, 0), want it scheduled away"},
		{"program p f32 go {\n  pyramid window 3\n  size len\n  let a = nodes\n}", "got nodes, want an integer that is defined here"},
		{"program p f32 go {\n  pyramid window 3\n  size len\n  out z: f32[nodes]\n  let nodes = len\n  let a = nodes\n}", ""},
	} {
		p, err := ParseProgram(test.src)
		if err != nil {
			t.Fatalf("%v in\n%s", err, test.src)
		}
		checkVerify(t, test.src, p.Verify, "")
		checkVerify(t, test.src, p.VerifyScheduled, test.want)
	}
}

func TestVerifyFunc(t *testing.T) {
	f := rowsProgram().Funcs[0]
	checkVerify(t, f.String(), f.Verify, "")
	f.Ints = f.Ints[:1]
	checkVerify(t, f.String(), f.Verify, "func row: buffer x: got len, want an integer that is defined here")
}

// TestVerifyDriver: a let of the driver may say what nodes and slots are, once.
func TestVerifyDriver(t *testing.T) {
	const text = "program p f32 go {\n  pyramid window 3\n  size len\n  let nodes = len\n"
	for _, test := range []struct{ src, want string }{
		{text + "}", ""},
		{text + "  let nodes = len\n}", "`let nodes = len`: got a second nodes, which is an integer here already"},
	} {
		p, err := ParseProgram(test.src)
		if err != nil {
			t.Fatal(err)
		}
		checkVerify(t, test.src, p.Verify, test.want)
	}
}
