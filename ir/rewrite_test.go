package ir

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// changeAll is a rewriting that changes every kind of node.
var changeAll = Rewrite{
	Index: func(x Index) Index {
		if v, ok := x.(Var); ok {
			return Plus(v, Int(1))
		}
		return x
	},
	Expr: func(x Expr) Expr {
		if c, ok := x.(*Const); ok {
			return &Const{c.Type, 7}
		}
		return x
	},
	Stmt: func(s Stmt) []Stmt {
		switch e := s.(type) {
		case *For:
			e.Note = "changed" // the copy that it is given
		case *Fence:
			return nil
		}
		return []Stmt{s, &Fence{}}
	},
	Buffer: func(b *Buffer) *Buffer { c := *b; c.Name += "2"; return &c },
	Mask:   func(m string) string { return m + "2" },
	Var:    func(v string) string { return v + "2" },
}

func TestRewriteLeavesItsInputAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := drawer{t}.stmts(3)
		text := FormatStmts(body)
		changeAll.OfStmts(body)
		Substitute(map[Var]Index{"i": Int(0), "n": Plus(Var("j"), Int(1))}).OfStmts(body)
		Facts(nil).With(Var("n")).SimplifyStmts(body)
		if got := FormatStmts(body); got != text {
			t.Fatalf("rewriting\n%schanged it to\n%s", text, got)
		}
	})
}

func TestRewriteOfNothingIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := drawer{t}.stmts(3)
		if diff := difference(body, Rewrite{}.OfStmts(body)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestRewriteReachesEverything renames what a nest with every kind of node is made of; none of the old names may be left.
func TestRewriteReachesEverything(t *testing.T) {
	out := &Buffer{Name: "old_out", Type: F32, Role: Out, Space: Memory, Dims: []Index{Int(8)}}
	tab := &Buffer{Name: "old_tab", Type: I32, Role: In, Space: Memory, Dims: []Index{Int(8)}}
	i := Var("old_i")
	load := func(mask string) Expr { return &Load{Buf: out, At: []Index{i}, Width: 8, Mask: mask} }
	scalar := &Load{Buf: out, At: []Index{i}, Width: 1}
	value := &CompareValue{LT, scalar, scalar}
	body := []Stmt{
		&For{Var: "old_i", Lo: i, Hi: i, Step: 1, Body: []Stmt{&Let{"old_v", i}, &LetMask{"old_k", F32, 8, i}}},
		&If{&And{&And{&Compare{LT, i, i}, &Aligned{out, 16}}, &Uncached{i}}, []Stmt{&Prefetch{out, []Index{i}, true}}, []Stmt{&Alloc{out}}, ""},
		&Assume{&Compare{LT, &Gather{tab, []Index{i}}, &Apply{Nbr, []Index{i, i}}}},
		&Let{"old_w", &Pick{value, Quo(i, Int(2)), i}},
		&Store{Buf: out, At: []Index{i}, Mask: "old_k", Value: &FMA{load("old_k"), &Broadcast{scalar, 8}, &Unary{Neg, load("")}}},
		&Store{Buf: out, At: []Index{i}, Value: &Binary{FAdd, &HSum{&Zip{&Every{load(""), false}, &Every{load(""), true}}}, &Lane{&Tree{[]Expr{load(""), load(""), load(""), load("")}}, 1}}},
		&Store{Buf: out, At: []Index{i}, Value: &Choose{GT, scalar, scalar, &Select{value, scalar, scalar}, scalar}},
		&Store{Buf: out, At: []Index{i}, Value: &Reduce{Sum, "d", i, &Compare{GE, i, Int(0)}, scalar}},
		&Call{&Func{Name: "f"}, []Index{i}},
	}
	renamed := func(s string) string { return strings.ReplaceAll(s, "old_", "new_") }
	text := FormatStmts(body)
	got := FormatStmts(Rewrite{
		Index: func(x Index) Index {
			if v, ok := x.(Var); ok {
				return Var(renamed(string(v)))
			}
			return x
		},
		Buffer: func(b *Buffer) *Buffer { c := *b; c.Name = renamed(b.Name); return &c },
		Mask:   renamed,
		Var:    renamed,
	}.OfStmts(body))
	if want := renamed(text); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for name, want := range map[Var]bool{"old_i": true, "old_v": false, "other": false} { // old_v is bound only
		if got := Uses(body, name); got != want {
			t.Errorf("Uses(%s) = %v, want %v", name, got, want)
		}
	}
	count := 0
	Each(body, func(Stmt) { count++ })
	if count != 13 {
		t.Errorf("Each saw %d statements, want 13", count)
	}
}

// TestSubstitute checks the law of substitution: x with v replaced by y has the value that x has where v is the value of y.
func TestSubstitute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := indexDrawer{t}
		x, y, at := d.index(4), d.index(2), d.env()
		v, ok := evaluate(y, at)
		if !ok {
			return
		}
		text := FormatIndex(x)
		replaced := Substitute(map[Var]Index{"i": y}).OfIndex(x)
		there := env{}
		for name, value := range at {
			there[name] = value
		}
		there["i"] = v
		want, ok1 := evaluate(x, there)
		got, ok2 := evaluate(replaced, at)
		if ok1 != ok2 || got != want {
			t.Fatalf("%s with i = %s is %s, which at %v is %d, want %d", text, FormatIndex(y), FormatIndex(replaced), at, got, want)
		}
		if FormatIndex(x) != text {
			t.Fatalf("%s became %s", text, FormatIndex(x))
		}
	})
}

func TestSubstituteAtOnce(t *testing.T) {
	swap := Substitute(map[Var]Index{"i": Var("j"), "j": Var("i")})
	if got := FormatIndex(swap.OfIndex(parseIndex(t, "i - 2*j"))); got != "j - 2*i" {
		t.Errorf("i - 2*j with i and j exchanged: got %s", got)
	}
}

func TestFreeOf(t *testing.T) {
	vars := map[Var]bool{"i": true, "j": true}
	for text, want := range map[string]bool{
		"k + n": true, "min(k, 3)/2": true, "i": false, "k + min(2, k*i)": false, "n(i)": false, "k < j ? 1 : 2": false, "k < 1 ? n : j": false, "5": true,
	} {
		if got := FreeOf(parseIndex(t, text), vars); got != want {
			t.Errorf("FreeOf(%s, i and j) = %v, want %v", text, got, want)
		}
	}
	table := &Gather{drawnTable, []Index{Var("k"), Var("j")}}
	value := &Pick{&CompareValue{LT, &Load{Buf: drawnOut, At: []Index{Var("i")}, Width: 1}, &Const{F32, 0}}, Int(1), Int(2)}
	if FreeOf(table, vars) || FreeOf(value, vars) {
		t.Error("variables in subscripts are not seen")
	}
}
