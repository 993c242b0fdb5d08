package ir

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// checkValue wants y to have the value of x wherever x has one.
func checkValue(t *rapid.T, what string, x, y Index, at env) {
	t.Helper()
	want, ok := evaluate(x, at)
	if !ok {
		return
	}
	if got, ok := evaluate(y, at); !ok || got != want {
		t.Fatalf("%s of %s is %s, which at %v is %d, want %d", what, FormatIndex(x), FormatIndex(y), at, got, want)
	}
}

func TestPolyKeepsValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := indexDrawer{t}
		x, at := d.index(4), d.env()
		checkValue(t, "polynomial", x, PolyOf(x).Index(), at)
	})
}

func TestPolyPlusKeepsValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := indexDrawer{t}
		x, y, scale, at := d.index(3), d.index(3), int64(d.upTo(6, "scale")-3), d.env()
		sum := PolyOf(x).Plus(PolyOf(y), scale)
		checkValue(t, "sum", Plus(x, Times(Int(scale), y)), sum.Index(), at)
		checkNormal(t, sum)
	})
}

// checkNormal checks what the type promises: terms in the order of their keys, each once, none zero.
func checkNormal(t *rapid.T, p Poly) {
	for k, term := range p.Terms {
		if term.Coef == 0 || k > 0 && p.Terms[k-1].key >= term.key {
			t.Fatalf("terms of %s are not in normal form", FormatIndex(p.Index()))
		}
	}
}

func TestPolyIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := indexDrawer{t}.index(4)
		once := PolyOf(x)
		checkNormal(t, once)
		if twice := PolyOf(once.Index()); Key(twice.Index()) != Key(once.Index()) {
			t.Fatalf("%s becomes %s, then %s", FormatIndex(x), FormatIndex(once.Index()), FormatIndex(twice.Index()))
		}
	})
}

func TestPolySplitAndCoef(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := indexDrawer{t}
		x, at := d.index(4), d.env()
		p := PolyOf(x)
		vars := map[Var]bool{"i": true, "j": true}
		with, without := p.Split(vars)
		if !FreeOf(without.Index(), vars) {
			t.Fatalf("%s: the part without i and j is %s", FormatIndex(x), FormatIndex(without.Index()))
		}
		checkValue(t, "split", x, Plus(with.Index(), without.Index()), at)

		coef, affine := p.Coef("i")
		if !affine {
			return
		}
		if !FreeOf(coef.Index(), map[Var]bool{"i": true}) {
			t.Fatalf("%s: the coefficient of i is %s", FormatIndex(x), FormatIndex(coef.Index()))
		}
		// x(i) = x(0) + i * coef
		zero := Substitute(map[Var]Index{"i": Int(0)}).OfIndex(x)
		checkValue(t, "affine form", x, Plus(zero, Times(Var("i"), coef.Index())), at)
	})
}

func TestCoef(t *testing.T) {
	for _, test := range []struct{ of, want string }{
		{"3*i + j", "3"}, {"i*(n + 1) + i", "n + 2"}, {"j", "0"}, {"i - i", "0"}, {"i*j*2 - i*n", "j*2 - n"},
		{"i*i", "not affine"}, {"i/2", "not affine"}, {"min(i, j)", "not affine"}, {"i*(i/3)", "not affine"}, {"j*(i/3)", "not affine"},
	} {
		coef, affine := PolyOf(parseIndex(t, test.of)).Coef("i")
		got := "not affine"
		if affine {
			got = FormatIndex(coef.Index())
		}
		if got != test.want {
			t.Errorf("coefficient of i in %s: got %s, want %s", test.of, got, test.want)
		}
	}
}

func TestPolyText(t *testing.T) {
	for _, test := range []struct{ of, want string }{
		{"1 + i + 2", "i + 3"}, {"i - 4 + 4", "i"}, {"0 - i", "i*-1"}, {"5 - i", "5 - i"}, {"0 - i - 5", "i*-1 - 5"}, {"i - i", "0"},
		{"(i + 1)*(i - 1)", "i*i - 1"}, {"j*i - i*j", "0"}, {"2*(i + j) - j*2", "i*2"}, {"i*0", "0"}, {"n - 3*i", "n - i*3"},
		{"(i + j)/2*2", "(i + j)/2*2"}, {"0 - 2*i - 3*j", "i*-2 - j*3"},
	} {
		if got := FormatIndex(PolyOf(parseIndex(t, test.of)).Index()); got != test.want {
			t.Errorf("%s: got %s, want %s", test.of, got, test.want)
		}
	}
}

func TestKeyTellsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := indexDrawer{t}
		x, at := d.index(4), d.env()
		y := d.changed(x)
		if Key(x) == Key(y) || Same(x, y) {
			checkValue(t, "what has the same key or polynomial", x, y, at)
		}
	})
}

// TestKeys has pairs that a careless key takes for one.
func TestKeys(t *testing.T) {
	load := func(at int64) Expr { return &Load{Buf: drawnOut, At: []Index{Int(at)}, Width: 1} }
	pick := func(c Cond) Index { return &Pick{c, Int(1), Int(2)} }
	named := func(name string) *Gather { return &Gather{&Buffer{Name: name, Type: I32}, []Index{Var("l")}} }
	less := &Compare{LT, Var("i"), Var("j")}
	for _, pair := range [][2]Index{
		{pick(&CompareValue{LT, load(0), load(1)}), pick(&CompareValue{LT, load(0), load(2)})},
		{pick(&CompareValue{LT, load(0), load(1)}), pick(&CompareValue{GT, load(0), load(1)})},
		{named("n"), &Apply{LevelN, []Index{Var("l")}}},
		{named("off"), &Apply{LevelAt, []Index{Var("l")}}},
		{named("nbr"), named("rev")},
		{&Apply{LevelN, []Index{Var("l")}}, &Apply{StrideC, []Index{Var("l")}}},
		{Least(Var("i"), Var("j")), Most(Var("i"), Var("j"))},
		{Quo(Var("i"), Int(3)), Rem(Var("i"), Int(3))},
		{Minus(Var("i"), Minus(Var("j"), Var("k"))), Minus(Minus(Var("i"), Var("j")), Var("k"))},
		{pick(less), pick(&Compare{LE, Var("i"), Var("j")})},
		{pick(less), pick(&And{less, &Compare{LT, Var("j"), Var("k")}})},
		{pick(&Aligned{drawnOut, 16}), pick(&Aligned{drawnOut, 32})},
		{pick(&Aligned{drawnOut, 16}), pick(&Aligned{drawnTensor, 16})},
		{pick(&Uncached{Var("i")}), pick(&Uncached{Var("j")})},
	} {
		if Key(pair[0]) == Key(pair[1]) {
			t.Errorf("%s and %s have the key %s", FormatIndex(pair[0]), FormatIndex(pair[1]), Key(pair[0]))
		}
		if Same(pair[0], pair[1]) {
			t.Errorf("%s and %s are taken for the same", FormatIndex(pair[0]), FormatIndex(pair[1]))
		}
	}
}

func TestSame(t *testing.T) {
	for _, pair := range [][2]string{
		{"i + j", "j + i"}, {"2*i", "i + i"}, {"(i + 1)*c", "c + c*i"}, {"b*nodes + (i - 1)", "i - 1 + nodes*b"}, {"min(i, j) - 1", "min(i, j) + 3 - 4"},
	} {
		if !Same(parseIndex(t, pair[0]), parseIndex(t, pair[1])) {
			t.Errorf("%s and %s are not known to be the same", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"i", "j"}, {"i", "i + 1"}, {"i*2/2", "i*2"}, {"i*j", "i*i"}, {"n(l)", "n(l + 1)"}} {
		if Same(parseIndex(t, pair[0]), parseIndex(t, pair[1])) {
			t.Errorf("%s and %s are taken for the same", pair[0], pair[1])
		}
	}
}

// TestPolyIsBounded has products whose terms are too many to multiply out, or too large.
func TestPolyIsBounded(t *testing.T) {
	var sum, copied Index = Var("a"), Var("a")
	for k := range 40 {
		other := Plus(Var(fmt.Sprint("b", k%26)), Var(fmt.Sprint("c", k)))
		sum = Times(sum, Plus(other, Int(1)))
		copied = Times(Plus(Least(copied, Int(1)), Var("c")), other)
	}
	for _, x := range []Index{sum, copied} {
		done := make(chan int)
		go func() { done <- len(Key(Facts(nil).Simplify(x))) }()
		select {
		case n := <-done:
			if most := len(Key(x)) + 40*maxProduct; n > most {
				t.Errorf("a product of 40 sums has a key of %d bytes, want at most %d", n, most)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("a product of 40 sums takes more than 20 s")
		}
	}
}
