package goasm

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pyragen/pyragen/ir"
)

// TestNormal has the example of normaliser's doc and what else it must leave as it was.
func TestNormal(t *testing.T) {
	for _, test := range []struct{ before, after string }{
		{`for i in 0..n {
  let r = i + 1
  for j in 2..3 {
    z[r, min(j, n)] = x[i/2, j]
  }
}
for i in 0..n/4 {
  z[i, 0] = x[i, 0]
}
`, `let at1 = min(2, n)
let iHi = n/4
for i in 0..n {
  let at = i/2
  z[i + 1, at1] = x[at, 2]
}
for i1 in 0..iHi {
  z[i1, 0] = x[i1, 0]
}
`},
		// A division by a variable stays where the program has it: it may be guarded there.
		{`if n > 0 {
  z[8/n, 0] = x[8/n, 1]
}
`, `if n > 0 {
  let at = 8/n
  z[at, 0] = x[at, 1]
}
`},
		// What a block knows is forgotten behind it; constant sizes are numbers; empty loops go.
		{`for i in 0..n {
  if i > 3 {
    z[i%3, dim] = 1.0
  }
  z[i%3, 0] = 2.0
}
for j in 4..4 {
  z[j, 0] = 3.0
}
for j in 1..8 step 8 {
  z[j, 0] = 4.0
}
`, `for i in 0..n {
  if i > 3 {
    let at = i%3
    z[at, 64] = 1.0
  }
  let at1 = i%3
  z[at1, 0] = 2.0
}
z[1, 0] = 4.0
`},
	} {
		src := "program p f32 avx2 {\n  size n\n  const dim = 64\n  in x: f32[n, 65]\n  out z: f32[n, 65]\n}\n\n" +
			"func f(n) {\n  in x: f32[rows, 65]\n  out z: f32[rows, 65]\n" + test.before + "}\n"
		p, err := ir.ParseProgram(src)
		if err != nil {
			t.Fatalf("%v in\n%s", err, src)
		}
		got := ir.FormatStmts(normal(p, p.Funcs[0]))
		if d := cmp.Diff(test.after, got); d != "" {
			t.Errorf("of\n%s(-want +got)\n%s", test.before, d)
		}
	}
}
