package ir

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// nests draws loop nests that may be run: small bounds, and every store to z goes to an element that it has. Each name is bound
// once in what it is visible in.
type nests struct {
	indexDrawer
	vars []string // in scope
	next *int
}

// extentZ is the length of z. Stores wrap around.
const extentZ = 16

func (d nests) index(depth int) Index {
	if depth == 0 || d.upTo(2, "leaf") == 0 {
		if d.upTo(1, "leaf") == 0 {
			return Int(d.upTo(8, "int") - 2)
		}
		return Var(rapid.SampledFrom(d.vars).Draw(d.t, "var"))
	}
	x, y := d.index(depth-1), d.index(depth-1)
	switch d.upTo(7, "index") {
	case 0:
		return Quo(x, Int(1+d.upTo(4, "divisor")))
	case 1:
		return Rem(x, Int(1+d.upTo(4, "divisor")))
	case 2:
		return Least(x, y)
	case 3:
		return Most(x, y)
	case 4:
		return Minus(x, y)
	case 5:
		return &Pick{d.compare(), x, y}
	}
	return Plus(x, y)
}

func (d nests) compare() Cond {
	return &Compare{CmpOp(1 + d.upTo(int(GT)-1, "cmp")), d.index(1), d.index(1)}
}

// name is a new name, or one that a block that has ended used.
func (d nests) name() string {
	for range 3 {
		name := fmt.Sprint("v", d.upTo(5, "name"))
		if !slices.Contains(d.vars, name) {
			return name
		}
	}
	*d.next++
	return fmt.Sprint("w", *d.next)
}

func (d nests) stmts(depth int) []Stmt {
	var list []Stmt
	for range 1 + d.upTo(2, "statements") {
		list = append(list, d.stmt(depth, &d.vars))
	}
	return list
}

// stmt draws a statement; what it defines is added to scope.
func (d nests) stmt(depth int, scope *[]string) Stmt {
	kind := d.upTo(6, "stmt")
	if depth == 0 {
		kind = min(kind, 2)
	}
	switch kind {
	case 0, 1:
		return &Store{Buf: drawnOut, At: []Index{Rem(d.index(2), Int(extentZ))}, Value: &Binary{FAdd,
			&Load{Buf: drawnOut, At: []Index{Rem(d.index(2), Int(extentZ))}, Width: 1}, &Const{F32, float64(d.upTo(7, "value"))}}}
	case 2:
		l := &Let{Var: d.name(), Value: d.index(2)}
		*scope = append(slices.Clip(*scope), l.Var)
		return l
	case 3:
		return &If{Cond: d.compare(), Then: d.stmts(depth - 1), Else: d.stmts(depth - 1)}
	}
	loop := &For{Var: d.name(), Lo: d.index(1), Step: int64(1 + d.upTo(3, "step"))}
	loop.Hi = Plus(loop.Lo, Rem(d.index(2), Int(5)))
	if d.upTo(2, "bounds") == 0 {
		loop.Hi = d.index(1)
	}
	in := d
	in.vars = append(slices.Clip(d.vars), loop.Var)
	loop.Body = in.stmts(depth - 1)
	return loop
}

// runNest runs a nest on z, whose elements are small integers, so that every sum is exact.
func runNest(t *rapid.T, p *Program, n int64) []float32 {
	t.Helper()
	z := NewArray(F32, int(n))
	for i := range z.F32 {
		z.F32[i] = float32(i)
	}
	if err := p.Verify(); err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	if err := RunProgram(p, map[string]int64{"n": n}, Args{"z": z}); err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	return z.F32
}

func TestSimplifyStmtsKeepsMeaning(t *testing.T) {
	rapid.Check(t, simplifyStmts)
}

func simplifyStmts(t *rapid.T) {
	next := 0
	d := nests{indexDrawer{t}, []string{"n"}, &next}
	p := &Program{Name: "nest", Type: F32, Target: "go", Sizes: []string{"n"}, Buffers: []*Buffer{drawnOut}, Body: d.stmts(3)}
	text := p.String()
	// In the body n is a size of at least extentZ.
	facts := Facts(nil).With(Minus(Var("n"), Int(extentZ)))
	simple := *p
	simple.Body = facts.SimplifyStmts(p.Body)
	if p.String() != text {
		t.Fatalf("simplifying\n%schanged it to\n%s", text, p)
	}
	for _, n := range []int64{extentZ, extentZ + 3} {
		want, got := runNest(t, p, n), runNest(t, &simple, n)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("n = %d: z[%d] is %g, want %g:\n%sbecame\n%s", n, i, got[i], want[i], p, &simple)
			}
		}
	}
}

// FuzzSimplifyNests runs nests, as they are and simplified.
func FuzzSimplifyNests(f *testing.F) {
	for k := range 8 {
		f.Add([]byte(strings.Repeat(string(rune(k*29+1)), 40*(k+1))))
	}
	f.Fuzz(rapid.MakeFuzz(simplifyStmts))
}

// FuzzSimplify simplifies the programs of a text: it ends, and what was well-formed stays so and is not touched.
func FuzzSimplify(f *testing.F) {
	seedForms(f, "program ")
	for _, c := range blocks {
		f.Add(nestText(c.before))
	}
	f.Fuzz(func(t *testing.T, src string) {
		p, err := ParseProgram(src)
		if err != nil || p.Verify() != nil || len(src) > 4<<10 {
			return
		}
		text := p.String()
		simple := *p
		simple.Body = Facts(nil).SimplifyStmts(p.Body)
		if got := p.String(); got != text {
			t.Fatalf("simplifying\n%schanged it to\n%s", text, got)
		}
		if err := simple.Verify(); err != nil {
			t.Fatalf("%v in\n%sfrom\n%s", err, &simple, text)
		}
	})
}

// nestText is a program with a block as its body.
func nestText(block string) string {
	return "program nest f32 go {\n  size n, m, heads\n  out z: f32[n]\n  in x: f32[n, 64]\n" + block + "}\n"
}

// blocks are nests and what is left of them.
var blocks = []struct{ about, before, after string }{
	{"a loop that never runs", "for i in 3..3 {\nz[i] = 1.0\n}", ""},
	{"nor one whose bounds are not known", "for i in n..n - 1 {\nz[i] = 1.0\n}", ""},
	{"a loop that runs once", "for i in n..n + 1 {\nz[i] = 1.0\n}", "z[n] = 1.0"},
	{"so does one in wide steps", "for i in 0..3 step 8 {\nz[i] = 1.0\n}", "z[0] = 1.0"},
	{"one that may run twice", "for i in 0..9 step 8 {\nz[i] = 1.0\n}", "for i in 0..9 step 8 {\nz[i] = 1.0\n}"},
	{"one that may not run at all", "for i in 0..min(n, 1) {\nz[i] = 1.0\n}", "for i in 0..min(n, 1) {\nz[i] = 1.0\n}"},
	{"a parallel loop stays", "parallel for i in 0..1 {\nz[i] = 1.0\n}", "parallel for i in 0..1 {\nz[i] = 1.0\n}"},
	{"a condition that the loop decides", "for i in 0..n {\nif i >= 0 {\nz[i] = 1.0\n} else {\nz[i] = 2.0\n}\n}", "for i in 0..n {\nz[i] = 1.0\n}"},
	{"one that it decides the other way", "for i in 0..n {\nif i < 0 {\nz[i] = 1.0\n} else {\nz[i] = 2.0\n}\n}", "for i in 0..n {\nz[i] = 2.0\n}"},
	{"nothing to do", "for i in 0..n {\nif i > 5 {\n}\n}", ""},
	{"a condition holds in its branch", "if n > 4 {\nz[max(n, 4)] = 1.0\n}", "if n > 4 {\nz[n] = 1.0\n}"},
	{"and not in the other", "if n > 4 {\n} else {\nz[max(n, 4)] = 1.0\n}", "if n > 4 {\n} else {\nz[4] = 1.0\n}"},
	{"less or not", "if n < 4 {\n} else {\nz[max(n, 4)] = 1.0\nz[max(n, 5)] = 1.0\n}", "if n < 4 {\n} else {\nz[n] = 1.0\nz[max(n, 5)] = 1.0\n}"},
	{"at most or more", "if n <= 4 {\n} else {\nz[max(n, 5)] = 1.0\nz[max(n, 6)] = 1.0\n}",
		"if n <= 4 {\n} else {\nz[n] = 1.0\nz[max(n, 6)] = 1.0\n}"},
	{"equal or not", "if n != 4 {\nz[max(n, 4)] = 1.0\n} else {\nz[max(n, 4)] = 1.0\n}",
		"if n != 4 {\nz[max(n, 4)] = 1.0\n} else {\nz[n] = 1.0\n}"},
	{"the last iteration is one of a loop's", "for i in 0..n {\nif i + 1 == n {\nz[i] = 1.0\n}\n}", "for i in 0..n {\nif i + 1 == n {\nz[i] = 1.0\n}\n}"},
	{"the one after is not", "for i in 0..n {\nif i == n {\nz[i] = 1.0\n}\n}", ""},
	{"nor behind it", "if n > 4 {\nz[0] = 1.0\n}\nz[max(n, 4)] = 1.0", "if n > 4 {\nz[0] = 1.0\n}\nz[max(n, 4)] = 1.0"},
	{"an assumption holds from there on", "z[max(n, 4)] = 1.0\nassume n >= 4\nz[max(n, 4)] = 1.0", "z[max(n, 4)] = 1.0\nassume n >= 4\nz[n] = 1.0"},
	{"a let of a constant", "let a = 2 + 3\nif a > 4 {\nz[a] = 1.0\n}", "let a = 5\nz[a] = 1.0"},
	{"a let of a minimum", "let a = min(n, m)\nz[min(a, n)] = 1.0", "let a = min(n, m)\nz[a] = 1.0"},
	{"a let of a maximum", "let a = max(n, m)\nz[max(m, a)] = 1.0", "let a = max(n, m)\nz[a] = 1.0"},
	{"a let of a quotient", "let a = n/8\nz[max(0, n - a*8)] = 1.0", "let a = n/8\nz[n - a*8] = 1.0"},
	{"what a loop says ends with it", "for i in 0..n {\nz[i] = 1.0\n}\nfor i in m..n {\nz[max(i, 0)] = 1.0\n}",
		"for i in 0..n {\nz[i] = 1.0\n}\nfor i in m..n {\nz[max(i, 0)] = 1.0\n}"},
	{"names of two loops that run once", "for i in 0..1 {\nlet a = n + m\nz[a] = 1.0\n}\nfor i in 0..1 {\nlet a = n - m\nz[a] = 1.0\n}",
		"let a = m + n\nz[a] = 1.0\nlet a1 = n - m\nz[a1] = 1.0"},
	{"and of three", "if 1 > 0 {\nlet a = n\nz[a] = 1.0\n}\nif 1 > 0 {\nlet a = m\nz[a] = 1.0\n}\nif 1 > 0 {\nlet a = heads\nz[a] = 1.0\n}",
		"let a = n\nz[a] = 1.0\nlet a1 = m\nz[a1] = 1.0\nlet a2 = heads\nz[a2] = 1.0"},
	{"and of a loop behind one", "if 1 > 0 {\nalloc r: f32\nr = 1.0\nz[0] = r\n}\nfor i in 0..n {\nalloc r: f32\nr = 2.0\nz[i] = r\n}",
		"alloc r: f32\nr = 1.0\nz[0] = r\nfor i in 0..n {\nalloc r1: f32\nr1 = 2.0\nz[i] = r1\n}"},
	{"a buffer whose extent the loop sets", "for i in 1..2 {\nalloc memory t: f32[i]\nt[0] = 1.0\nz[0] = t[0]\n}",
		"for i in 1..2 {\nalloc memory t: f32[i]\nt[0] = 1.0\nz[0] = t[0]\n}"},
	{"and of a loop variable", "if 1 > 0 {\nlet i = n/2\nz[i] = 1.0\n}\nfor i in 0..n {\nz[i] = 2.0\n}",
		"let i = n/2\nz[i] = 1.0\nfor i1 in 0..n {\nz[i1] = 2.0\n}"},
}

func TestSimplifyStmts(t *testing.T) {
	parsed := func(block string) *Program {
		p, err := ParseProgram(nestText(block + "\n"))
		if err != nil {
			t.Fatalf("%v in\n%s", err, block)
		}
		return p
	}
	for _, c := range blocks {
		p := parsed(c.before)
		if err := p.Verify(); err != nil {
			t.Fatalf("%s: %v", c.about, err)
		}
		p.Body = Facts(nil).SimplifyStmts(p.Body)
		if got, want := FormatStmts(p.Body), FormatStmts(parsed(c.after).Body); got != want {
			t.Errorf("%s: got\n%swant\n%s", c.about, got, want)
		}
		if err := p.Verify(); err != nil {
			t.Errorf("%s: %v", c.about, err)
		}
	}
}

// TestSimplifyLongSums has sums, products and quotients as long as the parser takes.
func TestSimplifyLongSums(t *testing.T) {
	var terms, factors []string
	for k := range 900 {
		terms, factors = append(terms, fmt.Sprint("v", k)), append(factors, "3")
	}
	for _, text := range []string{
		strings.Join(terms, "+"), strings.Join(terms, "*"), "n % " + strings.Join(factors, "%"),
	} {
		x := parseIndex(t, text)
		done := make(chan bool)
		go func() {
			Facts(nil).Simplify(x)
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatalf("%.20s... takes more than 20 s", text)
		}
	}
}
