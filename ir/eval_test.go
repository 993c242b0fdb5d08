package ir

import (
	"fmt"
	"hash/fnv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// env gives variables their values.
type env map[Var]int64

// evaluate is a second, plain evaluator of index expressions: the oracle of the tests of Poly, Facts and Simplify. Index maps and
// tables, of which nothing is known, have a value that depends on all of their parts. ok is false where a divisor is not positive.
func evaluate(x Index, at env) (value int64, ok bool) {
	switch e := x.(type) {
	case Int:
		return int64(e), true
	case Var:
		v, ok := at[e]
		return v, ok
	case *Apply:
		return opaque(fmt.Sprint("map ", e.Fn), e.Args, at)
	case *Gather:
		return opaque("table "+e.Table.Name, e.At, at)
	case *Pick:
		if chosen, ok := holds(e.Cond, at); !ok {
			return 0, false
		} else if !chosen {
			return evaluate(e.Y, at)
		}
		return evaluate(e.X, at)
	}
	e := x.(*Arith)
	a, ok1 := evaluate(e.X, at)
	b, ok2 := evaluate(e.Y, at)
	if !ok1 || !ok2 {
		return 0, false
	}
	switch e.Op {
	case Add:
		return a + b, true
	case Sub:
		return a - b, true
	case Mul:
		return a * b, true
	case Min:
		return min(a, b), true
	case Max:
		return max(a, b), true
	}
	if b <= 0 {
		return 0, false
	}
	q := a / b
	if q*b > a {
		q--
	}
	if e.Op == Div {
		return q, true
	}
	return a - q*b, true
}

// opaque is a small number that depends on a name and the values of some expressions.
func opaque(name string, args []Index, at env) (int64, bool) {
	h := fnv.New32a()
	fmt.Fprint(h, name)
	for _, x := range args {
		v, ok := evaluate(x, at)
		if !ok {
			return 0, false
		}
		fmt.Fprint(h, " ", v)
	}
	return int64(h.Sum32()%19) - 9, true
}

func holds(c Cond, at env) (yes, ok bool) {
	switch e := c.(type) {
	case *And:
		x, ok1 := holds(e.X, at)
		y, ok2 := holds(e.Y, at)
		return x && y, ok1 && ok2
	case *Aligned:
		return true, true
	case *Uncached:
		return holds(&Compare{GT, e.Bytes, Int(CachedBytes)}, at)
	case *CompareValue: // of loads, whose value is that of their subscripts
		return holds(&Compare{e.Op, loaded(e.X), loaded(e.Y)}, at)
	}
	e := c.(*Compare)
	a, ok1 := evaluate(e.X, at)
	b, ok2 := evaluate(e.Y, at)
	yes = map[CmpOp]bool{LT: a < b, LE: a <= b, EQ: a == b, NE: a != b, GE: a >= b, GT: a > b}[e.Op]
	return yes, ok1 && ok2
}

func loaded(x Expr) Index {
	if l, ok := x.(*Load); ok {
		return &Gather{l.Buf, l.At}
	}
	return Int(int64(x.(*Const).Value))
}

// indexDrawer draws index expressions as schedules have them, over the variables i, j, k and n.
type indexDrawer struct{ t *rapid.T }

var summed = []string{"i", "j", "k", "n"}

func (d indexDrawer) upTo(n int, label string) int { return rapid.IntRange(0, n).Draw(d.t, label) }

func (d indexDrawer) index(depth int) Index {
	kind := d.upTo(11, "kind")
	if depth == 0 {
		kind = min(kind, 3)
	}
	sub := func() Index { return d.index(depth - 1) }
	switch kind {
	case 0, 1:
		return Int(d.upTo(24, "int") - 12)
	case 2, 3:
		return Var(rapid.SampledFrom(summed).Draw(d.t, "var"))
	case 4, 5:
		return Plus(sub(), sub())
	case 6:
		return Minus(sub(), sub())
	case 7:
		return Times(sub(), sub())
	case 8:
		return &Arith{rapid.SampledFrom([]ArithOp{Div, Mod}).Draw(d.t, "op"), sub(), Int(1 + d.upTo(6, "divisor"))}
	case 9:
		return &Arith{rapid.SampledFrom([]ArithOp{Min, Max}).Draw(d.t, "op"), sub(), sub()}
	case 10:
		return &Pick{d.cond(depth - 1), sub(), sub()}
	}
	return rapid.SampledFrom([]Index{
		&Apply{LevelN, []Index{sub()}}, &Apply{LevelAt, []Index{sub()}}, &Apply{Nbr, []Index{sub(), Var("j")}},
		&Gather{drawnTable, []Index{sub(), Var("j")}}, &Gather{&Buffer{Name: "n", Type: I32, Role: In, Space: Memory}, []Index{sub()}},
	}).Draw(d.t, "opaque")
}

func (d indexDrawer) compare(depth int) *Compare {
	return &Compare{CmpOp(1 + d.upTo(int(GT)-1, "cmp")), d.index(depth), d.index(depth)}
}

func (d indexDrawer) cond(depth int) Cond {
	depth = max(depth, 0)
	op := CmpOp(1 + d.upTo(int(GT)-1, "cmp"))
	switch d.upTo(7, "cond") {
	case 0:
		return &And{d.compare(depth), d.compare(depth)}
	case 1:
		return &CompareValue{op, &Load{Buf: drawnOut, At: []Index{d.index(0)}, Width: 1}, &Const{F32, float64(d.upTo(3, "const"))}}
	}
	return d.compare(depth)
}

// changed draws an expression that differs from x in some of its parts.
func (d indexDrawer) changed(x Index) Index {
	return Rewrite{Index: func(y Index) Index {
		switch d.upTo(9, "change") {
		case 0:
			return d.index(1)
		case 1:
			if e, ok := y.(*Arith); ok && e.Op != Div && e.Op != Mod {
				return rapid.SampledFrom([]Index{Minus(e.X, e.Y), Plus(e.Y, e.X), Times(e.X, e.Y), Least(e.Y, e.X)}).Draw(d.t, "op")
			}
		}
		return y
	}}.OfIndex(x)
}

// env draws values for all variables, negative ones too.
func (d indexDrawer) env() env {
	at := env{}
	for _, v := range summed {
		at[Var(v)] = int64(d.upTo(20, v) - 8)
	}
	return at
}

// parseIndex and parseCond read what tables of cases are written in.
func parseIndex(t *testing.T, text string) (x Index) {
	t.Helper()
	if err := parse(text, func(p *parser) { x = p.toIndex(p.expression()) }); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return x
}

func parseCond(t *testing.T, text string) (c Cond) {
	t.Helper()
	if err := parse(text, func(p *parser) { c = p.toCond(p.expression()) }); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return c
}

// parseFacts reads conditions with semicolons between them.
func parseFacts(t *testing.T, text string) (f Facts) {
	t.Helper()
	for part := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(part) != "" {
			f = f.WithCond(parseCond(t, part))
		}
	}
	return f
}
