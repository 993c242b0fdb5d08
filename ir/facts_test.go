package ir

import (
	"testing"

	"pgregory.net/rapid"
)

// facts draws facts that hold at the values of the variables: comparisons, some of sums, some as a let or a loop says them.
func (d indexDrawer) facts(at env) Facts {
	var f Facts
	for range d.upTo(5, "facts") {
		x, y := d.index(d.upTo(2, "depth")), d.index(d.upTo(2, "depth"))
		if op, ok := holding(x, y, at, d.upTo(3, "which")); ok {
			f = f.WithCond(&Compare{op, x, y})
		}
	}
	return f
}

// holding returns one of the comparisons that hold between two expressions.
func holding(x, y Index, at env, which int) (CmpOp, bool) {
	var list []CmpOp
	for op := LT; op <= GT; op++ {
		if yes, ok := holds(&Compare{op, x, y}, at); yes && ok {
			list = append(list, op)
		}
	}
	if len(list) == 0 { // the expressions have no values
		return 0, false
	}
	return list[which%len(list)], true
}

func TestFactsAreSound(t *testing.T) {
	decided := 0
	rapid.Check(t, func(t *rapid.T) {
		d := indexDrawer{t}
		at := d.env()
		f := d.facts(at)
		x := d.index(2)
		if v, ok := evaluate(x, at); ok && f.NonNegative(x) && v < 0 {
			t.Fatalf("%s >= 0 is claimed; it is %d at %v, where the facts hold: %s", FormatIndex(x), v, at, formatFacts(f))
		}
		c := d.cond(2)
		yes, ok := holds(c, at)
		got := f.Decide(c)
		if got != 0 {
			decided++
		}
		if ok && (got == 1 && !yes || got == -1 && yes) {
			t.Fatalf("%s is decided as %d; it is %v at %v, where the facts hold: %s", FormatCond(c), got, yes, at, formatFacts(f))
		}
	})
	if decided == 0 {
		t.Error("no condition was decided")
	}
}

func TestFactsSimplifyKeepsValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := indexDrawer{t}
		at := d.env()
		f := d.facts(at)
		x := d.index(4)
		checkValue(t, "simple form, with "+formatFacts(f)+",", x, f.Simplify(x), at)
	})
}

func TestFactsOfLets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := indexDrawer{t}
		at := d.env()
		value := d.index(2)
		v, ok := evaluate(value, at)
		if !ok {
			return
		}
		at["v"] = v
		for _, p := range Facts(nil).defined("v", value) {
			if got, ok := evaluate(p.Index(), at); ok && got < 0 {
				t.Fatalf("let v = %s gives %s >= 0, which is %d at %v", FormatIndex(value), FormatIndex(p.Index()), got, at)
			}
		}
	})
}

// TestFactsDoNotGrow checks that facts of one branch do not show up in another one that was made from the same facts.
func TestFactsDoNotGrow(t *testing.T) {
	base := make(Facts, 0, 8).With(Var("i"))
	left, right := base.With(Minus(Var("j"), Int(5))), base.With(Minus(Int(3), Var("j")))
	if !left.NonNegative(Minus(Var("j"), Int(5))) || left.NonNegative(Minus(Int(3), Var("j"))) || len(right) != 2 || len(base) != 1 {
		t.Errorf("got %s and %s", formatFacts(left), formatFacts(right))
	}
}

func formatFacts(f Facts) string {
	s := ""
	for _, p := range f {
		s += FormatIndex(p.Index()) + " >= 0; "
	}
	return s
}

// decisions are what scheduling wants decided: 1 for always, -1 for never, 0 for what depends.
var decisions = []struct {
	about, facts, cond string
	want               int
}{
	{"a window in the interior starts at slot 0", "first0*25 >= 1; i >= first0*25", "1 - i <= 0", 1},
	{"and ends at its last slot", "last0*25 <= n0 - 1; i <= last0*25 - 1", "n0 - i + 1 >= 3", 1},
	{"a window at the left edge may be clipped", "i >= 0; i <= first0*25 - 1", "1 - i <= 0", 0},
	{"the first node of an interior may have a left neighbour only", "first0*25 >= 1; i >= first0*25", "1 - i >= 0", 0},
	{"an even window looks two to the left", "first0*4 >= 2; i >= first0*4", "2 - i <= 0", 1},
	{"a node of the interior is not the last one", "last1 <= n1 - 1; i <= last1 - 1", "i + 1 == n1", -1},
	{"nor so when it is counted from 0", "last1 <= n1 - 1; i + first1 <= last1 - 1", "first1 + i + 1 != n1", 1},
	{"the last family is not inside", "last0 <= n1 - 1; f <= last0 - 1", "f <= n1 - 1", 1},
	{"nor the one after", "last0 <= n1 - 1; f <= last0 - 1", "f + 1 <= n1 - 1", 1},
	{"but perhaps the one after that", "last0 <= n1 - 1; f <= last0 - 1", "f + 2 <= n1 - 1", 0},
	{"interiors have parents", "n1 >= 1", "n1 > 0", 1},
	{"sizes are positive", "heads >= 1", "heads <= 0", -1},
	{"a product of sizes is not known to be", "batch >= 1; heads >= 1", "batch*heads > 0", 0},
	{"no tail where lanes divide", "", "64 - 64 > 0", -1},
	{"a tail of four", "", "4 > 0", 1},
	{"a tail of a run-time dim", "dim >= 1", "dim % 8 > 0", 0},
	{"both of two", "i >= 0; j >= 0", "i >= 0 && j + 1 > 0", 1},
	{"one of two", "i >= 0", "i >= 0 && j >= 0", 0},
	{"one of two never", "i >= 0", "j >= 0 && i < 0", -1},
	{"equal from both sides", "i <= n; i >= n", "i == n", 1},
	{"different", "i < n", "i == n", -1},
	{"a sum of three facts", "a <= b; b <= c; c <= d", "a <= d", 1},
	{"a fact taken three times", "a >= 2", "3*a >= 6", 1},
	{"and not twice as much", "a >= 2", "3*a >= 7", 0},
	{"a fact the other way round", "a >= 2", "0 - a >= 0", -1},
	{"what no fact is about", "a >= 2", "b >= 0", 0},
}

func TestDecisions(t *testing.T) {
	for _, d := range decisions {
		if got := parseFacts(t, d.facts).Decide(parseCond(t, d.cond)); got != d.want {
			t.Errorf("%s: with %q, %s: got %d, want %d", d.about, d.facts, d.cond, got, d.want)
		}
	}
}

// folds are expressions of steps and what is left of them.
var folds = []struct{ about, facts, x, want string }{
	{"clipped on the left", "first0*25 >= 1; i >= first0*25", "max(0, 1 - i)", "0"},
	{"clipped on the right", "last0*25 <= n0 - 1; i <= last0*25 - 1", "min(3, n0 - i + 1)", "3"},
	{"at the edge both stay", "i >= 0", "max(0, 1 - i)", "max(0, 1 - i)"},
	{"children of an inner node", "last1 <= n1 - 1; i <= last1 - 1", "i + 1 == n1 ? n0 - i*25 : 25", "25"},
	{"parents above an interior", "n1 > 0", "n1 > 0 ? 1 : 0", "1"},
	{"the parent of a member of a family", "last0 <= n1 - 1; f <= last0 - 1; c >= 0; c <= 24", "min((f*25 + c)/25, n1 - 1)", "f"},
	{"its place in the family", "c >= 0; c <= 24", "(f*25 + c) % 25", "c"},
	{"the member before", "c >= 0; c <= 24", "(f*25 + c - 1)/25", "(c + 24)/25 + f - 1"},
	{"whole vectors of 64", "", "64/8*8", "64"},
	{"whole vectors of 20", "", "20/8*8", "16"},
	{"the rest of 20", "", "20 % 8", "4"},
	{"a multiple of what divides", "", "(8*d + 16)/8", "d + 2"},
	{"a constant that is left", "", "(8*d + 17)/8", "d + 2"},
	{"a remainder that moves", "", "(8*d + j) % 8", "j % 8"},
	{"below zero", "", "(0 - 1)/8", "-1"},
	{"and what is left there", "", "(0 - 1) % 8", "7"},
	{"a let of a quotient", "v*25 <= n; n <= v*25 + 24", "max(0, n - v*25)", "n - v*25"},
	{"a divisor that is zero", "", "n/(1 - 1)", "n/0"},
	{"divided by a variable", "", "(n*c)/c", "c*n/c"},
	{"the smaller of two equal", "", "min(i + 1, 1 + i)", "i + 1"},
}

func TestFolds(t *testing.T) {
	for _, d := range folds {
		got := FormatIndex(parseFacts(t, d.facts).Simplify(parseIndex(t, d.x)))
		if want := FormatIndex(parseIndex(t, d.want)); got != want {
			t.Errorf("%s: with %q, %s: got %s, want %s", d.about, d.facts, d.x, got, want)
		}
	}
}

// TestFactsOfQuotients: x/c + r is at least 0 just where x + r*c is, and r - x/c just where x is at most r*c + c - 1.
func TestFactsOfQuotients(t *testing.T) {
	x := Var("x")
	for r := int64(-3); r <= 3; r++ {
		for bound := int64(-12); bound <= 12; bound++ {
			low, high := Facts(nil).With(Minus(x, Int(bound))), Facts(nil).With(Minus(Int(bound), x))
			up, down := Plus(Quo(x, Int(4)), Int(r)), Minus(Int(r), Quo(x, Int(4)))
			if got, want := low.NonNegative(up), FloorDiv(bound, 4)+r >= 0; got != want {
				t.Errorf("x >= %d: x/4 + %d >= 0 is proved: %v, want %v", bound, r, got, want)
			}
			if got, want := high.NonNegative(down), r-FloorDiv(bound, 4) >= 0; got != want {
				t.Errorf("x <= %d: %d - x/4 >= 0 is proved: %v, want %v", bound, r, got, want)
			}
			if high.NonNegative(up) || low.NonNegative(down) {
				t.Errorf("%d, %d: proved without a bound", bound, r)
			}
		}
	}
	i, n := Var("i"), Var("n")
	f := Facts(nil).With(Minus(i, Int(6))).With(Minus(Minus(n, Int(7)), i)) // 6 <= i < n - 6
	if !f.NonNegative(Minus(Quo(i, Int(3)), Int(2))) || !f.NonNegative(Minus(Quo(Plus(Minus(n, i), Int(2)), Int(3)), Int(3))) {
		t.Error("a dilated window of 5 nodes, 3 apart, is whole here, which is not proved")
	}
}
