package ir

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// kernelText is a kernel whose stages start at line 7.
func kernelText(stages string) string {
	return `kernel k f32 {
  size n
  in x: f32[n, 8]
  in t: i32[n]
  in c: f32
  out z: f32[n]
` + stages + "\n}\n"
}

// programText is a program whose driver starts at line 5 with body and whose function f(i) starts at line 8; its statements
// start at line 12.
func programText(body, fn string) string {
	return `program p f32 avx2 {
  size n
  in x: f32[n, 8]
  out z: f32[n, 8]
` + body + `
}

func f(i) {
  in x: f32[rows, 8]
  out z: f32[rows, 8]

` + fn + "\n}\n"
}

var syntaxErrors = []struct{ src, want string }{
	{"", `1:1: got the end of the text, want kernel NAME TYPE {`},
	{"kernel 3", `1:8: got "3", want the kernel's name`},
	{"kernel k f31 {", `1:10: got "f31", want a type: f32, f64, f16, bf16, i32 or u64`},
	{"kernel k f32\n{", `1:13: got the end of the line, want {`},
	{"kernel k f32 {", `1:15: got the end of the text, want a stage such as s[i < n] = value, or }`},
	{"kernel k f32 {\n}\nkernel", `3:1: got "kernel", want the end of the text`},
	{"kernel k f32 {\n  table\n  pyramid window 3\n}", `3:3: got a second graph, want one`},
	{"kernel k f32 {\n  pyramid strides 3\n}", `2:11: got "strides", want window and its size`},
	{"kernel k f32 {\n  pyramid window 3, x\n}", `2:21: got "x", want the size of the window`},
	{"kernel k f32 {\n  pyramid window 3 dilation up\n}", `2:29: got "up", want the dilation of the window`},
	{"kernel k f32 {\n  pyramid window 3 causal none\n}", `2:27: got "none", want last or strict`},
	{"kernel k f32 {\n  pyramid window 3 ancestors root\n}", `2:30: got "root", want the number of ancestors`},
	{"kernel k f32 {\n  pyramid window 3 links 3\n}", `2:26: got "3", want up or down`},
	{"kernel k f32 {\n  const dim = x\n}", `2:15: got "x", want the value of the size`},
	{"kernel k f32 {\n  const dim = 99999999999999999999\n}", `2:15: got a number that is no 64-bit integer, want the value of the size`},
	{"kernel k f32 {\n  in x: f32x100[3]\n}", `2:9: got "f32x100", want a type such as f32, or f32x8 with at most 64 lanes`},
	{"kernel k f32 {\n  in x f32\n}", `2:8: got "f32", want : and the type of the buffer`},
	{kernelText("  y[i < n] = 0"), `7:3: got y, want a buffer; none of that name is declared here`},
	{kernelText("  z[i, n] = 0"), `7:6: got ",", want < and the extent of the axis`},
	{kernelText("  z[i < n] = 0 0"), `7:16: got "0", want the end of the line`},
	{kernelText("  z[i < n] = 0 +"), `8:1: got "}", want an expression`},
	{kernelText("  z[i < n] = (c"), `8:1: got "}", want a closing )`},
	{kernelText("  z[i < n] = 1a"), `7:14: got "a" right after the number 1, want an operator`},
	{kernelText("  z[i < n] = c ⊕ c"), `7:16: got the character '⊕', want a name, a number or an operator`},
	{kernelText("  z[i < n] = i"), `7:14: got i, want a buffer; none of that name is declared here`},
	{kernelText("  z[i < n] = t[i]"), `7:14: got the i32 table t, want a value; tables are read in subscripts and conditions`},
	{kernelText("  z[i < n] = x[c, 0]"), `7:16: got the buffer c, want an integer`},
	{kernelText("  z[i < n] = x[x[i, 0], 0]"), `7:16: got x, whose elements are f32, want an integer or an i32 table`},
	{kernelText("  z[i < n] = x[t[i:2], 0]"), `7:16: got 2 lanes of the table t, want one element`},
	{kernelText("  z[i < n] = x[0.5, 0]"), `7:16: got 0.5, want a 64-bit integer`},
	{kernelText("  z[i < n] = x[-i, 0]"), `7:16: got the negative of an expression, want 0 - x or a constant`},
	{kernelText("  z[i < n] = x[sum(j < n: j), 0]"), `7:16: got a reduction, want an integer`},
	{kernelText("  z[i < n] = x[i < n, 0]"), `7:18: got a condition (<), want an integer`},
	{kernelText("  z[i < n] = x[exp(i), 0]"), `7:16: got the function exp, want an integer function: min, max, nbr, rev, revslot, n, off or C`},
	{kernelText("  z[i < n] = x[nbr(i), 0]"), `7:16: got 1 arguments of nbr, want 2`},
	{kernelText("  z[i < n] = x[i, 0:65]"), `7:21: got 65 lanes, want 1 to 64`},
	{kernelText("  z[i < n] = x[i, 0:8 if 3]"), `7:26: got "3", want the name of a mask`},
	{kernelText("  z[i < n] = x[i 0]"), `7:18: got "0", want a comma or a closing ]`},
	{kernelText("  z[i < n] = c % c"), `7:16: got %, want a value; there is no remainder of values`},
	{kernelText("  z[i < n] = c < c"), `7:16: got a condition (<), want a value`},
	{kernelText("  z[i < n] = c ? c : c"), `7:14: got no condition, want a comparison`},
	{kernelText("  z[i < n] = i < 3 ? c"), `7:23: got the end of the line, want the : between the two values of ?`},
	{kernelText("  z[i < n] = i < 3 < 4 ? c : c"), `7:20: got a second comparison (<), want && between two`},
	{kernelText("  z[i < n] = exp(c, c)"), `7:14: got 2 arguments of exp, want 1`},
	{kernelText("  z[i < n] = nbr(i, 0)"), `7:14: got the function nbr, want a function of values: exp, log, recip, min, max, fma, broadcast,`},
	{kernelText("  z[i < n] = choose(i < 3, c, c)"), `7:23: got a condition that compares no values, want one that does, such as x[i] < 0.0`},
	{kernelText("  z[i < n] = choose(c < c, c)"), `7:14: got 2 arguments of choose, want 3`},
	{kernelText("  z[i < n] = random(c)"), `7:14: got 1 arguments of random, want 3`},
	{kernelText("  z[i < n] = random(1, i, i)"), `7:21: got an expression, want the name of a u64, the seed`},
	{kernelText("  z[i < n] = random(c, i, i, c)"), `7:30: got c, want a constant from 0 to 64`},
	{"kernel k f32 {\n  size n\n  in seed: u64\n  out z: f32[n]\n  z[i < n] = seed\n}", `5:14: got the seed seed, want a value, such as random(seed, i, j)`},
	{kernelText("  z[i < n] = prod(j < n: c)"), `7:14: got the reduction prod, want sum or max`},
	{kernelText("  z[i < n] = sum(n: c)"), `7:18: got no axis in sum(...:, want axis < extent`},
	{kernelText("  z[i < n] = sum(j < n where c: c)"), `7:30: got no condition, want a comparison`},
	{kernelText("  z[i < n] = sum(j < n: c"), `8:1: got "}", want the ) that ends the reduction`},
	{kernelText("  z[i < n] = 1e39"), `7:14: got 1e39, want a constant of type f32`},
	{kernelText("  z[i < n] = f64(c)"), `7:18: got c, want a constant of type f64`},
	{kernelText("  z[i < n] = lane(c, 65)"), `7:22: got 65, want a constant from 0 to 64`},
	{kernelText("  z[i < n] = " + strings.Repeat("(", 2000)), `7:1014: text nests deeper than 1000`},
	{kernelText("  z[i < n] = " + strings.Repeat("-", 2000)), `7:1014: text nests deeper than 1000`},
	{kernelText("  z[i < n] = c" + strings.Repeat(" + c", 2000)), `7:4016: expression nests deeper than 1000; name its parts`},
	{strings.Repeat(" ", 1<<20+1), `1:1: got 1048577 bytes, want at most 1048576`},
	{programText("  3", ""), `5:3: got "3", want a statement or }`},
	{programText("  loop", ""), `5:3: got "loop", want a statement: for, if, let, mask, alloc, assume, prefetch, fence, call or a store`},
	{programText("  fence\n  size m", ""), `6:3: got the declaration size, want it before the statements`},
	{programText("  parallel i in 0..n {\n  }", ""), `5:12: got "i", want for, after parallel`},
	{programText("  for i from 0..n {\n  }", ""), `5:9: got "from", want in and the range of the loop`},
	{programText("  for i in 0,n {\n  }", ""), `5:13: got ",", want the .. of the range`},
	{programText("  for i in 0..n {\n    fence", ""), `9:1: got "func", want a statement: for,`},
	{programText("  if i < 3 {\n  } els {\n  }", ""), `6:5: got "els", want the end of the line`},
	{programText("  let 3 = n", ""), `5:7: got "3", want the name of a variable`},
	{programText("  mask k: f32 = n", ""), `5:11: got a type without lanes, want for example f32x8`},
	{programText("  call g(3)", ""), `5:8: got a call of g, want one of the program's functions`},
	{programText("  call f(i < n: 3)", ""), `5:8: got a reduction, want arguments`},
	{programText("  prefetch y[0]", ""), `5:12: got y, want a buffer; none of that name is declared here`},
	{programText("  assume n", ""), `5:10: got no condition, want a comparison`},
	{programText("  call f(1)", "  z[i, 0:8] = 0"), `12:3: got a store of 8 lanes, want the 1 of its value`},
	{programText("  call f(1)", "  z[i, 0] = x[i, 0:8]"), `12:3: got a store of 1 lanes, want the 8 of its value`},
	{programText("  call f(1)", "  alloc a: f32x8[1]\n  a[0:8] = x[i, 0:8]"), `13:3: got 8 lanes of a, want none: it is a register buffer`},
	{programText("  call f(1)", "  alloc a: f32x8[1]\n  z[i, 0:8] = a[0:8]"), `13:15: got 8 lanes of a, want none: it is a register buffer`},
	{programText("  call f(1)", "  if i < 3 {\n    alloc a: f32\n  }\n  a = 0"), `15:3: got a, want a buffer; none of that name is declared here`},
	{programText("", "  size m"), `12:3: got the declaration size, want it before the statements of a program`},
	{"program p f32 {", `1:15: got "{", want the target's name`},
	{"program p f32 go {\n}\nfunk", `3:1: got "funk", want func NAME(...) { or the end of the text`},
	{"program p f32 go {\n}\nfunc f(i {", `3:10: got "{", want a comma or a closing )`},
	{"program p f32 go {\n" + strings.Repeat("if 0 < 1 {\n", 2000), `101:1: blocks nest deeper than 100`},
	{"program p f32 go {\nif 0 < 1 {\n" + strings.Repeat("} else if 0 < 1 {\n", 2000), `text nests deeper than 1000`},
}

func TestSyntaxErrors(t *testing.T) {
	for i, test := range syntaxErrors {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			_, err := parseForm(test.src)
			var syntax *SyntaxError
			if err == nil {
				t.Fatalf("no error for\n%.500s\nwant %s", test.src, test.want)
			}
			if !strings.Contains(err.Error(), test.want) || !errors.As(err, &syntax) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}
